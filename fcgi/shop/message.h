/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The outbox on the panel: what waits, what fails, what was given up, and the
 * log of mails.  Primary reads.
 */
#ifndef KS_SHOP_MESSAGE_H
#define KS_SHOP_MESSAGE_H

#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "io/ctx.h"
#include "shop/catalogue.h"

/* A message in hand is lent for so long: longer than sending one takes. */
enum { MESSAGE_LEND_S = 120 };

enum message_box {
	BOX_DEAD,     /* given up by the program */
	BOX_RETRYING, /* failed at least once, will be tried again */
	BOX_DUE,      /* not tried yet */
	BOX_DROPPED,  /* given up by a person */
	BOX__N
};
const char *message_box_name(enum message_box b);

struct message {
	uint64_t id, object;
	const char *kind, *payload, *state, *error;
	unsigned attempts;
	int64_t due, created, done;
};

/* counts[BOX__N] of all boxes; page->total is that of this one. */
MUST_CHECK enum rc message_list(struct ctx *cx, enum message_box box,
    struct page *page, const struct message **out, size_t *n,
    uint64_t counts[BOX__N]);
/* Mails of every state, newest first, below an id (0: from the top). */
MUST_CHECK enum rc message_mail_log(struct ctx *cx, uint64_t below,
    unsigned max, const struct message **out, size_t *n);

/* By a person, with an audit row.  RC_CONFLICT: done meanwhile, or it is due
 * within the next moments and may be in somebody's hands. */
MUST_CHECK enum rc message_retry(struct ctx *cx, uint64_t id);
/* RC_INVALID: no reason given. */
MUST_CHECK enum rc message_give_up(
    struct ctx *cx, uint64_t id, const char *reason);

#endif
