/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The purchase against a real server: place, pay, deliver, expire, give up;
 * money that is early, late, twice, too much, too little, or another's; and
 * after each test the invariants of `keystallctl verify`.
 */
#include "support/test.h"
#include "support/dbserver.h"

#include "base/hex.h"
#include "base/time.h"
#include "io/crypt.h"
#include "shop/channel.h"
#include "shop/checkout.h"
#include "shop/claim.h"
#include "shop/desk.h"
#include "shop/jobs.h"
#include "shop/order.h"
#include "shop/order_end.h"
#include "shop/settle.h"
#include "shop/start.h"
#include "shop/vault.h"
#include "shop/verify.h"

#define SECRET "Rk3v9sQ1xZ7pL0aWm4Tn8YcE2uBd6HfJ"
#define PID "1001"

static struct ctx cx[1];
static struct settings *set;
static struct visitor visitor;

/* ------------------------------------------------------------ the shop */

static void
add_cards(unsigned sku, unsigned first, unsigned n)
{
	struct span sealed;
	uint8_t fp[VAULT_FP];
	uint32_t key;
	unsigned i;

	for (i = first; i < first + n; i++) {
		struct span text =
		    span_str(arena_fmt(ta, "KEY-%u-%05u", sku, i));

		assert_int_equal(vault_seal(cx, i, text, &key, &sealed), RC_OK);
		vault_fingerprint(cx, text, fp);
		sql_primary("INSERT INTO card (id, merchant_id, sku_id, "
			    "batch_id, state, key_id, fingerprint, sealed, "
			    "created_us) VALUES (%u, 1, %u, 1, 'free', %u, "
			    "X'%s', X'%s', 1)",
		    i, sku, key, hex_text(ta, fp, sizeof(fp)),
		    hex_text(ta, sealed.p, sealed.n));
	}
}

static void
add_channel(void)
{
	const struct channel c = {
	    .name = "epay",
	    .gateway = "epay",
	    .title = "支付宝",
	    .title_en = "Alipay",
	    .device = "all",
	    .currency = "CNY",
	    .on = true,
	};
	const struct channel_field f[] = {
	    {"base_url", "https://pay.example.com/"},
	    {"pid", PID},
	    {"key", SECRET},
	};
	struct edit_error why = {0};

	assert_int_equal(channel_save(cx, &c, f, 3, &why), RC_OK);
}

static int
setup(void **state)
{
	const char *why, *file;

	test_arena_setup(state);
	crypt_init();
	shop_start();
	dbserver_ctx_schema(cx, &set, "t_purchase");
	set->replica_sockets = "";
	set->site_url = "https://shop.example.com";
	file = arena_fmt(ta, "%s/keys", test_dir());
	(void)remove(file);
	assert_int_equal(keyring_create(file, &why), RC_OK);
	assert_int_equal(keyring_load(ta, file, &cx->keys, &why), RC_OK);
	cx->lang = "zh-CN";
	cx->address = "192.0.2.7";
	cx->merchant = 1;
	cx->now = time_now_us();
	sql_primary("INSERT INTO category (id, merchant_id, slug, name, "
		    "created_us) VALUES (1, 1, 'games', 'Games', 1)");
	sql_primary("INSERT INTO product (id, merchant_id, category_id, slug, "
		    "name, state, created_us, updated_us) VALUES "
		    "(1, 1, 1, 'gold', 'Gold', 'on', 1, 1)");
	sql_primary("INSERT INTO sku (id, merchant_id, product_id, code, name, "
		    "price_minor, created_us) VALUES "
		    "(1, 1, 1, 'GOLD-10', '10', 1000, 1), "
		    "(2, 1, 1, 'GOLD-FREE', 'free', 0, 1)");
	sql_primary("INSERT INTO sku (id, merchant_id, product_id, code, name, "
		    "price_minor, kind, created_us) VALUES "
		    "(3, 1, 1, 'LOOP', 'loop', 500, 'loop', 1), "
		    "(4, 1, 1, 'HAND', 'hand', 700, 'manual', 1)");
	sql_primary("INSERT INTO sku (id, merchant_id, product_id, code, name, "
		    "price_minor, buyer_limit, created_us) VALUES "
		    "(5, 1, 1, 'ONE', 'one each', 300, 1, 1)");
	sql_primary("UPDATE id_block SET next_id = 1000");
	add_cards(1, 1, 5);
	add_cards(2, 100, 2);
	add_cards(3, 200, 1);
	add_cards(5, 300, 5);
	add_channel();
	memset(visitor.raw, 7, sizeof(visitor.raw));
	visitor.known = true;
	return 0;
}

static int
teardown(void **state)
{
	const struct invariant *v;
	size_t n, i;

	cx->now += 1;
	assert_int_equal(verify_all(cx, &v, &n), RC_OK);
	for (i = 0; i < n; i++) {
		if (v[i].rc != RC_OK || v[i].violations != 0)
			print_error("%s: rc %d, %llu: %s (%s)\n", v[i].id,
			    v[i].rc, (unsigned long long)v[i].violations,
			    v[i].text, v[i].example);
		assert_int_equal(v[i].rc, RC_OK);
		assert_int_equal(v[i].violations, 0);
	}
	dbserver_end(cx);
	return test_arena_teardown(state);
}

/* ------------------------------------------------------------ acts */

static struct checkout
form(unsigned sku, unsigned qty)
{
	return (struct checkout){
	    .ask = {.sku = sku, .qty = qty},
	    .shown_total = -1,
	    .contact = "buyer@example.com",
	    .lookup_password = "0",
	    .form_token = checkout_form_token(cx, &visitor),
	    .visitor = &visitor,
	};
}

static const char *
place(unsigned sku, unsigned qty)
{
	struct checkout f = form(sku, qty);
	struct checkout_result r;

	cx->actor = ACTOR_BUYER;
	assert_int_equal(checkout_place(cx, &f, &r), RC_OK);
	assert_int_equal(r.error, CHECKOUT_OK);
	assert_true(order_number_ok(r.order_no));
	return r.order_no;
}

static const struct order *
look(const char *no)
{
	const struct order_proof proof = {.visitor = &visitor};
	const struct order *o;

	cx->actor = ACTOR_BUYER;
	assert_int_equal(order_open(cx, no, &proof, &o), RC_OK);
	return o;
}

static void
open_payment(const char *no)
{
	struct pay_view v;

	assert_int_equal(order_pay(cx, look(no), &v), RC_OK);
	assert_true(v.link != NULL || v.form_action != NULL);
}

static const char *
signed_query(const char *no, const char *money, const char *txn)
{
	const char *text = arena_fmt(ta,
	    "money=%s&name=Gold&out_trade_no=%s&pid=" PID
	    "&trade_no=%s&trade_status=TRADE_SUCCESS&type=alipay",
	    money, no, txn);
	uint8_t md5[16];

	crypt_md5(span_str(arena_fmt(ta, "%s" SECRET, text)), md5);
	return arena_fmt(ta, "%s&sign=%s&sign_type=MD5", text,
	    hex_text(ta, md5, sizeof(md5)));
}

static const char *
notify(const char *url_no, const char *query)
{
	const struct notice_request rq = {
	    .channel = "epay",
	    .order_no = url_no,
	    .method = "GET",
	    .query = span_str(query),
	};
	struct notice_reply reply;

	settle_notice(cx, &rq, &reply);
	assert_int_equal(reply.rc, RC_OK);
	return arena_dup(ta, reply.body.p, reply.body.n);
}

static void
assert_state(const char *no, const char *state)
{
	assert_string_equal(
	    sql_primary("SELECT state FROM orders WHERE no = '%s'", no), state);
}

static void
assert_count(const char *what, unsigned n)
{
	assert_string_equal(sql_primary("SELECT COUNT(*) FROM %s", what),
	    arena_fmt(ta, "%u", n));
}

static void
pay(const char *no, const char *money, const char *txn)
{
	open_payment(no);
	assert_string_equal(
	    notify(no, signed_query(no, money, txn)), "success");
}

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
	struct checkout f = form(1, 1);
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
	struct checkout f = form(1, 1);
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
	struct checkout f = form(1, 6);
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
	struct checkout f = form(1, 1);
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
settlement_that_fails_is_not_acknowledged(void **state)
{
	const char *no = place(3, 1), *query;

	(void)state;
	open_payment(no);
	query = signed_query(no, "5.00", "K1");
	sql_primary("CREATE TRIGGER stop_it BEFORE INSERT ON delivery FOR EACH "
		    "ROW SIGNAL SQLSTATE '23000' SET MYSQL_ERRNO = 1062");
	assert_string_not_equal(notify(no, query), "success");
	assert_state(no, "pending");
	assert_count("notice WHERE state = 'failed'", 1);
	sql_primary("DROP TRIGGER stop_it");
	assert_string_equal(notify(no, query), "success");
	assert_state(no, "delivered");
	assert_count("notice WHERE state = 'applied'", 1);
}

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
	struct checkout f = form(5, 1);
	struct checkout_result r;
	const char *no;

	(void)state;
	no = place(5, 1);
	assert_int_equal(checkout_place(cx, &f, &r), RC_CONFLICT);
	assert_int_equal(r.error, CHECKOUT_LIMIT);
	assert_int_equal(order_cancel(cx, look(no)), RC_OK);
	no = place(5, 1); /* what came to nothing does not count */
	set->hold_cap_contact = 1;
	f = form(1, 1);
	assert_int_equal(checkout_place(cx, &f, &r), RC_CONFLICT);
	assert_int_equal(r.error, CHECKOUT_HOLDS);
	set->hold_cap_contact = 0;
	set->hold_cap_address = 1;
	assert_int_equal(checkout_place(cx, &f, &r), RC_CONFLICT);
	assert_int_equal(r.error, CHECKOUT_HOLDS);
	set->hold_cap_address = 0;
	assert_int_equal(checkout_place(cx, &f, &r), RC_OK);
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

static void
expire_now(const char *no)
{
	cx->now += (set->order_ttl_s + 1) * US_PER_S;
	assert_int_equal(order_expire(cx, no), RC_OK);
}

static void
late_money_delivers_from_stock_or_waits(void **state)
{
	const char *a, *b;

	(void)state;
	a = place(1, 3);
	open_payment(a);
	expire_now(a);
	assert_string_equal(
	    notify(a, signed_query(a, "30.00", "LATE1")), "success");
	assert_state(a, "delivered");
	assert_count("orders WHERE late = 1", 1);
	b = place(1, 2);
	open_payment(b);
	expire_now(b);
	(void)place(1, 1); /* takes one of the two */
	assert_string_equal(
	    notify(b, signed_query(b, "20.00", "LATE2")), "success");
	assert_state(b, "short");
	assert_int_equal(look(b)->short_place, 1);
}

static void
late_policy_queue_takes_no_card(void **state)
{
	const char *no;

	(void)state;
	set->late_policy = "queue";
	no = place(1, 1);
	open_payment(no);
	expire_now(no);
	assert_string_equal(
	    notify(no, signed_query(no, "10.00", "Q1")), "success");
	assert_state(no, "short");
	assert_count("card WHERE state = 'sold'", 0);
}

/* ------------------------------------------------------------ notices */

static void
repeats_change_nothing(void **state)
{
	const char *no = place(1, 1);
	const char *query;
	int i;

	(void)state;
	open_payment(no);
	query = signed_query(no, "10.00", "R1");
	for (i = 0; i < 5; i++)
		assert_string_equal(notify(no, query), "success");
	assert_count("payment WHERE state = 'success'", 1);
	assert_count("delivery", 1);
	assert_count("outbox WHERE kind = 'mail_order'", 1);
	assert_string_equal(sql_primary("SELECT repeats_n FROM notice"), "4");
}

static void
forged_notices_leave_one_row(void **state)
{
	const char *no = place(1, 1), *query;

	(void)state;
	open_payment(no);
	query = signed_query(no, "10.00", "F1");
	assert_string_equal(
	    notify(no, arena_fmt(ta, "%s&money=0.01", query)), "fail");
	assert_string_equal(
	    notify(no, arena_fmt(ta, "%.*s", (int)strlen(query) - 20, query)),
	    "fail");
	assert_state(no, "pending");
	assert_count("notice", 0);
	assert_count("payment WHERE state = 'success'", 0);
	assert_true(strcmp(sql_primary("SELECT COUNT(*) FROM notice_reject"),
			"0") != 0);
}

static void
notice_of_another_order_is_refused(void **state)
{
	const char *a = place(1, 1), *b = place(1, 1);

	(void)state;
	open_payment(a);
	open_payment(b);
	assert_string_equal(notify(b, signed_query(a, "10.00", "X1")), "fail");
	assert_state(a, "pending");
	assert_state(b, "pending");
	assert_string_equal(
	    notify(a, signed_query(a, "10.00", "X1")), "success");
	/* the same money once more, for another order */
	assert_string_equal(notify(b, signed_query(b, "10.00", "X1")), "fail");
	assert_state(b, "pending");
}

static void
order_that_opened_no_payment_is_refused(void **state)
{
	const char *no = place(1, 1);

	(void)state;
	assert_string_equal(
	    notify(no, signed_query(no, "10.00", "N1")), "fail");
	assert_state(no, "pending");
	assert_count("notice", 0);
}

static void
wrong_amounts_are_held(void **state)
{
	const char *a = place(1, 1), *b = place(1, 1);

	(void)state;
	open_payment(a);
	open_payment(b);
	assert_string_equal(notify(a, signed_query(a, "0.01", "U1")), "fail");
	assert_state(a, "pending");
	assert_string_equal(notify(b, signed_query(b, "11.00", "O1")), "fail");
	assert_state(b, "pending");
	assert_count("payment WHERE case_state = 'open' AND role = 'under'", 1);
	assert_count("payment WHERE case_state = 'open' AND role = 'over'", 1);
	assert_count("ledger_entry WHERE account = 'liability'", 2);
	assert_count("card WHERE state = 'sold'", 0);
}

static void
second_payment_is_owed_back(void **state)
{
	const char *no = place(1, 1);

	(void)state;
	pay(no, "10.00", "S1");
	assert_string_equal(
	    notify(no, signed_query(no, "10.00", "S2")), "success");
	assert_state(no, "delivered");
	assert_count(
	    "payment WHERE role = 'second' AND case_state = 'open'", 1);
	assert_count("delivery", 1);
}

static void
marked_paid_by_a_person_once(void **state)
{
	const char *no = place(1, 1);

	(void)state;
	cx->actor = ACTOR_STAFF;
	cx->staff = 1;
	assert_int_equal(
	    desk_mark_paid(cx, no, "bank-1", "transfer seen"), RC_OK);
	assert_state(no, "delivered");
	assert_int_equal(
	    desk_mark_paid(cx, no, "bank-1", "again"), RC_CONFLICT);
	assert_int_equal(desk_mark_paid(cx, no, "", "x"), RC_INVALID);
	assert_int_equal(desk_mark_paid(cx, no, "bank-2", ""), RC_INVALID);
	assert_count("delivery", 1);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
#define T(fn) cmocka_unit_test_setup_teardown(fn, setup, teardown)
	    T(place_holds_and_pay_delivers),
	    T(one_form_token_makes_one_order),
	    T(token_of_another_visitor_is_refused),
	    T(sold_out_is_said_and_holds_nothing),
	    T(changed_price_is_asked_again),
	    T(free_order_needs_no_gateway),
	    T(loop_card_is_minted_per_sale),
	    T(settlement_that_fails_is_not_acknowledged),
	    T(manual_goods_wait_for_a_person),
	    T(buyers_limit_and_caps),
	    T(batch_deals_in_arrival_order),
	    T(bad_claim_fails_nobody_else),
	    T(expiry_gives_back_once_and_spares_the_paid),
	    T(late_money_delivers_from_stock_or_waits),
	    T(late_policy_queue_takes_no_card),
	    T(repeats_change_nothing),
	    T(forged_notices_leave_one_row),
	    T(notice_of_another_order_is_refused),
	    T(order_that_opened_no_payment_is_refused),
	    T(wrong_amounts_are_held),
	    T(second_payment_is_owed_back),
	    T(marked_paid_by_a_person_once),
	    T(desk_finds_orders),
	    T(only_a_proof_opens_an_order),
#undef T
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
