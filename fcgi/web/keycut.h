/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An order's key: the order number drawn as the blade of a key, one cut per
 * random character.  It proves nothing; it lets a buyer see at a glance, on
 * the pay page and in the order, that this is still the same order.
 */
#ifndef KS_WEB_KEYCUT_H
#define KS_WEB_KEYCUT_H

#include "base/arena.h"

/* The d attribute of an SVG path in the viewBox "0 0 220 48" of the macro
 * order_key(): from the bow at the left to the tip.  Any text does. */
const char *keycut_path(struct arena *a, const char *order_no);

#endif
