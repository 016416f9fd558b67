/* SPDX-License-Identifier: Apache-2.0 */
/* Cards: import with every kind of duplicate, commit, undo, lists, locks. */
#include "support/test.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/limits.h"
#include "base/num.h"
#include "io/crypt.h"
#include "io/db.h"
#include "shop/audit.h"
#include "shop/stock.h"
#include "shop/vault.h"
#include "support/dbserver.h"
#include "support/goods.h"

static struct ctx cx[1];
static struct settings *set;
static uint64_t product, sku, other;

static int
setup(void **state)
{
	test_arena_setup(state);
	goods_setup(cx, &set, "t_import");
	product = goods_product(goods_category(0, "c", "C"), "p", "P", "on");
	sku = goods_sku(product, "SKU-1", 100, "card");
	other = goods_sku(product, "SKU-2", 100, "card");
	return 0;
}

static int
teardown(void **state)
{
	dbserver_end(cx);
	return test_arena_teardown(state);
}

#define DB_TEST(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)

static uint64_t
open_batch(uint64_t s)
{
	uint64_t b = 0;

	assert_int_equal(import_open(cx, s, "b", "", MONEY(50), &b), RC_OK);
	return b;
}

static enum rc
send(uint64_t b, unsigned seq, const char *text)
{
	return import_chunk(cx, b, seq, span_str(text));
}

static struct batch
report(uint64_t b)
{
	struct batch r;

	assert_int_equal(import_report(cx, b, &r), RC_OK);
	assert_int_equal(r.lines, r.added + r.blank + r.bad + r.dup_file +
				      r.dup_stock + r.dup_sold + r.dup_other);
	return r;
}

static uint64_t
count(const char *where)
{
	uint64_t n = 0;

	assert_int_equal(num_u64(span_str(sql_primary("SELECT COUNT(*) FROM "
						      "t_import.card WHERE %s",
				     where)),
			     UINT64_MAX, &n),
	    RC_OK);
	return n;
}

/* The id of the n-th card, from 1. */
static uint64_t
card_no(unsigned n)
{
	uint64_t id = 0;

	assert_int_equal(
	    num_u64(span_str(sql_primary("SELECT id FROM t_import.card "
					 "ORDER BY id LIMIT %u, 1",
			n - 1)),
		UINT64_MAX, &id),
	    RC_OK);
	return id;
}

static void
card_set(unsigned n, const char *state)
{
	sql_primary("UPDATE t_import.card SET state = '%s' WHERE id = %llu",
	    state, (unsigned long long)card_no(n));
}

static void
staged_then_free(void **state)
{
	uint64_t b = open_batch(sku);
	struct batch r;

	(void)state;
	assert_int_equal(send(b, 0, "\xef\xbb\xbfK1\r\nK2\n\n K3 \n"), RC_OK);
	r = report(b);
	assert_int_equal(r.added, 3);
	assert_int_equal(r.blank, 1);
	assert_int_equal(r.by_state[CARD_STAGED], 3);
	assert_string_equal(r.state, "open");
	assert_int_equal(r.next_chunk, 1);
	assert_string_equal(r.sku_code, "SKU-1");
	assert_int_equal(import_commit(cx, b), RC_OK);
	r = report(b);
	assert_int_equal(r.by_state[CARD_FREE], 3);
	assert_int_equal(r.by_state[CARD_STAGED], 0);
	assert_string_equal(r.state, "committed");
	/* no further chunk, no second commit */
	assert_int_equal(send(b, 1, "K9\n"), RC_CONFLICT);
	assert_int_equal(import_commit(cx, b), RC_CONFLICT);
	assert_int_equal(count("1"), 3);
	assert_string_equal(sql_primary("SELECT COUNT(*) FROM t_import.outbox "
					"WHERE kind = 'catalogue' AND "
					"object_id = %llu",
				(unsigned long long)product),
	    "1");
}

static void
chunks_by_number(void **state)
{
	uint64_t b = open_batch(sku);

	(void)state;
	assert_int_equal(send(b, 1, "X\n"), RC_CONFLICT); /* a gap */
	assert_int_equal(send(b, 0, "K1\nK2\n"), RC_OK);
	assert_int_equal(send(b, 0, "K1\nK2\n"), RC_OK); /* sent again */
	assert_int_equal(send(b, 1, "K2\nK3\n"), RC_OK);
	assert_int_equal(report(b).added, 3);
	assert_int_equal(report(b).dup_file, 1);
	assert_int_equal(report(b).next_chunk, 2);
	assert_int_equal(send(999, 0, "K\n"), RC_NOTFOUND);
	assert_int_equal(import_chunk(cx, b, 2,
			     (struct span){arena_alloc(ta, LIM_BODY_CHUNK + 1),
				 LIM_BODY_CHUNK + 1}),
	    RC_INVALID);
	assert_int_equal(send(b, 2, ""), RC_OK);
	assert_int_equal(report(b).next_chunk, 3);
}

/* The four kinds of duplicates: counts match, undo restores equal stock. */
static void
duplicates(void **state)
{
	uint64_t a = open_batch(sku), o = open_batch(other), b;
	const char *before;
	struct batch r;

	(void)state;
	assert_int_equal(send(a, 0, "S1\nS2\nV1\nF1\nF2\n"), RC_OK);
	assert_int_equal(import_commit(cx, a), RC_OK);
	assert_int_equal(send(o, 0, "O1\n"), RC_OK);
	card_set(1, "sold");
	card_set(2, "sold");
	card_set(3, "void");
	before = sql_primary("SELECT MD5(GROUP_CONCAT(id, state, "
			     "HEX(fingerprint), HEX(sealed) ORDER BY id)) "
			     "FROM t_import.card");
	b = open_batch(sku);
	assert_int_equal(
	    send(b, 0, "N1\nS1\nV1\nF1\nO1\nN1\nN2\n\xff\n\n"), RC_OK);
	r = report(b);
	assert_int_equal(r.lines, 9);
	assert_int_equal(r.added, 2);
	assert_int_equal(r.dup_sold, 2); /* void was sold once */
	assert_int_equal(r.dup_stock, 1);
	assert_int_equal(r.dup_other, 1); /* staged in another batch */
	assert_int_equal(r.dup_file, 1);
	assert_int_equal(r.bad, 1);
	assert_int_equal(r.blank, 1);
	assert_int_equal(import_commit(cx, b), RC_OK);
	assert_int_equal(import_undo(cx, b), RC_OK);
	assert_string_equal(report(b).state, "undone");
	assert_string_equal(
	    before, sql_primary("SELECT MD5(GROUP_CONCAT(id, state, "
				"HEX(fingerprint), HEX(sealed) ORDER BY id)) "
				"FROM t_import.card"));
	assert_int_equal(import_undo(cx, b), RC_CONFLICT);
	/* what was taken back can come again */
	b = open_batch(sku);
	assert_int_equal(send(b, 0, "N1\nN2\n"), RC_OK);
	assert_int_equal(report(b).added, 2);
}

static void
undo_refused(void **state)
{
	uint64_t b = open_batch(sku);
	struct batch r;

	(void)state;
	assert_int_equal(send(b, 0, "A\nB\nC\n"), RC_OK);
	assert_int_equal(import_commit(cx, b), RC_OK);
	card_set(2, "held");
	assert_int_equal(import_undo(cx, b), RC_CONFLICT);
	r = report(b);
	assert_string_equal(r.state, "committed");
	assert_int_equal(r.by_state[CARD_FREE], 2);
	card_set(2, "sold");
	assert_int_equal(import_undo(cx, b), RC_CONFLICT);
	assert_int_equal(report(b).by_state[CARD_FREE], 2);
}

static void
undo_of_open_and_locked(void **state)
{
	uint64_t b = open_batch(sku);

	(void)state;
	assert_int_equal(send(b, 0, "A\nB\n"), RC_OK);
	assert_int_equal(import_undo(cx, b), RC_OK);
	assert_int_equal(count("1"), 0);
	b = open_batch(sku);
	assert_int_equal(send(b, 0, "A\nB\n"), RC_OK);
	assert_int_equal(import_commit(cx, b), RC_OK);
	sql_primary("UPDATE t_import.card SET state = 'locked' WHERE "
		    "batch_id = %llu ORDER BY id LIMIT 1",
	    (unsigned long long)b);
	assert_int_equal(import_undo(cx, b), RC_OK);
	assert_int_equal(count("1"), 0);
}

/* A run that was cut off after the batch's state had moved goes on. */
static void
goes_on(void **state)
{
	uint64_t b = open_batch(sku);

	(void)state;
	assert_int_equal(send(b, 0, "A\nB\nC\n"), RC_OK);
	sql_primary("UPDATE t_import.card_batch SET state = 'committed'");
	assert_int_equal(import_commit(cx, b), RC_OK);
	assert_int_equal(report(b).by_state[CARD_FREE], 3);
	sql_primary("UPDATE t_import.card_batch SET state = 'undone'");
	card_set(1, "staged");
	assert_int_equal(import_undo(cx, b), RC_OK);
	assert_int_equal(count("1"), 0);
	/* no time left: nothing is lost, a later call ends it */
	b = open_batch(sku);
	assert_int_equal(send(b, 0, "A\nB\nC\n"), RC_OK);
	cx->deadline = 1;
	assert_int_equal(import_commit(cx, b), RC_BUSY);
	cx->deadline = 0;
	assert_int_equal(import_commit(cx, b), RC_OK);
	assert_int_equal(report(b).by_state[CARD_FREE], 3);
}

static void
opening(void **state)
{
	uint64_t b = 0, m = goods_sku(product, "HAND", 1, "manual");

	(void)state;
	assert_int_equal(
	    import_open(cx, 999, "b", "", MONEY(0), &b), RC_NOTFOUND);
	assert_int_equal(import_open(cx, m, "b", "", MONEY(0), &b), RC_INVALID);
	assert_int_equal(
	    import_open(cx, sku, "b\n", "", MONEY(0), &b), RC_INVALID);
	assert_int_equal(
	    import_open(cx, sku, "b", "", MONEY(-1), &b), RC_INVALID);
	assert_int_equal(import_open(cx, sku, "", NULL, MONEY(0), &b), RC_OK);
	assert_true(strlen(report(b).name) > 8); /* from the time */
}

/* The database holds no card text, and each row opens only under its id. */
static void
sealed(void **state)
{
	uint64_t b = open_batch(sku);
	struct span text;

	(void)state;
	assert_int_equal(send(b, 0, "MARKER-1----pw\nMARKER-2----pw\n"), RC_OK);
	assert_int_equal(
	    count("sealed LIKE '%MARKER%' OR note LIKE '%MARKER%'"), 0);
	assert_int_equal(stock_reveal(cx, card_no(1), &text), RC_OK);
	assert_span(text, "MARKER-1----pw");
	assert_string_equal(sql_primary("SELECT action FROM t_import.audit_log "
					"WHERE object = 'card:%llu'",
				(unsigned long long)card_no(1)),
	    "card.reveal");
	assert_int_equal(stock_reveal(cx, 77, &text), RC_NOTFOUND);
	/* two rows swapped: neither opens */
	sql_primary("UPDATE t_import.card a JOIN t_import.card b ON a.id = "
		    "%llu AND b.id = %llu SET a.sealed = b.sealed",
	    (unsigned long long)card_no(1), (unsigned long long)card_no(2));
	assert_int_equal(stock_reveal(cx, card_no(1), &text), RC_FAIL);
}

static const char *
masked_of(uint64_t id)
{
	struct card_filter f = {0};
	const struct card_row *row;
	struct page page = {1, 50, 0};
	size_t i, n;

	f.state = -1;
	f.sku = sku;
	assert_int_equal(stock_cards(cx, &f, &page, &row, &n), RC_OK);
	for (i = 0; i < n; i++)
		if (row[i].id == id)
			return row[i].masked;
	return "";
}

static void
lists(void **state)
{
	uint64_t b = open_batch(sku), o = open_batch(other);
	struct card_filter f = {0};
	const struct card_row *row;
	const struct stock_count *c;
	const struct batch *list;
	struct page page = {1, 3, 0};
	size_t n;

	(void)state;
	assert_int_equal(
	    send(b, 0, "ABCDEFGHIJKLMNOPQRST\nab\n密钥密钥密钥密钥\nd4\ne5\n"),
	    RC_OK);
	assert_int_equal(send(o, 0, "f6\n"), RC_OK);
	assert_int_equal(import_commit(cx, b), RC_OK);
	sql_primary("UPDATE t_import.card SET state = 'sold', order_id = 5 "
		    "WHERE id = %llu",
	    (unsigned long long)card_no(2));
	sql_primary("INSERT INTO t_import.orders (id, no, merchant_id, state, "
		    "currency, list_minor, total_minor, contact, "
		    "contact_hash, address, lang, buyer_hash, created_us, "
		    "expires_us) VALUES (5, 'ORDERNUMBER', 1, 'delivered', "
		    "'CNY', 1, 1, 'x', 'x', 'x', 'en', 'x', 0, 0)");
	assert_string_equal(masked_of(card_no(1)), "ABCD…(20)");
	assert_string_equal(masked_of(card_no(2)), "…(2)");
	assert_string_equal(masked_of(card_no(3)), "密钥…(8)");

	f.state = -1;
	f.product = product;
	assert_int_equal(stock_cards(cx, &f, &page, &row, &n), RC_OK);
	assert_int_equal(page.total, 6);
	assert_int_equal(n, 3);
	page.page = 2;
	assert_int_equal(stock_cards(cx, &f, &page, &row, &n), RC_OK);
	assert_int_equal(n, 3);
	assert_int_equal(row[2].sku, other);
	page.page = 3;
	assert_int_equal(stock_cards(cx, &f, &page, &row, &n), RC_OK);
	assert_int_equal(n, 0);

	page = (struct page){1, 50, 0};
	f = (struct card_filter){.batch = b, .state = CARD_FREE};
	assert_int_equal(stock_cards(cx, &f, &page, &row, &n), RC_OK);
	assert_int_equal(n, 4);
	assert_int_equal(page.total, 4);
	f = (struct card_filter){.state = -1};
	assert_int_equal(stock_cards(cx, &f, &page, &row, &n), RC_OK);
	assert_int_equal(n, 6);
	assert_true(row[0].id > row[5].id); /* newest first */
	f.exact = " ab ";
	assert_int_equal(stock_cards(cx, &f, &page, &row, &n), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(row[0].state, CARD_SOLD);
	assert_string_equal(row[0].order_no, "ORDERNUMBER");
	f = (struct card_filter){.state = -1, .order_no = "ORDERNUMBER"};
	assert_int_equal(stock_cards(cx, &f, &page, &row, &n), RC_OK);
	assert_int_equal(n, 1);
	f.order_no = "' OR 1=1";
	assert_int_equal(stock_cards(cx, &f, &page, &row, &n), RC_OK);
	assert_int_equal(n, 0);

	assert_int_equal(stock_counts(cx, product, &c, &n), RC_OK);
	assert_int_equal(n, 2);
	assert_int_equal(c[0].by_state[CARD_FREE], 4);
	assert_int_equal(c[0].by_state[CARD_SOLD], 1);
	assert_int_equal(c[1].by_state[CARD_STAGED], 1);
	assert_int_equal(stock_batches(cx, 0, &page, &list, &n), RC_OK);
	assert_int_equal(n, 2);
	assert_int_equal(list[0].id, o);
	assert_int_equal(list[1].by_state[CARD_SOLD], 1);
	assert_int_equal(stock_batches(cx, sku, &page, &list, &n), RC_OK);
	assert_int_equal(page.total, 1);
}

static void
locks(void **state)
{
	uint64_t b = open_batch(sku);

	(void)state;
	assert_int_equal(send(b, 0, "A\nB\n"), RC_OK);
	assert_int_equal(
	    stock_lock(cx, card_no(1), "broken"), RC_CONFLICT); /* staged */
	assert_int_equal(import_commit(cx, b), RC_OK);
	assert_int_equal(stock_lock(cx, card_no(1), ""), RC_INVALID);
	assert_int_equal(stock_lock(cx, card_no(1), "broken"), RC_OK);
	assert_int_equal(stock_lock(cx, card_no(1), "broken"), RC_CONFLICT);
	assert_int_equal(stock_unlock(cx, card_no(2)), RC_CONFLICT);
	assert_int_equal(stock_unlock(cx, card_no(1)), RC_OK);
	assert_int_equal(stock_lock(cx, 99, "x"), RC_NOTFOUND);
	assert_int_equal(stock_lock(cx, card_no(1), "again"), RC_OK);
	sql_primary("UPDATE t_import.card_batch SET state = 'undone'");
	assert_int_equal(stock_unlock(cx, card_no(1)), RC_CONFLICT);
}

/* ---- files */

static enum rc
file(const char *code, const char *text, size_t n, struct batch *out)
{
	const char *path =
	    test_file(arena_fmt(ta, "cards-%d", (int)getpid()), "", 0600);
	int fd = open(path, O_RDWR);
	enum rc rc;

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, n), n);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	rc = import_file(cx, code, "file", fd, out);
	close(fd);
	return rc;
}

static void
a_file(void **state)
{
	struct batch r;
	struct buf b;
	unsigned i;

	(void)state;
	buf_init(&b, ta, 1 << 20, 8 << 20);
	for (i = 0; i < 30000; i++)
		buf_fmt(&b, "KEY-%07u-ABCDEF\r\n", i);
	for (i = 0; i < 400000; i++) /* one line longer than any buffer */
		buf_chr(&b, 'x');
	buf_str(&b, "\nLAST\n\nKEY-0000001-ABCDEF");
	assert_int_equal(file("SKU-1", b.p, b.len, &r), RC_OK);
	assert_int_equal(r.added, 30001);
	assert_int_equal(r.lines, 30004);
	assert_int_equal(r.bad, 1);
	assert_int_equal(r.blank, 1);
	assert_int_equal(r.dup_file, 1);
	assert_string_equal(r.state, "committed");
	assert_int_equal(r.by_state[CARD_FREE], 30001);
	assert_int_equal(count("state = 'free'"), 30001);
	/* again: everything is there */
	assert_int_equal(file("SKU-1", b.p, b.len, &r), RC_OK);
	assert_int_equal(r.added, 0);
	assert_int_equal(r.dup_stock, 30002);
	assert_int_equal(file("SKU-2", "LAST\n", 5, &r), RC_OK);
	assert_int_equal(r.dup_other, 1);
	assert_int_equal(file("NONE", "a\n", 2, &r), RC_NOTFOUND);
	assert_int_equal(file("SKU-1", "", 0, &r), RC_OK);
	assert_int_equal(r.lines, 0);
}

/* The same file by several people at once: each key is stock once. */
static void
side_by_side(void **state)
{
	enum { PEOPLE = 4, KEYS = 3000 };
	pid_t pid[PEOPLE];
	struct batch r;
	struct buf b;
	int i, status;

	(void)state;
	buf_init(&b, ta, 1 << 16, 1 << 20);
	for (i = 0; i < KEYS; i++)
		buf_fmt(&b, "RACE-%05d\n", i);
	dbserver_end(cx); /* a child has connections of its own */
	for (i = 0; i < PEOPLE; i++) {
		pid[i] = fork();
		assert_true(pid[i] >= 0);
		if (pid[i] != 0)
			continue;
		crypt_child();
		goods_next(cx);
		if (file(i % 2 == 0 ? "SKU-1" : "SKU-2", b.p, b.len, &r) !=
			RC_OK ||
		    r.lines != KEYS)
			_exit(1);
		_exit(0);
	}
	for (i = 0; i < PEOPLE; i++) {
		assert_int_equal(waitpid(pid[i], &status, 0), pid[i]);
		assert_int_equal(status, 0);
	}
	assert_int_equal(count("1"), KEYS);
	assert_string_equal(
	    sql_primary("SELECT COUNT(DISTINCT fingerprint) FROM "
			"t_import.card"),
	    "3000");
}

static void
audit_chain(void **state)
{
	uint64_t b = open_batch(sku), rows, bad;

	(void)state;
	assert_int_equal(send(b, 0, "A\nB\n"), RC_OK);
	assert_int_equal(import_commit(cx, b), RC_OK);
	assert_int_equal(import_undo(cx, b), RC_OK);
	assert_int_equal(audit_check(cx, &rows, &bad), RC_OK);
	assert_int_equal(rows, 3); /* open, commit, undo */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {DB_TEST(staged_then_free),
	    DB_TEST(chunks_by_number), DB_TEST(duplicates),
	    DB_TEST(undo_refused), DB_TEST(undo_of_open_and_locked),
	    DB_TEST(goes_on), DB_TEST(opening), DB_TEST(sealed), DB_TEST(lists),
	    DB_TEST(locks), DB_TEST(a_file), DB_TEST(side_by_side),
	    DB_TEST(audit_chain)};

	dbserver();
	return cmocka_run_group_tests_name("import", tests, NULL, NULL);
}
