/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The till: a child of the master beside its workers, which commits what
 * several of them have to sell or to settle in one transaction.  What arrives
 * while one COMMIT runs is the next batch; nothing is waited for.
 */
#ifndef KS_PROC_TILL_H
#define KS_PROC_TILL_H

#include "base/rc.h"
#include "proc/shm.h"
#include "proc/start.h"

struct till {
	struct program *program;
	int listen_fd; /* UNIX socket, opened by the master: it stays when a
			* till dies, and callers wait for the next one */
	int master_fd; /* hangs up with the master */
	struct worker_slot *slot;
};

/* The socket of this program's till in *fd, or -1 where there is none.  One
 * that cannot be opened is logged: the shop sells without it. */
void till_open(struct program *p, int *fd);
/* Serves until SIGTERM or the master's end; the exit code. */
int till_run(struct till *t);

#endif
