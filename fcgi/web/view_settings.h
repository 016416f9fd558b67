/* SPDX-License-Identifier: Apache-2.0 */
/* Views of channels, the shop, the audit log and one's own account. */
#ifndef KS_WEB_VIEW_SETTINGS_H
#define KS_WEB_VIEW_SETTINGS_H

#include "shop/audit.h"
#include "shop/channel.h"
#include "shop/goods_edit.h"
#include "shop/staff.h"
#include "web/view_admin.h"

void view_channels(struct response *rs, const struct channel *list, size_t n);
/* c = NULL: a new one. */
void view_channel_form(struct response *rs, const char *name,
    const struct gateway *g, const struct channel *c);
void view_shop_form(
    struct response *rs, const struct content_edit *pages, size_t n);
void view_audit(struct response *rs, const struct audit_row *rows, size_t n);
void view_account(struct response *rs, const struct staff *me,
    const struct session_row *rows, size_t n);

#endif
