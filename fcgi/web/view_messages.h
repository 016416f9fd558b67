/* SPDX-License-Identifier: Apache-2.0 */
/* Views of what leaves the shop: messages and webhooks. */
#ifndef KS_WEB_VIEW_MESSAGES_H
#define KS_WEB_VIEW_MESSAGES_H

#include "shop/message.h"
#include "shop/webhook.h"
#include "web/view_admin.h"

/* "order_paid": the event's name where a dot may not be. */
const char *webhook_event_key(struct arena *a, enum hook_event e);

/* admin/outbox.cs */
void view_outbox(struct response *rs, enum message_box box,
    const struct message *list, size_t n, const uint64_t counts[BOX__N]);
/* admin/webhooks.cs */
void view_webhooks(struct response *rs, const struct webhook *list, size_t n);
/* admin/webhook.cs; w = NULL: a new one. */
void view_webhook_form(struct response *rs, const struct webhook *w,
    const bool on[HOOK__N], const char *secret);
void view_webhook_log(
    struct response *rs, const struct webhook_sent *list, size_t n);

#endif
