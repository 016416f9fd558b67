/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calling receivers: POST with the headers webhook-id, webhook-timestamp and
 * webhook-signature (the form of standardwebhooks.com), so that a receiver
 * checks it with a library it may have.  At least once; the id tells repeats.
 */
#ifndef KS_SHOP_HOOK_SEND_H
#define KS_SHOP_HOOK_SEND_H

#include "base/rc.h"
#include "io/ctx.h"

/* What is due, for some seconds at most.  One receiver that hangs or fails
 * is left alone for a while that grows, and costs the others nothing else.
 * *did: calls made. */
MUST_CHECK enum rc hooks_send(struct ctx *cx, unsigned *did);

#endif
