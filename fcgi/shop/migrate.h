/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Brings the schema up to the numbered files of schema_dir: `keystallctl
 * migrate`.  Forward only; a file that has been applied never changes.
 *
 * Interrupted (kill, crash, a failing statement) it goes on at the statement
 * that was next: servers commit each DDL statement by itself, so there is no
 * going back.  Two at once: the second waits 10 s, then RC_BUSY.
 */
#ifndef KS_SHOP_MIGRATE_H
#define KS_SHOP_MIGRATE_H

#include "base/rc.h"
#include "io/ctx.h"

struct migrate_result {
	unsigned from, to;   /* versions: before and now; 0: none */
	unsigned newest;     /* of the files */
	unsigned statements; /* run by this call */
	const char *why;     /* one line when not RC_OK: "file: line 7: ..." */
};

/* RC_OK      the schema is that of the files; statements = 0: it was already
 * RC_INVALID the files are not a sequence, or one cannot be read
 * RC_CONFLICT an applied file was changed, or the database is newer
 * RC_BUSY    another migration runs, or no connection
 * RC_FAIL    a statement failed; mended, the next call goes on there */
MUST_CHECK enum rc migrate_run(struct ctx *cx, struct migrate_result *out);

/* Looks without changing anything, as the shop's user.  RC_NOTFOUND: there is
 * something to migrate (why says what); else as above. */
MUST_CHECK enum rc migrate_check(struct ctx *cx, struct migrate_result *out);

#endif
