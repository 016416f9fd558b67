/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every named statement of sql/query against the migrated schema: it can be
 * prepared, its columns are what its header says, and on tables of some size
 * it does not read them whole.
 */
#include "support/test.h"
#include "support/dbserver.h"

#include <mysql.h>
#include <stdio.h>

#include "store/sqltext.h"
#include "store/stmt.gen.h"

enum {
	LARGE = 2000,
	READS_MOST = 1000000 /* volume.sql has tables of some 8,000 rows */
};

static MYSQL *my;
static unsigned problems;

/* Statements that may read a large table from end to end, and why. */
static const char *const may_scan[][2] = {
    {"verify_", "invariants: every row is what they are for"},
    {"desk_low_stock", "SKUs and goods are thousands; cards by index"},
    {"stock_low_over", "every SKU that was told to be low is looked at"},
    {"coupon_batches", "a shop's batches with their counts"},
    {"coupon_scopes", "the panel's list of goods to choose from"},
    {"product_rows", "the panel looks through the goods by any part"},
};

__attribute__((format(printf, 2, 3))) static void
problem(const struct db_stmt *s, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	print_message("# %s: %s\n", s->name, arena_vfmt(ta, fmt, ap));
	va_end(ap);
	problems++;
}

/* ---- preparing, with the group written out n times */

static const char *
expand(const struct db_stmt *s, size_t n)
{
	const char *open = strstr(s->sql, "{{"), *shut, *between;
	struct arena *a = ta;
	char *text;
	size_t i;

	if (open == NULL)
		return s->sql;
	shut = strstr(open, "}}");
	between = str_starts(open, "{{SELECT ") ? " UNION ALL " : ",";
	text = arena_fmt(a, "%.*s", (int)(open - s->sql), s->sql);
	for (i = 0; i < n; i++)
		text = arena_fmt(a, "%s%s%.*s", text, i ? between : "",
		    (int)(shut - open - 2), open + 2);
	return arena_fmt(a, "%s%s", text, shut + 2);
}

static MYSQL_STMT *
prepare(const struct db_stmt *s, const char *prefix, size_t n)
{
	const char *sql = arena_fmt(ta, "%s%s", prefix, expand(s, n));
	MYSQL_STMT *st = mysql_stmt_init(my);

	assert_non_null(st);
	if (mysql_stmt_prepare(st, sql, strlen(sql)) != 0) {
		problem(s, "%u %s", mysql_stmt_errno(st), mysql_stmt_error(st));
		mysql_stmt_close(st);
		return NULL;
	}
	return st;
}

static size_t
n_fixed(const struct db_stmt *s)
{
	return strcspn(s->params, "|");
}

static size_t
n_group(const struct db_stmt *s)
{
	const char *bar = strchr(s->params, '|');

	return bar == NULL ? 0 : strlen(bar + 1);
}

static bool
is_integer(const MYSQL_FIELD *f)
{
	switch (f->type) {
	case MYSQL_TYPE_TINY:
	case MYSQL_TYPE_SHORT:
	case MYSQL_TYPE_INT24:
	case MYSQL_TYPE_LONG:
	case MYSQL_TYPE_LONGLONG:
		return true;
	default:
		/* SUM(): exact, and checked for range when it is read */
		return f->type == MYSQL_TYPE_NEWDECIMAL && f->decimals == 0;
	}
}

static void
check_column(const struct db_stmt *s, char letter, const MYSQL_FIELD *f)
{
	bool text =
	    f->type == MYSQL_TYPE_STRING || f->type == MYSQL_TYPE_VAR_STRING ||
	    f->type == MYSQL_TYPE_BLOB || f->type == MYSQL_TYPE_MEDIUM_BLOB ||
	    f->type == MYSQL_TYPE_LONG_BLOB;
	bool stored = f->org_table_length != 0;
	bool is_unsigned = (f->flags & UNSIGNED_FLAG) != 0;

	switch (letter | 0x20) {
	case 'u':
	case 'i':
		if (!is_integer(f))
			problem(
			    s, "%s is no integer (type %d)", f->name, f->type);
		else if (stored && is_unsigned != ((letter | 0x20) == 'u'))
			problem(s, "%s: %s", f->name,
			    is_unsigned ? "is unsigned, say u64 or u32"
					: "is signed, say i64 or i32");
		break;
	case 's':
		if (!text || f->charsetnr == 63)
			problem(s, "%s is no text", f->name);
		break;
	default:
		if (!text || f->charsetnr != 63)
			problem(s, "%s is no blob", f->name);
		break;
	}
	if (letter >= 'a' && stored && !(f->flags & NOT_NULL_FLAG))
		problem(s, "%s may be NULL: say so with `?'", f->name);
}

static void
check_prepared(const struct db_stmt *s, size_t n)
{
	MYSQL_STMT *st = prepare(s, "", n);
	MYSQL_RES *meta;
	size_t i, cols = strlen(s->columns);

	if (st == NULL)
		return;
	if (mysql_stmt_param_count(st) != n_fixed(s) + n * n_group(s))
		problem(s, "%lu parameters", mysql_stmt_param_count(st));
	if (mysql_stmt_field_count(st) != cols)
		problem(s, "%u columns, the header has %zu",
		    mysql_stmt_field_count(st), cols);
	else if (cols > 0) {
		meta = mysql_stmt_result_metadata(st);
		for (i = 0; i < cols; i++)
			check_column(s, s->columns[i],
			    mysql_fetch_field_direct(meta, (unsigned)i));
		mysql_free_result(meta);
	}
	mysql_stmt_close(st);
}

static void
all_can_be_prepared(void **state)
{
	int i;

	(void)state;
	problems = 0;
	for (i = 0; i < STMT__N; i++) {
		check_prepared(&stmt_table[i], n_group(&stmt_table[i]) != 0);
		if (n_group(&stmt_table[i]) != 0)
			check_prepared(&stmt_table[i], 3);
	}
	assert_int_equal(problems, 0);
}

/* ---- EXPLAIN */

/* One plan with every text parameter set to text. */
static void
check_plan(const struct db_stmt *s, const char *text, uint64_t number)
{
	static char type[32], table[65], key[65];
	static unsigned long long rows;
	size_t n = n_group(s) != 0 ? 3 : 0, i, np;
	MYSQL_STMT *st = prepare(s, "EXPLAIN ", n);
	MYSQL_BIND *in, out[16];
	char no_key;
	char c;

	if (st == NULL)
		return;
	np = n_fixed(s) + n * n_group(s);
	assert_int_equal(np, mysql_stmt_param_count(st));
	in = arena_array(ta, np + 1, sizeof(*in));
	for (i = 0; i < np; i++) {
		c = i < n_fixed(s) ? s->params[i]
				   : s->params[n_fixed(s) + 1 +
					       (i - n_fixed(s)) % n_group(s)];
		if ((c | 0x20) == 'u' || (c | 0x20) == 'i') {
			in[i].buffer_type = MYSQL_TYPE_LONGLONG;
			in[i].buffer = &number;
		} else {
			in[i].buffer_type = MYSQL_TYPE_STRING;
			in[i].buffer = (void *)(uintptr_t)text;
			in[i].buffer_length = strlen(text);
		}
	}
	if (np > 0)
		assert_int_equal(mysql_stmt_bind_param(st, in), 0);
	if (mysql_stmt_execute(st) != 0) {
		problem(s, "EXPLAIN: %u %s", mysql_stmt_errno(st),
		    mysql_stmt_error(st));
		mysql_stmt_close(st);
		return;
	}
	/* id select_type table type possible_keys key key_len ref rows Extra */
	memset(out, 0, sizeof(out));
	assert_int_equal(mysql_stmt_field_count(st), 10);
	for (i = 0; i < 10; i++)
		out[i].buffer_type = MYSQL_TYPE_STRING;
	out[2].buffer = table;
	out[2].buffer_length = sizeof(table) - 1;
	out[3].buffer = type;
	out[3].buffer_length = sizeof(type) - 1;
	out[5].buffer = key;
	out[5].buffer_length = sizeof(key) - 1;
	out[5].is_null = &no_key;
	out[8].buffer_type = MYSQL_TYPE_LONGLONG;
	out[8].buffer = &rows;
	assert_int_equal(mysql_stmt_bind_result(st, out), 0);
	for (;;) {
		memset(type, 0, sizeof(type));
		memset(table, 0, sizeof(table));
		memset(key, 0, sizeof(key));
		rows = 0;
		if (mysql_stmt_fetch(st) == MYSQL_NO_DATA)
			break;
		if (rows > LARGE &&
		    (strcmp(type, "ALL") == 0 || strcmp(type, "index") == 0))
			problem(s, "reads all of %s (%s%s%s, %llu rows)", table,
			    type, no_key ? "" : " ", no_key ? "" : key, rows);
	}
	mysql_stmt_close(st);
}

static bool
scan_is_allowed(const struct db_stmt *s)
{
	size_t i;

	for (i = 0; i < sizeof(may_scan) / sizeof(may_scan[0]); i++)
		if (strncmp(s->name, may_scan[i][0], strlen(may_scan[i][0])) ==
		    0)
			return true;
	return false;
}

static bool
has_plan(const struct db_stmt *s)
{
	return strncmp(s->sql, "SELECT", 6) == 0 ||
	       strncmp(s->sql, "WITH", 4) == 0 ||
	       strncmp(s->sql, "UPDATE", 6) == 0 ||
	       strncmp(s->sql, "DELETE", 6) == 0 ||
	       strstr(s->sql, " SELECT ") != NULL;
}

static void
none_reads_a_large_table_whole(void **state)
{
	/* no value, one of each kind of state, a number in the middle */
	static const char *const texts[] = {
	    "x", "free", "pending", "due", "on", "s77"};
	size_t i;
	int k;

	(void)state;
	problems = 0;
	for (k = 0; k < STMT__N; k++) {
		if (!has_plan(&stmt_table[k]) ||
		    scan_is_allowed(&stmt_table[k]))
			continue;
		for (i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
			check_plan(&stmt_table[k], texts[i], 1);
		/* as a LIMIT it would say how much is read */
		if (strstr(stmt_table[k].sql, "LIMIT ?") == NULL)
			check_plan(&stmt_table[k], "x", 3000);
	}
	assert_int_equal(problems, 0);
}

/* ---- what an invariant costs */

static void
ask(const char *sql, unsigned long long *sum)
{
	MYSQL_RES *res;
	MYSQL_ROW row;

	if (mysql_query(my, sql) != 0)
		print_error("%s\n", mysql_error(my));
	assert_int_equal(mysql_errno(my), 0);
	res = mysql_store_result(my);
	while (res != NULL && (row = mysql_fetch_row(res)) != NULL)
		if (sum != NULL)
			*sum += strtoull(row[1], NULL, 10);
	mysql_free_result(res);
}

/* They read whole tables, each row a few times; a join that has no index
 * would read them once for every row of another, and `keystallctl verify`
 * would not end on a shop of some size. */
static void
invariants_cost_what_the_rows_are(void **state)
{
	unsigned long long reads;
	char *sql, *mark;
	int k;

	(void)state;
	problems = 0;
	for (k = 0; k < STMT__N; k++) {
		if (!str_starts(stmt_table[k].name, "verify_i"))
			continue;
		sql = arena_str(ta, stmt_table[k].sql);
		while ((mark = strchr(sql, '?')) != NULL)
			*mark = '0';
		reads = 0;
		ask("FLUSH STATUS", NULL);
		ask(sql, NULL);
		ask("SHOW SESSION STATUS LIKE 'Handler_read%'", &reads);
		if (reads > READS_MOST)
			problem(&stmt_table[k], "%llu reads", reads);
	}
	assert_int_equal(problems, 0);
}

/* ---- the table itself */

static void
names_fit(void **state)
{
	int i;

	(void)state;
	for (i = 0; i < STMT__N; i++) {
		assert_non_null(stmt_table[i].name);
		/* io/db_stmt.c binds rows on the stack */
		assert_true(strlen(stmt_table[i].columns) <= 64);
		assert_true(strlen(stmt_table[i].name) <= 40);
	}
}

/* What one of the two servers does not have (DEPENDENCIES section 5). */
static void
portable_sql_only(void **state)
{
	static const char *const words[] = {" RETURNING ", "FOR UPDATE OF",
	    "FOR SHARE", " AS new", "LATERAL", "REGEXP_LIKE", "ANY_VALUE",
	    "_0900_", "uca1400", "BIN_TO_UUID", "UUID_TO_BIN", "SET PERSIST",
	    "NEXTVAL", "NEXT VALUE", "SYSTEM_TIME", "SET STATEMENT", "->>",
	    "->", " MEMBER OF", "SELECT *", ".*", " EXCEPT ", " INTERSECT ",
	    "REPLACE INTO", " FULL JOIN", "SQL_CALC_FOUND_ROWS"};
	const char *p;
	size_t i;
	int k;

	(void)state;
	problems = 0;
	for (k = 0; k < STMT__N; k++)
		for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
			p = strstr(stmt_table[k].sql, words[i]);
			if (p != NULL)
				problem(&stmt_table[k], "not portable: %s",
				    words[i]);
		}
	assert_int_equal(problems, 0);
}

static int
group_setup(void **state)
{
	static struct settings *set;
	static struct ctx cx[1];
	const struct sql_piece *p;
	char *text;
	const char *why;
	size_t n, i;
	FILE *f;

	test_arena_setup(state);
	dbserver_ctx_schema(cx, &set, "t_stmt");
	dbserver_end(cx);
	f = fopen(test_source("tests/db/volume.sql"), "r");
	if (f == NULL)
		return -1;
	text = arena_alloc(ta, 65536);
	n = fread(text, 1, 65536, f);
	fclose(f);
	my = mysql_init(NULL);
	if (mysql_real_connect(my, NULL, "root", "", "t_stmt", 0,
		dbserver()->socket, 0) == NULL ||
	    sql_split(ta, (struct span){text, n}, &p, &n, &why) != RC_OK)
		return -1;
	mysql_query(my, "SET SESSION unique_checks = 0, sql_log_bin = 0");
	for (i = 0; i < n; i++)
		if (mysql_real_query(my, p[i].sql.p, p[i].sql.n) != 0) {
			print_error("volume.sql: line %u: %s\n", p[i].line,
			    mysql_error(my));
			return -1;
		}
	/* the same plans on a server whose collation is another one */
	if (mysql_query(my,
		"SELECT GROUP_CONCAT(CONCAT('`', table_name, '`')) FROM "
		"information_schema.tables WHERE table_schema = 't_stmt'") ==
	    0) {
		MYSQL_RES *res = mysql_store_result(my);

		text =
		    arena_fmt(ta, "ANALYZE TABLE %s", mysql_fetch_row(res)[0]);
		mysql_free_result(res);
		if (mysql_query(my, text) != 0)
			return -1;
		mysql_free_result(mysql_store_result(my));
	}
	return mysql_set_character_set(my, "utf8mb4");
}

static int
group_teardown(void **state)
{
	(void)state;
	mysql_close(my);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(names_fit),
	    TEST(portable_sql_only),
	    TEST(all_can_be_prepared),
	    TEST(none_reads_a_large_table_whole),
	    TEST(invariants_cost_what_the_rows_are),
	};

	dbserver();
	return cmocka_run_group_tests(tests, group_setup, group_teardown);
}
