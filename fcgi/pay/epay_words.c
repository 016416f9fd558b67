/* SPDX-License-Identifier: Apache-2.0 */
/* What both versions of EPay say in the same words. */
#include "pay/epay.h"

#include <string.h>

#include "base/limits.h"
#include "base/url.h"
#include "base/utf8.h"

enum { EPAY_NAME = 127 }; /* bytes of a product name; the gateway cuts there */

static const char *const unsigned_names[] = {"sign", "sign_type", NULL};

const char *const epay_vital[] = {"pid", "trade_no", "out_trade_no", "money",
    "trade_status", "type", "timestamp", NULL};

struct span
epay_signed_text(struct params *p)
{
	return params_join(p, unsigned_names, false);
}

const char *
epay_name(struct arena *a, const char *subject)
{
	struct span rest = span_str(subject), before = rest;
	struct buf b;
	int32_t cp;

	buf_init(&b, a, EPAY_NAME + 1, EPAY_NAME + 1);
	if (!utf8_valid(rest))
		return "-";
	for (;;) {
		before = rest;
		cp = utf8_next(&rest);
		if (cp < 0 || b.len + (before.n - rest.n) > EPAY_NAME)
			break;
		if (cp == '&' || cp == '=' || cp < ' ')
			buf_chr(&b, ' ');
		else
			buf_add(&b, before.p, before.n - rest.n);
	}
	return b.len == 0 ? "-" : buf_text(&b);
}

const char *
epay_device(enum pay_device device)
{
	switch (device) {
	case PAY_PHONE:
		return "mobile";
	case PAY_WECHAT:
		return "wechat";
	case PAY_ALIPAY_APP:
		return "alipay";
	case PAY_PC:
		break;
	}
	return "pc";
}

void
epay_order(const char *pid, const char *type, const struct pay_order *o,
    struct params *p)
{
	if (!str_empty(o->method))
		type = o->method;
	params_add(p, "pid", pid);
	if (!str_empty(type))
		params_add(p, "type", type);
	params_add(p, "out_trade_no", o->order_no);
	params_add(p, "notify_url", o->notify_url);
	if (!str_empty(o->return_url))
		params_add(p, "return_url", o->return_url);
	params_add(p, "name", epay_name(p->arena, o->subject));
	params_add(p, "money", money_text(p->arena, o->amount, 2));
}

enum pay_why
epay_fields(const char *our_pid, struct params *p, struct verdict *v)
{
	const char *pid = params_text(p, "pid", EPAY_WORD);
	const char *status = params_text(p, "trade_status", EPAY_WORD);
	const char *no = params_text(p, "out_trade_no", PAY_ORDER_NO);
	const char *txn = params_text(p, "trade_no", LIM_TXN);
	const struct span *money = params_get(p, "money");

	if (no != NULL && str_is_token(no, "-_", PAY_ORDER_NO))
		v->order_no = no;
	if (txn != NULL && str_is_token(txn, "-_.", LIM_TXN))
		v->txn = txn;
	if (money != NULL && money_parse(*money, 2, &v->amount) == RC_OK &&
	    v->amount.minor > 0)
		v->has_amount = true;
	memcpy(v->currency, "CNY", sizeof("CNY"));
	if (!str_eq(pid, our_pid))
		return WHY_MERCHANT;
	if (str_empty(v->order_no) || str_empty(v->txn))
		return WHY_FIELD;
	if (!v->has_amount)
		return WHY_AMOUNT;
	/* the protocol notifies of payments and of nothing else */
	return str_eq(status, "TRADE_SUCCESS") ? WHY_OK : WHY_STATUS;
}

enum rc
epay_show(const char *link, const char *code, struct pay_opened *out)
{
	if (!str_empty(link) && url_is_http(link)) {
		out->show = PAY_LINK;
		out->url = link;
		return RC_OK;
	}
	if (str_empty(code) || strlen(code) > LIM_PATH)
		return RC_FAIL;
	out->show = PAY_QR;
	out->qr = code;
	return RC_OK;
}
