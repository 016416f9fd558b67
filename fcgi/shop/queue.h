/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The queue of a sale (base/turn.h) as a visitor carries it: his number and
 * time, signed, good for one SKU and one browser.  An SKU with a sale window
 * has a queue while the shop's queue_rate is not 0.
 */
#ifndef KS_SHOP_QUEUE_H
#define KS_SHOP_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/str.h"
#include "base/turn.h"
#include "io/ctx.h"
#include "shop/checkout.h"

/* These goods were just read: from now on their queue is known, or gone. */
void queue_goods(struct ctx *cx, const struct sku *s);

/* base64url and dots: fits a cookie. */
const char *queue_token(
    struct ctx *cx, const struct visitor *v, uint64_t sku, struct turn t);
/* false: not ours, of another browser or SKU, or its time is long over. */
bool queue_token_read(struct ctx *cx, const struct visitor *v, uint64_t sku,
    struct span token, struct turn *out);

/* How many are served before him. */
uint64_t queue_place(struct ctx *cx, uint64_t sku, struct turn t);

#endif
