/* SPDX-License-Identifier: Apache-2.0 */
/* See dbserver.h; the servers themselves are dbserver.sh's. */
#include "support/dbserver.h"
#include "support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <mysql.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/time.h"
#include "io/crypt.h"
#include "io/db.h"
#include "shop/migrate.h"
#include "store/start.h"

static struct dbserver server;
static struct arena *forever;
static MYSQL *root[2]; /* primary, replica */

static void
run(const char *what, const char *name)
{
	const char *script = test_source("tests/support/dbserver.sh");
	char *cmd;

	cmd = arena_fmt(
	    forever, "sh '%s' %s '%s' %s >&2", script, what, server.dir, name);
	if (system(cmd) != 0) {
		fprintf(stderr, "failed: %s\n", cmd);
		exit(1);
	}
}

/* A process that outlives this one by what it takes to stop the servers,
 * however this one ends: the pipe closes on a crash and on SIGKILL, too. */
static int guard_pipe[2] = {-1, -1};
static pid_t guard_pid;

static void
guard_start(void)
{
	char c;

	if (pipe2(guard_pipe, O_CLOEXEC) != 0)
		abort();
	fflush(NULL);
	guard_pid = fork();
	if (guard_pid < 0)
		abort();
	if (guard_pid > 0) {
		close(guard_pipe[0]);
		return;
	}
	setsid(); /* Ctrl-C is for the tests */
	close(guard_pipe[1]);
	while (read(guard_pipe[0], &c, 1) < 0 && errno == EINTR)
		;
	run("stop", "");
	server.dir = test_dir();
	run("remove", "");
	_exit(0);
}

static void
stop(void)
{
	if (root[0] != NULL)
		mysql_close(root[0]);
	if (root[1] != NULL)
		mysql_close(root[1]);
	root[0] = root[1] = NULL;
	if (guard_pid > 0) {
		close(guard_pipe[1]);
		waitpid(guard_pid, NULL, 0);
	}
}

static const char *
fact(const char *text, const char *name)
{
	const char *p = strstr(text, name);
	size_t n;

	if (p == NULL)
		exit(1);
	p += strlen(name);
	n = strcspn(p, "\n");
	return arena_dup(forever, p, n);
}

const struct dbserver *
dbserver(void)
{
	char text[2048];
	size_t n;
	FILE *f;

	if (server.dir != NULL)
		return &server;
	if (access("/usr/sbin/mariadbd", X_OK) != 0 &&
	    system("command -v mariadbd >/dev/null") != 0)
		test_skip_all("no mariadbd");
	forever = arena_new(1 << 16, 1 << 28);
	if (ta == NULL)
		test_arena_setup(NULL);
	server.dir = getenv("KS_DB_DIR");
	if (server.dir == NULL) {
		server.dir = arena_fmt(forever, "%s/db", test_dir());
		guard_start();
		run("start", "");
	}
	atexit(stop);
	crypt_init();
	f = fopen(arena_fmt(forever, "%s/env", server.dir), "r");
	if (f == NULL)
		exit(1);
	n = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[n] = '\0';
	server.socket = fact(text, "KS_DB_SOCKET=");
	server.replica_socket = fact(text, "KS_DB_REPLICA_SOCKET=");
	server.tls = fact(text, "KS_DB_TLS=");
	server.port = (unsigned)atoi(fact(text, "KS_DB_PORT="));
	server.replica_port = (unsigned)atoi(fact(text, "KS_DB_REPLICA_PORT="));
	return &server;
}

static const char *
sql_on(int i, const char *sql)
{
	const char *value = "";
	MYSQL_RES *res;
	MYSQL_ROW row;
	int tries;

	for (tries = 0; tries < 2; tries++) {
		if (root[i] == NULL) {
			root[i] = mysql_init(NULL);
			if (mysql_real_connect(root[i], NULL, "root", "", NULL,
				0,
				i == 0 ? server.socket : server.replica_socket,
				0) == NULL) {
				fprintf(
				    stderr, "root: %s\n", mysql_error(root[i]));
				exit(1);
			}
		}
		if (mysql_query(root[i], sql) == 0)
			break;
		/* the server was restarted meanwhile */
		if (mysql_errno(root[i]) < 2000 || tries == 1) {
			fprintf(stderr, "%s: %s\n", sql, mysql_error(root[i]));
			exit(1);
		}
		mysql_close(root[i]);
		root[i] = NULL;
	}
	res = mysql_store_result(root[i]);
	if (res != NULL) {
		while ((row = mysql_fetch_row(res)) != NULL)
			value = arena_str(ta, row[0] != NULL ? row[0] : "NULL");
		mysql_free_result(res);
	}
	return value;
}

const char *
sql_primary(const char *fmt, ...)
{
	va_list ap;
	char *sql;

	va_start(ap, fmt);
	sql = arena_vfmt(ta, fmt, ap);
	va_end(ap);
	return sql_on(0, sql);
}

const char *
sql_replica(const char *fmt, ...)
{
	va_list ap;
	char *sql;

	va_start(ap, fmt);
	sql = arena_vfmt(ta, fmt, ap);
	va_end(ap);
	return sql_on(1, sql);
}

void
dbserver_sync(void)
{
	const char *pos = sql_primary("SELECT @@gtid_current_pos");

	if (strcmp(sql_replica("SELECT MASTER_GTID_WAIT('%s', 30)", pos),
		"0") != 0) {
		fprintf(stderr, "the replica does not follow\n");
		exit(1);
	}
}

void
dbserver_do(const char *what, const char *name)
{
	run(what, name);
}

void
test_sleep_ms(int ms)
{
	struct timespec t = {ms / 1000, (long)(ms % 1000) * 1000000};

	nanosleep(&t, NULL);
}

void
dbserver_ctx(struct ctx *cx, struct settings **set, const char *name)
{
	struct settings *s;

	dbserver();
	s = arena_alloc(forever, sizeof(*s));
	*s = *settings_defaults(forever);
	s->db_socket = server.socket;
	s->replica_sockets = server.replica_socket;
	s->cache_page_s = 0; /* numbers are counted, not remembered */
	s->db_name = arena_str(forever, name);
	s->db_user = "shop";
	s->db_password = "shop-secret";
	s->db_admin_user = "admin";
	s->db_admin_password = "admin-secret";
	sql_primary("DROP DATABASE IF EXISTS `%s`", name);
	sql_primary("CREATE DATABASE `%s`", name);
	sql_primary("USE `%s`", name);
	memset(cx, 0, sizeof(*cx));
	cx->arena = ta;
	cx->keep = forever;
	cx->set = s;
	cx->now = cx->shown = time_now_us();
	cx->request_id = "00000000000000000000000000000000";
	cx->merchant = 1;
	cx->lang = "en";
	cx->address = "127.0.0.1";
	if (set != NULL)
		*set = s;
}

void
dbserver_ctx_schema(struct ctx *cx, struct settings **set, const char *name)
{
	struct migrate_result res;
	struct settings *s;

	store_start();
	dbserver_ctx(cx, &s, name);
	s->schema_dir = arena_str(forever, test_source("sql/schema"));
	if (migrate_run(cx, &res) != RC_OK) {
		fprintf(stderr, "%s\n", res.why);
		exit(1);
	}
	if (set != NULL)
		*set = s;
}

void
dbserver_end(struct ctx *cx)
{
	db_close(cx->db);
	cx->db = NULL;
}
