/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What one piece of work carries: the first argument of everything above
 * io/.  A worker has one and begins each request with ctx_begin(); jobs and
 * sub-commands begin one for each unit of work.
 */
#ifndef KS_IO_CTX_H
#define KS_IO_CTX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"
#include "base/settings.h"

struct db;
struct cache;
struct keyring;
struct tmpl;
struct card_cursor;

/* Who acts, for events and the audit log. */
enum actor_kind { ACTOR_SYSTEM, ACTOR_BUYER, ACTOR_STAFF, ACTOR_GATEWAY };

struct ctx {
	struct arena *arena; /* the request's: emptied at the end */
	struct arena *keep;  /* the process's */
	const struct settings *set;
	struct db *db;       /* connections, opened lazily */
	struct cache *cache; /* NULL: none configured */
	struct tmpl *tmpl;   /* templates; NULL where none are loaded */
	struct card_cursor
	    *cursor; /* where free cards begin: store/card_hold */
	const struct keyring *keys; /* card and MAC keys */
	int64_t now;                /* UTC us, the same for the whole unit */
	int64_t shown;              /* UTC us: no number shown is older */
	int64_t not_before;         /* UTC us: nor may it be, whoever has it */
	int64_t deadline;           /* monotonic us; 0: none */
	const char *request_id;     /* [0-9a-f]{32} */
	uint64_t merchant;          /* 1 today */
	const char *lang;           /* "zh-CN", "en" */
	bool mobile;                /* a phone, by its User-Agent: a hint */
	bool patient;               /* a call may wait for its turn a little */
	const char *address;        /* the client's, checked by inet_pton */
	enum actor_kind actor;
	uint64_t staff;    /* staff id when ACTOR_STAFF */
	bool sticky;       /* read the primary: this visitor wrote */
	bool wrote;        /* a transaction of this unit committed */
	bool wrote_lately; /* this visitor wrote within the last minute */
	unsigned tx_depth; /* 0 outside tx_run() */
};

/* Takes settings, opens nothing.  keep lives as long as the process. */
void ctx_init(struct ctx *cx, struct arena *keep, const struct settings *set);
/* New unit of work: now, request id (NULL: a random one), clears the rest. */
void ctx_begin(struct ctx *cx, const char *request_id);
/* Ends it: BUG if a transaction is open; empties the arena. */
void ctx_end(struct ctx *cx);
/* Closes what was opened; for the end of a process. */
void ctx_release(struct ctx *cx);

/* ---- what stands behind, for layers that know no database (backing.c) */

/* Read your own writes: the primary's position after a write ("" where there
 * is none), and later cx->sticky from such a position and its age. */
const char *ctx_position(struct ctx *cx);
void ctx_sticky(struct ctx *cx, const char *position, int64_t written_us);
/* Another process has written for this unit and stands at position. */
void ctx_wrote(struct ctx *cx, const char *position);

struct ctx_backing {
	bool primary;      /* answers */
	unsigned replicas; /* in the rotation */
	int64_t lag_us;    /* of the worst of them */
	bool cache_set;    /* one is configured */
	bool cache;        /* it keeps what it is given */
};
/* Asks each of them now. */
void ctx_look(struct ctx *cx, struct ctx_backing *out);

#endif
