/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of audit_log and the head of the chain. */
#ifndef KS_STORE_AUDIT_H
#define KS_STORE_AUDIT_H

#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

enum { AUDIT_HASH = 32 };

struct audit_rec {
	uint64_t seq;
	int64_t at;
	uint64_t staff;
	const char *actor, *action, *object, *address, *detail;
	uint8_t hash[AUDIT_HASH];
};

struct audit_end { /* the head: the last row's seq and hash */
	uint64_t seq;
	uint8_t hash[AUDIT_HASH];
};
/* Inside tx_run(): until COMMIT nobody else adds a row. */
MUST_CHECK enum rc audit_end_lock(struct ctx *cx, struct audit_end *out);
MUST_CHECK enum rc audit_end_get(struct ctx *cx, struct audit_end *out);
/* The row behind the head, which was locked at seq - 1. */
MUST_CHECK enum rc audit_append(struct ctx *cx, const struct audit_rec *r);

/* Upward from seq + 1. */
MUST_CHECK enum rc audit_after(struct ctx *cx, uint64_t seq, uint64_t n,
    const struct audit_rec **out, size_t *out_n);
/* Newest first; object NULL: all. */
MUST_CHECK enum rc audit_recent(struct ctx *cx, const char *object,
    uint64_t skip, uint64_t n, const struct audit_rec **out, size_t *out_n);
MUST_CHECK enum rc audit_count(
    struct ctx *cx, const char *object, uint64_t *out);

/* A staff member's user name; "" when gone. */
MUST_CHECK enum rc audit_actor(
    struct ctx *cx, uint64_t staff, const char **out);

#endif
