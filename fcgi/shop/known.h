/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What does not exist is turned away before cache and database: a filter of
 * slugs and order numbers in memory that the workers of a master share.
 *
 * It never says no to what exists, as far as a visitor can tell:
 *   - "no" is said only when all that was committed until at most KNOWN_AGE_MS
 *     ago is in the filter; outside of a flood every miss reads what is new,
 *     and is decided on the state of this moment;
 *   - who has written something within the last minute goes past it;
 *   - a filter that is absent, still filling, too old, too small, or cannot
 *     ask the primary says "maybe" to everything.
 */
#ifndef KS_SHOP_KNOWN_H
#define KS_SHOP_KNOWN_H

#include <stdbool.h>
#include <stddef.h>

#include "io/ctx.h"

enum known_kind { KNOWN_PRODUCT, KNOWN_CATEGORY, KNOWN_ORDER };

enum { KNOWN_PAUSE_MS = 800, KNOWN_AGE_MS = 1000 };

struct known;

/* Before fork.  orders: how many the filter is for; 0: order numbers are not
 * filtered.  NULL: no memory, and everything may exist. */
struct known *known_open(size_t orders);
void known_close(struct known *k);

/* false: there is no such thing.  k may be NULL. */
bool known_maybe(
    struct ctx *cx, struct known *k, enum known_kind kind, const char *name);

#endif
