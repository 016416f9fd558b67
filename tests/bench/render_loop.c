/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rendering and nothing else, for a profiler: the home page of thirty goods,
 * from structs to the body's last byte, without database and web server.
 *
 *     valgrind --tool=callgrind --toggle-collect=render_once \
 *         tests/bench/render_loop 200
 */
#include "support/webtest.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/time.h"
#include "shop/catalogue.h"
#include "web/piece.h"
#include "web/view_shop.h"

enum { GOODS = 30, FEATURED = 8, SHELVES = 4, WARM = 20 };

/* Full rows of four, so that all thirty are shown. */
static const unsigned on_shelf[SHELVES] = {8, 8, 4, 2};

void render_once(
    const struct request *rq, const struct tree *t, const struct goods *goods);

static struct category shelf[SHELVES];
static struct goods good[GOODS];
static const struct shop_info shop = {
    .name = "Keystall", .currency = "CNY", .notice = "Open", .open = true};
static size_t bytes;

static unsigned
shelf_of(unsigned i)
{
	unsigned at = 0;

	if (i < FEATURED)
		return 0;
	for (i -= FEATURED; i >= on_shelf[at]; at++)
		i -= on_shelf[at];
	return at;
}

static void
fill(struct arena *a)
{
	unsigned i;

	for (i = 0; i < SHELVES; i++) {
		shelf[i].id = i + 1;
		shelf[i].slug = arena_fmt(a, "shelf-%u", i);
		shelf[i].name = arena_fmt(a, "Shelf number %u", i);
		shelf[i].summary = shelf[i].icon = "";
		shelf[i].products = on_shelf[i];
	}
	for (i = 0; i < GOODS; i++) {
		struct goods *g = &good[i];

		g->id = i + 1;
		g->category = shelf_of(i) + 1;
		g->featured = i < FEATURED;
		g->slug = arena_fmt(a, "good-%u", i);
		g->name = arena_fmt(a, "A licence of \"kind\" %u, one year", i);
		g->summary = "";
		g->picture = i % 3 == 0 ? "img/none.svg" : "img/logo.svg";
		g->tags = i % 2 == 0 ? "new,popular" : "popular";
		g->from = (struct money){1000 + i};
		g->to = (struct money){1000 + i + i % 2};
		g->skus = 1 + i % 2;
		g->stock.display = STOCK_EXACT;
		g->stock.n = i % 7 == 0 ? 0 : 100 + i;
		g->stock.out = i % 7 == 0;
	}
}

void
render_once(
    const struct request *rq, const struct tree *t, const struct goods *goods)
{
	struct response *rs = response_new(&wt_cx, wt_web, rq);
	struct parts page;
	struct buf head;

	rs->cache = CACHE_PUBLIC;
	rs->max_age_s = 2;
	view_home(rs, &shop, t, goods, GOODS, &page);
	if (respond_parts(rs, &page) != RC_OK)
		abort();
	buf_init(&head, wt_cx.arena, 4096, 32768);
	bytes = response_write(rs, &head).n;
}

int
main(int argc, char **argv)
{
	struct tree t = {.list = shelf, .n = SHELVES, .currency = "CNY"};
	long i, n = argc > 1 ? atol(argv[1]) : 10000;
	struct arena *a = arena_new(65536, 1 << 20);
	int64_t start;

	if (wt_setup(NULL) != 0)
		return 1;
	fill(a);
	wt_web->shop[0].lang = "zh-CN";
	wt_web->shop[0].until = INT64_MAX; /* no database to ask */
	web_remember(wt_web->shop[0].name, WEB_NAME, shop.name);
	for (i = -WARM, start = 0; i < n; i++) {
		if (i == 0)
			start = time_mono_us();
		wt_begin();
		render_once(request_new(&wt_cx), &t, good);
	}
	printf("%zu bytes, %zu in the arena, %.2f us a page\n", bytes,
	    arena_peak(wt_cx.arena),
	    (double)(time_mono_us() - start) / (double)n);
	(void)wt_teardown(NULL);
	arena_free(a);
	return 0;
}
