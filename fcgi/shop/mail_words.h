/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The words of mails: a heading and some lines, by kind and language, the
 * shop's own or those of the language catalogue.  The frame around them (the
 * button, the goods, the footer) is a template of ours.
 *
 * Words are no template: {shop}, {order_no}, {amount}, {refund_amount} and
 * {how} are put in once, as text, and what they hold is not looked into.
 */
#ifndef KS_SHOP_MAIL_WORDS_H
#define KS_SHOP_MAIL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/rc.h"
#include "io/ctx.h"
#include "shop/goods_edit.h"

enum mail_kind {
	MAIL_PENDING,
	MAIL_PAID,
	MAIL_SHORT,
	MAIL_MANUAL,
	MAIL_DELIVERED,
	MAIL_REFUNDING,
	MAIL_REFUNDED,
	MAIL_REFUND, /* money went back */
	MAIL__N
};
const char *mail_kind_name(enum mail_kind k);
/* RC_NOTFOUND: no such kind, or no such language. */
MUST_CHECK enum rc mail_kind_find(
    const char *kind, const char *lang, enum mail_kind *out);

struct mail_words {
	const char *subject, *body;
	bool own;
};
MUST_CHECK enum rc mail_words_get(
    struct ctx *cx, enum mail_kind k, const char *lang, struct mail_words *out);
/* RC_INVALID: *why.  Audited. */
MUST_CHECK enum rc mail_words_save(struct ctx *cx, enum mail_kind k,
    const char *lang, const struct mail_words *w, struct edit_error *why);
/* Back to the catalogue's. */
MUST_CHECK enum rc mail_words_reset(
    struct ctx *cx, enum mail_kind k, const char *lang);
/* For the list: which are the shop's own. */
MUST_CHECK enum rc mail_words_own(
    struct ctx *cx, bool zh[MAIL__N], bool en[MAIL__N]);

struct mail_values { /* NULL: "" */
	const char *shop, *order_no, *amount, *refund_amount, *how;
};
const char *mail_words_fill(
    struct ctx *cx, const char *text, const struct mail_values *v);
/* What an example order would be told. */
MUST_CHECK enum rc mail_words_sample(
    struct ctx *cx, const char *lang, struct mail_values *out);

/* Queues a mail about an example order, to be sent by the jobs. */
MUST_CHECK enum rc mail_words_test(
    struct ctx *cx, enum mail_kind k, const char *lang, const char *to);

#endif
