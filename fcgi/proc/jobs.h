/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keystall-jobs: what the shop does without being asked.  The kinds of work
 * are a table in jobs.c; what each does is in shop/jobs.h.
 */
#ifndef KS_PROC_JOBS_H
#define KS_PROC_JOBS_H

/* Everything from argv to the exit code.  --once: one round of everything
 * that is due, for cron. */
int jobs_main(int argc, char **argv);

#endif
