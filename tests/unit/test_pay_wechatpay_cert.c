/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The platform's certificates as WeChat Pay gives them out: what is believed,
 * what of it is kept, until when it counts, and every way in which an answer
 * can be somebody else's.
 */
#include "support/test.h"

#include <string.h>

#include "base/hex.h"
#include "base/time.h"
#include "io/crypt.h"
#include "pay/verdict.h"
#include "pay/wechatpay.h"
#include "support/rsakey.h"

#define V3_KEY "0123456789abcdefGHIJKLMNOPQRSTUV"
#define NO_KEY "another-key-another-key-another0"
#define HOUR (3600 * US_PER_S) /* what is left of a certificate of rsakey.h */

enum { PLATFORM = 3, CERTS = 12 };

static struct rsakey platform[PLATFORM], ours;
static struct rsa_key *secret[PLATFORM];
/* the serial of cert[i] is i + 0xa0, its key platform[i % PLATFORM] */
static char cert[CERTS][RSAKEY_PEM];

static const char *
serial_of(int i)
{
	return arena_fmt(ta, "%X", 0xa0 + (unsigned)i);
}

static const struct pay_account *
account_of(const char *platform_keys)
{
	struct pay_pair pair[] = {{"mchid", "1900000109"}, {"appid", "wx1"},
	    {"merchant_serial", "1DDE55AD"}, {"private_key", ours.secret},
	    {"apiv3_key", V3_KEY}, {"platform_keys", platform_keys}};
	struct gateway_config config = {pair, sizeof(pair) / sizeof(pair[0])};
	const struct pay_account *account;
	struct gateway_error why;

	assert_int_equal(
	    gateway_account(&gateway_wechatpay, ta, &config, &account, &why),
	    RC_OK);
	return account;
}

static const struct wechatpay *
wechat(const struct pay_account *ac)
{
	return (const struct wechatpay *)(const void *)ac;
}

/* ---- their side */

static struct pay_request
message(const char *body, const char *serial, int signer, int64_t at_us)
{
	long long stamp = (long long)(at_us / US_PER_S);
	const char **h = ARENA_ARRAY(ta, 5, const char *);
	struct pay_request rq = {.method = "POST", .body = span_str(body)};
	const char *over = arena_fmt(ta, "%lld\nNONCE\n%s\n", stamp, body);
	struct span raw;

	assert_int_equal(
	    rsa_sign(ta, secret[signer], span_str(over), &raw), RC_OK);
	h[0] = arena_fmt(ta, "Wechatpay-Timestamp: %lld", stamp);
	h[1] = "Wechatpay-Nonce: NONCE";
	h[2] = arena_fmt(ta, "Wechatpay-Serial: %s", serial);
	h[3] = arena_fmt(
	    ta, "Wechatpay-Signature: %s", b64_text(ta, raw.p, raw.n));
	rq.headers = h;
	return rq;
}

static struct pay_request
signed_by(int i, const char *body)
{
	return message(body, serial_of(i), i % PLATFORM, time_now_us());
}

static const char *
item_with(const char *serial, const char *key, const char *nonce,
    const char *algorithm, const char *plain)
{
	struct span c =
	    gcm_sealed(ta, key, "twelve-bytes", "certificate", span_str(plain));

	return arena_fmt(ta,
	    "{\"serial_no\":\"%s\",\"effective_time\":\"x\","
	    "\"expire_time\":\"x\",\"encrypt_certificate\":{"
	    "\"algorithm\":\"%s\",\"nonce\":\"%s\","
	    "\"associated_data\":\"certificate\",\"ciphertext\":\"%s\"}}",
	    serial, algorithm, nonce, b64_text(ta, c.p, c.n));
}

static const char *
item_text(int i, const char *plain)
{
	return item_with(
	    serial_of(i), V3_KEY, "twelve-bytes", "AEAD_AES_256_GCM", plain);
}

static const char *
item(int i)
{
	return item_text(i, cert[i]);
}

static const char *
list(const char *a, const char *b)
{
	return arena_fmt(ta, "{\"data\":[%s%s%s]}", a,
	    a[0] != '\0' && b[0] != '\0' ? "," : "", b);
}

static enum rc
answer(
    const struct pay_account *ac, struct pay_request rq, struct pay_keys *out)
{
	return wechat_keys_answer(ta, wechat(ac), &rq, time_now_us(), out);
}

static const struct pay_account *
more(const struct pay_account *ac, const char *text)
{
	const struct pay_account *out = NULL;

	assert_int_equal(
	    gateway_with_keys(&gateway_wechatpay, ta, ac, text, &out), RC_OK);
	return out;
}

/* Is a message of this certificate believed, so much later? */
static enum pay_why
hears(const struct pay_account *ac, int i, int64_t later_us)
{
	int64_t at = time_now_us() + later_us;
	struct pay_request rq = message("{}", serial_of(i), i % PLATFORM, at);
	struct span text;

	return wechat_verify(ta, wechat(ac), &rq, at, &text);
}

/* ---- what is right */

static void
a_new_one_is_learnt(void **state)
{
	const struct pay_account *ac = account_of(cert[0]), *both;
	struct pay_keys keys;

	(void)state;
	assert_int_equal(hears(ac, 0, 0), WHY_OK);
	assert_int_equal(hears(ac, 1, 0), WHY_CERT);
	/* signed by what is known, and by what only the answer has */
	assert_int_equal(
	    answer(ac, signed_by(0, list(item(0), item(1))), &keys), RC_OK);
	assert_int_equal(keys.n_new, 1);
	assert_int_equal(
	    answer(ac, signed_by(1, list(item(1), item(0))), &keys), RC_OK);
	assert_int_equal(keys.n_new, 1);
	assert_true(llabs(keys.ends_us - time_now_us() - HOUR) < HOUR / 2);
	both = more(ac, keys.text);
	assert_int_equal(hears(both, 0, 0), WHY_OK);
	assert_int_equal(hears(both, 1, 0), WHY_OK);
	assert_int_equal(hears(both, 2, 0), WHY_CERT);
	/* until their own end, which the settings' have too */
	assert_int_equal(hears(both, 0, 2 * HOUR), WHY_CERT);
	assert_int_equal(hears(both, 1, 2 * HOUR), WHY_CERT);
}

static void
nothing_new_is_nothing_to_keep(void **state)
{
	const struct pay_account *ac = account_of(cert[0]);
	struct pay_keys keys;

	(void)state;
	assert_int_equal(
	    answer(ac, signed_by(0, list(item(0), "")), &keys), RC_OK);
	assert_null(keys.text);
	assert_int_equal(keys.n_new, 0);
	assert_true(keys.ends_us > time_now_us());
}

static void
the_old_ones_stay(void **state)
{
	const struct pay_account *ac = account_of(cert[0]), *all;
	struct pay_keys keys;
	int i;

	(void)state;
	/* each answer has only its own: what it leaves out is not taken away */
	for (i = 1; i < CERTS; i++) {
		all = i == 1 ? ac : more(ac, keys.text);
		assert_int_equal(
		    answer(all, signed_by(i, list(item(i), "")), &keys), RC_OK);
		assert_int_equal(keys.n_new, 1);
	}
	all = more(ac, keys.text);
	assert_int_equal(hears(all, 0, 0), WHY_OK); /* a setting */
	assert_int_equal(hears(all, 1, 0), WHY_CERT);
	assert_int_equal(hears(all, CERTS - 9, 0), WHY_OK);
	assert_int_equal(hears(all, CERTS - 1, 0), WHY_OK);
}

static void
public_keys_ask_for_nothing(void **state)
{
	const struct pay_account *ac =
	    account_of(arena_fmt(ta, "PUB_KEY_ID_01\n%s", platform[0].open));
	struct ctx cx = {.arena = ta};
	struct pay_keys keys;
	struct pay_request rq =
	    message("{}", "PUB_KEY_ID_01", 0, time_now_us() + 20000 * HOUR);
	struct span text;

	(void)state;
	assert_int_equal(
	    gateway_keys(&gateway_wechatpay, &cx, ac, &keys), RC_INVALID);
	assert_null(keys.text);
	/* and have no end */
	assert_int_equal(wechat_verify(ta, wechat(ac), &rq,
			     time_now_us() + 20000 * HOUR, &text),
	    WHY_OK);
}

/* ---- what is not */

static void
forged(const struct pay_account *ac, struct pay_request rq, const char *what)
{
	struct pay_keys keys;
	enum rc rc = answer(ac, rq, &keys);

	if (rc != RC_DENIED || keys.text != NULL)
		fail_msg("%s: %s", what, rc_name(rc));
}

static void
forged_answers_bring_nothing(void **state)
{
	const struct pay_account *ac = account_of(cert[0]);
	const char *good = list(item(0), item(1));
	struct pay_request rq;
	struct pay_keys keys;

	(void)state;
	rq = signed_by(1, good);
	assert_int_equal(answer(ac, rq, &keys), RC_OK);
	forged(ac, message(good, serial_of(1), 2, time_now_us()),
	    "the new one's name, another key");
	forged(ac, message(good, serial_of(0), 1, time_now_us()),
	    "the old one's name, the new one's key");
	forged(ac, signed_by(2, good), "by one that is not in it");
	/* a name that is known is that key's, whatever the answer says */
	forged(account_of(arena_fmt(ta, "%s\n%s", serial_of(1), cert[2])),
	    signed_by(1, good), "a known name, the key of the answer");
	forged(ac,
	    message(good, serial_of(1), 1, time_now_us() - 301 * US_PER_S),
	    "an old answer");
	rq.body = span_str(arena_fmt(ta, "%s ", good));
	forged(ac, rq, "changed after signing");
	rq.body = span_str(good);
	rq.headers += 3;
	forged(ac, rq, "a signature and nothing else");
	rq.headers++;
	forged(ac, rq, "not signed");
	forged(ac,
	    signed_by(
		1, list(item(0), item_with(serial_of(1), NO_KEY, "twelve-bytes",
				     "AEAD_AES_256_GCM", cert[1]))),
	    "another APIv3 key");
}

static void
broken_lists_bring_nothing(void **state)
{
	const struct pay_account *ac = account_of(cert[0]);
	static const char gcm[] = "AEAD_AES_256_GCM", nonce[] = "twelve-bytes";
	/* clang-format off */
	const char *const bad[][2] = {
	    {"nothing", ""}, {"not JSON", "{"}, {"no list", "{\"data\":{}}"},
	    {"no data", "{}"}, {"an empty list", "{\"data\":[]}"},
	    {"a list of nulls", "{\"data\":[null]}"},
	    {"one good, one null", list(item(1), "null")},
	    {"another's serial", list(item_text(2, cert[1]), "")},
	    {"no serial", list(item_with("", V3_KEY, nonce, gcm, cert[1]), "")},
	    {"another algorithm", list(item_with(serial_of(1), V3_KEY, nonce, "AEAD_SM4_GCM", cert[1]), "")},
	    {"a longer nonce", list(item_with(serial_of(1), V3_KEY, "twelve-bytes-and-more", gcm, cert[1]), "")},
	    {"no nonce", list(item_with(serial_of(1), V3_KEY, "", gcm, cert[1]), "")},
	    {"two in one", list(item_text(1, arena_fmt(ta, "%s%s", cert[1], cert[2])), "")},
	    {"two in one, known", list(item_text(0, arena_fmt(ta, "%s%s", cert[0], cert[1])), "")},
	    {"a key beside it", list(item_text(1, arena_fmt(ta, "%s%s", cert[1], platform[1].open)), "")},
	    {"a name before it", list(item_text(1, arena_fmt(ta, "PUB_KEY_ID_7\n%s", cert[1])), "")},
	    {"a key", list(item_text(1, platform[1].open), "")},
	    {"empty", list(item_text(1, ""), "")},
	};
	/* clang-format on */
	struct buf many;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		forged(ac, signed_by(0, bad[i][1]), bad[i][0]);
	buf_init(&many, ta, 4096, 1 << 20);
	for (i = 0; i < 9; i++)
		buf_fmt(&many, "%s%s", i == 0 ? "" : ",", item((int)i));
	forged(ac, signed_by(0, list(buf_text(&many), "")), "nine of them");
}

static void
what_was_kept_and_is_broken_is_refused(void **state)
{
	const struct pay_account *ac = account_of(cert[0]), *out = NULL;

	(void)state;
	assert_int_equal(
	    gateway_with_keys(&gateway_wechatpay, ta, ac, "A0\n", &out),
	    RC_INVALID);
	assert_null(out);
}

int
main(void)
{
	struct arena *keep = arena_new(1 << 16, 1 << 24);
	const struct CMUnitTest tests[] = {
	    TEST(a_new_one_is_learnt),
	    TEST(nothing_new_is_nothing_to_keep),
	    TEST(the_old_ones_stay),
	    TEST(public_keys_ask_for_nothing),
	    TEST(forged_answers_bring_nothing),
	    TEST(broken_lists_bring_nothing),
	    TEST(what_was_kept_and_is_broken_is_refused),
	};
	int i, rc;

	crypt_init();
	rsakey_make(&ours);
	for (i = 0; i < PLATFORM; i++) {
		rsakey_make(&platform[i]);
		if (rsa_private(keep, span_str(platform[i].secret),
			&secret[i]) != RC_OK)
			return 1;
	}
	for (i = 0; i < CERTS; i++)
		rsakey_cert(&platform[i % PLATFORM], &ours, "WeChat Pay",
		    0xa0 + i, cert[i]);
	rc = cmocka_run_group_tests(tests, NULL, NULL);
	arena_free(keep);
	return rc;
}
