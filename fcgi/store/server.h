/* SPDX-License-Identifier: Apache-2.0 */
/* What the database server says about itself, for `keystallctl doctor`. */
#ifndef KS_STORE_SERVER_H
#define KS_STORE_SERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"

struct server_facts {
	const char *version, *user;
	bool mariadb, skip_locked, gtid;
	int64_t flush_log, sync_binlog;
	bool binlog;
	const char *snapshot_isolation; /* "ON", "OFF"; NULL: has none */
	const char *semi_sync;          /* likewise */
};
MUST_CHECK enum rc server_facts(struct ctx *cx, struct server_facts *out);

/* Lists of names, in the arena. */
struct server_list {
	const char *const *v;
	size_t n;
};
/* Global privileges of the shop's account. */
MUST_CHECK enum rc server_powers(struct ctx *cx, struct server_list *out);
/* Tables of another engine than InnoDB. */
MUST_CHECK enum rc server_odd_tables(struct ctx *cx, struct server_list *out);
MUST_CHECK enum rc server_owners(
    struct ctx *cx, uint64_t *owners, uint64_t *without_totp);

#endif
