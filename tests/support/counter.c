/* SPDX-License-Identifier: Apache-2.0 */
/* A shop with five SKUs and one channel, and what people do in it. */
#include "support/counter.h"

#include "base/hex.h"
#include "base/time.h"
#include "io/crypt.h"
#include "shop/channel.h"
#include "shop/settle.h"
#include "shop/start.h"
#include "shop/vault.h"
#include "shop/verify.h"

struct ctx cx[1];
struct settings *set;
struct visitor visitor;

/* ------------------------------------------------------------ the shop */

void
counter_cards(unsigned sku, unsigned first, unsigned n)
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

void
counter_channel(const char *key)
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
	    {"key", key},
	};
	struct edit_error why = {0};

	assert_int_equal(channel_save(cx, &c, f, 3, &why), RC_OK);
}

int
counter_setup(void **state)
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
	counter_cards(1, 1, 5);
	counter_cards(2, 100, 2);
	counter_cards(3, 200, 1);
	counter_cards(5, 300, 5);
	counter_channel(SECRET);
	memset(visitor.raw, 7, sizeof(visitor.raw));
	visitor.known = true;
	return 0;
}

int
counter_teardown(void **state)
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

struct checkout
counter_form(unsigned sku, unsigned qty)
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

const char *
place(unsigned sku, unsigned qty)
{
	struct checkout f = counter_form(sku, qty);
	struct checkout_result r;

	cx->actor = ACTOR_BUYER;
	assert_int_equal(checkout_place(cx, &f, &r), RC_OK);
	assert_int_equal(r.error, CHECKOUT_OK);
	assert_true(order_number_ok(r.order_no));
	return r.order_no;
}

const struct order *
look(const char *no)
{
	const struct order_proof proof = {.visitor = &visitor};
	const struct order *o;

	cx->actor = ACTOR_BUYER;
	assert_int_equal(order_open(cx, no, &proof, &o), RC_OK);
	return o;
}

void
open_payment(const char *no)
{
	struct pay_view v;

	assert_int_equal(order_pay(cx, look(no), &v), RC_OK);
	assert_true(v.link != NULL || v.form_action != NULL);
}

const char *
signed_query(const char *no, const char *money, const char *txn)
{
	return signed_by(SECRET, PID, no, money, txn);
}

const char *
signed_by(const char *key, const char *pid, const char *no, const char *money,
    const char *txn)
{
	const char *text = arena_fmt(ta,
	    "money=%s&name=Gold&out_trade_no=%s&pid=%s"
	    "&trade_no=%s&trade_status=TRADE_SUCCESS&type=alipay",
	    money, no, pid, txn);
	uint8_t md5[16];

	crypt_md5(span_str(arena_fmt(ta, "%s%s", text, key)), md5);
	return arena_fmt(ta, "%s&sign=%s&sign_type=MD5", text,
	    hex_text(ta, md5, sizeof(md5)));
}

const char *
notify(const char *url_no, const char *query)
{
	return notify_at("epay", url_no, query);
}

const char *
notify_at(const char *channel, const char *url_no, const char *query)
{
	const struct notice_request rq = {
	    .channel = channel,
	    .order_no = url_no,
	    .method = "GET",
	    .query = span_str(query),
	};
	struct notice_reply reply;

	settle_notice(cx, &rq, &reply);
	assert_int_equal(reply.rc, RC_OK);
	return arena_dup(ta, reply.body.p, reply.body.n);
}

void
assert_state(const char *no, const char *state)
{
	assert_string_equal(
	    sql_primary("SELECT state FROM orders WHERE no = '%s'", no), state);
}

void
assert_count(const char *what, unsigned n)
{
	assert_string_equal(sql_primary("SELECT COUNT(*) FROM %s", what),
	    arena_fmt(ta, "%u", n));
}

void
pay(const char *no, const char *money, const char *txn)
{
	open_payment(no);
	assert_string_equal(
	    notify(no, signed_query(no, money, txn)), "success");
}

void
expire_now(const char *no)
{
	cx->now += (set->order_ttl_s + 1) * US_PER_S;
	assert_int_equal(order_expire(cx, no), RC_OK);
}
