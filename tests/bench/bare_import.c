/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The limit of an import: the same rows into the same table, 1,000 at a time,
 * each thousand durable before the next, by one connection that looks for no
 * duplicate and encrypts nothing.
 *
 *     bare_import SOCKET DATABASE ROWS FIRST_ID SEALED_BYTES SKU
 *
 * One prepared statement of a thousand rows: what is the same in all of them
 * stands in its text, only id, fingerprint and sealed text are sent.  The
 * fingerprints are random, as the shop's are: an index of them is written all
 * over, whoever fills it.
 *
 * Prints rows and seconds as JSON.  Anything unexpected ends it with 1.
 */
#include <mysql.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { AT_ONCE = 1000, FP = 16, SEALED_MAX = 4200, TEXT_MAX = 64 * 1024 };

struct row {
	uint64_t id;
	unsigned char fp[FP], sealed[SEALED_MAX];
};

static struct row row[AT_ONCE];
static MYSQL_BIND bind[3 * AT_ONCE];

static _Noreturn void
die(const char *what, const char *why)
{
	fprintf(stderr, "bare_import: %s: %s\n", what, why);
	exit(1);
}

static double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* splitmix64 (Steele, Lea, Flood 2014): a counter made to look random. */
static uint64_t
mix(uint64_t *state)
{
	uint64_t z = *state += 0x9e3779b97f4a7c15U;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9U;
	z = (z ^ z >> 27) * 0x94d049bb133111ebU;
	return z ^ z >> 31;
}

static void
random_bytes(uint64_t *state, unsigned char *out, size_t n)
{
	uint64_t v;
	size_t k;

	for (; n != 0; out += k, n -= k) {
		v = mix(state);
		k = n < sizeof(v) ? n : sizeof(v);
		memcpy(out, &v, k);
	}
}

/* A statement for n rows, its parameters bound to row[]. */
static MYSQL_STMT *
prepare(MYSQL *db, size_t n, unsigned long sku, size_t sealed)
{
	char text[TEXT_MAX];
	MYSQL_STMT *stmt = mysql_stmt_init(db);
	size_t i, len;

	len = (size_t)snprintf(text, sizeof(text),
	    "INSERT INTO card (id, merchant_id, sku_id, batch_id, state, "
	    "key_id, fingerprint, sealed, created_us) VALUES ");
	for (i = 0; i < n; i++) {
		len += (size_t)snprintf(text + len, sizeof(text) - len,
		    "%s(?,1,%lu,2,'free',1,?,?,1)", i == 0 ? "" : ",", sku);
		if (len >= sizeof(text))
			die("statement", "too long");
		bind[3 * i] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_LONGLONG,
		    .buffer = &row[i].id,
		    .is_unsigned = 1};
		bind[3 * i + 1] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_BLOB,
		    .buffer = row[i].fp,
		    .buffer_length = FP};
		bind[3 * i + 2] = (MYSQL_BIND){.buffer_type = MYSQL_TYPE_BLOB,
		    .buffer = row[i].sealed,
		    .buffer_length = sealed};
	}
	if (mysql_stmt_prepare(stmt, text, len) != 0 ||
	    mysql_stmt_bind_param(stmt, bind) != 0)
		die("prepare", mysql_stmt_error(stmt));
	return stmt;
}

static void
put(MYSQL_STMT *stmt, size_t n, uint64_t first, uint64_t *state, size_t sealed)
{
	size_t i;

	for (i = 0; i < n; i++) {
		row[i].id = first + i;
		random_bytes(state, row[i].fp, FP);
		random_bytes(state, row[i].sealed, sealed);
	}
	if (mysql_stmt_execute(stmt) != 0)
		die("insert", mysql_stmt_error(stmt));
	if (mysql_stmt_affected_rows(stmt) != n)
		die("insert", "not all rows");
}

static void
fill(MYSQL *db, uint64_t rows, uint64_t first, unsigned long sku, size_t sealed)
{
	uint64_t state = first, left = rows;
	MYSQL_STMT *stmt = prepare(db, AT_ONCE, sku, sealed);

	for (; left >= AT_ONCE; first += AT_ONCE, left -= AT_ONCE)
		put(stmt, AT_ONCE, first, &state, sealed);
	mysql_stmt_close(stmt);
	if (left == 0)
		return;
	stmt = prepare(db, left, sku, sealed);
	put(stmt, left, first, &state, sealed);
	mysql_stmt_close(stmt);
}

int
main(int argc, char **argv)
{
	MYSQL *db = mysql_init(NULL);
	uint64_t rows, first;
	unsigned long sku;
	size_t sealed;
	double t0, t1;

	if (argc != 7 || db == NULL)
		die("usage", "SOCKET DATABASE ROWS FIRST SEALED SKU");
	rows = strtoull(argv[3], NULL, 10);
	first = strtoull(argv[4], NULL, 10);
	sealed = strtoul(argv[5], NULL, 10);
	sku = strtoul(argv[6], NULL, 10);
	if (rows < 1 || first < 1 || sealed < 1 || sealed > SEALED_MAX)
		die("usage", "numbers out of range");
	if (mysql_real_connect(
		db, NULL, "root", NULL, argv[2], 0, argv[1], 0) == NULL)
		die(argv[1], mysql_error(db));
	t0 = now_s();
	fill(db, rows, first, sku, sealed);
	t1 = now_s();
	mysql_close(db);
	printf("{\"rows\": %llu, \"seconds\": %.6f}\n",
	    (unsigned long long)rows, t1 - t0);
	return 0;
}
