/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may go on to the database with an order.  What is answered here costs
 * a MAC and a look into shared memory.
 */
#ifndef KS_SHOP_ADMISSION_H
#define KS_SHOP_ADMISSION_H

#include <stdbool.h>
#include <stdint.h>

#include "base/gate.h"
#include "base/str.h"
#include "io/ctx.h"
#include "shop/checkout.h"

/* What is known about buying this SKU now.  A form whose order is being made
 * or was made is always GATE_FREE: its answer is that order, and so is a
 * visitor who has just written something.  *form_ok: the token is good, and
 * may be sent again. */
enum gate_why admission_order(struct ctx *cx, const struct visitor *v,
    const char *form_token, uint64_t sku, bool *form_ok);
enum gate_why admission_view(struct ctx *cx, uint64_t sku);

/* This form is making an order or has made one. */
bool admission_form_known(
    struct ctx *cx, const struct visitor *v, const char *form_token);

/* Before the form goes to the database, and after an answer that made no
 * order for certain. */
void admission_begin(
    struct ctx *cx, const struct visitor *v, const char *form_token);
void admission_refused(
    struct ctx *cx, const struct visitor *v, const char *form_token);

/* An order was made: whatever was known to stand against it is over. */
void admission_placed(uint64_t sku);
/* A word that nobody can have typed, to mark the gaps of a page. */
const char *admission_word(struct ctx *cx);

/* Cards that are left, as somebody who looks at the checkout sees it. */
void admission_stock(struct ctx *cx, const struct sku *s);

/* The rows of this request said so.  until: when it ends by itself, or 0. */
void admission_shut(
    struct ctx *cx, uint64_t sku, enum gate_why why, int64_t until);

#endif
