/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many buyers of one product: what a browser and a gateway send, as fast as
 * the shop takes it.  Four phases, each over all orders before the next, so
 * that each can be timed by itself:
 *
 *   1  GET /checkout     a new visitor and his form token
 *   2  POST /order       timed
 *   3  GET /o/NO/pay     opens the payment; says where notices go
 *   4  GET the notice    timed; EPay V1, signed with the channel's key
 *
 *     buyers PORT CONNECTIONS ORDERS SKU CHANNEL PID [wait]
 *
 * The key comes on standard input, so that no process list shows it.  With
 * "wait" it says "ready" before phase 4, and begins that on the next line of
 * standard input.  Prints one line of JSON.  An answer that is not the good one
 * ends it with 1.
 */
#include "load.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum {
	COOKIES = 1024,
	TOKEN = 256,
	NO = 32,
	NOTIFY = 256,
	MONEY = 24,
	TEXT = 2048,
	ORDERS_MAX = 1000 * 1000
};

struct order {
	char cookies[COOKIES];
	char token[TOKEN];
	char no[NO];
	char notify[NOTIFY]; /* path of the notice */
	char money[MONEY];
};

struct shop {
	const char *sku, *channel, *pid;
	char key[TOKEN];
	unsigned run; /* makes payment ids unique over runs */
	struct order *order;
};

static const struct order *
order_of(const struct shop *s, size_t i)
{
	return &s->order[i];
}

/* name=value of each Set-Cookie, as a browser gives them back. */
static void
cookies_keep(struct order *o, const char *head)
{
	char line[COOKIES];
	size_t have, n;

	while (load_header(&head, "Set-Cookie", line, sizeof(line))) {
		n = strcspn(line, ";");
		have = strlen(o->cookies);
		load_fmt(o->cookies + have, COOKIES - have, "%s%.*s",
		    have == 0 ? "" : "; ", (int)n, line);
	}
}

/* The value of the form field `name`, which has nothing to unescape. */
static bool
field(const char *html, const char *name, char *out, size_t room)
{
	char mark[64];
	const char *at;
	size_t n;

	load_fmt(mark, sizeof(mark), "name=\"%s\" value=\"", name);
	at = strstr(html, mark);
	if (at == NULL)
		return false;
	at += strlen(mark);
	n = strcspn(at, "\"");
	if (n == 0 || n >= room || memchr(at, '&', n) != NULL)
		return false;
	memcpy(out, at, n);
	out[n] = '\0';
	return true;
}

/* ---- 1: the form */

static size_t
form_make(void *arg, size_t i, char *out, size_t room)
{
	const struct shop *s = arg;

	(void)i;
	return load_fmt(out, room,
	    "GET /checkout?sku=%s&qty=1 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
	    s->sku);
}

static bool
form_take(void *arg, size_t i, const struct answer *a)
{
	const struct shop *s = arg;
	struct order *o = &s->order[i];

	cookies_keep(o, a->head);
	return a->status == 200 && *o->cookies != '\0' &&
	       field(a->body, "form_token", o->token, sizeof(o->token));
}

/* ---- 2: the order */

static size_t
order_make(void *arg, size_t i, char *out, size_t room)
{
	const struct shop *s = arg;
	const struct order *o = order_of(s, i);
	char body[TEXT];
	size_t n = load_fmt(body, sizeof(body),
	    "sku=%s&qty=1&contact=buyer%u.%zu%%40example.test&"
	    "lookup_password=secret-1234&coupon=&channel=%s&form_token=%s",
	    s->sku, s->run, i, s->channel, o->token);

	return load_fmt(out, room,
	    "POST /order HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: %s\r\n"
	    "Content-Type: application/x-www-form-urlencoded\r\n"
	    "Content-Length: %zu\r\n\r\n%s",
	    o->cookies, n, body);
}

static bool
order_take(void *arg, size_t i, const struct answer *a)
{
	const struct shop *s = arg;
	struct order *o = &s->order[i];
	char to[256];
	const char *at = a->head, *no;
	size_t n;

	if (a->status != 303 || !load_header(&at, "Location", to, sizeof(to)))
		return false;
	no = strstr(to, "/o/");
	n = no == NULL ? 0 : strcspn(no + 3, "/");
	if (n == 0 || n >= NO || strcmp(no + 3 + n, "/pay") != 0)
		return false;
	memcpy(o->no, no + 3, n);
	cookies_keep(o, a->head);
	return true;
}

/* ---- 3: the payment */

static size_t
pay_make(void *arg, size_t i, char *out, size_t room)
{
	const struct order *o = order_of(arg, i);

	return load_fmt(out, room,
	    "GET /o/%s/pay HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: %s\r\n\r\n",
	    o->no, o->cookies);
}

/* The value of a parameter of the link to the gateway, %-decoded.  The link
 * stands in HTML: '&' is "&amp;" there. */
static bool
link_param(const char *link, const char *name, char *out, size_t room)
{
	const char *end = strchr(link, '"'), *at = strstr(link, name);
	unsigned byte;
	size_t n = 0;

	if (at == NULL || end == NULL || at > end)
		return false;
	for (at += strlen(name); *at != '&' && *at != '"'; at++) {
		if (*at == '%' && sscanf(at + 1, "%2x", &byte) == 1)
			at += 2;
		else
			byte = (unsigned char)*at;
		if (n + 1 >= room)
			return false;
		out[n++] = (char)byte;
	}
	out[n] = '\0';
	return n != 0;
}

static bool
pay_take(void *arg, size_t i, const struct answer *a)
{
	const struct shop *s = arg;
	struct order *o = &s->order[i];
	const char *link, *path;
	char url[NOTIFY];

	link = a->status == 200 ? strstr(a->body, "data-pay") : NULL;
	link = link == NULL ? NULL : strstr(link, "href=\"");
	if (link == NULL)
		return false;
	link += strlen("href=\"");
	if (!link_param(link, "notify_url=", url, sizeof(url)) ||
	    !link_param(link, ";money=", o->money, sizeof(o->money)))
		return false;
	path = strstr(url, "://");
	path = path == NULL ? NULL : strchr(path + 3, '/');
	if (path == NULL)
		return false;
	load_fmt(o->notify, sizeof(o->notify), "%s", path);
	return true;
}

/* ---- 4: the notice */

static void
md5_hex(const char *text, char out[33])
{
	unsigned char raw[EVP_MAX_MD_SIZE];
	unsigned n, i;

	if (EVP_Digest(text, strlen(text), raw, &n, EVP_md5(), NULL) != 1 ||
	    n != 16)
		load_die("no MD5");
	for (i = 0; i < n; i++)
		load_fmt(out + 2 * i, 3, "%02x", raw[i]);
}

/* Names in order, as they are signed; nothing in it needs encoding. */
static size_t
notice_make(void *arg, size_t i, char *out, size_t room)
{
	const struct shop *s = arg;
	const struct order *o = order_of(s, i);
	char params[TEXT], text[TEXT + TOKEN], sign[33];

	load_fmt(params, sizeof(params),
	    "money=%s&name=goods&out_trade_no=%s&pid=%s&trade_no=B%u-%zu&"
	    "trade_status=TRADE_SUCCESS&type=alipay",
	    o->money, o->no, s->pid, s->run, i);
	load_fmt(text, sizeof(text), "%s%s", params, s->key);
	md5_hex(text, sign);
	return load_fmt(out, room,
	    "GET %s?%s&sign=%s&sign_type=MD5 HTTP/1.1\r\n"
	    "Host: 127.0.0.1\r\n\r\n",
	    o->notify, params, sign);
}

static bool
notice_take(void *arg, size_t i, const struct answer *a)
{
	(void)arg;
	(void)i;
	return a->status == 200 && strcmp(a->body, "success") == 0;
}

static void
key_read(struct shop *s)
{
	if (fgets(s->key, sizeof(s->key), stdin) == NULL)
		load_die("no key on standard input");
	s->key[strcspn(s->key, "\n")] = '\0';
	if (*s->key == '\0')
		load_die("an empty key");
}

/* Until somebody else is ready, too. */
static void
wait_for_word(void)
{
	char line[TOKEN];

	puts("ready");
	fflush(stdout);
	if (fgets(line, sizeof(line), stdin) == NULL)
		load_die("nobody said when to go on");
}

static void
print(size_t n, int connections, const struct load_result r[4])
{
	printf("{\"orders\": %zu, \"connections\": %d, "
	       "\"place_s\": %.6f, \"place_p50_ms\": %.3f, "
	       "\"place_p99_ms\": %.3f, \"pay_s\": %.6f, "
	       "\"pay_p50_ms\": %.3f, \"pay_p99_ms\": %.3f}\n",
	    n, connections, r[1].seconds, r[1].p50_ms, r[1].p99_ms,
	    r[3].seconds, r[3].p50_ms, r[3].p99_ms);
}

int
main(int argc, char **argv)
{
	struct shop s = {.run = (unsigned)getpid()};
	struct load l[4] = {
	    {.make = form_make, .take = form_take},
	    {.make = order_make, .take = order_take},
	    {.make = pay_make, .take = pay_take},
	    {.make = notice_make, .take = notice_take},
	};
	struct load_result r[4];
	size_t i, n;

	if (argc < 7 || argc > 8 || (argc == 8 && strcmp(argv[7], "wait") != 0))
		load_die("usage: PORT CONNECTIONS ORDERS SKU CHANNEL PID "
			 "[wait] <KEY");
	n = strtoul(argv[3], NULL, 10);
	if (n < 1 || n > ORDERS_MAX)
		load_die("orders out of range");
	s.sku = argv[4];
	s.channel = argv[5];
	s.pid = argv[6];
	key_read(&s);
	s.order = calloc(n, sizeof(*s.order));
	if (s.order == NULL)
		load_die("no memory");
	for (i = 0; i < 4; i++) {
		l[i].port = atoi(argv[1]);
		l[i].connections = atoi(argv[2]);
		l[i].n = n;
		l[i].arg = &s;
		if (i == 3 && argc == 8)
			wait_for_word();
		load_run(&l[i], &r[i]);
	}
	print(n, l[0].connections, r);
	free(s.order);
	return 0;
}
