/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A line to a server on this machine that breaks after the n-th byte: a
 * process that passes bytes on between a socket of its own and the server's,
 * one connection after the other.
 */
#ifndef KS_TESTS_CUTLINE_H
#define KS_TESTS_CUTLINE_H

#include <stdbool.h>
#include <sys/types.h>

enum cut_dir { ASK, ANSWER, CUT_DIRS }; /* client to server, and back */

/* Shared with the line; written only while no connection is open. */
struct cutline {
	volatile long limit[CUT_DIRS];   /* break after so many; -1: never */
	volatile bool hang;              /* by silence */
	volatile int shots;              /* connections still to be broken */
	volatile pid_t victim;           /* killed by the break; 0: nobody */
	volatile long passed[CUT_DIRS];  /* by the last connection: bytes
					  * that go on now, */
	volatile long arrived[CUT_DIRS]; /* and that have gone on */
	/* since the last call below */
	volatile unsigned dials, breaks;
	pid_t pid;
};

struct cutline *cutline_start(const char *path, const char *to);
void cutline_stop(struct cutline *line);
/* The next `shots' connections break after n bytes of dir; dir < 0: none.
 * Nobody is killed unless victim is set after it. */
void cutline_break(struct cutline *line, int dir, long n, bool hang, int shots);

#endif
