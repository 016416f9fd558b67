/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The routes: one row of route.def each, and nothing else decides what a
 * request may reach.  This header also declares every handler; a row without
 * one does not link.
 */
#ifndef KS_WEB_ROUTER_H
#define KS_WEB_ROUTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/rc.h"
#include "io/ctx.h"
#include "web/request.h"
#include "web/response.h"

enum pool_bit {
	POOL_STORE = 1, /* storefront */
	POOL_ADMIN = 2,
	POOL_NOTIFY = 4,
	POOL_EVERY = 7 /* health and metrics */
};

enum who {
	WHO_ANYONE,
	WHO_STAFF,    /* a staff session; others are sent to the login */
	WHO_OWNER,    /* the owner's session; other staff get 403 */
	WHO_GATEWAY,  /* proves itself by a signature, in its handler */
	WHO_API,      /* proves itself by a key */
	WHO_LOOPBACK, /* this machine, or the metrics token */
	WHO__N
};

enum guard_flag {
	GUARD_CSRF = 1 << 0,       /* field `csrf` must fit the session */
	GUARD_FORM_TOKEN = 1 << 1, /* the handler checks a one-time token that
				    * shop/ made: instead of CSRF */
	GUARD_RATE_PAGE = 1 << 2,
	GUARD_RATE_ORDER = 1 << 3,
	GUARD_RATE_LOOKUP = 1 << 4,
	GUARD_RATE_LOGIN = 1 << 5,
	GUARD_RAW_BODY = 1 << 6,  /* not parsed: rq->body */
	GUARD_MULTIPART = 1 << 7, /* multipart/form-data is welcome, too */
	GUARD_BIG_FORM = 1 << 8,  /* texts: up to LIM_BODY_TEXT */
	GUARD_CHUNK = 1 << 9,     /* up to LIM_BODY_CHUNK of cards */
	GUARD_AUDIT = 1 << 10,   /* shop/ writes an audit row with the change */
	GUARD_PRODUCT = 1 << 11, /* {slug} is one's: junk is turned away */
	GUARD_CATEGORY = 1 << 12
};

typedef enum rc (*handler_fn)(struct ctx *cx, struct response *rs);

struct route {
	enum pool_bit pool;
	enum method method;
	const char *pattern; /* a leading '\1' is the panel's prefix */
	const char *name;    /* the handler's */
	handler_fn handler;
	enum who who;
	unsigned guards;
	enum cache_kind cache;
	int64_t max_age_s; /* CACHE_PUBLIC; < 0: setting page_max_age_s */
};

/* The panel's prefix, inside route.def. */
#define ADMIN "\1"

#define ROUTE(pool, method, path, handler, who, guards, cache)                 \
	enum rc handler(struct ctx *cx, struct response *rs);
#include "web/route.def"
#undef ROUTE

extern const struct route router_table[];
extern const size_t router_count;

/* The row for a method and a decoded path among the pools of the mask; sets
 * rq->route and rq->params.  HTTP_NOT_FOUND, or HTTP_BAD_METHOD with *allow
 * ("GET, HEAD, POST") in the arena. */
enum http_status router_match(
    struct ctx *cx, unsigned pools, struct request *rq, const char **allow);
/* The pattern for people and metrics: "/admin/orders/{no}". */
const char *router_pattern(
    struct arena *a, const struct settings *set, const struct route *r);
/* `keystallctl routes`. */
void router_print(FILE *out, const struct settings *set);
/* Mask for the setting `pool`. */
unsigned router_pools(const char *pool);

#endif
