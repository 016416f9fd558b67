/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that a gateway changes by itself, kept up to date by the jobs. */
#ifndef KS_SHOP_CHANNEL_KEYS_H
#define KS_SHOP_CHANNEL_KEYS_H

#include "shop/channel.h"

/* A message of this channel named a key that is not known, or its gateway's
 * answer was not believed.  The jobs ask for its keys soon, or not at all
 * where that was done a short while ago.  Not inside a transaction: nothing
 * is called here, and nothing is said when it cannot be written down. */
void channel_keys_missed(struct ctx *cx, const struct channel *c);
/* One step of the jobs: asks for what is due. */
MUST_CHECK enum rc jobs_keys(struct ctx *cx, unsigned *did);

#endif
