/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A worker: one request at a time until it is told to stop, its master is
 * gone, or it has served its share.
 */
#ifndef KS_PROC_WORKER_H
#define KS_PROC_WORKER_H

#include "proc/shm.h"
#include "proc/start.h"

struct web;

struct worker {
	const struct program *program;
	struct web *web;
	int listen_fd;
	int master_fd;            /* hangs up when the master dies; -1: none */
	struct worker_slot *slot; /* NULL: no master watches */
};

/* Returns the exit code; the caller returns it from main(). */
int worker_run(struct worker *w);

#endif
