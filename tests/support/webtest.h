/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTTP layer without a web server: a FastCGI request made of literals
 * takes the place of io/fcgi.c, and the answer is kept as text.  No database:
 * every connection is refused, which is a case of its own.
 */
#ifndef KS_WEBTEST_H
#define KS_WEBTEST_H

#include "support/test.h"

#include "base/settings.h"
#include "io/ctx.h"
#include "web/request.h"
#include "web/response.h"
#include "web/web.h"

enum { WT_ENV = 256 };

struct fcgi {
	char *env[WT_ENV];
	size_t n;
	struct span body;
	size_t given; /* of the body */
	char *out;
	size_t out_n;
};

extern struct settings wt_set; /* change before wt_begin() */
extern struct ctx wt_cx;
extern struct web *wt_web;

int wt_setup(void **state); /* settings, keys, templates: once a group */
int wt_teardown(void **state);
/* For tests below the dispatcher: a new unit of work; what the last one had in
 * wt_cx.arena is gone. */
void wt_begin(void);
/* A request: "NAME=value" strings; REQUEST_METHOD, PATH_INFO, REMOTE_ADDR and
 * HTTP_HOST have defaults. */
struct fcgi *wt_request(const char *const *env, const char *body);
#define WT_ENV_LIST(...)                                                       \
	(const char *const[])                                                  \
	{                                                                      \
		__VA_ARGS__ __VA_OPT__(, ) NULL                                \
	}
/* Everything from the first byte to the last; the answer's text, in the
 * test's arena. */
const char *wt_serve(struct fcgi *f);
#define WT_GET(path, ...)                                                      \
	wt_serve(wt_request(                                                   \
	    WT_ENV_LIST("PATH_INFO=" path __VA_OPT__(, ) __VA_ARGS__), NULL))
/* "Status: 404 ..." */
int wt_status(const char *answer);
/* A header's value, or NULL; the first of that name. */
const char *wt_header(const char *answer, const char *name);
const char *wt_body(const char *answer);

#define TEST_WEB(fn)                                                           \
	cmocka_unit_test_setup_teardown(                                       \
	    fn, test_arena_setup, test_arena_teardown)

#endif
