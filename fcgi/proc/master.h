/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keystall-fcgi: the master of a pool, or (workers = 0) the one process that
 * mod_fcgid starts as often as it likes.
 */
#ifndef KS_PROC_MASTER_H
#define KS_PROC_MASTER_H

/* Everything from argv to the exit code. */
int fcgi_main(int argc, char **argv);

#endif
