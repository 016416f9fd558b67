/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One adapter, one call, from the command line: what tests/http and
 * tests/support/paysim/crosstest.py use to let an adapter and the simulator
 * talk to each other without a shop between them.
 *
 *   gateway_call CHANNEL.hdf open|query|refund|refund_query|close NAME=VALUE...
 *   gateway_call CHANNEL.hdf notice FILE.json NAME=VALUE...
 *
 * Prints one line of JSON.
 */
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/settings.h"
#include "base/time.h"
#include "io/crypt.h"
#include "io/ctx.h"
#include "io/json.h"
#include "io/tmpl.h"
#include "pay/verdict.h"

static struct ctx cx;
static char **args;
static struct buf out;

static const char *
arg(const char *name)
{
	size_t n = strlen(name);
	char **a;

	for (a = args; *a != NULL; a++)
		if (strncmp(*a, name, n) == 0 && (*a)[n] == '=')
			return *a + n + 1;
	return "";
}

static struct money
arg_money(const char *name)
{
	struct money m = {0};

	if (num_i64(span_str(arg(name)), 0, INT64_MAX, &m.minor) != RC_OK)
		m.minor = 0;
	return m;
}

static void
put(const char *name, const char *value)
{
	json_put_name(&out, name, out.len == 1);
	json_put_text(&out, span_str(value == NULL ? "" : value));
}

static void
put_int(const char *name, int64_t value)
{
	json_put_name(&out, name, out.len == 1);
	buf_fmt(&out, "%lld", (long long)value);
}

static struct pay_ref
the_ref(void)
{
	return (struct pay_ref){arg("order"), arg("ref"), arg("txn"),
	    arg_money("amount"), arg("currency")};
}

static void
put_verdict(const struct gateway *g, const struct verdict *v)
{
	struct pay_expected e = {arg("order"), arg_money("amount"),
	    arg("currency"), arg("ref"), arg("txn")};
	enum pay_why why = verdict_compare(g, v, &e);

	put("outcome", pay_outcome_name(v->outcome));
	put("why", pay_why_name(v->why));
	put("compared", pay_why_name(why));
	put_int("signature_valid", v->signature_valid);
	put("order", v->order_no);
	put("ref", v->provider_ref);
	put("txn", v->txn);
	put("currency", v->currency);
	put("refund_no", v->refund_no);
	put_int("amount", v->has_amount ? v->amount.minor : -1);
	put_int("refunded", v->refunded.minor);
	put("reply", gateway_reply(g, verdict_answer(v, why))->body);
}

static void
do_open(const struct gateway *g, const struct pay_account *ac)
{
	static const char *const shown[] = {
	    [PAY_LINK] = "link", [PAY_FORM] = "form", [PAY_QR] = "qr"};
	struct pay_order o = {
	    .order_no = arg("order"),
	    .amount = arg_money("amount"),
	    .currency = arg("currency"),
	    .subject = arg("subject"),
	    .notify_url = arg("notify"),
	    .return_url = arg("return"),
	    .client_ip = "192.0.2.1",
	    .device = str_eq(arg("device"), "phone") ? PAY_PHONE : PAY_PC,
	    .method = arg("method"),
	    .expires_us = cx.now + 30 * 60 * US_PER_S,
	    .provider_ref = arg("ref"),
	};
	struct pay_opened op;
	enum rc rc = gateway_open(g, &cx, ac, &o, &op);

	put("rc", rc_name(rc));
	put("said", op.said);
	if (rc != RC_OK)
		return;
	put("show", shown[op.show]);
	put("url", op.url);
	put("qr", op.qr);
	put("ref", op.provider_ref);
}

static void
do_query(const struct gateway *g, const struct pay_account *ac)
{
	struct pay_ref ref = the_ref();
	struct verdict v;

	put("rc", rc_name(gateway_query(g, &cx, ac, &ref, &v)));
	put_verdict(g, &v);
}

static void
do_refund(const struct gateway *g, const struct pay_account *ac, bool ask)
{
	static const char *const name[] = {[REFUND_DONE] = "done",
	    [REFUND_PENDING] = "pending",
	    [REFUND_REFUSED] = "refused",
	    [REFUND_UNCLEAR] = "unclear",
	    [REFUND_UNSENT] = "unsent",
	    [REFUND_ABSENT] = "absent"};
	struct pay_refund rf = {.of = the_ref(),
	    .refund_no = arg("no"),
	    .amount = arg_money("refund"),
	    .reason = "test",
	    .notify_url = ""};
	struct pay_refunded r;
	enum rc rc = ask ? gateway_refund_query(g, &cx, ac, &rf, &r)
			 : gateway_refund(g, &cx, ac, &rf, &r);

	put("rc", rc_name(rc));
	put("state", name[r.state]);
	put("said", r.said);
	put("id", r.refund_id);
}

static void
do_close(const struct gateway *g, const struct pay_account *ac)
{
	struct pay_ref ref = the_ref();

	put("rc", rc_name(gateway_close(g, &cx, ac, &ref)));
}

static struct span
slurp(const char *path)
{
	enum { MAX = 1 << 20 };
	char *p = arena_alloc(cx.arena, MAX);
	FILE *f = fopen(path, "rb");
	size_t n = f == NULL ? 0 : fread(p, 1, MAX, f);

	if (f != NULL)
		fclose(f);
	return (struct span){p, n};
}

/* {"method", "query", "body" (base64), "headers": {}} */
static void
do_notice(
    const struct gateway *g, const struct pay_account *ac, const char *file)
{
	const struct json *j, *all, *value;
	struct pay_request rq = {0};
	const char **lines, *name;
	struct verdict v;
	size_t i;

	if (json_read(cx.arena, slurp(file), &j) != RC_OK ||
	    b64_bytes(cx.arena, span_str(json_text(j, "body")), &rq.body) !=
		RC_OK) {
		put("rc", "invalid");
		return;
	}
	all = json_at(j, "headers");
	lines = ARENA_ARRAY(cx.arena, json_count(all) + 1, const char *);
	for (i = 0; json_member(all, i, &name, &value); i++)
		lines[i] =
		    arena_fmt(cx.arena, "%s: %s", name, json_text(value, ""));
	rq.headers = lines;
	rq.method = json_text(j, "method");
	rq.query = span_str(json_text(j, "query"));
	gateway_notice(g, &cx, ac, &rq, &v);
	put("rc", "ok");
	put_verdict(g, &v);
}

/* The channel's file without the line that names the gateway. */
static const struct gateway *
channel(const char *file, const struct pay_account **ac)
{
	struct gateway_config config = {0};
	const struct gateway *g;
	struct gateway_error bad = {"file", "unreadable"};
	struct hdf_doc *doc, *d;
	struct pay_pair *pair;
	const char *why;

	if (hdf_doc_read(cx.arena, file, &doc, &why) != RC_OK)
		return NULL;
	g = gateway_find(hdf_doc_get(doc, "gateway"));
	pair = ARENA_ARRAY(cx.arena, 64, struct pay_pair);
	for (d = hdf_doc_first(doc); d != NULL; d = hdf_doc_next(d))
		if (!str_eq(hdf_doc_name(d), "gateway"))
			pair[config.n++] = (struct pay_pair){
			    hdf_doc_name(d), hdf_doc_value(d)};
	config.v = pair;
	if (g == NULL ||
	    gateway_account(g, cx.keep, &config, ac, &bad) != RC_OK) {
		fprintf(stderr, "%s: %s %s\n", file, bad.field, bad.reason);
		return NULL;
	}
	return g;
}

int
main(int argc, char **argv)
{
	struct arena *keep = arena_new(1 << 16, 64 << 20);
	struct settings set = *settings_defaults(keep);
	const struct pay_account *ac;
	const struct gateway *g;

	if (argc < 3)
		return 2;
	set.gateway_private_hosts = true;
	crypt_init();
	ctx_init(&cx, keep, &set);
	ctx_begin(&cx, NULL);
	args = argv + 3;
	buf_init(&out, cx.arena, 4096, 1 << 20);
	buf_chr(&out, '{');
	if ((g = channel(argv[1], &ac)) == NULL)
		return 1;
	if (str_eq(argv[2], "open"))
		do_open(g, ac);
	else if (str_eq(argv[2], "query"))
		do_query(g, ac);
	else if (str_eq(argv[2], "refund"))
		do_refund(g, ac, false);
	else if (str_eq(argv[2], "refund_query"))
		do_refund(g, ac, true);
	else if (str_eq(argv[2], "close"))
		do_close(g, ac);
	else if (str_eq(argv[2], "notice") && argc > 3)
		do_notice(g, ac, argv[3]);
	printf("%s}\n", buf_text(&out));
	ctx_end(&cx);
	ctx_release(&cx);
	arena_free(keep);
	return 0;
}
