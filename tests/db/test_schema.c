/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Migrations: from empty, twice, two at once, interrupted at every statement,
 * a changed file, a broken file, a database newer than the files; and the
 * splitter that reads the files.
 */
#include "support/test.h"
#include "support/dbserver.h"

#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/hex.h"
#include "io/crypt.h"
#include "io/db.h"
#include "io/db_int.h"
#include "shop/migrate.h"
#include "store/schema.h"
#include "store/sqltext.h"
#include "store/start.h"

static struct ctx cx[1];
static struct settings *set;
static struct migrate_result res;

static int
setup(void **state)
{
	test_arena_setup(state);
	store_start();
	dbserver_ctx(cx, &set, "t_schema");
	set->replica_sockets = "";
	set->schema_dir = arena_fmt(ta, "%s/schema", test_dir());
	if (system(arena_fmt(ta, "rm -rf %s; mkdir %s; cp %s/0000* %s/",
		set->schema_dir, set->schema_dir, test_source("sql/schema"),
		set->schema_dir)) != 0)
		abort();
	return 0;
}

static int
teardown(void **state)
{
	dbserver_end(cx);
	return test_arena_teardown(state);
}

static void
write_file(const char *name, const char *text)
{
	test_file(arena_fmt(ta, "schema/%s", name), text, 0600);
}

static const char two_tables[] =
    "-- first; a ';' in a comment\n"
    "CREATE TABLE a (id INT PRIMARY KEY, t VARCHAR(40)) ENGINE=InnoDB;\n"
    "/* second; */ INSERT INTO a VALUES (1, 'semi;colon ''and'' \\' quote');\n"
    "# third\n"
    "CREATE TABLE `b;` (id INT PRIMARY KEY) ENGINE=InnoDB;\n";

static void
assert_why(const char *part)
{
	assert_non_null(res.why);
	if (strstr(res.why, part) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", part, res.why);
}

/* ---- the splitter */

static void
split_understands_sql(void **state)
{
	static const char text[] =
	    "-- c;\n \n"
	    "SELECT 1--1, 'a;--''\\';b', \"x;\"\";\", `y;``;` -- tail;\n"
	    " , /* ; ' */ 2;;\n"
	    "  /*!50000 SELECT ';' */ ;\n"
	    "SELECT '#;' # ';\n"
	    " , 3;\n-- the end";
	const struct sql_piece *p;
	const char *why;
	size_t n;

	(void)state;
	assert_int_equal(sql_split(ta, span_str(text), &p, &n, &why), RC_OK);
	assert_int_equal(n, 3);
	assert_int_equal(p[0].line, 3);
	assert_span(p[0].sql,
	    "SELECT 1--1, 'a;--''\\';b', \"x;\"\";\", `y;``;` -- tail;\n"
	    " , /* ; ' */ 2");
	assert_int_equal(p[1].line, 5);
	assert_span(p[1].sql, "/*!50000 SELECT ';' */ ");
	assert_int_equal(p[2].line, 6);
	assert_span(p[2].sql, "SELECT '#;' # ';\n , 3");
	assert_int_equal(text[p[2].end - 1], ';');
	assert_int_equal(
	    sql_split(ta, span_str(" \n-- x\n"), &p, &n, &why), RC_OK);
	assert_int_equal(n, 0);
}

static void
split_refuses(void **state)
{
	static const char *const bad[][2] = {
	    {"SELECT 1;\nSELECT 'a;", "line 2: a quote"},
	    {"SELECT `a", "line 1: a quote"},
	    {"SELECT '\\", "line 1: a quote"},
	    {"SELECT '\\'", "line 1: a quote"},
	    {"SELECT 1;\n\n/* ;", "line 3: a comment"},
	    {"SELECT 1;\nSELECT 2", "line 2: a statement without"},
	    {"\nDELIMITER //\n", "line 2: DELIMITER"},
	};
	const struct sql_piece *p;
	const char *why;
	size_t i, n;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(
		    sql_split(ta, span_str(bad[i][0]), &p, &n, &why),
		    RC_INVALID);
		assert_memory_equal(why, bad[i][1], strlen(bad[i][1]));
	}
	assert_int_equal(
	    sql_split(ta, (struct span){"SELECT \0;", 9}, &p, &n, &why),
	    RC_INVALID);
}

/* Any cut of a sound file is either whole statements or refused. */
static void
split_every_prefix(void **state)
{
	const struct sql_piece *all, *p;
	size_t n_all, n, i;
	const char *why;

	(void)state;
	assert_int_equal(
	    sql_split(ta, span_str(two_tables), &all, &n_all, &why), RC_OK);
	assert_int_equal(n_all, 3);
	for (i = 0; i < strlen(two_tables); i++) {
		if (sql_split(ta, (struct span){two_tables, i}, &p, &n, &why) !=
		    RC_OK)
			continue;
		assert_true(n == 0 || p[n - 1].end == all[n - 1].end);
	}
}

/* ---- migrating */

static void
from_empty_and_again(void **state)
{
	(void)state;
	set->schema_dir = test_source("sql/schema");
	assert_int_equal(migrate_check(cx, &res), RC_NOTFOUND);
	assert_int_equal(migrate_run(cx, &res), RC_OK);
	assert_int_equal(res.from, 0);
	assert_true(res.to >= 1 && res.to == res.newest);
	assert_true(res.statements > 30);
	assert_int_equal(cx->db->as_admin, false);
	assert_string_equal(
	    sql_primary("SELECT COUNT(*) FROM t_schema.merchant"), "1");

	assert_int_equal(migrate_run(cx, &res), RC_OK);
	assert_int_equal(res.statements, 0);
	assert_int_equal(res.from, res.newest);
	assert_string_equal(
	    sql_primary("SELECT COUNT(*) FROM t_schema.merchant"), "1");
	assert_int_equal(migrate_check(cx, &res), RC_OK);
	/* every table names its engine, charset and collation */
	assert_string_equal(
	    sql_primary("SELECT COUNT(*) FROM information_schema.tables "
			"WHERE table_schema = 't_schema' AND (engine <> "
			"'InnoDB' OR table_collation NOT IN "
			"('utf8mb4_unicode_520_ci', 'ascii_bin', "
			"'ascii_general_ci'))"),
	    "0");
	assert_string_equal(
	    sql_primary("SELECT COUNT(*) FROM information_schema.columns "
			"WHERE table_schema = 't_schema' AND "
			"collation_name NOT IN ('utf8mb4_unicode_520_ci', "
			"'ascii_bin', 'ascii_general_ci')"),
	    "0");
	/* replication and Galera want a primary key everywhere */
	assert_string_equal(
	    sql_primary("SELECT COUNT(*) FROM information_schema.tables t "
			"WHERE table_schema = 't_schema' AND NOT EXISTS "
			"(SELECT 1 FROM information_schema.statistics s "
			"WHERE s.table_schema = t.table_schema AND "
			"s.table_name = t.table_name AND s.index_name = "
			"'PRIMARY')"),
	    "0");
}

static void
copy(const char *files)
{
	if (system(arena_fmt(ta, "cd %s && cp %s %s/",
		test_source("sql/schema"), files, set->schema_dir)) != 0)
		abort();
}

/* 0012 on a shop that is open: what is unpaid counts against its buyer as
 * before, and nothing else does. */
static void
unpaid_orders_of_before_still_count(void **state)
{
	(void)state;
	copy("000[1-9]* 0010* 0011*");
	assert_int_equal(migrate_run(cx, &res), RC_OK);
	sql_primary("INSERT INTO t_schema.orders (id, no, merchant_id, state, "
		    "currency, list_minor, total_minor, contact, contact_hash, "
		    "address, lang, buyer_hash, created_us, expires_us) "
		    "SELECT seq, LPAD(seq, 24, '0'), 1, IF(seq %% 100, "
		    "'delivered', 'pending'), 'CNY', 1, 1, 'x', "
		    "LPAD(seq, 16, 'c'), LPAD(seq, 4, 'a'), 'en', "
		    "REPEAT('b', 32), 1, 2 FROM t_schema.seq_1_to_1000");
	copy("0012*");
	assert_int_equal(migrate_run(cx, &res), RC_OK);
	assert_int_equal(res.from, 11);
	assert_string_equal(
	    sql_primary("SELECT COUNT(*) FROM t_schema.orders WHERE "
			"held_contact = contact_hash AND held_address = "
			"address AND state = 'pending'"),
	    "10");
	assert_string_equal(
	    sql_primary("SELECT COUNT(*) FROM t_schema.orders WHERE "
			"held_contact IS NULL AND held_address IS NULL"),
	    "990");
}

static void
the_next_file(void **state)
{
	(void)state;
	write_file("0001_a.sql", two_tables);
	assert_int_equal(migrate_run(cx, &res), RC_OK);
	assert_int_equal(res.statements, 3);
	assert_string_equal(sql_primary("SELECT t FROM t_schema.a"),
	    "semi;colon 'and' ' quote");
	write_file("0002_b.sql", "ALTER TABLE a ADD COLUMN n INT NULL;");
	assert_int_equal(migrate_check(cx, &res), RC_NOTFOUND);
	assert_why("0002_b.sql: not applied");
	assert_int_equal(migrate_run(cx, &res), RC_OK);
	assert_int_equal(res.statements, 1);
	assert_int_equal(res.from, 1);
	assert_int_equal(res.to, 2);
}

static void
changed_file_refused(void **state)
{
	(void)state;
	write_file("0001_a.sql", two_tables);
	assert_int_equal(migrate_run(cx, &res), RC_OK);
	write_file(
	    "0001_a.sql", arena_fmt(ta, "%s-- one more word\n", two_tables));
	write_file("0002_b.sql", "CREATE TABLE c (id INT PRIMARY KEY);");
	assert_int_equal(migrate_run(cx, &res), RC_CONFLICT);
	assert_why("0001_a.sql: changed");
	assert_int_equal(migrate_check(cx, &res), RC_CONFLICT);
	assert_string_equal(
	    sql_primary("SELECT COUNT(*) FROM information_schema.tables WHERE "
			"table_schema = 't_schema' AND table_name = 'c'"),
	    "0");
}

static void
newer_database_refused(void **state)
{
	(void)state;
	write_file("0001_a.sql", two_tables);
	write_file("0002_b.sql", "CREATE TABLE c (id INT PRIMARY KEY);");
	assert_int_equal(migrate_run(cx, &res), RC_OK);
	unlink(arena_fmt(ta, "%s/0002_b.sql", set->schema_dir));
	assert_int_equal(migrate_run(cx, &res), RC_CONFLICT);
	assert_why("newer");
}

static void
bad_sequences_refused(void **state)
{
	static const char *const names[] = {
	    "0002_b.sql", "0000_b.sql", "001_b.sql", "x.sql", "0001b.sql"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		write_file(names[i], "CREATE TABLE c (id INT PRIMARY KEY);");
		assert_int_equal(migrate_run(cx, &res), RC_INVALID);
		assert_why("not the next number");
		unlink(arena_fmt(ta, "%s/%s", set->schema_dir, names[i]));
	}
	write_file("0001_a.sql", "CREATE TABLE c (id INT PRIMARY KEY)");
	assert_int_equal(migrate_run(cx, &res), RC_INVALID);
	assert_why("0001_a.sql: line 1: a statement without");
	write_file("0001_a.sql", "-- nothing\n");
	assert_int_equal(migrate_run(cx, &res), RC_INVALID);
	set->schema_dir = "/nowhere";
	assert_int_equal(migrate_run(cx, &res), RC_INVALID);
}

/* A failing statement stops there; mended, the run goes on with it. */
static void
failure_goes_on_there(void **state)
{
	(void)state;
	write_file("0001_a.sql", "CREATE TABLE a (id INT PRIMARY KEY);\n"
				 "\nINSERT INTO nowhere VALUES (1);\n"
				 "INSERT INTO a VALUES (2);\n");
	assert_int_equal(migrate_run(cx, &res), RC_FAIL);
	assert_why("0001_a.sql: line 3: 1146: ");
	assert_int_equal(res.statements, 1);
	/* the part that was run must stay as it was */
	write_file("0001_a.sql", "CREATE TABLE aa (id INT PRIMARY KEY);\n"
				 "INSERT INTO a VALUES (2);\n");
	assert_int_equal(migrate_run(cx, &res), RC_CONFLICT);
	write_file("0001_a.sql", "CREATE TABLE a (id INT PRIMARY KEY);\n"
				 "INSERT INTO a VALUES (2);\n");
	assert_int_equal(migrate_run(cx, &res), RC_OK);
	assert_int_equal(res.statements, 1);
	assert_string_equal(sql_primary("SELECT id FROM t_schema.a"), "2");
	assert_int_equal(migrate_check(cx, &res), RC_OK);
}

/* Killed between a statement and its record, at each statement. */
static void
interrupted_before_the_record(void **state)
{
	const struct sql_piece *p;
	uint8_t hash[32];
	const char *why;
	size_t n, i;

	(void)state;
	write_file("0001_a.sql", two_tables);
	assert_int_equal(
	    sql_split(ta, span_str(two_tables), &p, &n, &why), RC_OK);
	for (i = 0; i < n; i++) {
		sql_primary("DROP DATABASE t_schema");
		sql_primary("CREATE DATABASE t_schema");
		dbserver_end(cx);
		assert_int_equal(migrate_run(cx, &res), RC_OK);
		/* i are on record, i + 1 have been run */
		if (i < 2)
			sql_primary("DROP TABLE t_schema.`b;`");
		if (i < 1)
			sql_primary("DELETE FROM t_schema.a");
		crypt_sha256(
		    (struct span){two_tables, i == 0 ? 0 : p[i - 1].end}, hash);
		sql_primary("UPDATE t_schema.schema_version SET applied_us = "
			    "0, statements = %zu, file_hash = UNHEX('%s')",
		    i, hex_text(ta, hash, sizeof(hash)));
		assert_int_equal(migrate_check(cx, &res), RC_NOTFOUND);
		assert_int_equal(migrate_run(cx, &res), RC_OK);
		assert_int_equal(res.statements, n - i);
		assert_string_equal(
		    sql_primary("SELECT COUNT(*) FROM t_schema.a"), "1");
		assert_int_equal(migrate_check(cx, &res), RC_OK);
	}
}

/* "Exists already" counts as done for the statement in doubt only. */
static void
exists_already_is_an_error(void **state)
{
	(void)state;
	sql_primary("CREATE TABLE t_schema.a (other INT PRIMARY KEY)");
	write_file("0001_a.sql", two_tables);
	assert_int_equal(migrate_run(cx, &res), RC_FAIL);
	assert_why("0001_a.sql: line 2: 1050: ");
}

static void
two_at_once(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	set->schema_dir = test_source("sql/schema");
	fflush(NULL);
	pid = fork();
	assert_true(pid >= 0);
	/* The child has no connection yet, and opens its own. */
	if (pid == 0)
		_exit(migrate_run(cx, &res) == RC_OK ? 0 : 1);
	assert_int_equal(migrate_run(cx, &res), RC_OK);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
	assert_string_equal(
	    sql_primary("SELECT COUNT(*) FROM t_schema.merchant"), "1");
}

/* The shop's own user may not change the schema: the admin must. */
static void
shop_user_cannot(void **state)
{
	(void)state;
	write_file("0001_a.sql", two_tables);
	set->db_admin_user = "";
	assert_int_equal(migrate_run(cx, &res), RC_FAIL);
	assert_why("1142");
}

#define DB_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(split_understands_sql),
	    TEST(split_refuses),
	    TEST(split_every_prefix),
	    DB_TEST(from_empty_and_again),
	    DB_TEST(unpaid_orders_of_before_still_count),
	    DB_TEST(the_next_file),
	    DB_TEST(changed_file_refused),
	    DB_TEST(newer_database_refused),
	    DB_TEST(bad_sequences_refused),
	    DB_TEST(failure_goes_on_there),
	    DB_TEST(interrupted_before_the_record),
	    DB_TEST(exists_already_is_an_error),
	    DB_TEST(two_at_once),
	    DB_TEST(shop_user_cannot),
	};

	dbserver();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
