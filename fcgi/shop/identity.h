/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keyed hashes of who somebody is: what the database may know of a visitor,
 * a contact, a lookup password, a mail link.  Keyed, so that a copy of the
 * database without the key file tells nothing and can be searched for
 * nothing.
 */
#ifndef KS_SHOP_IDENTITY_H
#define KS_SHOP_IDENTITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"
#include "shop/checkout.h"

/* A visitor of now: random, but for the time at its beginning. */
void identity_new_visitor(const struct ctx *cx, struct visitor *v);
/* Begins with that time, which is no secret; the rest is keyed. */
void identity_visitor(struct ctx *cx, const struct visitor *v, uint8_t out[32]);
/* Case and surrounding blanks do not make another contact. */
void identity_contact(struct ctx *cx, const char *contact, uint8_t out[16]);
void identity_lookup(struct ctx *cx, const char *order_no, const char *password,
    uint8_t out[32]);
void identity_link(
    struct ctx *cx, const char *order_no, unsigned epoch, uint8_t out[32]);
/* The network of an address: IPv4 whole, IPv6 its /64; returns 4 or 8.  An
 * unreadable address is one network of its own. */
unsigned identity_network(const char *address, uint8_t out[16]);

/* Form tokens: nonce(16) || expiry(8) || MAC(16) over both and the visitor.
 * The nonce, which is the order's form key, begins with the time.
 * RC_INVALID: malformed, forged, of another visitor, or too old. */
const char *form_token_make(struct ctx *cx, const struct visitor *v);
MUST_CHECK enum rc form_token_open(struct ctx *cx, const struct visitor *v,
    const char *token, uint8_t nonce[16]);

#endif
