/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which server a statement goes to.
 *
 * The primary has everything that decides; a replica serves what may be old.
 * How old it is, is found out without privileges, clocks or a heartbeat: the
 * primary's GTID position is read and remembered, and once the replica's own
 * position includes it, the replica is known to have had everything of that
 * moment.  SHOW SLAVE STATUS would need a privilege and its seconds count
 * from the event's start; a heartbeat row trusts two clocks and a living job.
 * Where there are no MariaDB GTIDs, the statement `replica_beat` (the age of
 * the heartbeat row as the replica shows it) stands in.
 *
 * A visitor who has just written carries the position of that write in a
 * cookie and reads the primary until a replica has it.  No MASTER_GTID_WAIT:
 * the positions are known from the probe, and reading the primary for half a
 * second costs less than a waiting worker.
 *
 * With the primary gone, nothing new can be missed: replicas stay.
 */
#include "io/db_int.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/num.h"
#include "base/time.h"

enum {
	PROBE_MS = 500,        /* a worker looks at a replica so often */
	PROBE_LIMIT_MS = 1000, /* and waits so long for an answer */
	REPLICA_CONNECT_MS = 500,
	OUT_MS = 1000 /* after an error */
};

/* ---- positions: "0-1-42,7-2-9" is domain-server-number, ... */

static bool
number(struct span s, uint64_t max, uint64_t *out)
{
	return num_u64(s, max, out) == RC_OK;
}

bool
pos_parse(const char *text, struct db_pos *out)
{
	struct span rest = span_str(text), one, part[3];
	uint64_t domain, server, seq;
	struct db_pos pos = {0};

	while (rest.n > 0 && span_cut(&rest, ',', &one)) {
		if (pos.n == DB_DOMAINS_MAX)
			return false;
		one = span_trim(one);
		if (!span_cut(&one, '-', &part[0]) ||
		    !span_cut(&one, '-', &part[1]))
			return false;
		part[2] = one;
		if (!number(part[0], UINT32_MAX, &domain) ||
		    !number(part[1], UINT32_MAX, &server) ||
		    !number(part[2], UINT64_MAX, &seq))
			return false;
		pos.d[pos.n].domain = (uint32_t)domain;
		pos.d[pos.n++].seq = seq;
	}
	*out = pos;
	return pos.n > 0;
}

bool
pos_has(const struct db_pos *a, const struct db_pos *b)
{
	unsigned i, j;

	for (i = 0; i < b->n; i++) {
		for (j = 0; j < a->n; j++)
			if (a->d[j].domain == b->d[i].domain)
				break;
		if (j == a->n || a->d[j].seq < b->d[i].seq)
			return false;
	}
	return true;
}

/* ---- the servers of the settings file */

static void
replica_add(struct ctx *cx, struct db *db, struct span word, bool is_socket)
{
	struct db_replica *r = &db->replica[db->n_replicas];
	struct span host = word;
	uint64_t port = 3306;
	const char *colon;

	if (word.n == 0)
		return;
	if (db->n_replicas == DB_REPLICAS_MAX) {
		log_event(LOG_WARN, "db_replicas_too_many",
		    LF_U64("limit", DB_REPLICAS_MAX));
		return;
	}
	r->c = db->primary;
	r->c.socket = "";
	if (is_socket)
		r->c.socket = arena_dup(cx->keep, word.p, word.n);
	else {
		/* the last colon; "[::1]:3306" for IPv6 */
		colon = memrchr(word.p, ':', word.n);
		if (colon != NULL && word.p[word.n - 1] != ']') {
			host.n = (size_t)(colon - word.p);
			if (!number(
				(struct span){colon + 1, word.n - host.n - 1},
				65535, &port)) {
				log_event(LOG_ERROR, "db_replica_port",
				    LF_SPAN("replica", word));
				return;
			}
		}
		if (host.n > 2 && host.p[0] == '[' &&
		    host.p[host.n - 1] == ']') {
			host.p++;
			host.n -= 2;
		}
		r->c.host = arena_dup(cx->keep, host.p, host.n);
		r->c.port = (unsigned)port;
	}
	r->c.label = arena_fmt(cx->keep, "replica%u", ++db->n_replicas);
	r->c.is_replica = true;
	if (r->c.connect_us > REPLICA_CONNECT_MS * US_PER_MS)
		r->c.connect_us = REPLICA_CONNECT_MS * US_PER_MS;
	r->lag_us = -1;
}

static void
replicas_add(struct ctx *cx, struct db *db, const char *list, bool is_socket)
{
	struct span rest = span_str(list), word;

	while (rest.n > 0 && span_cut(&rest, ' ', &word))
		replica_add(cx, db, span_trim(word), is_socket);
}

void
route_init(struct ctx *cx, struct db *db)
{
	const struct settings *set = cx->set;
	struct db_conn *c = &db->primary;

	c->label = "primary";
	/* copies: a reload may replace the settings */
	c->socket = arena_str(cx->keep, set->db_socket);
	c->host = arena_str(cx->keep, set->db_host);
	c->port = (unsigned)set->db_port;
	c->user = arena_str(cx->keep, set->db_user);
	c->password = arena_str(cx->keep, set->db_password);
	c->connect_us = set->db_connect_ms * US_PER_MS;
	c->query_us = set->db_query_ms * US_PER_MS;
	db->admin = *c;
	db->admin.label = "admin";
	db->admin.query_us = 0; /* a migration takes what it takes */
	if (!str_empty(set->db_admin_user)) {
		db->admin.user = arena_str(cx->keep, set->db_admin_user);
		db->admin.password =
		    arena_str(cx->keep, set->db_admin_password);
	}
	replicas_add(cx, db, set->replica_sockets, true);
	replicas_add(cx, db, set->replica_hosts, false);
	/* Workers spread over the replicas; then each stays with its own. */
	if (db->n_replicas > 0)
		db->turn = (unsigned)getpid() % db->n_replicas;
}

/* ---- lag */

static bool
ask_pos(struct ctx *cx, struct db_conn *c, const char *sql, struct db_pos *out)
{
	char text[512];
	unsigned no;

	/* a probe must not cost a page its whole time */
	if (!conn_clock(cx, PROBE_LIMIT_MS * US_PER_MS))
		return false;
	no = conn_value(c, sql, text, sizeof(text));
	if (no != 0) {
		(void)db_fail(
		    c, "probe", no, mysql_sqlstate(c->my), mysql_error(c->my));
		return false;
	}
	return pos_parse(text, out);
}

static void
lag_by_gtid(struct ctx *cx, struct db_replica *r)
{
	struct db_conn *main = &cx->db->primary;
	int64_t now = time_mono_us();
	struct db_pos want;
	bool asked =
	    conn_ready(cx, main) == RC_OK &&
	    ask_pos(cx, main, "SELECT @@global.gtid_current_pos", &want);

	if (!ask_pos(cx, &r->c, "SELECT @@global.gtid_slave_pos", &r->pos)) {
		r->lag_us = -1;
		return;
	}
	if (!asked)
		return; /* nothing new to be had anywhere: as it was */
	if (pos_has(&r->pos, &want)) {
		r->caught_us = now;
		r->mark_us = 0;
		r->lag_us = 0;
		return;
	}
	if (r->mark_us != 0 && pos_has(&r->pos, &r->mark)) {
		r->caught_us = r->mark_us;
		r->mark_us = 0;
	}
	if (r->mark_us == 0) {
		r->mark = want;
		r->mark_us = now;
	}
	r->lag_us = r->caught_us == 0 ? -1 : now - r->caught_us;
}

static void
lag_by_beat(struct ctx *cx, struct db_replica *r)
{
	struct db_rows rows = {0};
	struct db_call call = {.want = WANT_ROWS, .rows = &rows};

	r->lag_us = -1;
	r->pos.n = 0;
	call.si = db_info_named("replica_beat");
	if (call.si == NULL || !conn_clock(cx, r->c.query_us) ||
	    stmt_run(cx, &r->c, &call) != RC_OK || rows.n != 1)
		return;
	r->lag_us = time_now_us() - dv_i64(rows.row[0], 0);
	if (r->lag_us < 0)
		r->lag_us = 0;
}

static void
set_in(struct db_replica *r, bool in)
{
	if (in != r->in)
		log_event(in ? LOG_INFO : LOG_WARN,
		    in ? "db_replica_in" : "db_replica_out",
		    LF_STR("server", r->c.label),
		    LF_INT("lag_ms", r->lag_us / US_PER_MS));
	r->in = in;
}

void
replica_probe(struct ctx *cx, struct db_replica *r)
{
	int64_t now = time_mono_us();
	int64_t max = cx->set->replica_max_lag_ms * US_PER_MS;

	if (r->probed_us != 0 && now - r->probed_us < PROBE_MS * US_PER_MS &&
	    r->c.my != NULL)
		return;
	if (now < r->c.retry_us || conn_ready(cx, &r->c) != RC_OK) {
		set_in(r, false);
		return;
	}
	r->probed_us = now;
	/* A replica knows the GTIDs of its primary, whichever library we
	 * have; the session tracking of DB_GTID is not needed here. */
	if (r->c.has[DB_MARIADB])
		lag_by_gtid(cx, r);
	else
		lag_by_beat(cx, r);
	set_in(r, r->c.my != NULL && r->lag_us >= 0 && r->lag_us <= max);
	if (r->lag_us >= 0)
		metric_set(METRIC_replica_lag_seconds, r->c.label,
		    r->lag_us / US_PER_S);
}

void
route_out(struct db_conn *c)
{
	struct db_replica *r = (struct db_replica *)c; /* its first member */

	set_in(r, false);
	c->retry_us = time_mono_us() + OUT_MS * US_PER_MS;
	r->probed_us = 0;
}

static struct db_conn *
replica_any(struct ctx *cx, struct db *db)
{
	struct db_replica *r;
	unsigned i, at;

	for (i = 0; i < db->n_replicas; i++) {
		at = (db->turn + i) % db->n_replicas;
		r = &db->replica[at];
		replica_probe(cx, r);
		if (r->in && conn_ready(cx, &r->c) == RC_OK) {
			db->turn = at;
			return &r->c;
		}
	}
	return NULL;
}

struct db_conn *
route(struct ctx *cx, const struct stmt_info *si, enum rc *rc)
{
	struct db *db = cx->db;
	struct db_conn *c;

	if (si->s->replica_ok && db->n_replicas > 0 && !cx->sticky &&
	    !cx->wrote && !db->as_admin) {
		c = replica_any(cx, db);
		if (c != NULL)
			return c;
	}
	c = db_main(db);
	*rc = conn_ready(cx, c);
	return *rc == RC_OK ? c : NULL;
}

/* ---- what db.h offers */

const char *
db_gtid(struct ctx *cx)
{
	if (cx->db == NULL || !cx->wrote)
		return "";
	return arena_str(cx->arena, cx->db->gtid);
}

void
db_wrote(struct ctx *cx, const char *gtid)
{
	struct db *db = db_of(cx);
	size_t n = strlen(gtid);

	cx->wrote = true;
	if (n >= sizeof(db->gtid))
		n = 0;
	memcpy(db->gtid, gtid, n);
	db->gtid[n] = '\0';
}

void
db_sticky(struct ctx *cx, const char *gtid, int64_t written_us)
{
	struct db *db = db_of(cx);
	int64_t age = cx->now - written_us;
	int64_t for_us = cx->set->sticky_seconds * US_PER_S;
	struct db_pos want;
	unsigned i;

	if (db->n_replicas == 0)
		return;
	if (str_empty(gtid) || !pos_parse(gtid, &want)) {
		cx->sticky = age < for_us;
		return;
	}
	/* What is older than the greatest lag is on every replica that is in
	 * the rotation; so a position from another life ends by itself. */
	if (age > for_us + cx->set->replica_max_lag_ms * US_PER_MS)
		return;
	for (i = 0; i < db->n_replicas; i++) {
		replica_probe(cx, &db->replica[i]);
		if (db->replica[i].in && pos_has(&db->replica[i].pos, &want)) {
			db->turn = i;
			return;
		}
	}
	cx->sticky = true;
}

unsigned
db_replicas_up(struct ctx *cx, int64_t *lag_us)
{
	struct db *db = db_of(cx);
	unsigned i, n = 0;
	int64_t worst = 0;

	BUG_ON(db->tx != TX_NONE);
	for (i = 0; i < db->n_replicas; i++) {
		replica_probe(cx, &db->replica[i]);
		if (db->replica[i].in)
			n++;
		if (db->replica[i].lag_us > worst)
			worst = db->replica[i].lag_us;
	}
	if (lag_us != NULL)
		*lag_us = worst;
	return n;
}
