/* SPDX-License-Identifier: Apache-2.0 */
/* The kinds of outbox messages, and the small ones of them. */
#include "shop/outbox_send.h"

#include "base/str.h"
#include "store/outbox.h"
#include "store/page_cache.h"
#include "store/product.h"

/* Of one product, or of the catalogue itself.  A lost bump costs one time to
 * live, so the cache cannot make it fail. */
static enum rc
bump_catalogue(struct ctx *cx, const struct outbox_row *m, const char **why)
{
	const char *slug = NULL;
	enum rc rc = RC_OK;

	if (m->object != 0)
		rc = product_slug(cx, m->object, &slug);
	if (rc != RC_OK && rc != RC_NOTFOUND) {
		*why = "the product could not be read";
		return rc;
	}
	page_cache_bump(cx, slug);
	return RC_OK;
}

/* Told to receivers before this, and to nobody else. */
static enum rc
nothing_more(struct ctx *cx, const struct outbox_row *m, const char **why)
{
	(void)cx;
	(void)m;
	(void)why;
	return RC_OK;
}

static const struct {
	const char *kind;
	outbox_fn fn;
	bool mail;
} sender[] = {
    {OUTBOX_CATALOGUE, bump_catalogue, false},
    {OUTBOX_MAIL_ORDER, send_mail_order, true},
    {OUTBOX_MAIL_REFUND, send_mail_refund, true},
    {OUTBOX_MAIL_TEST, send_mail_test, true},
    {OUTBOX_ORDER_EVENT, nothing_more, false},
    {OUTBOX_STOCK_LOW, nothing_more, false},
};
enum { SENDERS = sizeof(sender) / sizeof(sender[0]) };

static size_t
find(const char *kind)
{
	size_t i;

	for (i = 0; i < SENDERS && !str_eq(kind, sender[i].kind); i++)
		;
	return i;
}

outbox_fn
outbox_sender(const char *kind)
{
	size_t i = find(kind);

	return i < SENDERS ? sender[i].fn : NULL;
}

bool
outbox_rests(const struct ctx *cx, const char *kind)
{
	size_t i = find(kind);

	return i < SENDERS && (sender[i].mail ? !send_mail_goes(cx)
					      : sender[i].fn == nothing_more);
}

bool
outbox_leaves(const struct ctx *cx, const char *kind)
{
	size_t i = find(kind);

	return i == SENDERS || (sender[i].mail && send_mail_goes(cx));
}
