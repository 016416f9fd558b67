/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Cookies that say who somebody is (session.h).  Over HTTPS they carry the
 * __Host- prefix, so no other host of the domain can plant one.
 */
#include "web/session.h"

#include "base/limits.h"
#include "shop/checkout.h"
#include "shop/identity.h"
#include "shop/token.h"
#include "web/cookie.h"
#include "web/response.h"
#include "web/router.h"

#include <string.h>

enum {
	VISITOR_LIFE_S = 180 * 24 * 3600, /* "this browser's orders" */
	CHOICE_LIFE_S = 365 * 24 * 3600,
	WROTE_LIFE_S = 60
};

static const char *const languages[] = {"zh-CN", "en"};
static const char *const themes[] = {"auto", "light", "dark"};

/* One of the list, never what was sent. */
static const char *
choose(const char *const *names, size_t n, const char *sent, const char *dflt)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (str_eq(sent, names[i]))
			return names[i];
	return dflt;
}

const char *
session_language(const char *sent, const char *dflt)
{
	return choose(
	    languages, sizeof(languages) / sizeof(languages[0]), sent, dflt);
}

const char *
session_theme(const char *sent, const char *dflt)
{
	return choose(themes, sizeof(themes) / sizeof(themes[0]), sent, dflt);
}

bool
session_secure(struct ctx *cx, const struct request *rq)
{
	if (str_eq(cx->set->cookie_secure, "auto"))
		return rq->https;
	return str_eq(cx->set->cookie_secure, "on");
}

bool
session_find(struct ctx *cx, const struct request *rq, const char *name,
    struct span *out)
{
	if (session_secure(cx, rq))
		name = arena_fmt(cx->arena, "__Host-%s", name);
	return cookie_find(rq->cookies, name, out);
}

static const char *
find_text(struct ctx *cx, const struct request *rq, const char *name)
{
	struct span v;

	return session_find(cx, rq, name, &v) ? arena_dup(cx->arena, v.p, v.n)
					      : NULL;
}

void
session_read(struct ctx *cx, struct request *rq)
{
	struct span v;

	rq->lang =
	    session_language(find_text(cx, rq, COOKIE_LANG), cx->set->language);
	rq->theme = session_theme(find_text(cx, rq, COOKIE_THEME), rq->theme);
	cx->lang = rq->lang;
	if (session_find(cx, rq, COOKIE_VISITOR, &v))
		rq->visitor->known = token_raw(cx, v, rq->visitor->raw);
	if (session_find(cx, rq, COOKIE_STAFF, &v))
		rq->staff_cookie = token_raw(cx, v, rq->staff_raw);
	if (session_find(cx, rq, COOKIE_STICKY, &v))
		token_wrote_read(cx, v);
}

/* Once a request: what follows in it is the same visitor. */
const struct visitor *
session_visitor(struct response *rs)
{
	struct visitor *v = rs->rq->visitor;

	if (v->known || rs->visitor_made)
		return v;
	identity_new_visitor(rs->cx, v);
	rs->visitor_made = true;
	response_cookie(
	    rs, COOKIE_VISITOR, token_text(rs->cx, v->raw), VISITOR_LIFE_S);
	return v;
}

void
session_staff_set(struct response *rs, const uint8_t raw[32])
{
	response_cookie(rs, COOKIE_STAFF, token_text(rs->cx, raw), 0);
}

void
session_staff_clear(struct response *rs)
{
	response_cookie(rs, COOKIE_STAFF, "", -1);
}

void
session_choice(struct response *rs, const char *cookie, const char *value)
{
	response_cookie(rs, cookie, value, CHOICE_LIFE_S);
}

static bool
of_staff(const struct request *rq)
{
	const struct route *r = rq->route;

	return r != NULL && (r->who == WHO_STAFF || r->who == WHO_OWNER);
}

const char *
session_csrf(struct response *rs)
{
	return token_csrf(rs->cx,
	    of_staff(rs->rq) ? rs->rq->staff_raw : session_visitor(rs)->raw);
}

bool
session_csrf_ok(struct ctx *cx, const struct request *rq)
{
	struct span given = field_raw(rq->form, "csrf");

	if (of_staff(rq))
		return token_csrf_ok(cx, rq->staff_raw, given);
	/* without the cookie there is nothing that a token could fit */
	return rq->visitor->known && token_csrf_ok(cx, rq->visitor->raw, given);
}

void
session_wrote(struct response *rs)
{
	if (rs->cx->wrote)
		response_cookie(
		    rs, COOKIE_STICKY, token_wrote(rs->cx), WROTE_LIFE_S);
}
