/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Work before an order: what counts as done, for whom and for how long; and,
 * through the dispatcher with no database behind, that a form without it
 * costs a page and nothing else.
 */
#include "support/webtest.h"

#include <stdio.h>

#include "base/gate.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/time.h"
#include "io/crypt.h"
#include "shop/checkout.h"
#include "shop/identity.h"
#include "shop/token.h"
#include "shop/work.h"

enum {
	SKU = 71,
	LIGHT = 12, /* bits: eight a piece */
	STRONG = 14,
	WAIT = 20,
	TTL = 1800
};

static struct visitor visitor, stranger;

static int
begin(void **state)
{
	test_arena_setup(state);
	wt_begin();
	wt_set.work_light_bits = LIGHT;
	wt_set.work_strong_bits = STRONG;
	wt_set.work_wait_s = WAIT;
	wt_set.work_ttl_s = TTL;
	visitor.known = stranger.known = true;
	token_random(visitor.raw);
	token_random(stranger.raw);
	return 0;
}

#define TEST_WORK(fn)                                                          \
	cmocka_unit_test_setup_teardown(fn, begin, test_arena_teardown)

static struct work_form
new_form(void)
{
	return (struct work_form){.visitor = &visitor,
	    .token = arena_str(ta, form_token_make(&wt_cx, &visitor)),
	    .sku = SKU};
}

static const char *
challenge_of(const struct work_form *f, enum work_level level)
{
	const char *c = work_challenge(&wt_cx, f, level);

	assert_non_null(c);
	assert_int_equal(strlen(c), 28);
	return arena_str(ta, c);
}

static unsigned
zeros(const char *challenge, unsigned piece, unsigned n)
{
	uint8_t hash[CRYPT_HASH];
	unsigned bits = 0;

	crypt_sha256(
	    span_str(arena_fmt(ta, "%s.%u.%u", challenge, piece, n)), hash);
	while (bits < 64 && !(hash[bits / 8] >> (7 - bits % 8) & 1))
		bits++;
	return bits;
}

/* The first number of a piece with at least, or with exactly, so many. */
static unsigned
find(const char *challenge, unsigned piece, unsigned bits, bool exactly)
{
	unsigned n, got;

	for (n = 0;; n++) {
		got = zeros(challenge, piece, n);
		if (exactly ? got == bits : got >= bits)
			return n;
	}
}

static const char *
solve(const char *challenge, unsigned bits)
{
	const char *text = challenge;
	unsigned i;

	for (i = 0; i < WORK_PIECES; i++)
		text = arena_fmt(
		    ta, "%s.%u", text, find(challenge, i, bits - 4, false));
	return text;
}

static enum work_verdict
check(const struct work_form *f, enum work_level level, const char *field)
{
	unsigned wait_s;

	return work_check(&wt_cx, f, level, span_str(field), &wait_s);
}

static void
solved(void **state)
{
	struct work_form f = new_form();
	const char *light = challenge_of(&f, WORK_LIGHT);
	const char *strong = challenge_of(&f, WORK_STRONG);

	(void)state;
	assert_int_equal(check(&f, WORK_LIGHT, solve(light, LIGHT)), WORK_DONE);
	assert_int_equal(
	    check(&f, WORK_STRONG, solve(strong, STRONG)), WORK_DONE);
	/* more than is asked for will do, less will not */
	assert_int_equal(
	    check(&f, WORK_LIGHT, solve(strong, STRONG)), WORK_DONE);
	assert_int_equal(
	    check(&f, WORK_STRONG, solve(light, LIGHT)), WORK_WEAK);
}

/* Each piece by itself, first and last. */
static void
one_bit_too_few(void **state)
{
	struct work_form f = new_form();
	const char *c = challenge_of(&f, WORK_LIGHT), *text;
	unsigned short_of, i;

	(void)state;
	for (short_of = 0; short_of < WORK_PIECES; short_of += 5) {
		text = c;
		for (i = 0; i < WORK_PIECES; i++)
			text = arena_fmt(ta, "%s.%u", text,
			    i == short_of ? find(c, i, LIGHT - 5, true)
					  : find(c, i, LIGHT - 4, false));
		assert_int_equal(check(&f, WORK_LIGHT, text), WORK_WRONG);
	}
}

static void
of_this_form_only(void **state)
{
	struct work_form f = new_form(), other = new_form(), product = f;
	struct work_form thief = f, forged = f;
	const char *done = solve(challenge_of(&f, WORK_LIGHT), LIGHT);

	(void)state;
	product.sku = SKU + 1;
	thief.visitor = &stranger;
	forged.token = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
	assert_int_equal(check(&f, WORK_LIGHT, done), WORK_DONE);
	assert_int_equal(check(&other, WORK_LIGHT, done), WORK_FORGED);
	assert_int_equal(check(&product, WORK_LIGHT, done), WORK_FORGED);
	assert_int_equal(check(&thief, WORK_LIGHT, done), WORK_FORM);
	assert_int_equal(check(&forged, WORK_LIGHT, done), WORK_FORM);
	assert_null(work_challenge(&wt_cx, &forged, WORK_LIGHT));
}

/* Whatever character of it is another one. */
static void
a_changed_challenge_is_none(void **state)
{
	struct work_form f = new_form();
	const char *c = challenge_of(&f, WORK_LIGHT);
	char *bent;
	size_t i;

	(void)state;
	for (i = 0; i < strlen(c); i++) {
		bent = arena_str(ta, c);
		bent[i] = bent[i] == 'B' ? 'C' : 'B';
		assert_int_equal(check(&f, WORK_LIGHT, bent), WORK_FORGED);
	}
	/* the bits are under the MAC: nobody asks himself for less */
	assert_int_equal(
	    check(&f, WORK_LIGHT, arena_fmt(ta, "%.27s", c)), WORK_FORGED);
	assert_int_equal(check(&f, WORK_LIGHT, ""), WORK_MISSING);
}

static void
bad_solutions(void **state)
{
	struct work_form f = new_form();
	const char *c = challenge_of(&f, WORK_LIGHT), *done = solve(c, LIGHT);
	const char *tail = done + strlen(c);
	char *cut = arena_str(ta, done);
	const char *const bad[] = {
	    arena_fmt(ta, "%s.", c),
	    arena_fmt(ta, "%sx%s", c, tail),
	    arena_fmt(ta, "%s.%s", c, tail),
	    arena_fmt(ta, "%s.", done),
	    arena_fmt(ta, "%s.1", done),
	    arena_fmt(ta, "%s ", done),
	    arena_fmt(ta, "%s.-1%s", c, tail + 2),
	    /* more than 32 bits; a wrap of them would fit */
	    arena_fmt(ta, "%s.%llu%s", c,
		(1ULL << 32) + find(c, 0, LIGHT - 4, false),
		strchr(tail + 1, '.')),
	    arena_fmt(
		ta, "%s.99999999999999999999999%s", c, strchr(tail + 1, '.')),
	    arena_fmt(ta, "%s.%0*d", c, LIM_WORK, 0),
	    arena_fmt(ta, "%s%0*d", c, LIM_BODY_FORM, 0),
	};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (check(&f, WORK_LIGHT, bad[i]) != WORK_WRONG)
			fail_msg("%zu: %s", i, bad[i]);
	*strrchr(cut, '.') = '\0';
	assert_int_equal(check(&f, WORK_LIGHT, cut), WORK_WRONG);
	assert_int_equal(check(&f, WORK_LIGHT, done), WORK_DONE);
}

static void
waiting(void **state)
{
	struct work_form f = new_form();
	const char *c, *wrong;
	unsigned wait_s;

	(void)state;
	wt_cx.now -= wt_cx.now % US_PER_S;
	c = challenge_of(&f, WORK_STRONG);
	wrong = arena_fmt(ta, "%s.1.2.3", c);
	assert_int_equal(
	    work_check(&wt_cx, &f, WORK_STRONG, span_str(c), &wait_s),
	    WORK_EARLY);
	assert_int_equal(wait_s, WAIT);
	wt_cx.now += 15 * US_PER_S;
	assert_int_equal(
	    work_check(&wt_cx, &f, WORK_STRONG, span_str(c), &wait_s),
	    WORK_EARLY);
	assert_int_equal(wait_s, WAIT - 15);
	assert_int_equal(check(&f, WORK_STRONG, wrong), WORK_WRONG);
	wt_cx.now += 5 * US_PER_S;
	assert_int_equal(
	    work_check(&wt_cx, &f, WORK_STRONG, span_str(c), &wait_s),
	    WORK_WAITED);
	assert_int_equal(wait_s, 0);
	assert_int_equal(check(&f, WORK_STRONG, wrong), WORK_WAITED);
	/* of a machine whose clock is ahead */
	wt_cx.now -= 60 * US_PER_S;
	assert_int_equal(
	    work_check(&wt_cx, &f, WORK_STRONG, span_str(c), &wait_s),
	    WORK_EARLY);
	assert_int_equal(wait_s, WAIT);
}

static void
ends(void **state)
{
	struct work_form f = new_form();
	const char *done = solve(challenge_of(&f, WORK_LIGHT), LIGHT);

	(void)state;
	wt_cx.now += TTL * US_PER_S;
	assert_int_equal(check(&f, WORK_LIGHT, done), WORK_DONE);
	wt_cx.now += US_PER_S;
	assert_int_equal(check(&f, WORK_LIGHT, done), WORK_EXPIRED);
	wt_cx.now += wt_set.form_token_ttl_s * US_PER_S;
	assert_int_equal(check(&f, WORK_LIGHT, done), WORK_FORM);
}

/* What the merchant asks for now, not what the form was made with. */
static void
levels(void **state)
{
	struct work_form f = new_form();
	const char *done = solve(challenge_of(&f, WORK_LIGHT), LIGHT);
	enum work_level known;
	int i;

	(void)state;
	wt_set.work_light_bits = LIGHT + 1;
	assert_int_equal(check(&f, WORK_LIGHT, done), WORK_WEAK);
	for (i = 0; i < WORK__N; i++)
		assert_int_equal(work_level_of(work_level_name[i]), i);
	assert_int_equal(work_level_of(""), WORK_OFF);
	assert_int_equal(work_level_of("x"), WORK_OFF);
	assert_false(work_known(SKU + 5, &known));
	work_goods(SKU + 5, WORK_STRONG);
	assert_true(work_known(SKU + 5, &known));
	assert_int_equal(known, WORK_STRONG);
	work_goods(SKU + 5, WORK_OFF);
	assert_true(work_known(SKU + 5, &known));
	assert_int_equal(known, WORK_OFF);
}

/* ---- through the dispatcher */

static const char *
post(const struct work_form *f, const char *field)
{
	return wt_serve(wt_request(
	    WT_ENV_LIST("PATH_INFO=/order", "REQUEST_METHOD=POST",
		"CONTENT_TYPE=application/x-www-form-urlencoded",
		arena_fmt(ta, "HTTP_COOKIE=ks_v=%s",
		    b64url_text(ta, visitor.raw, sizeof(visitor.raw)))),
	    arena_fmt(ta,
		"form_token=%s&sku=%u&qty=1&contact=a%%22b@example.test&work=%"
		"s",
		f->token, SKU, field)));
}

static void
refused_without_a_database(void **state)
{
	struct work_form f = new_form();
	const char *c = challenge_of(&f, WORK_LIGHT), *a;

	(void)state;
	work_goods(SKU, WORK_LIGHT);
	a = post(&f, c);
	assert_int_equal(wt_status(a), 429);
	assert_in_range(atoi(wt_header(a, "Retry-After")), 1, WAIT);
	assert_string_equal(wt_header(a, "Cache-Control"), "no-store");
	/* what was typed comes back, and the time that has passed counts on */
	assert_non_null(strstr(wt_body(a), "value=\"a&quot;b@example.test\""));
	assert_non_null(
	    strstr(wt_body(a), arena_fmt(ta, "name=\"work\" value=\"%s\"", c)));
	assert_non_null(strstr(wt_body(a),
	    arena_fmt(ta, "name=\"form_token\" value=\"%s\"", f.token)));
	/* a new challenge for the same form */
	a = post(&f, "");
	assert_int_equal(wt_status(a), 422);
	assert_non_null(strstr(wt_body(a), "name=\"work\" value=\""));
	assert_null(strstr(wt_body(a), "name=\"work\" value=\"\""));
	assert_non_null(strstr(wt_body(a),
	    arena_fmt(ta, "name=\"form_token\" value=\"%s\"", f.token)));
	assert_int_equal(wt_status(post(&f, "<b>")), 422);
	/* a new form, too, where the token is not good */
	f.token = "x";
	a = post(&f, c);
	assert_int_equal(wt_status(a), 422);
	assert_null(strstr(wt_body(a), "name=\"form_token\" value=\"x\""));
}

/* 503: it went on, and there is no database. */
static void
goes_on(void **state)
{
	struct work_form f = new_form();
	const char *c = challenge_of(&f, WORK_LIGHT);
	uint8_t key[16];

	(void)state;
	work_goods(SKU, WORK_LIGHT);
	assert_int_equal(wt_status(post(&f, solve(c, LIGHT))), 503);
	/* goods that ask for nothing */
	work_goods(SKU, WORK_OFF);
	assert_int_equal(wt_status(post(&f, "")), 503);
	/* a form that has its order needs none */
	work_goods(SKU, WORK_LIGHT);
	assert_int_equal(wt_status(post(&f, "")), 422);
	assert_int_equal(
	    form_token_open(&wt_cx, &visitor, f.token, key), RC_OK);
	gate_form_mark(key);
	assert_int_equal(wt_status(post(&f, "")), 503);
}

/* A thousand challenges that were let lie make as many orders as one does. */
static void
a_crowd_cannot_wait(void **state)
{
	struct work_form f;
	const char *c, *a;
	int64_t now = wt_cx.now;
	int i, passed = 0, crowded = 0;

	(void)state;
	work_goods(SKU, WORK_STRONG);
	for (i = 0; i < 40; i++) {
		wt_cx.now = now - 60 * US_PER_S;
		f = new_form();
		c = challenge_of(&f, WORK_STRONG);
		a = post(&f, c);
		passed += wt_status(a) == 503;
		if (wt_status(a) != 429)
			continue;
		crowded++;
		assert_in_range(atoi(wt_header(a, "Retry-After")), 1, WAIT + 1);
	}
	assert_int_equal(passed + crowded, 40);
	assert_int_equal(passed, 60 / WAIT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST_WORK(solved),
	    TEST_WORK(one_bit_too_few),
	    TEST_WORK(of_this_form_only),
	    TEST_WORK(a_changed_challenge_is_none),
	    TEST_WORK(bad_solutions),
	    TEST_WORK(waiting),
	    TEST_WORK(ends),
	    TEST_WORK(levels),
	    TEST_WORK(refused_without_a_database),
	    TEST_WORK(goes_on),
	    TEST_WORK(a_crowd_cannot_wait),
	};

	return cmocka_run_group_tests(tests, wt_setup, wt_teardown);
}
