/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The limit of a purchase: the least SQL that places and pays an order without
 * ever selling a card twice, one order after the other on each connection, on
 * the same server with the same durability.
 *
 *     bare_sql SOCKET DATABASE CONNECTIONS ORDERS FIRST_ORDER_ID one|two
 *
 * Place (claim one card, insert the order, hold the card) and pay (order paid,
 * card sold, delivery), in one transaction an order, or in two as a shop whose
 * buyers do not pay in the same instant.  Prepared statements, and
 * SKIP LOCKED, without which the connections would wait for one another: the
 * limit is meant to be hard to reach.  No form token, no price, no signature,
 * no notice, no ledger, no events, no outbox.
 *
 * Prints orders and seconds as JSON.  Anything unexpected ends it with 1.
 */
#include <mysql.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PARAMS_MAX = 4, CONNECTIONS_MAX = 256 };

enum what { CLAIM, ORDER, HOLD, PAID, SOLD, DELIVER, WHAT__N };

/* clang-format off */
static const char *const text[WHAT__N] = {
	[CLAIM] = "SELECT id FROM card WHERE sku_id = 1 AND state = 'free' "
		  "ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED",
	[ORDER] = "INSERT INTO orders (id, no, merchant_id, state, currency, "
		  "list_minor, total_minor, channel_id, contact, contact_hash, "
		  "address, lang, buyer_hash, created_us, expires_us) VALUES "
		  "(?, LPAD(?, 24, '0'), 1, 'pending', 'CNY', 1000, 1000, 1, "
		  "'buyer@example.test', REPEAT('c', 16), 'ADDR', 'zh-CN', "
		  "REPEAT('b', 32), 1, 2)",
	[HOLD] = "UPDATE card SET state = 'held', order_id = ?, "
		 "hold_until_us = 2 WHERE id = ? AND state = 'free'",
	[PAID] = "UPDATE orders SET state = 'delivered', paid_minor = 1000, "
		 "paid_us = 3, delivered_us = 3 WHERE id = ? AND "
		 "state = 'pending'",
	[SOLD] = "UPDATE card SET state = 'sold' WHERE id = ? AND "
		 "order_id = ? AND state = 'held'",
	[DELIVER] = "INSERT INTO delivery (merchant_id, order_id, item_id, "
		    "card_id, delivered_us) VALUES (1, ?, ?, ?, 3)",
};
/* clang-format on */

struct client {
	MYSQL *db;
	MYSQL_STMT *stmt[WHAT__N];
	uint64_t param[PARAMS_MAX];
	uint64_t card;
};

/* How the processes start together: each counts itself ready, the parent sets
 * the start. */
struct gate {
	volatile int ready, go;
};

static _Noreturn void
die(const char *what, const char *why)
{
	fprintf(stderr, "bare_sql: %s: %s\n", what, why);
	exit(1);
}

static double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void
prepare(struct client *c, enum what w)
{
	MYSQL_BIND in[PARAMS_MAX], out;
	size_t i;

	c->stmt[w] = mysql_stmt_init(c->db);
	if (mysql_stmt_prepare(c->stmt[w], text[w], strlen(text[w])) != 0)
		die(text[w], mysql_stmt_error(c->stmt[w]));
	memset(in, 0, sizeof(in));
	for (i = 0; i < PARAMS_MAX; i++) {
		in[i].buffer_type = MYSQL_TYPE_LONGLONG;
		in[i].buffer = &c->param[i];
		in[i].is_unsigned = 1;
	}
	if (mysql_stmt_bind_param(c->stmt[w], in) != 0)
		die(text[w], mysql_stmt_error(c->stmt[w]));
	if (w != CLAIM)
		return;
	out = in[0];
	out.buffer = &c->card;
	if (mysql_stmt_bind_result(c->stmt[w], &out) != 0)
		die(text[w], mysql_stmt_error(c->stmt[w]));
}

static void
run(struct client *c, enum what w, uint64_t a, uint64_t b, uint64_t d)
{
	c->param[0] = a;
	c->param[1] = b;
	c->param[2] = d;
	if (mysql_stmt_execute(c->stmt[w]) != 0)
		die(text[w], mysql_stmt_error(c->stmt[w]));
	if (w != CLAIM && mysql_stmt_affected_rows(c->stmt[w]) != 1)
		die(text[w], "not one row");
}

static void
say(struct client *c, const char *word)
{
	if (mysql_query(c->db, word) != 0)
		die(word, mysql_error(c->db));
}

static void
claim(struct client *c)
{
	run(c, CLAIM, 0, 0, 0);
	if (mysql_stmt_store_result(c->stmt[CLAIM]) != 0 ||
	    mysql_stmt_fetch(c->stmt[CLAIM]) != 0)
		die("claim", "no free card");
	mysql_stmt_free_result(c->stmt[CLAIM]);
}

static void
buy(struct client *c, uint64_t order, int two)
{
	say(c, "BEGIN");
	claim(c);
	run(c, ORDER, order, order, 0);
	run(c, HOLD, order, c->card, 0);
	if (two) {
		say(c, "COMMIT");
		say(c, "BEGIN");
	}
	run(c, PAID, order, 0, 0);
	run(c, SOLD, c->card, order, 0);
	run(c, DELIVER, order, order, c->card);
	say(c, "COMMIT");
}

static int
client(char **argv, uint64_t from, uint64_t to, struct gate *gate)
{
	struct client c = {0};
	int w;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	c.db = mysql_init(NULL);
	if (mysql_real_connect(
		c.db, NULL, "root", NULL, argv[2], 0, argv[1], 0) == NULL)
		die(argv[1], mysql_error(c.db));
	say(&c, "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
	for (w = 0; w < WHAT__N; w++)
		prepare(&c, (enum what)w);
	__sync_fetch_and_add(&gate->ready, 1);
	while (!gate->go)
		usleep(500);
	for (; from < to; from++)
		buy(&c, from, strcmp(argv[6], "two") == 0);
	mysql_close(c.db);
	return 0;
}

static void
start(
    char **argv, uint64_t n, uint64_t orders, uint64_t first, struct gate *gate)
{
	uint64_t i;
	pid_t pid;

	for (i = 0; i < n; i++) {
		pid = fork();
		if (pid < 0)
			die("fork", "failed");
		if (pid == 0)
			exit(client(argv, first + orders * i / n,
			    first + orders * (i + 1) / n, gate));
	}
}

int
main(int argc, char **argv)
{
	struct gate *gate = mmap(NULL, sizeof(*gate), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	uint64_t n, orders, first, i;
	int status, bad = 0;
	double t0, t1;

	if (argc != 7 || gate == MAP_FAILED)
		die("usage",
		    "SOCKET DATABASE CONNECTIONS ORDERS FIRST one|two");
	n = strtoull(argv[3], NULL, 10);
	orders = strtoull(argv[4], NULL, 10);
	first = strtoull(argv[5], NULL, 10);
	if (strcmp(argv[6], "one") != 0 && strcmp(argv[6], "two") != 0)
		die("usage", "one or two transactions an order");
	if (n < 1 || n > CONNECTIONS_MAX || orders < n || first < 1)
		die("usage", "numbers out of range");
	start(argv, n, orders, first, gate);
	while ((uint64_t)gate->ready < n) {
		usleep(1000);
		/* one that cannot connect would keep the others for ever */
		if (waitpid(-1, &status, WNOHANG) > 0)
			return 1;
	}
	t0 = now_s();
	gate->go = 1;
	for (i = 0; i < n; i++)
		if (wait(&status) < 0 || status != 0)
			bad = 1;
	t1 = now_s();
	if (bad)
		return 1;
	printf("{\"orders\": %llu, \"connections\": %llu, \"seconds\": %.6f}\n",
	    (unsigned long long)orders, (unsigned long long)n, t1 - t0);
	return 0;
}
