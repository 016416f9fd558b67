/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The schema's own bookkeeping: rows of schema_version, the lock that keeps
 * two migrations apart, and the one way to run a statement of a file.
 *
 * Everything here works between schema_open() and schema_close(), on one
 * connection as the admin user; shop/migrate.c decides.
 */
#ifndef KS_STORE_SCHEMA_H
#define KS_STORE_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

struct schema_rec {
	unsigned version;
	const char *file;
	struct span hash;    /* 32 bytes */
	unsigned statements; /* that have been run */
	int64_t applied;     /* 0: under way */
};

/* RC_BUSY: another migration runs, or there is no connection (*why). */
MUST_CHECK enum rc schema_open(struct ctx *cx, const char **why);
void schema_close(struct ctx *cx);

/* RC_NOTFOUND: the table itself is not there.  Works outside of open and
 * close too, as the shop's user. */
MUST_CHECK enum rc schema_files(
    struct ctx *cx, const struct schema_rec **out, size_t *n);
/* Before the first statement of a file. */
MUST_CHECK enum rc schema_begin(
    struct ctx *cx, unsigned version, const char *file, struct span hash);
/* After each of them; applied = 0 until the last. */
MUST_CHECK enum rc schema_step(struct ctx *cx, unsigned version,
    unsigned statements, struct span hash, int64_t applied);

/* Runs one statement.  RC_CONFLICT: what it makes is there already (table,
 * column, key, row), or what it takes away is gone.  *why: the server's
 * words. */
MUST_CHECK enum rc schema_run(
    struct ctx *cx, struct span sql, const char **why);

#endif
