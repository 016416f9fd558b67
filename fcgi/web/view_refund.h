/* SPDX-License-Identifier: Apache-2.0 */
/* Views of refunds on the panel, one function per template. */
#ifndef KS_WEB_VIEW_REFUND_H
#define KS_WEB_VIEW_REFUND_H

#include "shop/desk.h"
#include "shop/refund.h"
#include "web/response.h"

struct refunds_view {
	int state; /* enum refund_is, or -1 */
	const struct refund *list;
	size_t n;
	const uint64_t *counts;
};
void view_refunds(struct response *rs, const struct refunds_view *v);
void view_refund(struct response *rs, const struct refund *r);
/* As Refunds.N and Sources.N of the page. */
void view_refunds_of(struct response *rs, const struct refund *list, size_t n);
void view_refund_sources(struct response *rs, const struct refund_source *list,
    size_t n, uint64_t chosen);

struct refund_form { /* as it was read */
	const struct refund_source *source;
	struct money amount;
	const char *reason, *reference;
	bool by_hand;
};
void view_refund_sure(
    struct response *rs, const char *order_no, const struct refund_form *f);

#endif
