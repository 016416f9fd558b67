/* SPDX-License-Identifier: Apache-2.0 */
/* The words of mails (mail_words.h). */
#include "shop/mail_words.h"

#include <string.h>

#include "base/buf.h"
#include "base/email.h"
#include "base/hex.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/str.h"
#include "io/crypt.h"
#include "io/tmpl.h"
#include "shop/audit.h"
#include "shop/catalogue.h"
#include "shop/edit_int.h"
#include "store/notify.h"
#include "store/outbox.h"
#include "store/tx.h"

#define LANGS "zh-CN|en"

enum {
	SUBJECT_MAX = 120,
	BODY_MAX = 4000,
	FILLED_MAX = 32 * 1024,
	SAMPLE_MINOR = 1250,
	CAUSE_BYTES = 8
};

static const char *const names[MAIL__N] = {
    [MAIL_PENDING] = "pending",
    [MAIL_PAID] = "paid",
    [MAIL_SHORT] = "short",
    [MAIL_MANUAL] = "manual",
    [MAIL_DELIVERED] = "delivered",
    [MAIL_REFUNDING] = "refunding",
    [MAIL_REFUNDED] = "refunded",
    [MAIL_REFUND] = "refund",
};

const char *
mail_kind_name(enum mail_kind k)
{
	return names[k];
}

enum rc
mail_kind_find(const char *kind, const char *lang, enum mail_kind *out)
{
	struct edit_error why = {0};
	size_t i;

	for (i = 0; i < MAIL__N; i++) {
		if (str_eq(names[i], kind) &&
		    edit_choice(&why, "lang", lang, LANGS)) {
			*out = (enum mail_kind)i;
			return RC_OK;
		}
	}
	return RC_NOTFOUND;
}

/* ------------------------------------------------------------ filling in */

/* The value of a name, or NULL. */
static const char *
value_of(const struct mail_values *v, struct span name)
{
	const struct {
		const char *name, *value;
	} known[] = {
	    {"shop", v->shop},
	    {"order_no", v->order_no},
	    {"amount", v->amount},
	    {"refund_amount", v->refund_amount},
	    {"how", v->how},
	};
	size_t i;

	for (i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (span_is(name, known[i].name))
			return known[i].value == NULL ? "" : known[i].value;
	return NULL;
}

/* "{name}" at s: its length, and the name; 0: no placeholder. */
static size_t
placeholder(const char *s, struct span *name)
{
	size_t n = 1;

	if (s[0] != '{')
		return 0;
	while ((s[n] >= 'a' && s[n] <= 'z') || s[n] == '_')
		n++;
	if (n == 1 || s[n] != '}')
		return 0;
	*name = (struct span){s + 1, n - 1};
	return n + 1;
}

const char *
mail_words_fill(struct ctx *cx, const char *text, const struct mail_values *v)
{
	struct span name;
	const char *value;
	struct buf b;
	size_t n;

	buf_init(&b, cx->arena, 512, FILLED_MAX);
	while (*text != '\0') {
		n = placeholder(text, &name);
		value = n == 0 ? NULL : value_of(v, name);
		if (value == NULL) {
			buf_chr(&b, *text++);
			continue;
		}
		buf_str(&b, value);
		text += n;
	}
	return buf_text(&b);
}

static bool
placeholders_ok(struct edit_error *why, const char *field, const char *s)
{
	const struct mail_values none = {0};
	struct span name;
	size_t n;

	for (; *s != '\0'; s++) {
		n = placeholder(s, &name);
		if (n != 0 && value_of(&none, name) == NULL)
			return edit_fail(why, field, "placeholder");
	}
	return true;
}

/* ------------------------------------------------------------ words */

static const char *
text_of(struct ctx *cx, const char *lang, const char *key)
{
	return tmpl_text(cx->tmpl, lang, key);
}

/* The catalogue's text with its gap, as words with a placeholder. */
static const char *
gap_filled(struct ctx *cx, const char *text, const char *with)
{
	const char *gap = strstr(text, "{}");

	if (gap == NULL)
		return text;
	return arena_fmt(
	    cx->arena, "%.*s%s%s", (int)(gap - text), text, with, gap + 2);
}

static void
catalogue_words(
    struct ctx *cx, enum mail_kind k, const char *lang, struct mail_words *out)
{
	out->own = false;
	if (k == MAIL_REFUND) {
		out->subject = text_of(cx, lang, "mail_refund.title");
		out->body = arena_fmt(cx->arena, "%s {how}",
		    gap_filled(cx, text_of(cx, lang, "mail_refund.text"),
			"{refund_amount}"));
		return;
	}
	out->subject =
	    text_of(cx, lang, arena_fmt(cx->arena, "mail_title.%s", names[k]));
	out->body =
	    text_of(cx, lang, arena_fmt(cx->arena, "mail_text.%s", names[k]));
}

enum rc
mail_words_get(
    struct ctx *cx, enum mail_kind k, const char *lang, struct mail_words *out)
{
	struct notify_row r;
	enum rc rc = notify_get(cx, names[k], lang, &r);

	if (rc == RC_OK)
		*out = (struct mail_words){r.subject, r.body, true};
	else if (rc == RC_NOTFOUND)
		catalogue_words(cx, k, lang, out);
	return rc == RC_NOTFOUND ? RC_OK : rc;
}

static enum rc
save_body(struct ctx *cx, void *arg)
{
	const struct notify_row *r = arg;
	enum rc rc = notify_put(cx, r);

	if (rc != RC_OK)
		return rc;
	return audit_add(cx, "mail.words",
	    arena_fmt(cx->arena, "mail:%s.%s", r->kind, r->lang), r->subject);
}

enum rc
mail_words_save(struct ctx *cx, enum mail_kind k, const char *lang,
    const struct mail_words *w, struct edit_error *why)
{
	struct notify_row r = {names[k], lang, w->subject, w->body};

	if (!edit_line(why, "subject", w->subject, SUBJECT_MAX, NEEDED) ||
	    !placeholders_ok(why, "subject", w->subject) ||
	    !edit_lines(why, "body", w->body, BODY_MAX) ||
	    !placeholders_ok(why, "body", w->body))
		return RC_INVALID;
	if (w->body[0] == '\0') {
		edit_fail(why, "body", "required");
		return RC_INVALID;
	}
	return tx_run(cx, save_body, &r);
}

static enum rc
reset_body(struct ctx *cx, void *arg)
{
	const struct notify_row *r = arg;
	enum rc rc = notify_remove(cx, r->kind, r->lang);

	if (rc != RC_OK)
		return rc;
	return audit_add(cx, "mail.words",
	    arena_fmt(cx->arena, "mail:%s.%s", r->kind, r->lang), "(removed)");
}

enum rc
mail_words_reset(struct ctx *cx, enum mail_kind k, const char *lang)
{
	struct notify_row r = {names[k], lang, "", ""};
	enum rc rc = tx_run(cx, reset_body, &r);

	return rc == RC_CONFLICT ? RC_OK : rc; /* it was the catalogue's */
}

enum rc
mail_words_own(struct ctx *cx, bool zh[MAIL__N], bool en[MAIL__N])
{
	const struct notify_row *r;
	enum mail_kind k;
	size_t n, i;
	enum rc rc = notify_list(cx, &r, &n);

	memset(zh, 0, MAIL__N * sizeof(*zh));
	memset(en, 0, MAIL__N * sizeof(*en));
	for (i = 0; rc == RC_OK && i < n; i++)
		if (mail_kind_find(r[i].kind, r[i].lang, &k) == RC_OK)
			(str_eq(r[i].lang, "en") ? en : zh)[k] = true;
	return rc;
}

/* ------------------------------------------------------------ trying out */

enum rc
mail_words_sample(struct ctx *cx, const char *lang, struct mail_values *out)
{
	const struct shop_info *shop;
	enum rc rc = catalogue_shop(cx, &shop);
	const char *amount;

	if (rc != RC_OK)
		return rc;
	amount = money_show(cx->arena, MONEY(SAMPLE_MINOR), shop->currency);
	*out = (struct mail_values){
	    .shop = shop->name,
	    .order_no = "26010100ABCDEFGHJKMNPQRS",
	    .amount = amount,
	    .refund_amount = amount,
	    .how = text_of(cx, lang, "mail_refund.same_way"),
	};
	return RC_OK;
}

struct testing {
	const char *payload;
};

static enum rc
test_body(struct ctx *cx, void *arg)
{
	const struct testing *t = arg;
	uint8_t cause[CAUSE_BYTES];
	enum rc rc;

	crypt_random(cause, sizeof(cause));
	rc = outbox_add(cx, OUTBOX_MAIL_TEST, 0,
	    arena_fmt(cx->arena, "test:%s",
		hex_text(cx->arena, cause, sizeof(cause))),
	    t->payload);
	if (rc != RC_OK)
		return rc;
	return audit_add(cx, "mail.test", "mail", t->payload);
}

enum rc
mail_words_test(
    struct ctx *cx, enum mail_kind k, const char *lang, const char *to)
{
	struct testing t = {
	    arena_fmt(cx->arena, "%s|%s|%s", names[k], lang, to)};

	if (!mail_address_ok(to))
		return RC_INVALID;
	return tx_run(cx, test_body, &t);
}
