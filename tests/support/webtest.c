/* SPDX-License-Identifier: Apache-2.0 */
#include "support/webtest.h"

#include <stdio.h>

#include "base/num.h"
#include "io/cache.h"
#include "io/crypt.h"
#include "io/db.h"
#include "io/fcgi.h"
#include "shop/start.h"

struct settings wt_set;
struct ctx wt_cx;
struct web *wt_web;

static struct arena *keep;
static struct rate_table *rate;
static bool begun;

/* ---- what io/fcgi.c would be */

const char *
fcgi_param(struct fcgi *f, const char *name)
{
	size_t i, n = strlen(name);

	for (i = 0; i < f->n; i++)
		if (strncmp(f->env[i], name, n) == 0 && f->env[i][n] == '=')
			return f->env[i] + n + 1;
	return "";
}

char *const *
fcgi_params(struct fcgi *f)
{
	return f->env;
}

size_t
fcgi_read(struct fcgi *f, void *p, size_t n)
{
	size_t left = f->body.n - f->given;

	/* in small slices, as a network gives them */
	if (n > 1000)
		n = 1000;
	if (n > left)
		n = left;
	memcpy(p, f->body.p + f->given, n);
	f->given += n;
	return n;
}

enum rc
fcgi_part(struct fcgi *f, struct span bytes)
{
	f->out = realloc(f->out, f->out_n + bytes.n + 1);
	assert_non_null(f->out);
	memcpy(f->out + f->out_n, bytes.p, bytes.n);
	f->out_n += bytes.n;
	f->out[f->out_n] = '\0';
	return RC_OK;
}

enum rc
fcgi_answer(struct fcgi *f, struct span head, struct span body)
{
	enum rc rc = fcgi_part(f, head);

	return rc == RC_OK ? fcgi_part(f, body) : rc;
}

void
fcgi_finish(struct fcgi *f)
{
	(void)f;
}

/* ---- */

int
wt_setup(void **state)
{
	const char *keys, *why = "";

	(void)state;
	keep = arena_new(65536, 64 << 20);
	crypt_init();
	shop_start();
	wt_set = *settings_defaults(keep);
	ta = keep; /* no case has begun */
	wt_set.templates_dir = test_source("templates");
	wt_set.static_dir = test_source("static");
	ta = NULL;
	wt_set.db_socket = arena_fmt(keep, "%s/no-such-server", test_dir());
	wt_set.log_level = "error";
	wt_set.rate_page = wt_set.rate_order = wt_set.rate_lookup =
	    wt_set.rate_login = 0;
	keys = arena_fmt(keep, "%s/keys", test_dir());
	if (keyring_create(keys, &why) != RC_OK)
		return 1;
	ctx_init(&wt_cx, keep, &wt_set);
	if (keyring_load(keep, keys, &wt_cx.keys, &why) != RC_OK)
		return 1;
	wt_cx.db = db_new(&wt_cx);
	wt_cx.cache = cache_new(&wt_cx);
	rate = rate_open(1);
	if (web_open(keep, &wt_set, rate, &wt_web, &why) != RC_OK) {
		fprintf(stderr, "%s\n", why);
		return 1;
	}
	return 0;
}

int
wt_teardown(void **state)
{
	(void)state;
	if (begun)
		ctx_end(&wt_cx);
	web_close(wt_web);
	rate_close(rate);
	ctx_release(&wt_cx);
	arena_free(keep);
	return 0;
}

void
wt_begin(void)
{
	if (begun)
		ctx_end(&wt_cx);
	ctx_begin(&wt_cx, NULL);
	begun = true;
}

static void
put(struct fcgi *f, const char *line)
{
	size_t n = strcspn(line, "=");
	char name[64];

	snprintf(name, sizeof(name), "%.*s", (int)n, line);
	if (f->n + 1 < WT_ENV && *fcgi_param(f, name) == '\0')
		f->env[f->n++] = arena_str(ta, line);
}

struct fcgi *
wt_request(const char *const *env, const char *body)
{
	struct fcgi *f = ARENA_NEW(ta, struct fcgi);

	for (; *env != NULL; env++)
		put(f, *env);
	if (body != NULL) {
		f->body = span_str(body);
		put(f, "REQUEST_METHOD=POST");
		put(f, "CONTENT_TYPE=application/x-www-form-urlencoded");
		put(f, arena_fmt(ta, "CONTENT_LENGTH=%zu", strlen(body)));
	}
	put(f, "REQUEST_METHOD=GET");
	put(f, "PATH_INFO=/");
	put(f, "REMOTE_ADDR=192.0.2.1");
	put(f, "HTTP_HOST=shop.example");
	return f;
}

const char *
wt_serve(struct fcgi *f)
{
	const char *text;

	web_serve(&wt_cx, wt_web, f);
	assert_non_null(f->out);
	text = arena_dup(ta, f->out, f->out_n);
	free(f->out);
	return text;
}

int
wt_status(const char *answer)
{
	uint64_t v = 0;

	assert_true(str_starts(answer, "Status: "));
	assert_int_equal(num_u64((struct span){answer + 8, 3}, 999, &v), RC_OK);
	return (int)v;
}

const char *
wt_header(const char *answer, const char *name)
{
	size_t n = strlen(name);
	const char *line = answer, *end;

	while (*line != '\r') {
		end = strstr(line, "\r\n");
		assert_non_null(end);
		if (strncmp(line, name, n) == 0 && line[n] == ':')
			return arena_dup(
			    ta, line + n + 2, (size_t)(end - line) - n - 2);
		line = end + 2;
	}
	return NULL;
}

const char *
wt_body(const char *answer)
{
	const char *end = strstr(answer, "\r\n\r\n");

	assert_non_null(end);
	return end + 4;
}
