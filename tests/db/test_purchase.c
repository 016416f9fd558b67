/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The purchase against a real server: place, pay, deliver, expire, give up,
 * look; and after each test the invariants of `keystallctl verify`.
 */
#include "support/counter.h"

#include "shop/identity.h"

#include "base/time.h"
#include "io/db_int.h"
#include "shop/claim.h"
#include "shop/desk.h"
#include "shop/jobs.h"

/* ------------------------------------------------------------ buying */

static void
place_holds_and_pay_delivers(void **state)
{
	const struct order_card *cards;
	const struct order *o;
	const char *no;
	size_t n;

	(void)state;
	no = place(1, 2);
	assert_state(no, "pending");
	assert_count("card WHERE state = 'held'", 2);
	assert_int_equal(order_cards(cx, look(no), 0, 10, &cards, &n), RC_OK);
	assert_int_equal(n, 0);
	pay(no, "20.00", "T1");
	assert_state(no, "delivered");
	assert_count("card WHERE state = 'sold'", 2);
	o = look(no);
	assert_int_equal(o->delivered, 2);
	assert_int_equal(order_cards(cx, o, 0, 10, &cards, &n), RC_OK);
	assert_int_equal(n, 2);
	assert_span(cards[0].text, "KEY-1-00001");
	assert_span(cards[1].text, "KEY-1-00002");
	assert_count("outbox WHERE kind = 'mail_order'", 1);
	assert_count("ledger_entry WHERE account = 'sales' AND "
		     "amount_minor = -2000",
	    1);
}

static void
one_form_token_makes_one_order(void **state)
{
	struct checkout f = counter_form(1, 1);
	struct checkout_result a, b;

	(void)state;
	assert_int_equal(checkout_place(cx, &f, &a), RC_OK);
	assert_int_equal(checkout_place(cx, &f, &b), RC_OK);
	assert_string_equal(a.order_no, b.order_no);
	assert_true(b.repeated);
	assert_count("orders", 1);
	assert_count("card WHERE state = 'held'", 1);
}

static void
token_of_another_visitor_is_refused(void **state)
{
	struct checkout f = counter_form(1, 1);
	struct visitor other = {.raw = {9}, .known = true};
	struct checkout_result r;

	(void)state;
	f.visitor = &other;
	assert_int_equal(checkout_place(cx, &f, &r), RC_INVALID);
	assert_int_equal(r.error, CHECKOUT_TOKEN);
	cx->now += (set->form_token_ttl_s + 1) * US_PER_S;
	f.visitor = &visitor;
	assert_int_equal(checkout_place(cx, &f, &r), RC_INVALID);
	assert_int_equal(r.error, CHECKOUT_TOKEN);
	assert_count("orders", 0);
}

static void
sold_out_is_said_and_holds_nothing(void **state)
{
	struct checkout f = counter_form(1, 6);
	struct checkout_result r;

	(void)state;
	assert_int_equal(checkout_place(cx, &f, &r), RC_CONFLICT);
	assert_int_equal(r.error, CHECKOUT_SOLD_OUT);
	assert_count("orders", 0);
	assert_count("card WHERE state = 'held'", 0);
}

static void
changed_price_is_asked_again(void **state)
{
	struct checkout f = counter_form(1, 1);
	struct checkout_result r;

	(void)state;
	f.shown_total = 999;
	assert_int_equal(checkout_place(cx, &f, &r), RC_CONFLICT);
	assert_int_equal(r.error, CHECKOUT_PRICE);
	assert_int_equal(r.quote->total.minor, 1000);
	f.shown_total = 1000;
	assert_int_equal(checkout_place(cx, &f, &r), RC_OK);
}

static void
free_order_needs_no_gateway(void **state)
{
	const char *no;
	struct pay_view v;

	(void)state;
	no = place(2, 1);
	assert_int_equal(order_pay(cx, look(no), &v), RC_CONFLICT);
	assert_state(no, "delivered");
	assert_count("payment", 0);
}

static void
loop_card_is_minted_per_sale(void **state)
{
	const struct order_card *cards;
	const char *a, *b;
	size_t n;

	(void)state;
	a = place(3, 2);
	b = place(3, 1);
	pay(a, "10.00", "L1");
	pay(b, "5.00", "L2");
	assert_state(a, "delivered");
	assert_int_equal(order_cards(cx, look(a), 0, 10, &cards, &n), RC_OK);
	assert_int_equal(n, 2);
	assert_span(cards[1].text, "KEY-3-00200");
	assert_count("card WHERE sku_id = 3 AND state = 'sold'", 3);
	assert_count("card WHERE sku_id = 3 AND state = 'free'", 1);
}

/* A unique key in the way of a settlement is a fault of ours, not a repeat:
 * saying "success" would lose the payment. */
static void
manual_goods_wait_for_a_person(void **state)
{
	const struct order_card *cards;
	const char *no;
	size_t n;

	(void)state;
	no = place(4, 1);
	pay(no, "7.00", "H1");
	assert_state(no, "manual");
	cx->actor = ACTOR_STAFF;
	cx->staff = 1;
	assert_int_equal(desk_hand_over(cx, no, "done by hand"), RC_OK);
	assert_int_equal(desk_hand_over(cx, no, "again"), RC_CONFLICT);
	assert_state(no, "delivered");
	assert_int_equal(order_cards(cx, look(no), 0, 10, &cards, &n), RC_OK);
	assert_int_equal(n, 1);
	assert_span(cards[0].text, "done by hand");
}

static void
buyers_limit_and_caps(void **state)
{
	struct checkout f = counter_form(5, 1);
	struct checkout_result r;
	const char *no;

	(void)state;
	no = place(5, 1);
	assert_int_equal(checkout_place(cx, &f, &r), RC_CONFLICT);
	assert_int_equal(r.error, CHECKOUT_LIMIT);
	assert_int_equal(order_cancel(cx, look(no)), RC_OK);
	no = place(5, 1); /* what came to nothing does not count */
	set->hold_cap_contact = 1;
	f = counter_form(1, 1);
	assert_int_equal(checkout_place(cx, &f, &r), RC_CONFLICT);
	assert_int_equal(r.error, CHECKOUT_HOLDS);
	set->hold_cap_contact = 0;
	set->hold_cap_address = 1;
	assert_int_equal(checkout_place(cx, &f, &r), RC_CONFLICT);
	assert_int_equal(r.error, CHECKOUT_HOLDS);
	set->hold_cap_address = 0;
	assert_int_equal(checkout_place(cx, &f, &r), RC_OK);
}

/* The network around an address, and nothing that only begins with the same
 * bytes: 36.8.132.0/24 and 2408:8400::/48 do. */
static void
networks_have_a_cap(void **state)
{
	const char *was = cx->address, *no[3];
	struct checkout_result r;
	struct checkout f;
	size_t i;

	(void)state;
	cx->address = "36.8.132.1";
	no[0] = place(1, 1);
	set->hold_cap_network = 1;
	cx->address = "36.8.132.200";
	f = counter_form(1, 1);
	assert_int_equal(checkout_place(cx, &f, &r), RC_CONFLICT);
	assert_int_equal(r.error, CHECKOUT_HOLDS);
	cx->address = "36.8.133.1";
	no[1] = place(1, 1);
	cx->address = "2408:8400::1";
	no[2] = place(1, 1);
	cx->address = "2408:8400:0:ffff::9"; /* another /64 of that /48 */
	assert_int_equal(checkout_place(cx, &f, &r), RC_CONFLICT);
	assert_int_equal(r.error, CHECKOUT_HOLDS);
	set->hold_cap_network = 0;
	cx->address = was;
	for (i = 0; i < 3; i++)
		assert_int_equal(order_cancel(cx, look(no[i])), RC_OK);
}

/* ------------------------------------------------------------ batches */

static void
fill(struct claim *c, unsigned sku, unsigned qty, unsigned who)
{
	memset(c, 0, sizeof(*c));
	order_number(cx, c->no);
	test_bytes(c->form_key, sizeof(c->form_key));
	c->product = 1;
	c->sku = sku;
	c->qty = qty;
	c->channel = 1;
	c->list = c->total = MONEY(1000 * qty);
	c->unit = MONEY(1000);
	strcpy(c->currency, "CNY");
	snprintf(c->contact, sizeof(c->contact), "b%u@example.com", who);
	strcpy(c->product_name, "Gold");
	strcpy(c->sku_name, "10");
	strcpy(c->sku_code, "GOLD-10");
	strcpy(c->lang, "en");
	c->contact_hash[0] = (uint8_t)who;
	c->address_n = 4;
	c->created = cx->now;
	c->expires = cx->now + 900 * US_PER_S;
}

static void
batch_deals_in_arrival_order(void **state)
{
	struct claim c[4];

	(void)state;
	fill(&c[0], 1, 2, 1);
	fill(&c[1], 1, 4, 2); /* more than is left */
	fill(&c[2], 1, 2, 3);
	fill(&c[3], 1, 2, 4); /* one card is left */
	assert_int_equal(claim_batch(cx, c, 4), RC_OK);
	assert_int_equal(c[0].rc, RC_OK);
	assert_int_equal(c[1].rc, RC_CONFLICT);
	assert_int_equal(c[1].why, CLAIM_SOLD_OUT);
	assert_int_equal(c[2].rc, RC_OK);
	assert_int_equal(c[3].rc, RC_CONFLICT);
	assert_count("orders", 2);
	assert_count("card WHERE state = 'held'", 4);
}

static void
bad_claim_fails_nobody_else(void **state)
{
	struct claim c[3];

	(void)state;
	fill(&c[0], 1, 1, 1);
	fill(&c[1], 1, 1, 2);
	memcpy(c[1].form_key, c[0].form_key, sizeof(c[1].form_key));
	fill(&c[2], 1, 1, 3);
	assert_int_equal(claim_batch(cx, c, 3), RC_OK);
	assert_int_equal(c[0].rc, RC_OK);
	assert_int_equal(c[1].rc, RC_CONFLICT);
	assert_int_equal(c[1].why, CLAIM_TOKEN_USED);
	assert_string_equal(c[1].no, c[0].no);
	assert_int_equal(c[2].rc, RC_OK);
	assert_count("orders", 2);
	assert_count("card WHERE state = 'held'", 2);
}

/* A server that is too old to step over locked rows: buyers of one SKU wait
 * for each other. */
static void
sells_without_skip_locked(void **state)
{
	struct checkout f = counter_form(1, 3);
	struct checkout_result r;

	(void)state;
	assert_true(db_has(cx, DB_SKIP_LOCKED)); /* and is connected */
	db_of(cx)->primary.has[DB_SKIP_LOCKED] = false;
	pay(place(1, 1), "10.00", "W1");
	pay(place(1, 2), "20.00", "W2");
	assert_int_equal(checkout_place(cx, &f, &r), RC_CONFLICT);
	assert_int_equal(r.error, CHECKOUT_SOLD_OUT);
	assert_false(db_has(cx, DB_SKIP_LOCKED)); /* it still was */
	assert_string_equal(
	    sql_primary("SELECT GROUP_CONCAT(id ORDER BY id) FROM card WHERE "
			"state = 'sold'"),
	    "1,2,3");
	assert_count("card WHERE state = 'held'", 0);
}

/* ------------------------------------------------------------ endings */

static void
expiry_gives_back_once_and_spares_the_paid(void **state)
{
	const char *a, *b;
	unsigned did;

	(void)state;
	a = place(1, 2);
	b = place(1, 1);
	pay(b, "10.00", "E1");
	cx->now += (set->order_ttl_s + 1) * US_PER_S;
	assert_int_equal(jobs_expire(cx, &did), RC_OK);
	assert_int_equal(did, 1);
	assert_int_equal(jobs_expire(cx, &did), RC_OK);
	assert_int_equal(did, 0);
	assert_state(a, "expired");
	assert_state(b, "delivered");
	assert_count("card WHERE sku_id = 1 AND state = 'free'", 4);
	assert_int_equal(order_expire(cx, b), RC_CONFLICT);
	assert_int_equal(order_cancel(cx, look(b)), RC_CONFLICT);
}

/* ------------------------------------------------------------ the desk */

static void
find_on_desk(const char *q, int state, size_t want)
{
	struct page page = {.page = 1, .per_page = 10};
	const struct desk_filter f = {.q = q, .state = state};
	const struct desk_row *rows;
	struct desk_sum sum;
	size_t n;

	assert_int_equal(desk_orders(cx, &f, &page, &rows, &n, &sum), RC_OK);
	assert_int_equal(n, want);
	assert_int_equal(sum.orders, want);
}

/* Every kind of search text is a search, not an error of the server. */
static void
desk_finds_orders(void **state)
{
	const char *a = place(1, 1), *b = place(1, 1);
	const struct desk *today;

	(void)state;
	pay(a, "10.00", "D-1");
	find_on_desk("", -1, 2);
	find_on_desk(NULL, ORDER_PENDING, 1);
	find_on_desk(b, -1, 1);
	find_on_desk(arena_fmt(ta, "%.6s", a), -1, 2);
	find_on_desk("buyer@example.com", -1, 2);
	find_on_desk("D-1", -1, 1);
	find_on_desk("中文 %_\\", -1, 0);
	find_on_desk("%", -1, 0);
	assert_int_equal(desk_today(cx, &today), RC_OK);
	assert_int_equal(today->today.paid, 1);
	assert_int_equal(today->today.revenue.minor, 1000);
}

/* ------------------------------------------------------------ looking */

static void
only_a_proof_opens_an_order(void **state)
{
	struct visitor other = {.raw = {9}, .known = true};
	struct order_proof p = {.visitor = &other};
	const struct order_brief *list;
	const struct order *o;
	const char *no;
	size_t n;

	(void)state;
	no = place(1, 1);
	assert_int_equal(order_open(cx, no, &p, &o), RC_NOTFOUND);
	p.password = "1";
	assert_int_equal(order_open(cx, no, &p, &o), RC_NOTFOUND);
	p.password = "0";
	assert_int_equal(order_open(cx, no, &p, &o), RC_OK);
	p.password = NULL;
	p.link_token = order_link_token(cx, no, 1);
	assert_int_equal(order_open(cx, no, &p, &o), RC_NOTFOUND);
	p.link_token = order_link_token(cx, no, 0);
	assert_int_equal(order_open(cx, no, &p, &o), RC_OK);
	assert_int_equal(
	    order_open(cx, "000000000000000000000000", &p, &o), RC_NOTFOUND);
	assert_int_equal(order_of_visitor(cx, &visitor, &list, &n), RC_OK);
	assert_int_equal(n, 1);
	assert_int_equal(order_of_visitor(cx, &other, &list, &n), RC_OK);
	assert_int_equal(n, 0);
}

/* Orders of one moment stand together in the indexes of a large shop; a
 * visitor of before is still known. */
static void
keys_begin_with_their_time(void **state)
{
	struct visitor v[2] = {0}, old = {0};
	uint8_t hash[2][32], key[2][16], plain[32], again[32];
	const char *token;
	int i;

	(void)state;
	for (i = 0; i < 2; i++) {
		identity_new_visitor(cx, &v[i]);
		identity_visitor(cx, &v[i], hash[i]);
		token = form_token_make(cx, &v[i]);
		assert_int_equal(
		    form_token_open(cx, &v[i], token, key[i]), RC_OK);
		assert_int_not_equal(
		    form_token_open(cx, &old, token, key[i]), RC_OK);
	}
	assert_memory_equal(key[0], key[1], 4);
	assert_memory_not_equal(key[0] + 4, key[1] + 4, 12);
	assert_memory_equal(hash[0], hash[1], 6);
	assert_memory_not_equal(hash[0] + 6, hash[1] + 6, 26);
	assert_memory_not_equal(hash[0] + 6, v[0].raw + 6, 26);
	memset(old.raw, 7, sizeof(old.raw));
	identity_visitor(cx, &old, plain);
	assert_memory_not_equal(plain, old.raw, 6);
	identity_visitor(cx, &old, again);
	assert_memory_equal(plain, again, 32);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    COUNTER_TEST(place_holds_and_pay_delivers),
	    COUNTER_TEST(one_form_token_makes_one_order),
	    COUNTER_TEST(keys_begin_with_their_time),
	    COUNTER_TEST(token_of_another_visitor_is_refused),
	    COUNTER_TEST(sold_out_is_said_and_holds_nothing),
	    COUNTER_TEST(changed_price_is_asked_again),
	    COUNTER_TEST(free_order_needs_no_gateway),
	    COUNTER_TEST(loop_card_is_minted_per_sale),
	    COUNTER_TEST(manual_goods_wait_for_a_person),
	    COUNTER_TEST(buyers_limit_and_caps),
	    COUNTER_TEST(networks_have_a_cap),
	    COUNTER_TEST(batch_deals_in_arrival_order),
	    COUNTER_TEST(bad_claim_fails_nobody_else),
	    COUNTER_TEST(sells_without_skip_locked),
	    COUNTER_TEST(expiry_gives_back_once_and_spares_the_paid),
	    COUNTER_TEST(desk_finds_orders),
	    COUNTER_TEST(only_a_proof_opens_an_order),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
