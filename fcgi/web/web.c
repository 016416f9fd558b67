/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From a FastCGI request to its answer: read, match, guard, handle, write.
 * This is the only place where the steps stand in their order.
 */
#include "web/web.h"

#include "base/bug.h"
#include "base/digest.h"
#include "base/limits.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/time.h"
#include "io/fcgi.h"
#include "io/tmpl.h"
#include "shop/kept.h"
#include "shop/token.h"
#include "web/address.h"
#include "web/guard.h"
#include "web/light.h"
#include "web/piece.h"
#include "web/overload.h"
#include "web/request.h"
#include "web/response.h"
#include "web/router.h"
#include "web/session.h"

#include <string.h>

enum {
	KEEP_BLOCK = 16 * 1024,
	PIECE_CAP = 16 * 1024 * 1024,
	KEEP_MAX = 4 * 1024 * 1024,
	HEAD_HINT = 4096,
	HEAD_MAX = 32768
};
enum { KEPT_QUERY = 64 };

/* The addresses of our files are on every page and change with a reload. */
static void
share_static(struct web *w)
{
	struct tnode *tree = tnode_new(w->keep);

	static_show(w->files, tree);
	tmpl_share(w->tmpl, tree);
}

enum rc
web_open(struct arena *a, const struct settings *set, struct rate_table *rate,
    struct web **out, const char **why)
{
	struct arena *keep = arena_new(KEEP_BLOCK, KEEP_MAX);
	struct web *w = ARENA_NEW(keep, struct web);
	enum rc rc;

	w->set = set;
	w->keep = keep;
	w->rate = rate;
	w->light = light_new(keep);
	w->pools = router_pools(set->pool);
	rc = address_list_parse(keep, set->trusted_proxies, &w->trusted, why);
	if (rc == RC_OK)
		rc = static_load(keep, set->static_dir, &w->files, why);
	if (rc == RC_OK)
		rc = tmpl_load(set->templates_dir, &w->tmpl, why);
	if (rc == RC_OK) {
		share_static(w);
		w->pieces = pieces_new();
	} else {
		*why = arena_str(a, *why);
		arena_free(keep);
		return rc;
	}
	*out = w;
	return RC_OK;
}

void
web_close(struct web *w)
{
	if (w == NULL)
		return;
	pieces_free(w->pieces);
	tmpl_free(w->tmpl);
	arena_free(w->keep);
}

void
web_remember(char *to, size_t size, const char *text)
{
	size_t n = strlen(text);

	if (n < size)
		memcpy(to, text, n + 1);
}

static bool
request_id_ok(const char *s)
{
	size_t i;

	for (i = 0; s[i] != '\0'; i++)
		if (!chr_digit(s[i]) && (s[i] < 'a' || s[i] > 'f'))
			return false;
	return i == 32;
}

/* The route decides how the answer may be kept. */
static void
take_route(struct ctx *cx, struct response *rs, const struct route *r)
{
	rs->cache = r->cache;
	rs->for_all = r->cache == CACHE_PUBLIC;
	rs->max_age_s =
	    r->max_age_s < 0 ? cx->set->page_max_age_s : r->max_age_s;
	/* zero seconds is not "public": it is asked for each time */
	if (rs->cache == CACHE_PUBLIC && rs->max_age_s == 0)
		rs->cache = CACHE_PRIVATE;
}

/* All that makes a public page differ: no two of them give one name, since no
 * path holds a line's end.  A long query is somebody's own words, and would
 * only push out pages that others want.  The host is not in it: a page links
 * to site_url, whatever it was asked by. */
static bool
may_keep(struct ctx *cx, const struct response *rs, struct kept *k)
{
	const struct request *rq = rs->rq;

	*k = (struct kept){0};
	if (rq->route->cache != CACHE_PUBLIC || rq->route->max_age_s >= 0 ||
	    strlen(rq->query_string) > KEPT_QUERY)
		return false;
	k->page.name = arena_fmt(cx->arena, "%s\n%s\n%s\n%s", rq->lang,
	    rq->theme, rq->path, rq->query_string);
	if (str_starts(rq->path, "/p/"))
		k->page.product = rq->path + strlen("/p/");
	return true;
}

static void
keep(struct ctx *cx, struct response *rs, struct kept *k)
{
	struct span body = {rs->body.p, rs->body.len};

	if (rs->status == HTTP_OK) {
		rs->digest = digest_of(body);
		rs->digest_known = true;
		kept_put(cx, k, body, rs->digest);
	} else if (rs->status == HTTP_NOT_FOUND &&
		   *rs->rq->query_string == '\0') {
		/* with a query there are too many that are not there */
		kept_absent(cx, k);
	}
	kept_end(cx, k);
}

static void
handle(struct ctx *cx, struct response *rs)
{
	const struct route *r = rs->rq->route;
	struct kept k;
	bool may = may_keep(cx, rs, &k);

	bug_context(cx->request_id, r->name);
	cx->not_before = response_not_before(rs);
	if (may && kept_get(cx, &k) == RC_OK) {
		if (k.absent)
			reply_error(rs, HTTP_NOT_FOUND);
		else
			response_kept(rs, &k);
		return;
	}
	reply_rc(rs, r->handler(cx, rs));
	rs->age_us = cx->now - cx->shown;
	if (may)
		keep(cx, rs, &k);
	if (cx->wrote && rs->cache != CACHE_PUBLIC)
		session_wrote(rs);
}

static struct response *
answer(struct ctx *cx, struct web *w, struct fcgi *f)
{
	struct request *rq;
	struct response *rs;
	enum http_status status = request_head(cx, w, f, &rq);

	rs = response_new(cx, w, rq);
	if (status == HTTP_PASS)
		status = router_match(cx, w->pools, rq, &rs->allow);
	if (status == HTTP_PASS) {
		take_route(cx, rs, rq->route);
		status = overload_check(cx, f, rs);
	}
	if (status == HTTP_PASS)
		status = guard_head(cx, rq, rs);
	if (status == HTTP_PASS)
		status = request_body(cx, f, rq);
	if (status == HTTP_PASS)
		status = guard_body(cx, rq);
	if (status == HTTP_PASS)
		handle(cx, rs);
	else if (status != HTTP_SEE_OTHER)
		reply_error(rs, status);
	return rs;
}

static void
count(struct ctx *cx, const struct response *rs, int64_t took_us)
{
	const struct route *r = rs->rq->route;
	const char *route =
	    r == NULL ? "none" : router_pattern(cx->arena, cx->set, r);

	metric_add(METRIC_http_requests_total,
	    arena_fmt(cx->arena, "%s,%d", route, (int)rs->status), 1);
	if (r != NULL && r->pool == POOL_STORE && r->method == METHOD_GET &&
	    rs->status < HTTP_BAD_REQUEST)
		metric_add(METRIC_visits_total, NULL, 1);
	metric_observe(METRIC_http_request_seconds, NULL, (uint64_t)took_us);
	log_event(rs->status >= HTTP_FAULT ? LOG_WARN : LOG_DEBUG, "request",
	    LF_STR("method", rs->rq->method_text), LF_STR("route", route),
	    LF_INT("status", rs->status), LF_INT("us", took_us),
	    LF_STR("addr", rs->rq->address));
}

/* Piece by piece, each in memory of its own. */
static enum rc
send_pieces(struct ctx *cx, const struct response *rs, struct fcgi *f)
{
	struct arena *all = cx->arena, *own = arena_new(KEEP_BLOCK, PIECE_CAP);
	enum rc more = RC_OK, rc = RC_OK;
	struct buf out;

	cx->arena = own;
	while (rc == RC_OK && more == RC_OK) {
		arena_reset(own);
		buf_init(&out, own, KEEP_BLOCK, LIM_RESPONSE);
		more = rs->more(cx, rs->more_arg, &out);
		if (more != RC_OK && more != RC_NOTFOUND)
			buf_str(&out, "# incomplete: the shop failed\r\n");
		rc = out.bad ? RC_FAIL
			     : fcgi_part(f, (struct span){out.p, out.len});
	}
	cx->arena = all;
	arena_free(own);
	return rc;
}

static enum rc
send_answer(struct ctx *cx, const struct response *rs, struct fcgi *f,
    struct span head, struct span body)
{
	enum rc rc;

	if (rs->more == NULL || rs->rq->method == METHOD_HEAD)
		return fcgi_answer(f, head, body);
	rc = fcgi_part(f, head);
	if (rc == RC_OK)
		rc = send_pieces(cx, rs, f);
	/* the end in any case: there is nothing else to tell the peer */
	return fcgi_answer(f, body, body) == RC_OK ? rc : RC_FAIL;
}

void
web_serve(struct ctx *cx, struct web *w, struct fcgi *f)
{
	const char *id = fcgi_param(f, "REQUEST_ID");
	int64_t start = time_mono_us();
	struct response *rs;
	struct span body;
	struct buf head;

	ctx_begin(cx, request_id_ok(id) ? id : NULL);
	cx->tmpl = w->tmpl; /* the texts of mails, for the panel */
	pieces_begin(w->pieces);
	cx->deadline = start + cx->set->request_deadline_ms * US_PER_MS;
	log_request(cx->request_id);
	bug_context(cx->request_id, "none");

	rs = answer(cx, w, f);
	buf_init(&head, cx->arena, HEAD_HINT, HEAD_MAX);
	body = response_write(rs, &head);
	BUG_ON(head.bad);
	/* a client that has gone away changes nothing: the work is done */
	if (send_answer(cx, rs, f, (struct span){head.p, head.len}, body) !=
	    RC_OK)
		log_event(LOG_DEBUG, "client_gone");
	fcgi_finish(f);

	count(cx, rs, time_mono_us() - start);
	log_request(NULL);
	bug_context(NULL, NULL);
	ctx_end(cx);
}

void
web_print_routes(FILE *out, const struct settings *set)
{
	router_print(out, set);
}
