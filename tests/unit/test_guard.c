/* SPDX-License-Identifier: Apache-2.0 */
/* The rules that every row of route.def must keep, and the guards that the
 * rows ask for. */
#include "support/webtest.h"

#include <stdio.h>

#include "shop/checkout.h"
#include "shop/token.h"
#include "web/guard.h"
#include "web/router.h"
#include "web/session.h"

#define ROWS(r)                                                                \
	for (const struct route *r = router_table;                             \
	     r < router_table + router_count; r++)

static bool
of_staff(const struct route *r)
{
	return r->who == WHO_STAFF || r->who == WHO_OWNER;
}

static void
row_fails(const struct route *r, const char *why)
{
	fail_msg("%s: %s", r->name, why);
}

/* ---- all rows */

static void
every_post_proves_where_it_comes_from(void **state)
{
	const unsigned proofs = GUARD_CSRF | GUARD_FORM_TOKEN;

	(void)state;
	ROWS(r)
	{
		if (r->method != METHOD_POST)
			continue;
		if ((r->guards & proofs) == 0 && r->who != WHO_GATEWAY &&
		    r->who != WHO_API)
			row_fails(r, "a POST without CSRF");
		if ((r->guards & GUARD_FORM_TOKEN) &&
		    strcmp(r->pattern, "/order") != 0)
			row_fails(r, "only /order has a form token");
	}
}

static void
staff_changes_are_audited(void **state)
{
	(void)state;
	ROWS(r)
	{
		if (of_staff(r) && r->method == METHOD_POST &&
		    !(r->guards & GUARD_AUDIT))
			row_fails(r, "a staff POST without AUDIT");
		if (of_staff(r) && r->pattern[0] != ADMIN[0])
			row_fails(r, "staff outside of the panel");
		if (r->pattern[0] == ADMIN[0] && r->pool != POOL_ADMIN)
			row_fails(r, "a panel page in another pool");
	}
}

static void
only_public_gets_are_cached(void **state)
{
	(void)state;
	ROWS(r)
	{
		if (r->cache == CACHE_NEVER)
			continue;
		if (r->method != METHOD_GET || r->who != WHO_ANYONE)
			row_fails(r, "cached, but not a public GET");
		if (r->cache == CACHE_PUBLIC &&
		    (strncmp(r->pattern, "/o/", 3) == 0 ||
			strncmp(r->pattern, "/order", 6) == 0 ||
			strncmp(r->pattern, "/checkout", 9) == 0 ||
			r->pattern[0] == ADMIN[0]))
			row_fails(r, "a visitor's own page in shared caches");
	}
}

static void
open_posts_are_limited(void **state)
{
	const unsigned rates = GUARD_RATE_PAGE | GUARD_RATE_ORDER |
			       GUARD_RATE_LOOKUP | GUARD_RATE_LOGIN;

	(void)state;
	ROWS(r)
	{
		if (r->who == WHO_ANYONE && r->method == METHOD_POST &&
		    !(r->guards & rates))
			row_fails(r, "anyone may POST without a limit");
		/* a gateway must never be told to wait */
		if (r->who == WHO_GATEWAY && (r->guards & rates))
			row_fails(r, "a limit on notices");
	}
}

static void
body_flags_fit(void **state)
{
	const unsigned parsed = GUARD_MULTIPART | GUARD_BIG_FORM | GUARD_CHUNK |
				GUARD_CSRF | GUARD_FORM_TOKEN;

	(void)state;
	ROWS(r)
	{
		if ((r->guards & GUARD_RAW_BODY) && (r->guards & parsed))
			row_fails(r, "a raw body has no fields");
		if (r->method == METHOD_GET &&
		    (r->guards & (parsed | GUARD_AUDIT)))
			row_fails(r, "a GET changes nothing");
		if ((r->guards & (GUARD_BIG_FORM | GUARD_CHUNK)) &&
		    !of_staff(r))
			row_fails(r, "big bodies are for staff");
		if (r->pattern[0] != '/' && r->pattern[0] != ADMIN[0])
			row_fails(r, "a path begins with '/'");
	}
}

/* GET handlers have names that say that they show, POST ones that they do. */
static void
names_say_what_they_do(void **state)
{
	(void)state;
	ROWS(r)
	{
		const char *want = r->who == WHO_GATEWAY      ? "notify_"
				   : r->who == WHO_API        ? "api_"
				   : r->method == METHOD_POST ? "do_"
							      : "page_";

		if (!str_starts(r->name, want))
			row_fails(r, "the name has another prefix");
	}
}

/* ---- the guards */

static struct request *
post(unsigned guards, enum who who)
{
	struct route *r = ARENA_NEW(ta, struct route);
	struct request *rq;

	wt_begin();
	*r = (struct route){.pool = POOL_STORE,
	    .method = METHOD_POST,
	    .pattern = "/x",
	    .name = "do_x",
	    .who = who,
	    .guards = guards};
	rq = request_new(&wt_cx);
	rq->method = METHOD_POST;
	rq->route = r;
	rq->host = "shop.example:8443";
	return rq;
}

static void
with_env(struct request *rq, const char *a, const char *b)
{
	char **env = ARENA_ARRAY(ta, 3, char *);

	env[0] = arena_str(ta, a);
	env[1] = b == NULL ? NULL : arena_str(ta, b);
	rq->env = env;
}

static void
csrf_of_the_visitor(void **state)
{
	struct request *rq = post(GUARD_CSRF, WHO_ANYONE);
	uint8_t other[TOKEN_RAW];
	const char *good;

	(void)state;
	token_random(rq->visitor->raw);
	good = token_csrf(&wt_cx, rq->visitor->raw);
	/* no token, then the right one without and with its cookie */
	assert_int_equal(guard_body(&wt_cx, rq), HTTP_FORBIDDEN);
	fields_add(rq->form, SPAN_LIT("csrf"), span_str(good));
	assert_int_equal(guard_body(&wt_cx, rq), HTTP_FORBIDDEN);
	rq->visitor->known = true;
	assert_int_equal(guard_body(&wt_cx, rq), HTTP_PASS);
	/* of another session */
	rq = post(GUARD_CSRF, WHO_ANYONE);
	rq->visitor->known = true;
	token_random(rq->visitor->raw);
	token_random(other);
	fields_add(
	    rq->form, SPAN_LIT("csrf"), span_str(token_csrf(&wt_cx, other)));
	assert_int_equal(guard_body(&wt_cx, rq), HTTP_FORBIDDEN);
}

/* On the panel only the staff session's token counts, not the visitor's. */
static void
csrf_of_staff(void **state)
{
	struct request *rq = post(GUARD_CSRF, WHO_STAFF);

	(void)state;
	token_random(rq->visitor->raw);
	rq->visitor->known = true;
	token_random(rq->staff_raw);
	fields_add(rq->form, SPAN_LIT("csrf"),
	    span_str(token_csrf(&wt_cx, rq->visitor->raw)));
	assert_int_equal(guard_body(&wt_cx, rq), HTTP_FORBIDDEN);
	rq->form = fields_new(ta);
	fields_add(rq->form, SPAN_LIT("csrf"),
	    span_str(token_csrf(&wt_cx, rq->staff_raw)));
	assert_int_equal(guard_body(&wt_cx, rq), HTTP_PASS);
}

static void
bits_of_a_token_all_count(void **state)
{
	uint8_t raw[TOKEN_RAW];
	const char *good;
	char *t;
	size_t i;

	(void)state;
	wt_begin();
	token_random(raw);
	good = token_csrf(&wt_cx, raw);
	assert_true(token_csrf_ok(&wt_cx, raw, span_str(good)));
	for (i = 0; i < strlen(good); i++) {
		t = arena_str(ta, good);
		t[i] = t[i] == 'A' ? 'B' : 'A';
		assert_false(token_csrf_ok(&wt_cx, raw, span_str(t)));
	}
	assert_false(token_csrf_ok(&wt_cx, raw, (struct span){good, 42}));
	assert_false(token_csrf_ok(&wt_cx, raw, (struct span){"", 0}));
	assert_false(
	    token_csrf_ok(&wt_cx, raw, span_str(arena_fmt(ta, "%s=", good))));
}

/* clang-format off */
static const struct {
	const char *site, *origin;
	bool ok;
} origins[] = {
	{ "", "", true }, /* an old browser */
	{ "same-origin", "https://shop.example:8443", true },
	{ "same-origin", "", true },
	{ "none", "", true },
	{ "", "https://shop.example:8443", true },
	{ "", "https://SHOP.example:8443", true },
	{ "same-origin", "null", true },
	{ "cross-site", "", false },
	{ "same-site", "", false },
	{ "cross-site", "https://shop.example:8443", false },
	{ "", "https://evil.example", false },
	{ "", "https://shop.example", false },
	{ "", "https://shop.example:8443.evil.example", false },
	{ "", "https://evil.example/https://shop.example:8443", false },
	{ "", "null", false },
	{ "", "shop.example:8443", false },
	{ "same-origin", "https://evil.example", false },
};
/* clang-format on */

static void
foreign_origins(void **state)
{
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(origins) / sizeof(origins[0]); i++) {
		struct request *rq = post(GUARD_FORM_TOKEN, WHO_ANYONE);

		with_env(rq,
		    arena_fmt(ta, "HTTP_SEC_FETCH_SITE=%s", origins[i].site),
		    arena_fmt(ta, "HTTP_ORIGIN=%s", origins[i].origin));
		assert_int_equal(guard_body(&wt_cx, rq),
		    origins[i].ok ? HTTP_PASS : HTTP_FORBIDDEN);
		/* a gateway is a program elsewhere */
		rq = post(GUARD_RAW_BODY, WHO_GATEWAY);
		with_env(rq, arena_fmt(ta, "HTTP_ORIGIN=%s", origins[i].origin),
		    NULL);
		assert_int_equal(guard_body(&wt_cx, rq), HTTP_PASS);
	}
}

static void
staff_pages_lead_to_the_login(void **state)
{
	struct request *rq = post(GUARD_CSRF | GUARD_AUDIT, WHO_STAFF);
	struct response *rs = response_new(&wt_cx, wt_web, rq);

	(void)state;
	assert_int_equal(guard_head(&wt_cx, rq, rs), HTTP_SEE_OTHER);
	assert_true(str_starts(rs->location, "/admin/login?to="));
	rq->method = METHOD_GET;
	rq->path = "/admin/orders";
	assert_int_equal(guard_head(&wt_cx, rq, rs), HTTP_SEE_OTHER);
	assert_string_equal(rs->location, "/admin/login?to=%2Fadmin%2Forders");
	/* a cookie of the right form is asked for in the database, which is
	 * not there: that must not read as "log in again" */
	rq->staff_cookie = true;
	assert_int_equal(guard_head(&wt_cx, rq, rs) == HTTP_PASS, false);
	assert_null(rq->staff);
}

static void
limits_answer_429(void **state)
{
	struct request *rq = post(GUARD_RATE_LOGIN, WHO_ANYONE);
	struct response *rs = response_new(&wt_cx, wt_web, rq);
	int i, passed = 0;

	(void)state;
	wt_set.rate_login = 5;
	rq->network = "198.51.100.7";
	for (i = 0; i < 50; i++)
		passed += guard_head(&wt_cx, rq, rs) == HTTP_PASS;
	assert_int_equal(passed, 5);
	assert_int_equal(guard_head(&wt_cx, rq, rs), HTTP_TOO_MANY);
	assert_in_range(rs->retry_s, 1, 13);
	/* somebody else is not affected */
	rq->network = "198.51.100.8";
	assert_int_equal(guard_head(&wt_cx, rq, rs), HTTP_PASS);
	wt_set.rate_login = 0;
}

static unsigned
passed(struct request *rq, struct response *rs, int times)
{
	unsigned n = 0;

	while (times-- > 0)
		n += guard_head(&wt_cx, rq, rs) == HTTP_PASS;
	return n;
}

/* Others of the same second differ in their last bytes alone. */
static void
browser_of_this_second(struct visitor *v)
{
	memset(v->raw, 7, sizeof(v->raw) - 8);
	test_bytes(v->raw + sizeof(v->raw) - 8, 8);
}

/* Half of what the network has, and none of what it has left. */
static void
a_browser_has_a_share(void **state)
{
	struct request *rq = post(GUARD_RATE_ORDER, WHO_ANYONE);
	struct response *rs = response_new(&wt_cx, wt_web, rq);

	(void)state;
	wt_set.rate_order = 10;
	rq->network = "198.51.100.20";
	rq->visitor->known = true;
	browser_of_this_second(rq->visitor);
	assert_int_equal(passed(rq, rs, 50), 5);
	assert_in_range(rs->retry_s, 1, 13);
	/* from elsewhere it is the same browser */
	rq->network = "198.51.100.21";
	assert_int_equal(passed(rq, rs, 50), 0);
	/* what it was refused was not taken from its neighbour */
	rq->network = "198.51.100.20";
	browser_of_this_second(rq->visitor);
	assert_int_equal(passed(rq, rs, 50), 5);
	/* many cookies are one network all the same */
	browser_of_this_second(rq->visitor);
	assert_int_equal(passed(rq, rs, 50), 0);
	/* and without one, or without such a limit, it is the network alone */
	rq->network = "198.51.100.22";
	rq->visitor->known = false;
	assert_int_equal(passed(rq, rs, 50), 10);
	rq->network = "198.51.100.23";
	rq->visitor->known = true;
	wt_set.rate_session_percent = 0;
	assert_int_equal(passed(rq, rs, 50), 10);
	wt_set.rate_session_percent = 1; /* never less than one */
	browser_of_this_second(rq->visitor);
	rq->network = "198.51.100.24";
	assert_int_equal(passed(rq, rs, 50), 1);
	wt_set.rate_session_percent = 50;
	wt_set.rate_order = 0;
}

static void
a_browsers_routes_are_apart(void **state)
{
	struct request *rq = post(GUARD_RATE_ORDER, WHO_ANYONE);
	struct response *rs = response_new(&wt_cx, wt_web, rq);
	struct visitor v = {.known = true};

	(void)state;
	wt_set.rate_order = 10;
	wt_set.rate_lookup = 4;
	browser_of_this_second(&v);
	*rq->visitor = v;
	rq->network = "198.51.100.25";
	assert_int_equal(passed(rq, rs, 50), 5);
	rq = post(GUARD_RATE_LOOKUP, WHO_ANYONE);
	rs = response_new(&wt_cx, wt_web, rq);
	*rq->visitor = v;
	rq->network = "198.51.100.25";
	assert_int_equal(passed(rq, rs, 50), 2);
	wt_set.rate_order = wt_set.rate_lookup = 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST_WEB(every_post_proves_where_it_comes_from),
	    TEST_WEB(staff_changes_are_audited),
	    TEST_WEB(only_public_gets_are_cached),
	    TEST_WEB(open_posts_are_limited),
	    TEST_WEB(body_flags_fit),
	    TEST_WEB(names_say_what_they_do),
	    TEST_WEB(csrf_of_the_visitor),
	    TEST_WEB(csrf_of_staff),
	    TEST_WEB(bits_of_a_token_all_count),
	    TEST_WEB(foreign_origins),
	    TEST_WEB(staff_pages_lead_to_the_login),
	    TEST_WEB(limits_answer_429),
	    TEST_WEB(a_browser_has_a_share),
	    TEST_WEB(a_browsers_routes_are_apart),
	};

	return cmocka_run_group_tests(tests, wt_setup, wt_teardown);
}
