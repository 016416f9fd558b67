/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The guards (guard.h).  They read the route's row and nothing else, so a new
 * page is guarded by what its row says, and a test can hold all rows to the
 * rules.
 *
 * Order: what costs nothing comes first; the session, which asks the
 * database, after the limits; the body is read only for those who may send
 * it.
 */
#include "web/guard.h"

#include "base/hex.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/time.h"
#include "base/url.h"
#include "shop/checkout.h"
#include "shop/known.h"
#include "shop/staff.h"
#include "shop/token.h"
#include "web/response.h"
#include "web/router.h"
#include "web/session.h"
#include "web/web.h"

#include <string.h>

/* clang-format off */
static const struct {
	enum guard_flag flag;
	const char *kind; /* for the metric */
} rates[] = {
	{ GUARD_RATE_PAGE,   "page"   },
	{ GUARD_RATE_ORDER,  "order"  },
	{ GUARD_RATE_LOOKUP, "lookup" },
	{ GUARD_RATE_LOGIN,  "login"  },
};
/* clang-format on */

static uint64_t
per_minute(const struct settings *set, enum guard_flag flag)
{
	int64_t n = flag == GUARD_RATE_PAGE     ? set->rate_page
		    : flag == GUARD_RATE_ORDER  ? set->rate_order
		    : flag == GUARD_RATE_LOOKUP ? set->rate_lookup
						: set->rate_login;

	return (uint64_t)n;
}

/* A browser has a share of what its network has, wherever it comes from.  It
 * is asked first: what one browser is refused costs its neighbours nothing.
 * Who shows no cookie, or a new one each time, is left with the network's. */
static bool
session_may(
    struct ctx *cx, struct response *rs, enum guard_flag flag, int64_t now_ms)
{
	enum { NAME = 8, PERCENT = 100 };
	const struct visitor *v = rs->rq->visitor;
	uint64_t n = per_minute(cx->set, flag);

	if (n == 0 || cx->set->rate_session_percent == 0 || !v->known)
		return true;
	n = n * (uint64_t)cx->set->rate_session_percent / PERCENT;
	return rate_take(rs->web->rate, RATE_SESSION | flag,
	    /* the end of it: it begins with the time */
	    hex_text(cx->arena, v->raw + sizeof(v->raw) - NAME, NAME),
	    n == 0 ? 1 : n, now_ms, &rs->retry_s);
}

static enum http_status
guard_rate(struct ctx *cx, const struct request *rq, struct response *rs)
{
	int64_t now_ms = time_mono_us() / US_PER_MS;
	const char *kind;
	size_t i;

	for (i = 0; i < sizeof(rates) / sizeof(rates[0]); i++) {
		if (!(rq->route->guards & rates[i].flag))
			continue;
		kind = "session";
		if (session_may(cx, rs, rates[i].flag, now_ms)) {
			kind = rates[i].kind;
			if (rate_take(rs->web->rate, rates[i].flag, rq->network,
				per_minute(cx->set, rates[i].flag), now_ms,
				&rs->retry_s))
				continue;
		}
		metric_add(METRIC_rate_limited_total, kind, 1);
		return HTTP_TOO_MANY;
	}
	return HTTP_PASS;
}

/* To the login, and back here afterwards if here is a page. */
static enum http_status
send_to_login(struct request *rq, struct response *rs)
{
	const char *back =
	    rq->method == METHOD_POST ? panel_path(rs, "/") : rq->path;

	if (respond_seef(rs, "%s/login?to=%s", rs->cx->set->admin_prefix,
		url_encoded(rs->cx->arena, back)) != RC_OK)
		return HTTP_FORBIDDEN;
	return HTTP_SEE_OTHER;
}

static enum http_status
guard_staff(struct ctx *cx, struct request *rq, struct response *rs)
{
	const struct staff *st;
	bool totp_due;
	enum rc rc;

	if (!rq->staff_cookie)
		return send_to_login(rq, rs);
	rc = staff_session(cx, rq->staff_raw, &st, &totp_due);
	if (rc == RC_DENIED || rc == RC_NOTFOUND)
		return send_to_login(rq, rs);
	if (rc != RC_OK)
		return reply_status_of(rc);
	rq->staff = st;
	if (rq->route->who == WHO_OWNER && !str_eq(st->role, "owner"))
		return HTTP_FORBIDDEN;
	return HTTP_PASS;
}

/* This machine, or who knows the token; everybody else learns nothing. */
static enum http_status
guard_loopback(struct ctx *cx, const struct request *rq)
{
	const char *want = cx->set->metrics_token;
	const char *auth = request_header(rq, "Authorization");

	if (rq->loopback)
		return HTTP_PASS;
	if (!str_empty(want) && str_starts(auth, "Bearer ") &&
	    token_equal(cx, auth + strlen("Bearer "), want))
		return HTTP_PASS;
	return HTTP_NOT_FOUND;
}

/* {slug} of what does not exist: neither cache nor database hears of it. */
static enum http_status
guard_known(struct ctx *cx, const struct request *rq, struct response *rs)
{
	unsigned guards = rq->route->guards;
	enum known_kind kind =
	    guards & GUARD_PRODUCT ? KNOWN_PRODUCT : KNOWN_CATEGORY;

	if (!(guards & (GUARD_PRODUCT | GUARD_CATEGORY)) ||
	    known_maybe(cx, rs->web->known, kind, path_param(rq, "slug")))
		return HTTP_PASS;
	return HTTP_NOT_FOUND;
}

enum http_status
guard_head(struct ctx *cx, struct request *rq, struct response *rs)
{
	enum http_status status = guard_rate(cx, rq, rs);

	if (status == HTTP_PASS)
		status = guard_known(cx, rq, rs);
	if (status != HTTP_PASS)
		return status;
	switch (rq->route->who) {
	case WHO_STAFF:
	case WHO_OWNER:
		return guard_staff(cx, rq, rs);
	case WHO_LOOPBACK:
		return guard_loopback(cx, rq);
	case WHO_ANYONE:
	case WHO_GATEWAY:
	case WHO_API:
	case WHO__N:
		break;
	}
	return HTTP_PASS;
}

/* "https://shop.example:8443" and Host "shop.example:8443". */
static bool
same_host(const char *origin, const char *host)
{
	const char *at = strstr(origin, "://");

	return at != NULL && *host != '\0' && str_ieq(at + 3, host);
}

/* What the browser itself says about where a POST comes from.  Old browsers
 * say nothing: then the token alone decides. */
static bool
origin_ok(struct ctx *cx, const struct request *rq)
{
	const char *site = request_header(rq, "Sec-Fetch-Site");
	const char *origin = request_header(rq, "Origin");

	if (*site != '\0' && !str_eq(site, "same-origin") &&
	    !str_eq(site, "none"))
		return false;
	if (*origin == '\0')
		return true;
	if (str_eq(origin, "null")) /* a sandboxed frame, a data: page */
		return str_eq(site, "same-origin");
	return same_host(origin, rq->host) ||
	       str_ieq(origin, cx->set->site_url);
}

enum http_status
guard_body(struct ctx *cx, const struct request *rq)
{
	const struct route *r = rq->route;

	if (rq->method != METHOD_POST || r->who == WHO_GATEWAY ||
	    r->who == WHO_API)
		return HTTP_PASS;
	if (!origin_ok(cx, rq)) {
		log_event(LOG_WARN, "foreign_origin", LF_STR("route", r->name),
		    LF_STR("origin", request_header(rq, "Origin")));
		return HTTP_FORBIDDEN;
	}
	if (r->guards & GUARD_CSRF && !session_csrf_ok(cx, rq))
		return HTTP_FORBIDDEN;
	return HTTP_PASS;
}

/* Nothing comes from elsewhere, nothing is inline, and text becomes markup in
 * one named policy only. */
static const char csp_start[] =
    "Content-Security-Policy: default-src 'none'; script-src 'self'; "
    "style-src 'self'; img-src 'self' data: https:; connect-src 'self'; "
    "font-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; "
    "trusted-types keystall keystall-work; "
    "form-action 'self'";

static const char fixed[] =
    "X-Content-Type-Options: nosniff\r\n"
    "X-Frame-Options: DENY\r\n"
    /* not no-referrer: with that a browser sends "Origin: null" with our own
     * forms; to other sites nothing is said either way */
    "Referrer-Policy: same-origin\r\n"
    "Cross-Origin-Opener-Policy: same-origin\r\n"
    "Cross-Origin-Resource-Policy: same-origin\r\n"
    "Permissions-Policy: camera=(), geolocation=(), microphone=(), "
    "payment=(), usb=()\r\n";

void
guard_headers(const struct response *rs, struct buf *out)
{
	const char *hosts = rs->form_hosts;

	if (hosts != NULL && strpbrk(hosts, "\r\n;,") != NULL)
		hosts = NULL;
	/* left out of what a micro-cache keeps, which adds them by itself: it
	 * parses the lines it has kept at each hit */
	if (rs->rq->edge == EDGE_NONE || hosts != NULL) {
		buf_str(out, csp_start);
		if (hosts != NULL)
			buf_fmt(out, " %s", hosts);
		buf_str(out, "\r\n");
	}
	if (rs->rq->edge == EDGE_NONE)
		buf_add(out, fixed, sizeof(fixed) - 1);
	if (rs->rq->https)
		buf_str(out, "Strict-Transport-Security: "
			     "max-age=31536000\r\n");
}
