/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by the files of shop/ that read whole orders: no proof is asked
 * here, so nothing outside shop/ may include it. */
#ifndef KS_SHOP_ORDER_INT_H
#define KS_SHOP_ORDER_INT_H

#include "shop/order.h"
#include "store/order.h"

MUST_CHECK enum rc order_build(
    struct ctx *cx, const struct order_full *f, const struct order **out);

#endif
