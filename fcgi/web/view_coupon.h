/* SPDX-License-Identifier: Apache-2.0 */
/* Views of coupons. */
#ifndef KS_WEB_VIEW_COUPON_H
#define KS_WEB_VIEW_COUPON_H

#include "shop/coupon.h"
#include "web/view_admin.h"

/* admin/coupons.cs */
void view_coupons(struct response *rs, const struct coupon *list, size_t n,
    const struct coupon_batch *batches, size_t n_batches);
/* admin/coupon.cs */
void view_coupon_form(struct response *rs, const struct coupon_scope *scopes,
    size_t n, struct span chosen);

#endif
