/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Outgoing HTTP by libcurl.
 *
 * One handle a process, so that a gateway asked twice is asked over the same
 * connection.  Nothing of the environment counts: no proxy, no .netrc.  The
 * log names the host and never the rest of the address, which may carry a
 * key.
 */
#include "io/httpc.h"

#include "base/breaker.h"
#include "base/buf.h"
#include "base/bug.h"
#include "base/log.h"
#include "base/metric.h"
#include "base/slots.h"
#include "base/time.h"
#include "base/url.h"
#include "base/vec.h"
#include "io/addr.h"

#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <curl/curl.h>

enum {
	TIMEOUT_MS = 8000,
	CONNECT_MS = 2000,
	NAP_MS = 5,
	PATIENCE_MS = 500,
	BODY_MAX = 1024 * 1024,
	HEADERS_MAX = 64,
	HEADER_MAX = 8 * 1024
};

struct exchange {
	struct ctx *cx;
	struct buf body;
	VEC(const char *) headers;
	bool private_ok;
	bool denied; /* a private address was refused */
};

static CURL *handle;
static http_fn replaced;

void
http_replace(http_fn fn)
{
	replaced = fn;
}

void
http_child(void)
{
	handle = NULL;
}

static CURL *
handle_get(void)
{
	if (handle != NULL) {
		curl_easy_reset(handle); /* keeps its connections */
		return handle;
	}
	if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
		BUG("libcurl does not start");
	handle = curl_easy_init();
	if (handle == NULL)
		no_memory(0);
	return handle;
}

/* ---- called back by libcurl */

static curl_socket_t
open_socket(void *arg, curlsocktype purpose, struct curl_sockaddr *to)
{
	struct exchange *x = arg;

	if (purpose != CURLSOCKTYPE_IPCXN ||
	    (!x->private_ok && !addr_is_public(&to->addr))) {
		x->denied = true;
		return CURL_SOCKET_BAD;
	}
	return socket(to->family, to->socktype | SOCK_CLOEXEC, to->protocol);
}

/* Less than n ends the transfer. */
static size_t
take_body(char *p, size_t one, size_t n, void *arg)
{
	struct exchange *x = arg;

	buf_add(&x->body, p, one * n);
	return x->body.bad ? 0 : one * n;
}

/* One line each.  A status line begins the head anew: what came before was
 * a 1xx answer. */
static size_t
take_header(char *p, size_t one, size_t n, void *arg)
{
	struct span line = {p, one * n}, name;
	struct exchange *x = arg;
	char *text;
	size_t i;

	while (line.n != 0 && chr_space(line.p[line.n - 1]))
		line.n--;
	if (line.n >= 5 && memcmp(line.p, "HTTP/", 5) == 0) {
		x->headers.n = 0;
		return one * n;
	}
	if (x->headers.n == HEADERS_MAX || line.n > HEADER_MAX ||
	    span_has_nul(line))
		return 0;
	text = arena_dup(x->cx->arena, line.p, line.n);
	if (!span_cut(&line, ':', &name) || name.n == 0)
		return one * n;
	for (i = 0; i < name.n; i++)
		text[i] = chr_lower(text[i]);
	*VEC_ADD(&x->headers, x->cx->arena) = text;
	return one * n;
}

/* ---- one call */

static long
timeout_of(const struct ctx *cx, const struct http_call *call)
{
	int64_t ms = call->timeout_ms == 0 ? TIMEOUT_MS : call->timeout_ms;
	int64_t left;

	if (cx->deadline != 0) {
		ms = cx->set->gateway_ms < ms ? cx->set->gateway_ms : ms;
		left = (cx->deadline - time_mono_us()) / US_PER_MS;
		ms = left < ms ? left : ms;
	}
	return ms < 1 ? 1 : (long)ms; /* 0 would be for ever */
}

static bool
header_ok(const char *h)
{
	return strchr(h, ':') != NULL && strpbrk(h, "\r\n") == NULL;
}

/* NULL: one of them is not a header. */
static struct curl_slist *
headers_of(const struct http_call *call)
{
	/* No waiting for "100 Continue": gateways answer late or never. */
	struct curl_slist *list = curl_slist_append(NULL, "Expect:"), *more;
	size_t i;

	if (list == NULL)
		no_memory(0);
	for (i = 0; call->headers != NULL && call->headers[i] != NULL; i++) {
		more = header_ok(call->headers[i])
			   ? curl_slist_append(list, call->headers[i])
			   : NULL;
		if (more == NULL) {
			curl_slist_free_all(list);
			return NULL;
		}
		list = more;
	}
	return list;
}

static CURLcode
set_method(CURL *c, const struct http_call *call)
{
	CURLcode bad;

	if (str_eq(call->method, "GET") && call->body.n == 0)
		return curl_easy_setopt(c, CURLOPT_HTTPGET, 1L);
	if ((bad = curl_easy_setopt(c, CURLOPT_POST, 1L)) != CURLE_OK ||
	    (bad = curl_easy_setopt(c, CURLOPT_POSTFIELDSIZE_LARGE,
		 (curl_off_t)call->body.n)) != CURLE_OK ||
	    (bad = curl_easy_setopt(c, CURLOPT_POSTFIELDS,
		 call->body.n == 0 ? "" : call->body.p)) != CURLE_OK)
		return bad;
	if (str_eq(call->method, "POST"))
		return CURLE_OK;
	return curl_easy_setopt(c, CURLOPT_CUSTOMREQUEST, call->method);
}

static long
body_max(const struct http_call *call)
{
	return call->body_max == 0 || call->body_max > BODY_MAX
		   ? BODY_MAX
		   : (long)call->body_max;
}

static CURLcode
set_numbers(CURL *c, const struct http_call *call, long timeout)
{
	const struct {
		CURLoption what;
		long value;
	} rule[] = {
	    {CURLOPT_NOSIGNAL, 1},
	    {CURLOPT_DISALLOW_USERNAME_IN_URL, 1},
	    {CURLOPT_FOLLOWLOCATION, 0},
	    {CURLOPT_NETRC, CURL_NETRC_IGNORED},
	    {CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1},
	    {CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2},
	    {CURLOPT_SSL_VERIFYPEER, 1},
	    {CURLOPT_SSL_VERIFYHOST, 2},
	    {CURLOPT_MAXFILESIZE, body_max(call)},
	    /* one that was opened for a gateway was judged by other rules */
	    {CURLOPT_FRESH_CONNECT, call->webhook},
	    {CURLOPT_FORBID_REUSE, call->webhook},
	    {CURLOPT_TIMEOUT_MS, timeout},
	    {CURLOPT_CONNECTTIMEOUT_MS,
		timeout < CONNECT_MS ? timeout : CONNECT_MS},
	};
	CURLcode bad = CURLE_OK;
	size_t i;

	for (i = 0; i < sizeof(rule) / sizeof(rule[0]); i++)
		if (bad == CURLE_OK)
			bad = curl_easy_setopt(c, rule[i].what, rule[i].value);
	return bad;
}

static CURLcode
set_texts(CURL *c, const char *url)
{
	const struct {
		CURLoption what;
		const char *value;
	} rule[] = {
	    {CURLOPT_PROTOCOLS_STR, "http,https"},
	    {CURLOPT_PROXY, ""}, /* whatever the environment says */
	    {CURLOPT_USERAGENT, "keystall"},
	    {CURLOPT_URL, url},
	};
	CURLcode bad = CURLE_OK;
	size_t i;

	for (i = 0; i < sizeof(rule) / sizeof(rule[0]); i++)
		if (bad == CURLE_OK)
			bad = curl_easy_setopt(c, rule[i].what, rule[i].value);
	return bad;
}

/* These do not fail. */
static void
set_callbacks(CURL *c, struct exchange *x)
{
	(void)curl_easy_setopt(c, CURLOPT_OPENSOCKETFUNCTION, open_socket);
	(void)curl_easy_setopt(c, CURLOPT_OPENSOCKETDATA, x);
	(void)curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, take_body);
	(void)curl_easy_setopt(c, CURLOPT_WRITEDATA, x);
	(void)curl_easy_setopt(c, CURLOPT_HEADERFUNCTION, take_header);
	(void)curl_easy_setopt(c, CURLOPT_HEADERDATA, x);
}

/* Was there no answer, or one that we could not take? */
static enum rc
rc_of(CURLcode code, const struct exchange *x)
{
	switch (code) {
	case CURLE_OK:
		return RC_OK;
	case CURLE_COULDNT_CONNECT:
		return x->denied ? RC_DENIED : RC_BUSY;
	case CURLE_COULDNT_RESOLVE_HOST:
	case CURLE_OPERATION_TIMEDOUT:
	case CURLE_SEND_ERROR:
	case CURLE_RECV_ERROR:
	case CURLE_GOT_NOTHING:
	case CURLE_PARTIAL_FILE:
	case CURLE_SSL_CONNECT_ERROR:
		return RC_BUSY;
	default:
		return RC_FAIL;
	}
}

static void
note(const struct http_call *call, struct arena *a, enum rc rc, const char *why)
{
	const char *host = "?", *path;
	unsigned port;
	bool https;

	if (url_split(a, call->url, &https, &host, &port, &path) != RC_OK)
		host = "?";
	log_event(LOG_WARN, "http_failed", LF_STR("host", host),
	    LF_STR("method", call->method), LF_STR("rc", rc_name(rc)),
	    LF_STR("why", why));
}

static CURLcode
perform(CURL *c, struct exchange *x, const struct http_call *call,
    struct http_answer *out)
{
	struct curl_slist *headers = headers_of(call);
	CURLcode code = CURLE_BAD_FUNCTION_ARGUMENT;
	long status = 0;

	if (headers == NULL)
		return code;
	set_callbacks(c, x);
	code = set_numbers(c, call, timeout_of(x->cx, call));
	if (code == CURLE_OK)
		code = set_texts(c, call->url);
	if (code == CURLE_OK)
		code = set_method(c, call);
	if (code == CURLE_OK)
		code = curl_easy_setopt(c, CURLOPT_HTTPHEADER, headers);
	if (code == CURLE_OK)
		code = curl_easy_perform(c);
	if (code == CURLE_OK)
		code = curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
	curl_slist_free_all(headers);
	if (code == CURLE_OK)
		out->status = (int)status;
	return code;
}

/* Calls that may have reached somebody. */
static uint64_t tried;

uint64_t
http_tried(void)
{
	return tried;
}

/* ---- who may call */

struct pass {
	const char *name; /* of the breaker: host:port; NULL: none */
	enum breaker_pass breaker;
	int slot; /* -1: nobody waits for this call */
};

static enum rc
refused(const struct http_call *call, struct arena *a, const char *why)
{
	metric_add(METRIC_calls_refused_total, why, 1);
	note(call, a, RC_BUSY, why);
	return RC_BUSY;
}

/* Copies of a notice come together; each asks its gateway.  The one that finds
 * all slots taken waits a moment, because the gateway would else wait for
 * minutes before it tries again. */
static int
take_slot(const struct ctx *cx)
{
	const struct timespec nap = {0, NAP_MS * 1000000};
	int slot, naps = cx->patient ? PATIENCE_MS / NAP_MS : 0;

	while ((slot = slots_take(SLOTS_GATEWAY)) < 0 && naps-- > 0)
		(void)nanosleep(&nap, NULL);
	return slot;
}

static enum rc
enter(struct ctx *cx, const struct http_call *call, struct pass *p)
{
	const char *host, *path;
	unsigned port;
	bool https;

	if (!url_is_http(call->url) || url_split(cx->arena, call->url, &https,
					   &host, &port, &path) != RC_OK) {
		note(call, cx->arena, RC_DENIED, "not an http address");
		return RC_DENIED;
	}
	*p = (struct pass){.breaker = BREAKER_NO, .slot = -1};
	/* receivers rest by a rule of their own, one by one, and strangers'
	 * names are no labels */
	if (call->webhook)
		return RC_OK;
	p->name = arena_fmt(cx->arena, "%s:%u", host, port);
	if (cx->deadline != 0 && (p->slot = take_slot(cx)) < 0)
		return refused(call, cx->arena, "slots");
	p->breaker = breaker_enter(p->name, time_mono_us());
	if (p->breaker != BREAKER_NO)
		return RC_OK;
	if (p->slot >= 0)
		slots_give(SLOTS_GATEWAY, p->slot);
	return refused(call, cx->arena, "breaker");
}

static void
leave(const struct pass *p, bool good)
{
	if (p->name != NULL)
		breaker_leave(p->name, p->breaker, good, time_mono_us());
	if (p->slot >= 0)
		slots_give(SLOTS_GATEWAY, p->slot);
}

enum rc
http_do(struct ctx *cx, const struct http_call *call, struct http_answer *out)
{
	struct exchange x = {.cx = cx};
	struct http_answer answer = {0};
	struct pass pass;
	CURLcode code;
	enum rc rc;

	/* A gateway's answer takes seconds; locks must not wait for it. */
	BUG_ON(cx->tx_depth != 0);
	if (replaced != NULL) {
		tried++;
		return replaced(cx, call, out);
	}
	if ((rc = enter(cx, call, &pass)) != RC_OK)
		return rc;
	x.private_ok = call->webhook ? cx->set->webhook_private_hosts
				     : cx->set->gateway_private_hosts;
	buf_init(&x.body, cx->arena, 4096, (size_t)body_max(call));
	code = perform(handle_get(), &x, call, &answer);
	if (code != CURLE_COULDNT_CONNECT && code != CURLE_COULDNT_RESOLVE_HOST)
		tried++;
	rc = rc_of(code, &x);
	leave(&pass, rc != RC_BUSY);
	if (rc != RC_OK) {
		note(call, cx->arena, rc,
		    x.denied ? "private address" : curl_easy_strerror(code));
		return rc;
	}
	answer.body = (struct span){buf_text(&x.body), x.body.len};
	*VEC_ADD(&x.headers, cx->arena) = NULL;
	answer.headers = x.headers.v;
	*out = answer;
	return RC_OK;
}

const char *
http_answer_header(const struct http_answer *a, const char *name)
{
	size_t i, n = strlen(name);
	const char *h;

	for (i = 0; a->headers != NULL && (h = a->headers[i]) != NULL; i++) {
		if (strlen(h) <= n || h[n] != ':' ||
		    !span_is((struct span){h, n}, name))
			continue;
		h += n + 1;
		return h + strspn(h, " \t");
	}
	return NULL;
}
