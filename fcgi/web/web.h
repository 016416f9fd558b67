/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one entry point of the HTTP layer for proc/: load before fork, serve
 * requests in each worker.
 */
#ifndef KS_WEB_WEB_H
#define KS_WEB_WEB_H

#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"
#include "io/ctx.h"
#include "web/rate.h"
#include "web/static_url.h"

struct fcgi;
struct tmpl;

struct web { /* read only after web_open() */
	const struct settings *set;
	unsigned pools; /* enum pool_bit of the routes served */
	struct tmpl *tmpl;
	struct static_map *files;
	struct rate_table *rate; /* shared by the workers; kept over reloads */
	struct arena *keep;
};

/* Templates, catalogues, static manifest.  RC_INVALID: *why is one line and
 * nothing is left behind: the caller keeps its old one. */
MUST_CHECK enum rc web_open(const struct settings *set, struct rate_table *rate,
    struct web **out, const char **why);
void web_close(struct web *w);

/* One request that fcgi_accept() has given: everything from its first byte to
 * fcgi_finish(). */
void web_serve(struct ctx *cx, struct web *w, struct fcgi *f);

#endif
