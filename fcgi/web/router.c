/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The route table, made of route.def, and the match of a path against it.
 *
 * A linear walk: some hundred rows, nearly all of which differ in their first
 * bytes, cost less than hashing the path would.
 */
#include "web/router.h"

#include "base/buf.h"
#include "base/bug.h"

#include <string.h>

/* The words of route.def. */
#define CSRF GUARD_CSRF
#define FORM_TOKEN GUARD_FORM_TOKEN
#define RATE_PAGE GUARD_RATE_PAGE
#define RATE_ORDER GUARD_RATE_ORDER
#define RATE_LOOKUP GUARD_RATE_LOOKUP
#define RATE_LOGIN GUARD_RATE_LOGIN
#define RAW_BODY GUARD_RAW_BODY
#define MULTIPART GUARD_MULTIPART
#define BIG_FORM GUARD_BIG_FORM
#define CHUNK GUARD_CHUNK
#define AUDIT GUARD_AUDIT
#define PRODUCT GUARD_PRODUCT
#define CATEGORY GUARD_CATEGORY
#define NEVER CACHE_NEVER, 0
#define PRIVATE CACHE_PRIVATE, 0
#define PAGE CACHE_PUBLIC, -1
#define SEC(n) CACHE_PUBLIC, (n)

const struct route router_table[] = {
#define ROUTE(pool, method, path, handler, who, guards, cache)                 \
	{POOL_##pool, METHOD_##method, path, #handler, handler, WHO_##who,     \
	    guards, cache},
#include "web/route.def"
#undef ROUTE
};

const size_t router_count = sizeof(router_table) / sizeof(router_table[0]);

/* The pattern without the panel's mark; *path moves behind the prefix. */
static const char *
unprefix(const struct settings *set, const char *pattern, const char **path)
{
	size_t n;

	if (*pattern != ADMIN[0])
		return pattern;
	n = strlen(set->admin_prefix);
	if (strncmp(*path, set->admin_prefix, n) != 0 ||
	    ((*path)[n] != '\0' && (*path)[n] != '/'))
		return NULL;
	*path += n;
	return pattern + 1;
}

/* One {name}: takes a segment of the path. */
static bool
take_segment(struct arena *a, const char **pattern, const char **path,
    struct path_value *out)
{
	const char *name = *pattern + 1, *end = strchr(name, '}');
	size_t n = strcspn(*path, "/");

	BUG_ON(end == NULL);
	if (n == 0)
		return false;
	out->name = arena_dup(a, name, (size_t)(end - name));
	out->value = arena_dup(a, *path, n);
	*pattern = end + 1;
	*path += n;
	return true;
}

static bool
matches(struct ctx *cx, const struct route *r, const char *path,
    struct path_value *params, size_t *n)
{
	const char *p = unprefix(cx->set, r->pattern, &path);

	*n = 0;
	if (p == NULL)
		return false;
	while (*p != '\0') {
		if (*p == '{') {
			BUG_ON(*n == REQUEST_PARAMS);
			if (!take_segment(
				cx->arena, &p, &path, &params[(*n)++]))
				return false;
			continue;
		}
		if (*p++ != *path++)
			return false;
	}
	return *path == '\0';
}

static void
allow_add(struct buf *b, enum method m)
{
	if (b->len != 0)
		buf_str(b, ", ");
	buf_str(b, m == METHOD_GET ? "GET, HEAD" : "POST");
}

enum http_status
router_match(
    struct ctx *cx, unsigned pools, struct request *rq, const char **allow)
{
	enum method want = rq->method == METHOD_HEAD ? METHOD_GET : rq->method;
	struct path_value params[REQUEST_PARAMS];
	struct buf others;
	size_t i, n;

	buf_init(&others, cx->arena, 32, 64);
	for (i = 0; i < router_count; i++) {
		const struct route *r = &router_table[i];

		if ((r->pool & pools) == 0 ||
		    !matches(cx, r, rq->path, params, &n))
			continue;
		if (r->method != want) {
			allow_add(&others, r->method);
			continue;
		}
		rq->route = r;
		rq->n_params = n;
		memcpy(rq->params, params, n * sizeof(params[0]));
		return HTTP_PASS;
	}
	if (others.len == 0)
		return HTTP_NOT_FOUND;
	*allow = buf_text(&others);
	return HTTP_BAD_METHOD;
}

const char *
router_pattern(
    struct arena *a, const struct settings *set, const struct route *r)
{
	if (r->pattern[0] != ADMIN[0])
		return r->pattern;
	return arena_fmt(a, "%s%s", set->admin_prefix, r->pattern + 1);
}

unsigned
router_pools(const char *pool)
{
	if (str_eq(pool, "storefront"))
		return POOL_STORE;
	if (str_eq(pool, "admin"))
		return POOL_ADMIN;
	if (str_eq(pool, "notify"))
		return POOL_NOTIFY;
	return POOL_EVERY;
}

static const char *
pool_name(enum pool_bit p)
{
	return p == POOL_STORE    ? "storefront"
	       : p == POOL_ADMIN  ? "admin"
	       : p == POOL_NOTIFY ? "notify"
				  : "every";
}

static void
print_guards(FILE *out, unsigned guards)
{
	static const char *const name[] = {"CSRF", "FORM_TOKEN", "RATE_PAGE",
	    "RATE_ORDER", "RATE_LOOKUP", "RATE_LOGIN", "RAW_BODY", "MULTIPART",
	    "BIG_FORM", "CHUNK", "AUDIT", "PRODUCT", "CATEGORY"};
	const char *sep = "";
	size_t i;

	if (guards == 0)
		fputc('-', out);
	for (i = 0; i < sizeof(name) / sizeof(name[0]); i++) {
		if ((guards & 1u << i) == 0)
			continue;
		fprintf(out, "%s%s", sep, name[i]);
		sep = "|";
	}
}

void
router_print(FILE *out, const struct settings *set)
{
	static const char *const who[WHO__N] = {[WHO_ANYONE] = "anyone",
	    [WHO_STAFF] = "staff",
	    [WHO_OWNER] = "owner",
	    [WHO_GATEWAY] = "gateway",
	    [WHO_API] = "api",
	    [WHO_LOOPBACK] = "loopback"};
	enum { BLOCK = 4096, CAP = 1 << 20 };
	struct arena *a = arena_new(BLOCK, CAP);
	size_t i;

	for (i = 0; i < router_count; i++) {
		const struct route *r = &router_table[i];

		fprintf(out, "%-10s %-4s %-32s %-24s %-8s ", pool_name(r->pool),
		    r->method == METHOD_GET ? "GET" : "POST",
		    router_pattern(a, set, r), r->name, who[r->who]);
		print_guards(out, r->guards);
		fprintf(out, " %s\n",
		    r->cache == CACHE_NEVER     ? "never"
		    : r->cache == CACHE_PRIVATE ? "private"
						: "public");
	}
	arena_free(a);
}
