/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one entry point of the HTTP layer for proc/: load before fork, serve
 * requests in each worker.
 */
#ifndef KS_WEB_WEB_H
#define KS_WEB_WEB_H

#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/rc.h"
#include "io/ctx.h"
#include "web/rate.h"
#include "web/static_url.h"

struct fcgi;
struct address_list;
struct known;
struct light_store;
struct pieces;
struct tmpl;

enum { WEB_NAME = 512, WEB_LANGS = 2 };

struct web_shop {         /* the shop in one language, as last seen */
	const char *lang; /* one of session_language()'s; NULL: not seen yet */
	char name[WEB_NAME];
	int64_t until; /* monotonic us: fresh until then */
};

struct web { /* read only after web_open(), but for the last three */
	const struct settings *set;
	unsigned pools; /* enum pool_bit of the routes served */
	const struct address_list *trusted; /* proxies */
	struct tmpl *tmpl;
	struct static_map *files;
	struct rate_table *rate; /* shared by the workers; kept over reloads */
	struct known *known;     /* the same; NULL: everything may exist */
	struct arena *keep;
	struct light_store *light;
	struct pieces *pieces; /* of this worker */
	struct web_shop shop[WEB_LANGS];
	char currency[4]; /* as last seen */
};

/* Copies what fits; a whole text or nothing. */
void web_remember(char *to, size_t size, const char *text);

/* Templates, catalogues, static manifest.  RC_INVALID: *why is one line in a,
 * and nothing else is left behind: the caller keeps its old one. */
MUST_CHECK enum rc web_open(struct arena *a, const struct settings *set,
    struct rate_table *rate, struct web **out, const char **why);
void web_close(struct web *w);

/* One request that fcgi_accept() has given: everything from its first byte to
 * fcgi_finish(). */
void web_serve(struct ctx *cx, struct web *w, struct fcgi *f);

/* `keystallctl routes`. */
void web_print_routes(FILE *out, const struct settings *set);

#endif
