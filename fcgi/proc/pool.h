/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The workers of a master, and its till: born, watched, replaced, ended.
 */
#ifndef KS_PROC_POOL_H
#define KS_PROC_POOL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/rc.h"
#include "proc/shm.h"
#include "proc/start.h"

struct web;
struct rate_table;
struct known;
struct child;

struct pool {
	struct program *program;
	struct web *web;         /* the newest: what new workers get */
	struct arena *set_keep;  /* settings of the last reload */
	struct rate_table *rate; /* outlives reloads */
	struct known *known;     /* the same */
	int listen_fd;
	int till_fd;               /* -1: no till */
	int life_read, life_write; /* a pipe that hangs up with the master */
	struct child *child;
	struct worker_slot *slots;
	size_t n;       /* children: workers, and the till as the last */
	size_t workers; /* of them */
	uint64_t generation;
	bool draining;
	int64_t drain_until; /* monotonic us */
	bool changed;        /* the status file is behind */
};

MUST_CHECK enum rc pool_open(struct pool *p, size_t workers);
/* One turn: takes back the dead, ends the stuck, starts the missing.  true:
 * leave the loop with *code, because all are gone, or because this is a new
 * child whose work is done. */
bool pool_turn(struct pool *p, int *code);
/* Every worker is replaced, one after the other. */
void pool_renew(struct pool *p);
/* No new workers; the others finish what they have in hand. */
void pool_drain(struct pool *p);
void pool_close(struct pool *p);

#endif
