/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One connection to one server: opened late and always with the same policy,
 * given up at the first sign of trouble.
 *
 * The library knows timeouts in whole seconds and restarts them with each
 * packet and each signal, so every wait comes through conn_wait(), which ends
 * at io_until: the statement's limit or the request's deadline, whichever is
 * first.  MYSQL_OPT_RECONNECT is never touched: it would run a statement
 * again in a session that has lost its transaction (DEPENDENCIES M1).
 *
 * Session statements (SET, the probes) are the only SQL text in io/; the
 * program's statements come from sql/query.
 */
#include "io/db_int.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bug.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/time.h"

enum { STAY_AWAY_MIN_MS = 100, STAY_AWAY_MAX_MS = 2000, LOG_AGAIN_S = 10 };
enum { HEARD_US = 5000 };

#define SESSION_SQL_MODE                                                       \
	"STRICT_TRANS_TABLES,STRICT_ALL_TABLES,ERROR_FOR_DIVISION_BY_ZERO,"    \
	"NO_ENGINE_SUBSTITUTION"

/* When the call that is running must be over, monotonic; 0: never.  The
 * library's callback has no argument of ours; one thread, one call. */
static int64_t io_until;

/* ---- time */

bool
conn_clock(struct ctx *cx, int64_t limit_us)
{
	int64_t now = time_mono_us();

	io_until = limit_us > 0 ? now + limit_us : 0;
	if (cx->deadline != 0 && (io_until == 0 || cx->deadline < io_until))
		io_until = cx->deadline;
	return io_until == 0 || io_until > now;
}

bool
conn_late(void)
{
	return io_until != 0 && time_mono_us() >= io_until;
}

#if HAVE_DECL_MARIADB_OPT_IO_WAIT
/* > 0 ready, 0 time is up, < 0 error: like poll(). */
static int
conn_wait(my_socket fd, my_bool is_read, int timeout_ms)
{
	struct pollfd p = {.fd = fd, .events = is_read ? POLLIN : POLLOUT};
	int64_t left;
	int n;

	do {
		if (io_until != 0) {
			left = io_until - time_mono_us();
			timeout_ms = left <= 0 ? 0 : (int)(left / 1000) + 1;
		}
		n = poll(&p, 1, timeout_ms);
	} while (n < 0 && errno == EINTR);
	if (n == 0)
		errno = ETIMEDOUT;
	return n;
}
#endif

static unsigned
seconds_of(int64_t us)
{
	return us <= 0 ? 0 : (unsigned)((us + US_PER_S - 1) / US_PER_S);
}

/* ---- opening and closing */

void
conn_drop(struct db_conn *c)
{
	if (c->my == NULL)
		return;
	/* First the session, then its statements: the other way round each
	 * of them would send a packet. */
	io_until = time_mono_us() + 100 * US_PER_MS;
	mysql_close(c->my);
	c->my = NULL;
	stmt_forget_all(c);
}

static void
away(struct db_conn *c, unsigned no, const char *text)
{
	int64_t now = time_mono_us();
	int64_t ms = STAY_AWAY_MIN_MS;
	unsigned i;

	for (i = 0; i < c->fails && ms < STAY_AWAY_MAX_MS; i++)
		ms *= 2;
	if (ms > STAY_AWAY_MAX_MS)
		ms = STAY_AWAY_MAX_MS;
	/* Workers must not come back in step. */
	ms -= (now / 1000) % (ms / 4);
	c->retry_us = now + ms * US_PER_MS;
	if (c->fails++ == 0 || now - c->logged_us > LOG_AGAIN_S * US_PER_S) {
		c->logged_us = now;
		log_event(LOG_WARN, "db_down", LF_STR("server", c->label),
		    LF_U64("errno", no), LF_STR("text", text),
		    LF_U64("attempts", c->fails));
	}
	metric_set(METRIC_breaker_state, c->label, 2);
}

static void
up(struct db_conn *c)
{
	if (c->fails > 0)
		log_event(LOG_INFO, "db_up", LF_STR("server", c->label),
		    LF_U64("attempts", c->fails));
	c->fails = 0;
	c->retry_us = 0;
	metric_set(METRIC_breaker_state, c->label, 0);
}

/* TLS is never left to the library's default, which differs by version
 * (DEPENDENCIES M3): off on a UNIX socket, demanded and checked elsewhere. */
static void
set_tls(MYSQL *my, const struct settings *set, bool tls)
{
	if (tls && !str_empty(set->db_tls_ca))
		mysql_options(my, MYSQL_OPT_SSL_CA, set->db_tls_ca);
#if HAVE_DECL_MYSQL_OPT_SSL_MODE
	{
		unsigned mode =
		    tls ? SSL_MODE_VERIFY_IDENTITY : SSL_MODE_DISABLED;

		mysql_options(my, MYSQL_OPT_SSL_MODE, &mode);
	}
#else
	{
		db_bool on = tls;

		mysql_options(my, MYSQL_OPT_SSL_ENFORCE, &on);
		mysql_options(my, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &on);
	}
#endif
}

static MYSQL *
dial(struct ctx *cx, struct db_conn *c)
{
	const struct settings *set = cx->set;
	unsigned connect_s = seconds_of(c->connect_us);
	unsigned query_s = seconds_of(c->query_us);
	unsigned no_infile = 0, tcp = MYSQL_PROTOCOL_TCP;
	bool local = !str_empty(c->socket);
	MYSQL *my = mysql_init(NULL);

	if (my == NULL)
		no_memory(sizeof(*my));
	mysql_options(my, MYSQL_OPT_CONNECT_TIMEOUT, &connect_s);
	mysql_options(my, MYSQL_OPT_READ_TIMEOUT, &query_s);
	mysql_options(my, MYSQL_OPT_WRITE_TIMEOUT, &query_s);
	mysql_options(my, MYSQL_SET_CHARSET_NAME, "utf8mb4");
	mysql_options(my, MYSQL_OPT_LOCAL_INFILE, &no_infile);
	/* or "localhost" would mean a socket somewhere, without TLS */
	if (!local)
		mysql_options(my, MYSQL_OPT_PROTOCOL, &tcp);
	set_tls(my, set, !local && str_eq(set->db_tls, "verify"));
#if HAVE_DECL_MARIADB_OPT_IO_WAIT
	mysql_optionsv(my, MARIADB_OPT_IO_WAIT, conn_wait);
#endif
	io_until = time_mono_us() + c->connect_us;
	if (cx->deadline != 0 && cx->deadline < io_until)
		io_until = cx->deadline;
	if (mysql_real_connect(my, local ? NULL : c->host, c->user, c->password,
		set->db_name, local ? 0 : c->port, local ? c->socket : NULL,
		0) == NULL) {
		/* a deadline of ours says nothing about the server */
		if (cx->deadline == 0 || time_mono_us() < cx->deadline)
			away(c, mysql_errno(my), mysql_error(my));
		mysql_close(my);
		return NULL;
	}
	return my;
}

unsigned
conn_text(struct db_conn *c, const char *sql)
{
	MYSQL_RES *res;

	if (mysql_real_query(c->my, sql, strlen(sql)) != 0)
		return mysql_errno(c->my);
	/* The one drain of the text protocol; several results do not occur,
	 * as CLIENT_MULTI_STATEMENTS is off. */
	res = mysql_store_result(c->my);
	if (res != NULL)
		mysql_free_result(res);
	return mysql_errno(c->my);
}

unsigned
conn_value(struct db_conn *c, const char *sql, char *out, size_t cap)
{
	MYSQL_RES *res;
	MYSQL_ROW row;

	out[0] = '\0';
	if (mysql_real_query(c->my, sql, strlen(sql)) != 0)
		return mysql_errno(c->my);
	res = mysql_store_result(c->my);
	if (res == NULL)
		return mysql_errno(c->my);
	row = mysql_fetch_row(res);
	if (row != NULL && row[0] != NULL)
		snprintf(out, cap, "%s", row[0]);
	mysql_free_result(res);
	return 0;
}

/* Says what this server can do; asks, because proxies lie about versions. */
static unsigned
probe(struct db_conn *c)
{
	unsigned no;

	c->has[DB_MARIADB] =
	    strstr(mysql_get_server_info(c->my), "MariaDB") != NULL;
	c->has[DB_GTID] = false;
	c->has[DB_SKIP_LOCKED] = false;
	if (c->has[DB_MARIADB]) {
		no = conn_text(c, "SET SESSION innodb_snapshot_isolation = 1");
		if (no != 0 && no != 1193) /* ER_UNKNOWN_SYSTEM_VARIABLE */
			return no;
	}
	if (c->is_replica)
		return 0;
#if HAVE_DECL_SESSION_TRACK_SYSTEM_VARIABLES
	/* Then each COMMIT brings its GTID along: no question of our own. */
	if (c->has[DB_MARIADB])
		c->has[DB_GTID] =
		    conn_text(c, "SET SESSION session_track_system_variables = "
				 "'last_gtid'") == 0;
#endif
	no = conn_text(c, "SELECT 1 FROM (SELECT 1) t LIMIT 0 FOR UPDATE "
			  "SKIP LOCKED");
	if (no != 0 && no != 1064 && db_err_of(no) == DE_LOST)
		return no;
	c->has[DB_SKIP_LOCKED] = no == 0;
	return 0;
}

/* The same session everywhere, whatever the server's defaults are. */
static unsigned
session(struct ctx *cx, struct db_conn *c)
{
	char sql[512], client[32];
	unsigned no;

	snprintf(sql, sizeof(sql),
	    "SET SESSION sql_mode = '" SESSION_SQL_MODE "', "
	    "time_zone = '+00:00', autocommit = 1, "
	    "collation_connection = 'utf8mb4_unicode_520_ci', "
	    "innodb_lock_wait_timeout = %d",
	    (int)cx->set->db_lock_wait_s);
	if ((no = conn_text(c, sql)) != 0 ||
	    (no = conn_text(c, "SET SESSION TRANSACTION ISOLATION LEVEL "
			       "READ COMMITTED")) != 0 ||
	    (no = conn_value(c, "SELECT @@character_set_client", client,
		 sizeof(client))) != 0 ||
	    (no = probe(c)) != 0)
		return no;
	/* The library escapes and counts by the set it believes in. */
	if (!str_eq(client, "utf8mb4")) {
		log_event(LOG_ERROR, "db_charset", LF_STR("server", c->label),
		    LF_STR("charset", client));
		return 2019; /* CR_CANT_READ_CHARSET */
	}
	return 0;
}

static enum rc
conn_open(struct ctx *cx, struct db_conn *c)
{
	unsigned no;

	c->my = dial(cx, c);
	if (c->my == NULL)
		return RC_BUSY;
	no = session(cx, c);
	if (no != 0) {
		if (cx->deadline == 0 || time_mono_us() < cx->deadline)
			away(c, no, mysql_error(c->my));
		conn_drop(c);
		return RC_BUSY;
	}
	if (c->prep == NULL)
		c->prep = db_alloc(db_slots() * sizeof(*c->prep) + 1);
	up(c);
	return RC_OK;
}

/* Nobody has asked the server anything, so whatever can be read is its
 * farewell.  One system call, no round trip.  A replica that has answered a
 * moment ago, most often in this very request, is not looked at: what it is
 * asked can be asked of another. */
static bool
stale(const struct db_conn *c)
{
	struct pollfd p = {.events = POLLIN};

	if (c->is_replica && time_mono_us() - c->heard_us < HEARD_US)
		return false;
#if HAVE_DECL_MYSQL_GET_SOCKET
	p.fd = (int)mysql_get_socket(c->my);
#else
	p.fd = (int)c->my->net.fd;
#endif
	return poll(&p, 1, 0) != 0;
}

enum rc
conn_ready(struct ctx *cx, struct db_conn *c)
{
	if (c->my != NULL && stale(c)) {
		log_event(LOG_INFO, "db_stale", LF_STR("server", c->label));
		conn_drop(c);
	}
	if (c->my == NULL) {
		if (time_mono_us() < c->retry_us)
			return RC_BUSY;
		if (conn_open(cx, c) != RC_OK)
			return RC_BUSY;
	}
	return conn_clock(cx, c->query_us) ? RC_OK : RC_BUSY;
}

void
conn_gtid(struct db *db, struct db_conn *c)
{
#if HAVE_DECL_SESSION_TRACK_SYSTEM_VARIABLES
	const char *p;
	size_t n;
	bool value = false;

	if (!c->has[DB_GTID] ||
	    mysql_session_track_get_first(
		c->my, SESSION_TRACK_SYSTEM_VARIABLES, &p, &n) != 0)
		return;
	/* name, value, name, value ... */
	do {
		if (value && n > 0 && n < sizeof(db->gtid)) {
			memcpy(db->gtid, p, n);
			db->gtid[n] = '\0';
		}
		value =
		    n == strlen("last_gtid") && memcmp(p, "last_gtid", n) == 0;
	} while (mysql_session_track_get_next(
		     c->my, SESSION_TRACK_SYSTEM_VARIABLES, &p, &n) == 0);
#else
	(void)db;
	(void)c;
#endif
}
