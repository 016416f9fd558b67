/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the till does with a batch: good and bad ones in one transaction, each
 * with its own answer; and after each test the invariants of `keystallctl
 * verify`.
 */
#include "support/counter.h"

#include <mysql.h>
#include <stdio.h>

#include "base/time.h"
#include "pay/verdict.h"
#include "shop/claim.h"
#include "shop/settle.h"

/* ------------------------------------------------------------ claims */

static void
fill(struct claim *c, unsigned sku, unsigned qty, unsigned who)
{
	*c = (struct claim){
	    .product = 1,
	    .sku = sku,
	    .qty = qty,
	    .channel = 1,
	    .list = MONEY(1000 * qty),
	    .total = MONEY(1000 * qty),
	    .unit = MONEY(1000),
	    .currency = "CNY",
	    .product_name = "Gold",
	    .sku_name = "10",
	    .sku_code = "GOLD-10",
	    .lang = "en",
	    .contact_hash = {(uint8_t)who, (uint8_t)(who >> 8)},
	    .address = {10, 0, (uint8_t)(who >> 8), (uint8_t)who},
	    .address_n = 4,
	    .created = cx->now,
	    .expires = cx->now + 900 * US_PER_S,
	};
	order_number(cx, c->no);
	test_bytes(c->form_key, sizeof(c->form_key));
	snprintf(c->contact, sizeof(c->contact), "b%u@example.com", who);
}

static void
assert_refused(const struct claim *c, enum claim_why why)
{
	assert_int_equal(c->rc, RC_CONFLICT);
	assert_int_equal(c->why, why);
}

static void
use_coupon(struct claim *c)
{
	c->coupon = 1;
	c->coupon_off = MONEY(100);
	c->total = MONEY(c->list.minor - 100);
}

static void
claims_of_every_kind(void **state)
{
	struct claim c[9];
	char first[25];

	(void)state;
	sql_primary("INSERT INTO coupon (id, merchant_id, code, kind, value, "
		    "uses_max, created_us) VALUES (1, 1, 'ONCE', 'fixed', "
		    "100, 1, 1)");
	fill(&c[0], 1, 1, 1);
	assert_int_equal(claim_batch(cx, c, 1), RC_OK);
	memcpy(first, c[0].no, sizeof(first));

	fill(&c[1], 1, 1, 2);
	fill(&c[2], 1, 9, 3); /* more than there are */
	fill(&c[3], 1, 1, 4);
	memcpy(c[3].form_key, c[0].form_key, sizeof(c[3].form_key));
	fill(&c[4], 1, 1, 5);
	use_coupon(&c[4]);
	fill(&c[5], 1, 1, 6);
	use_coupon(&c[5]); /* there was one use */
	fill(&c[6], 5, 1, 7);
	c[6].buyer_limit = 1;
	fill(&c[7], 5, 1, 7); /* the same buyer again */
	c[7].buyer_limit = 1;
	fill(&c[8], 1, 2, 8);
	assert_int_equal(claim_batch(cx, c + 1, 8), RC_OK);
	assert_int_equal(c[1].rc, RC_OK);
	assert_refused(&c[2], CLAIM_SOLD_OUT);
	assert_refused(&c[3], CLAIM_TOKEN_USED);
	assert_string_equal(c[3].no, first);
	assert_int_equal(c[4].rc, RC_OK);
	assert_refused(&c[5], CLAIM_COUPON);
	assert_int_equal(c[6].rc, RC_OK);
	assert_refused(&c[7], CLAIM_LIMIT);
	assert_int_equal(c[8].rc, RC_OK);
	assert_count("orders", 5);
	assert_count("card WHERE sku_id = 1 AND state = 'held'", 5);
	assert_count("coupon WHERE uses_n = 1", 1);
}

/* The server undoes the batch whenever one of its orders is in it. */
static void
deadlock_is_one_claims_own(void **state)
{
	struct claim c[3];

	(void)state;
	fill(&c[0], 1, 1, 1);
	fill(&c[1], 1, 1, 2);
	fill(&c[2], 1, 1, 3);
	sql_primary("CREATE TRIGGER stop_it BEFORE INSERT ON orders FOR EACH "
		    "ROW BEGIN IF NEW.contact = 'b2@example.com' THEN SIGNAL "
		    "SQLSTATE '40001' SET MYSQL_ERRNO = 1213; END IF; END");
	assert_int_equal(claim_batch(cx, c, 3), RC_OK);
	sql_primary("DROP TRIGGER stop_it");
	assert_int_equal(c[0].rc, RC_OK);
	assert_int_equal(c[1].rc, RC_BUSY);
	assert_int_equal(c[2].rc, RC_OK);
	assert_count("orders", 2);
	assert_count("card WHERE state = 'held'", 2);
	/* the same claim again, when the server lets it */
	assert_int_equal(claim_batch(cx, &c[1], 1), RC_OK);
	assert_int_equal(c[1].rc, RC_OK);
	/* and once more, as after an answer that was lost */
	assert_int_equal(claim_batch(cx, &c[1], 1), RC_OK);
	assert_int_equal(c[1].rc, RC_OK);
	assert_count("orders", 3);
}

static void
caps_count_within_the_batch(void **state)
{
	struct claim c[4];
	unsigned i;

	(void)state;
	set->hold_cap_contact = 2;
	for (i = 0; i < 4; i++)
		fill(&c[i], 1, 1, i == 3 ? 9 : 7);
	for (i = 0; i < 4; i++)
		c[i].address[0] = (uint8_t)(20 + i);
	assert_int_equal(claim_batch(cx, c, 4), RC_OK);
	assert_int_equal(c[0].rc, RC_OK);
	assert_int_equal(c[1].rc, RC_OK);
	assert_refused(&c[2], CLAIM_HOLDS);
	assert_int_equal(c[3].rc, RC_OK);
	set->hold_cap_contact = 0;
	set->hold_cap_address = 1;
	fill(&c[0], 1, 1, 9);
	memcpy(c[0].address, c[3].address, 4);
	assert_int_equal(claim_batch(cx, c, 1), RC_OK);
	assert_refused(&c[0], CLAIM_HOLDS);
}

/* ------------------------------------------------------------ a hot SKU */

enum { GONE = 20000, FIRST = 100000 };

static uint64_t
pages_read(void)
{
	return strtoull(
	    sql_primary("SELECT variable_value FROM "
			"information_schema.global_status WHERE variable_name "
			"= 'INNODB_BUFFER_POOL_READ_REQUESTS'"),
	    NULL, 10);
}

/* Pages that the server looked at for one claim; the least of several, since
 * its own threads look at pages, too. */
static uint64_t
pages_of_a_claim(void)
{
	uint64_t least = UINT64_MAX, before, pages;
	struct claim c;
	unsigned i;

	for (i = 0; i < 5; i++) {
		fill(&c, 1, 1, 500 + i);
		before = pages_read();
		assert_int_equal(claim_batch(cx, &c, 1), RC_OK);
		pages = pages_read() - before;
		assert_int_equal(c.rc, RC_OK);
		if (pages < least)
			least = pages;
	}
	return least;
}

/* A reader that stays open keeps the entries of all cards that were taken
 * since in the index, before those that are free. */
static void
cost_does_not_grow_with_what_was_sold(void **state)
{
	MYSQL *reader = mysql_init(NULL);
	uint64_t fresh, with, without;

	(void)state;
	set->hold_cap_contact = set->hold_cap_address = 0;
	sql_primary("INSERT INTO card (id, merchant_id, sku_id, batch_id, "
		    "state, key_id, fingerprint, sealed, created_us) SELECT "
		    "seq, 1, 1, 1, 'free', 1, UNHEX(LPAD(HEX(seq), 32, '0')), "
		    "REPEAT('s', 40), 1 FROM seq_%u_to_%u",
	    FIRST, FIRST + GONE + 100 - 1);
	sql_primary("UPDATE card SET state = 'locked' WHERE id < 6");
	fresh = pages_of_a_claim();

	assert_non_null(mysql_real_connect(
	    reader, NULL, "root", "", "t_purchase", 0, dbserver()->socket, 0));
	assert_int_equal(
	    mysql_query(reader, "START TRANSACTION WITH CONSISTENT SNAPSHOT"),
	    0);
	sql_primary("UPDATE card SET state = 'locked' WHERE sku_id = 1 AND "
		    "state = 'free' AND id < %u",
	    FIRST + GONE);
	/* the first one finds the place, the others begin there */
	with = pages_of_a_claim();
	cx->cursor = NULL;
	{
		struct claim c;
		uint64_t before;

		fill(&c, 1, 1, 600);
		before = pages_read();
		assert_int_equal(claim_batch(cx, &c, 1), RC_OK);
		without = pages_read() - before;
	}
	print_message("# pages: fresh %u, behind %u entries %u, without the "
		      "cursor %u\n",
	    (unsigned)fresh, GONE, (unsigned)with, (unsigned)without);
	assert_true(with < fresh + 40);
	/* or this test shows nothing */
	assert_true(without > GONE);
	mysql_close(reader);
}

/* What is given back before that place is sold when the rest is gone. */
static void
released_cards_are_found_again(void **state)
{
	struct claim c[6];
	unsigned i;

	(void)state;
	set->hold_cap_contact = set->hold_cap_address = 0;
	for (i = 0; i < 6; i++)
		fill(&c[i], 1, 1, i);
	for (i = 0; i < 4; i++)
		assert_int_equal(claim_batch(cx, &c[i], 1), RC_OK);
	assert_count("card WHERE sku_id = 1 AND state = 'free'", 1);
	assert_int_equal(order_give_up(cx, c[0].no, ""), RC_OK);
	for (i = 4; i < 6; i++) {
		assert_int_equal(claim_batch(cx, &c[i], 1), RC_OK);
		assert_int_equal(c[i].rc, RC_OK);
	}
	assert_count("card WHERE sku_id = 1 AND state = 'free'", 0);
	/* the oldest was given back and sold last */
	assert_string_equal(sql_primary("SELECT order_id FROM card WHERE id = "
					"1"),
	    arena_fmt(ta, "%llu", (unsigned long long)c[5].order));
}

/* ------------------------------------------------------------ settlements */

static struct paid
paid(struct verdict *v, const char *no, int64_t minor, const char *txn)
{
	verdict_init(v);
	v->outcome = PAY_PAID;
	v->why = WHY_OK;
	v->signature_valid = v->has_amount = true;
	v->order_no = no;
	v->txn = txn;
	v->amount = MONEY(minor);
	memcpy(v->currency, "CNY", 4);
	return (struct paid){
	    .source = SETTLE_NOTICE,
	    .channel = 1,
	    .order_no = no,
	    .gateway = gateway_find("epay"),
	    .verdict = v,
	    .txn = txn,
	    .method = "GET",
	    .query = span_str(arena_fmt(ta, "no=%s&txn=%s", no, txn)),
	};
}

static const char *
opened(unsigned sku, unsigned qty)
{
	const char *no = place(sku, qty);

	open_payment(no);
	return no;
}

static void
settlements_of_every_kind(void **state)
{
	const char *a, *b, *wrong, *loop, *late, *hand;
	struct verdict v[9];
	struct paid p[9];

	(void)state;
	set->hold_cap_contact = set->hold_cap_address = 0;
	late = opened(1, 1);
	expire_now(late);
	a = opened(1, 1);
	b = opened(1, 2);
	wrong = opened(1, 1);
	loop = opened(3, 2);
	hand = opened(4, 1);
	cx->actor = ACTOR_GATEWAY;
	p[0] = paid(&v[0], a, 1000, "T1");
	p[1] = paid(&v[1], wrong, 900, "T2");
	p[2] = paid(&v[2], b, 2000, "T3");
	p[3] = paid(&v[3], a, 1000, "T1"); /* the same message again */
	p[4] = paid(&v[4], "26010100ZZZZZZZZZZZZZZZZ", 1000, "T4");
	p[5] = paid(&v[5], loop, 1000, "T5");
	p[6] = paid(&v[6], late, 1000, "T6");
	p[7] = paid(&v[7], hand, 700, "T7");
	p[8] = paid(&v[8], b, 2000, "T8"); /* paid a second time */
	assert_int_equal(settle_batch(cx, p, 9), RC_OK);
	assert_int_equal(p[0].rc, RC_OK);
	assert_string_equal(p[0].reason, "delivered");
	assert_int_equal(p[1].rc, RC_INVALID);
	assert_int_equal(p[2].rc, RC_OK);
	assert_int_equal(p[3].rc, RC_CONFLICT);
	assert_int_equal(p[4].rc, RC_DENIED);
	assert_int_equal(p[4].why, WHY_ORDER);
	assert_int_equal(p[5].rc, RC_OK);
	assert_int_equal(p[6].rc, RC_OK);
	assert_int_equal(p[7].rc, RC_OK);
	assert_int_equal(p[8].rc, RC_INVALID);
	assert_state(a, "delivered");
	assert_state(b, "delivered");
	assert_state(wrong, "pending");
	assert_state(loop, "delivered");
	assert_state(hand, "manual");
	assert_count("delivery", 1 + 2 + 2 + 1);
	assert_count("notice WHERE state = 'applied'", 5);
	assert_count("notice_raw", 7);
	assert_count("ledger_entry WHERE account = 'sales' AND "
		     "amount_minor = -2000",
	    1);
	/* all of it once more, as gateways do */
	cx->now += 1;
	assert_int_equal(settle_batch(cx, p, 9), RC_OK);
	assert_int_equal(p[0].rc, RC_CONFLICT);
	assert_int_equal(p[2].rc, RC_CONFLICT);
	assert_count("delivery", 6);
	assert_count("payment WHERE state = 'success'", 7);
}

/* An order is paid through the account that opened its payment: two messages
 * of our second account, each genuine, settled together. */
static void
settlements_of_another_account(void **state)
{
	const char *no[2] = {opened(1, 1), opened(1, 1)};
	struct verdict v[2];
	struct paid p[2];
	size_t i;

	(void)state;
	cx->actor = ACTOR_GATEWAY;
	for (i = 0; i < 2; i++) {
		p[i] = paid(&v[i], no[i], 1000, i == 0 ? "T1" : "T2");
		p[i].channel = 2;
	}
	assert_int_equal(settle_batch(cx, p, 2), RC_OK);
	for (i = 0; i < 2; i++) {
		assert_int_equal(p[i].rc, RC_DENIED);
		assert_state(no[i], "pending");
		p[i].channel = 1;
	}
	assert_count("payment WHERE state = 'success'", 0);
	assert_int_equal(settle_batch(cx, p, 2), RC_OK);
	for (i = 0; i < 2; i++)
		assert_state(no[i], "delivered");
}

/* What an order left in the place of %s of a query. */
static const char *
row_of(const char *query, const char *no)
{
	const char *at = strstr(query, "%s");

	return sql_primary("%.*s%s%s", (int)(at - query), query, no, at + 2);
}

/* What is written together is what is written alone, to the last column. */
static void
together_as_alone(void **state)
{
	static const char *const what[] = {
	    "state, total_minor, paid_minor, refunded_minor, late, events_n, "
	    "version, paid_us, delivered_us, kept FROM orders WHERE no = '%s'",
	    "p.state, p.role, p.amount_minor, p.applied_minor, p.currency, "
	    "p.case_state, p.settled_us FROM payment p JOIN orders o ON o.id "
	    "= p.order_id WHERE o.no = '%s'",
	    "n.state, n.reason, n.source, n.amount_minor, n.currency, "
	    "n.repeats_n, n.received_us, n.applied_us, n.channel_id FROM "
	    "notice n JOIN orders o ON o.id = n.order_id WHERE o.no = '%s'",
	    "r.method, r.headers, r.body FROM notice_raw r JOIN notice n ON "
	    "n.id = r.notice_id JOIN orders o ON o.id = n.order_id WHERE "
	    "o.no = '%s'",
	    "i.qty, i.delivered_n FROM order_item i JOIN orders o ON o.id = "
	    "i.order_id WHERE o.no = '%s'",
	    "c.state, c.hold_until_us, d.delivered_us, d.merchant_id FROM "
	    "delivery d JOIN card c ON c.id = d.card_id JOIN orders o ON o.id "
	    "= d.order_id WHERE o.no = '%s'",
	    "GROUP_CONCAT(l.line, l.account, l.amount_minor, l.channel_id, "
	    "l.currency, l.at_us ORDER BY l.line) FROM ledger_entry l JOIN "
	    "orders o ON o.id = l.order_id WHERE o.no = '%s'",
	    "b.kind, b.payload = o.no, b.state, b.due_us, b.created_us FROM "
	    "outbox b JOIN orders o ON o.id = b.object_id WHERE o.no = '%s'",
	    "GROUP_CONCAT(e.seq, e.kind, e.from_state, e.to_state, e.actor, "
	    "e.detail, e.at_us, e.staff_id ORDER BY e.seq) FROM order_event e "
	    "JOIN orders o ON o.id = e.order_id WHERE o.no = '%s'",
	};
	const char *one, *no[2], *row, *text;
	struct verdict v[3];
	struct paid p[3];
	size_t i, k;

	(void)state;
	one = opened(1, 1);
	no[0] = opened(1, 1);
	no[1] = opened(1, 1);
	cx->actor = ACTOR_GATEWAY;
	p[0] = paid(&v[0], one, 1000, "A1");
	p[1] = paid(&v[1], no[0], 1000, "A2");
	p[2] = paid(&v[2], no[1], 1000, "A3");
	assert_int_equal(settle_batch(cx, &p[0], 1), RC_OK);
	assert_int_equal(settle_batch(cx, &p[1], 2), RC_OK);
	for (i = 0; i < sizeof(what) / sizeof(what[0]); i++) {
		/* the columns of one row as one text */
		text = strstr(what[i], " FROM ");
		text = arena_fmt(ta, "SELECT CONCAT_WS('|', %.*s)%s",
		    (int)(text - what[i]), what[i], text);
		row = row_of(text, one);
		assert_string_not_equal(row, "");
		for (k = 0; k < 2; k++)
			assert_string_equal(row_of(text, no[k]), row);
	}
}

static uint64_t
rows_read(void)
{
	return strtoull(
	    sql_primary("SELECT CAST(SUM(VARIABLE_VALUE) AS UNSIGNED) FROM "
			"information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME "
			"IN ('HANDLER_READ_KEY', 'HANDLER_READ_NEXT')"),
	    NULL, 10);
}

/* Cards of nobody's order, each SKU with the same number of them. */
static void
more_cards(unsigned first, unsigned n, unsigned skus, const char *state)
{
	sql_primary("INSERT INTO card (id, merchant_id, sku_id, batch_id, "
		    "state, order_id, key_id, fingerprint, sealed, created_us) "
		    "SELECT %u + seq, 1, %s, 1, '%s', IF('%s' = 'free', NULL, "
		    "%u + seq), 1, UNHEX(LPAD(HEX(%u + seq), 32, '0')), 's', 1 "
		    "FROM seq_1_to_%u",
	    first, skus == 1 ? "1" : arena_fmt(ta, "100 + seq %% %u", skus),
	    state, state, first, first, n);
}

/* A shop of many goods, of which one is in a rush: by its statistics an SKU's
 * held cards are a handful, and an order's are anybody's guess.  Settling
 * must not read what others hold for each order of the batch. */
static void
settling_reads_its_own_cards(void **state)
{
	enum { STOCK = 20000, SKUS = 200, OTHERS = 1500, ENOUGH = 1000 };
	struct verdict v[2];
	struct paid p[2];
	uint64_t before;

	(void)state;
	more_cards(9000000, STOCK, SKUS, "free");
	sql_primary("ANALYZE TABLE card");
	sql_primary("ALTER TABLE card STATS_AUTO_RECALC = 0");
	p[0] = paid(&v[0], opened(1, 1), 1000, "C1");
	p[1] = paid(&v[1], opened(1, 1), 1000, "C2");
	more_cards(9500000, OTHERS, 1, "held");
	cx->actor = ACTOR_GATEWAY;
	before = rows_read();
	assert_int_equal(settle_batch(cx, p, 2), RC_OK);
	assert_in_range(rows_read() - before, 1, ENOUGH);
	assert_int_equal(p[0].rc, RC_OK);
	assert_int_equal(p[1].rc, RC_OK);
	sql_primary("DELETE FROM card WHERE id > 9000000");
}

static void
refused_batch_is_settled_one_by_one(void **state)
{
	const char *a, *b, *c;
	struct verdict v[3];
	struct paid p[3];

	(void)state;
	a = opened(1, 1);
	b = opened(1, 1);
	c = opened(1, 1);
	cx->actor = ACTOR_GATEWAY;
	p[0] = paid(&v[0], a, 1000, "R1");
	p[1] = paid(&v[1], b, 1000, "R2");
	p[2] = paid(&v[2], c, 1000, "R3");
	sql_primary("CREATE TRIGGER stop_it BEFORE INSERT ON delivery FOR EACH "
		    "ROW BEGIN IF NEW.order_id = (SELECT id FROM orders WHERE "
		    "no = '%s') THEN SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = "
		    "1062; END IF; END",
	    b);
	assert_int_equal(settle_batch(cx, p, 3), RC_OK);
	sql_primary("DROP TRIGGER stop_it");
	assert_int_equal(p[0].rc, RC_OK);
	assert_int_equal(p[1].rc, RC_FAIL);
	assert_int_equal(p[2].rc, RC_OK);
	assert_state(a, "delivered");
	assert_state(b, "pending");
	assert_state(c, "delivered");
	assert_int_equal(settle_batch(cx, &p[1], 1), RC_OK);
	assert_state(b, "delivered");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    COUNTER_TEST(claims_of_every_kind),
	    COUNTER_TEST(deadlock_is_one_claims_own),
	    COUNTER_TEST(caps_count_within_the_batch),
	    COUNTER_TEST(cost_does_not_grow_with_what_was_sold),
	    COUNTER_TEST(released_cards_are_found_again),
	    COUNTER_TEST(settlements_of_every_kind),
	    COUNTER_TEST(settlements_of_another_account),
	    COUNTER_TEST(together_as_alone),
	    COUNTER_TEST(settling_reads_its_own_cards),
	    COUNTER_TEST(refused_batch_is_settled_one_by_one),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
