/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a doctor sees of a shop (doctor.h).  Every rule has its reason in the
 * line it prints: the reader has never seen this code.
 */
#include "shop/doctor.h"

#include "base/time.h"
#include "shop/channel.h"
#include "shop/migrate.h"
#include "store/server.h"

#include <stdarg.h>

enum { POWERS_N = 7 };

void
finding_add(struct ctx *cx, findings *f, enum finding_level level,
    const char *what, const char *fmt, ...)
{
	struct finding *one = VEC_ADD(f, cx->arena);
	va_list ap;

	one->level = level;
	one->what = what;
	va_start(ap, fmt);
	one->text = arena_vfmt(cx->arena, fmt, ap);
	va_end(ap);
}

/* Durability: what COMMIT has promised must be on the disk. */
static void
look_durable(struct ctx *cx, findings *f, const struct server_facts *s)
{
	if (s->flush_log != 1)
		finding_add(cx, f, FINDING_BAD, "database",
		    "innodb_flush_log_at_trx_commit is %lld, not 1: a power "
		    "cut forgets paid orders",
		    (long long)s->flush_log);
	if (s->binlog && s->sync_binlog != 1)
		finding_add(cx, f, FINDING_BAD, "database",
		    "sync_binlog is %lld, not 1: after a power cut primary "
		    "and replicas differ",
		    (long long)s->sync_binlog);
	if (!s->binlog)
		finding_add(cx, f, FINDING_NOTE, "database",
		    "no binary log: no replica and no point-in-time restore");
	if (str_eq(s->snapshot_isolation, "OFF"))
		finding_add(cx, f, FINDING_WARN, "database",
		    "innodb_snapshot_isolation is OFF: updates may be lost "
		    "under REPEATABLE READ");
	if (str_eq(s->semi_sync, "OFF") &&
	    (*cx->set->replica_hosts != '\0' ||
		*cx->set->replica_sockets != '\0'))
		finding_add(cx, f, FINDING_NOTE, "database",
		    "semi-synchronous replication is off: losing the "
		    "primary's disk loses its last orders");
}

static void
look_powers(struct ctx *cx, findings *f)
{
	static const char *const bad[POWERS_N] = {"FILE", "SUPER",
	    "CREATE USER", "SHUTDOWN", "PROCESS", "RELOAD", "GRANT OPTION"};
	struct server_list powers;
	size_t i, j;

	if (server_powers(cx, &powers) != RC_OK)
		return;
	for (i = 0; i < powers.n; i++)
		for (j = 0; j < POWERS_N; j++)
			if (str_eq(powers.v[i], bad[j]))
				finding_add(cx, f, FINDING_WARN, "database",
				    "%s has the privilege %s, which the shop "
				    "never needs",
				    cx->set->db_user, bad[j]);
}

static void
look_tables(struct ctx *cx, findings *f)
{
	struct server_list odd;
	struct migrate_result m = {0};
	enum rc rc;
	size_t i;

	rc = migrate_check(cx, &m);
	if (rc == RC_NOTFOUND)
		finding_add(cx, f, FINDING_BAD, "schema",
		    "%s: run `keystallctl migrate`",
		    m.why == NULL ? "out of date" : m.why);
	else if (rc != RC_OK)
		finding_add(cx, f, FINDING_BAD, "schema", "%s",
		    m.why == NULL ? "cannot be read" : m.why);
	else
		finding_add(cx, f, FINDING_OK, "schema", "version %u", m.to);
	if (server_odd_tables(cx, &odd) != RC_OK)
		return;
	for (i = 0; i < odd.n; i++)
		finding_add(cx, f, FINDING_BAD, "schema",
		    "table %s is not InnoDB: it takes part in no transaction",
		    odd.v[i]);
}

static bool
look_database(struct ctx *cx, findings *f)
{
	struct server_facts s;

	if (server_facts(cx, &s) != RC_OK) {
		finding_add(cx, f, FINDING_BAD, "database",
		    "the primary does not answer; the log says why");
		return false;
	}
	finding_add(
	    cx, f, FINDING_OK, "database", "%s as %s", s.version, s.user);
	if (!s.skip_locked)
		finding_add(cx, f, FINDING_WARN, "database",
		    "no SKIP LOCKED: buyers of one product wait for each "
		    "other (MariaDB 10.6 or MySQL 8 have it)");
	look_durable(cx, f, &s);
	look_powers(cx, f);
	look_tables(cx, f);
	return true;
}

static void
look_behind(struct ctx *cx, findings *f)
{
	bool replica_set = *cx->set->replica_hosts != '\0' ||
			   *cx->set->replica_sockets != '\0';
	struct ctx_backing b;

	ctx_look(cx, &b);
	if (replica_set && b.replicas == 0)
		finding_add(cx, f, FINDING_WARN, "replica",
		    "none in the rotation: gone, or further behind than "
		    "replica_max_lag_ms");
	else if (replica_set)
		finding_add(cx, f, FINDING_OK, "replica",
		    "%u in the rotation, %lld ms behind", b.replicas,
		    (long long)(b.lag_us / US_PER_MS));
	if (!b.cache_set)
		finding_add(cx, f, FINDING_NOTE, "cache",
		    "no memcached: pages are rendered each time");
	else if (!b.cache)
		finding_add(cx, f, FINDING_WARN, "cache",
		    "memcached does not keep what it is given");
	else
		finding_add(cx, f, FINDING_OK, "cache", "memcached answers");
}

static void
look_channels(struct ctx *cx, findings *f)
{
	const struct channel *c;
	unsigned usable = 0;
	size_t i, n;

	if (channel_list(cx, &c, &n) != RC_OK) {
		finding_add(cx, f, FINDING_BAD, "channels",
		    "cannot be read; is the key file the right one?");
		return;
	}
	for (i = 0; i < n; i++) {
		usable += c[i].usable;
		if (c[i].on && !c[i].usable)
			finding_add(cx, f, FINDING_BAD, "channels",
			    "%s is on, but a setting is missing or a sample",
			    c[i].name);
	}
	if (usable == 0)
		finding_add(cx, f, FINDING_WARN, "channels",
		    "none is usable: only free goods can be bought");
	else
		finding_add(cx, f, FINDING_OK, "channels", "%u usable", usable);
}

static void
look_people(struct ctx *cx, findings *f)
{
	uint64_t owners, without;

	if (server_owners(cx, &owners, &without) != RC_OK)
		return;
	if (owners == 0)
		finding_add(cx, f, FINDING_BAD, "panel",
		    "there is no owner: `keystallctl admin create NAME`");
	else if (without != 0)
		finding_add(cx, f, FINDING_NOTE, "panel",
		    "%llu owners have no second factor",
		    (unsigned long long)without);
}

void
doctor_look(struct ctx *cx, findings *f)
{
	bool there = look_database(cx, f);

	look_behind(cx, f);
	if (!there)
		return;
	look_channels(cx, f);
	look_people(cx, f);
}
