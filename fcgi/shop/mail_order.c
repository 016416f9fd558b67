/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The mail that leads a buyer to the order.  It carries a link, never a card:
 * a mailbox is read by more eyes than one.
 */
#include "shop/outbox_send.h"

#include "base/limits.h"
#include "base/metric.h"
#include "base/num.h"
#include "base/time.h"
#include "io/mail.h"
#include "io/tmpl.h"
#include "shop/catalogue.h"
#include "shop/mail_words.h"
#include "shop/order_int.h"
#include "shop/refund.h"

enum { MAIL_MAX = 256 * 1024, EXAMPLE_MINOR = 1250 };

static void
put_data(struct ctx *cx, struct tnode *d, const struct shop_info *shop,
    const struct order *o)
{
	struct tnode *it;
	size_t i;

	tnode_set(d, "Page.Lang", o->lang);
	tnode_set(d, "Shop.Name", shop->name);
	tnode_set(d, "Shop.Url", cx->set->site_url);
	tnode_set(d, "Order.No", o->no);
	tnode_set(d, "Order.State", order_state_name(o->state));
	tnode_fmt(d, "Order.Url", "%s/o/%s?t=%s", cx->set->site_url, o->no,
	    o->link_token);
	tnode_set(
	    d, "Order.Amount", money_show(cx->arena, o->total, o->currency));
	tnode_set(d, "Order.Created",
	    time_text(cx->arena, o->created, (int)cx->set->zone_minutes));
	for (i = 0; i < o->n_items; i++) {
		it = tnode_item(d, "Items");
		tnode_set(it, "Name", o->items[i].product_name);
		tnode_set(it, "SkuName", o->items[i].sku_name);
		tnode_int(it, "Qty", o->items[i].qty);
	}
}

/* Templates escape for HTML; the text part takes the five entities back. */
static const char *
plain_text(struct ctx *cx, const char *s)
{
	static const struct {
		const char *from;
		char to;
	} entity[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'},
	    {"&quot;", '"'}, {"&#39;", '\''}};
	struct buf b;
	size_t i;

	buf_init(&b, cx->arena, 1024, MAIL_MAX);
	while (*s != '\0') {
		for (i = 0; i < sizeof(entity) / sizeof(entity[0]); i++) {
			if (str_starts(s, entity[i].from))
				break;
		}
		if (i == sizeof(entity) / sizeof(entity[0])) {
			buf_chr(&b, *s++);
			continue;
		}
		buf_chr(&b, entity[i].to);
		s += span_str(entity[i].from).n;
	}
	return buf_text(&b);
}

static enum rc
render(struct ctx *cx, const char *tpl, const char *lang, struct tnode *d,
    const char **out)
{
	struct buf b;
	enum rc rc;

	buf_init(&b, cx->arena, 4096, MAIL_MAX);
	rc = tmpl_render(cx->tmpl, tpl, lang, d, &b);
	if (rc == RC_OK)
		*out = buf_text(&b);
	return b.bad ? RC_FAIL : rc;
}

/* What a kind of mail adds to the order's data. */
struct letter {
	const char *txt, *html; /* templates */
	enum mail_kind kind;
	const struct refund *refund;
};

static void
put_refund(struct ctx *cx, struct tnode *d, const struct refund *r)
{
	tnode_set(d, "Refund.No", r->no);
	tnode_set(
	    d, "Refund.Amount", money_show(cx->arena, r->amount, r->currency));
}

static struct mail_values
values_of(struct ctx *cx, const struct shop_info *shop, const struct order *o,
    const struct refund *r)
{
	struct mail_values v = {
	    .shop = shop->name,
	    .order_no = o->no,
	    .amount = money_show(cx->arena, o->total, o->currency),
	};

	if (r == NULL)
		return v;
	v.refund_amount = money_show(cx->arena, r->amount, r->currency);
	v.how = tmpl_text(cx->tmpl, o->lang,
	    str_eq(r->how, "manual") ? "mail_refund.by_hand"
				     : "mail_refund.same_way");
	return v;
}

/* The heading and the lines, the shop's own or the catalogue's. */
static enum rc
put_words(struct ctx *cx, struct tnode *d, const struct order *o,
    const struct letter *l, const struct mail_values *v, const char **title)
{
	struct mail_words w;
	struct span rest, line;
	enum rc rc = mail_words_get(cx, l->kind, o->lang, &w);

	if (rc != RC_OK)
		return rc;
	*title = mail_words_fill(cx, w.subject, v);
	tnode_set(d, "Mail.Title", *title);
	rest = span_str(mail_words_fill(cx, w.body, v));
	while (rest.n != 0 && span_cut(&rest, '\n', &line))
		tnode_span(tnode_item(d, "Mail.Lines"), "Text", line);
	return RC_OK;
}

static enum rc
send(struct ctx *cx, const struct outbox_row *m, const struct order *o,
    const struct letter *l)
{
	struct tnode *d = tnode_new(cx->arena);
	const struct shop_info *shop;
	const char *text, *html, *title;
	struct mail_values v;
	struct mail mail;
	enum rc rc;

	rc = catalogue_shop(cx, &shop);
	if (rc != RC_OK)
		return rc;
	put_data(cx, d, shop, o);
	if (l->refund != NULL)
		put_refund(cx, d, l->refund);
	v = values_of(cx, shop, o, l->refund);
	if ((rc = put_words(cx, d, o, l, &v, &title)) != RC_OK ||
	    (rc = render(cx, l->txt, o->lang, d, &text)) != RC_OK ||
	    (rc = render(cx, l->html, o->lang, d, &html)) != RC_OK)
		return rc;
	mail = (struct mail){
	    .to = o->contact,
	    .subject = arena_fmt(cx->arena, "%s · %s", shop->name, title),
	    .text = plain_text(cx, text),
	    .html = html,
	    .message_id =
		arena_fmt(cx->arena, "outbox-%llu", (unsigned long long)m->id),
	};
	return mail_send(cx, &mail);
}

static enum rc
sent(enum rc rc, const char **why)
{
	metric_add(METRIC_mails_total, rc_name(rc), 1);
	if (rc == RC_NOTFOUND) /* mail is switched off: nothing to repeat */
		return RC_OK;
	*why = rc == RC_INVALID ? "address refused" : "mail server";
	return rc;
}

static enum rc
read_order(struct ctx *cx, const char *no, const struct order **o)
{
	struct order_full f;
	enum rc rc = order_by_no(cx, no, &f);

	return rc == RC_OK ? order_build(cx, &f, o) : rc;
}

bool
send_mail_goes(const struct ctx *cx)
{
	return mail_on(cx);
}

enum rc
send_mail_order(struct ctx *cx, const struct outbox_row *m, const char **why)
{
	struct letter l = {
	    .txt = "mail/order_link.txt.cs", .html = "mail/order_link.html.cs"};
	const struct order *o;
	enum rc rc;

	if (!mail_on(cx)) /* a busy shop without mail reads no order for it */
		return sent(RC_NOTFOUND, why);
	rc = read_order(cx, m->payload, &o);
	if (rc != RC_OK) {
		*why = "order cannot be read";
		return rc;
	}
	/* ended meanwhile, or never so: the buyer is told how it stands */
	if (mail_kind_find(order_state_name(o->state), o->lang, &l.kind) !=
	    RC_OK)
		l.kind = MAIL_PENDING;
	return sent(send(cx, m, o, &l), why);
}

enum rc
send_mail_refund(struct ctx *cx, const struct outbox_row *m, const char **why)
{
	struct letter l = {.txt = "mail/refund.txt.cs",
	    .html = "mail/refund.html.cs",
	    .kind = MAIL_REFUND};
	const struct order *o;
	enum rc rc = refund_load(cx, m->payload, &l.refund);

	if (rc == RC_OK)
		rc = read_order(cx, l.refund->order_no, &o);
	if (rc != RC_OK) {
		*why = "refund cannot be read";
		return rc;
	}
	return sent(send(cx, m, o, &l), why);
}

/* ------------------------------------------------------------ an example */

static enum rc
example(struct ctx *cx, enum mail_kind k, const char *lang, const char *to,
    struct order *o, struct refund *r)
{
	struct order_item *it = ARENA_NEW(cx->arena, struct order_item);
	const struct shop_info *shop;
	struct mail_values v;
	enum rc rc;

	if ((rc = catalogue_shop(cx, &shop)) != RC_OK ||
	    (rc = mail_words_sample(cx, lang, &v)) != RC_OK)
		return rc;
	it->product_name = shop->name;
	it->sku_name = "";
	it->qty = 1;
	*o = (struct order){
	    .no = v.order_no,
	    .lang = lang,
	    .contact = to,
	    .currency = shop->currency,
	    .total = MONEY(EXAMPLE_MINOR),
	    .link_token = "example",
	    .created = cx->now,
	    .items = it,
	    .n_items = 1,
	};
	if (order_state_parse(mail_kind_name(k), &o->state) != RC_OK)
		o->state = ORDER_DELIVERED;
	*r = (struct refund){
	    .no = "R0",
	    .how = "gateway",
	    .currency = shop->currency,
	    .amount = MONEY(EXAMPLE_MINOR),
	};
	return RC_OK;
}

enum rc
send_mail_test(struct ctx *cx, const struct outbox_row *m, const char **why)
{
	struct span rest = span_str(m->payload), kind, lang;
	struct letter l = {
	    .txt = "mail/order_link.txt.cs", .html = "mail/order_link.html.cs"};
	struct refund r;
	struct order o;
	const char *lg;
	enum rc rc;

	*why = "not understood";
	if (!span_cut(&rest, '|', &kind) || !span_cut(&rest, '|', &lang))
		return RC_INVALID;
	lg = arena_dup(cx->arena, lang.p, lang.n);
	rc = mail_kind_find(arena_dup(cx->arena, kind.p, kind.n), lg, &l.kind);
	if (rc == RC_OK)
		rc = example(cx, l.kind, lg,
		    arena_dup(cx->arena, rest.p, rest.n), &o, &r);
	if (rc != RC_OK)
		return rc;
	if (l.kind == MAIL_REFUND) {
		l.txt = "mail/refund.txt.cs";
		l.html = "mail/refund.html.cs";
		l.refund = &r;
	}
	return sent(send(cx, m, &o, &l), why);
}
