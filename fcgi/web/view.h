/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The part of a page's data that every page has.  What a page itself shows is
 * filled by view_shop.c and view_admin.c.
 *
 *   Page.Lang Page.Theme Page.Path Page.ToParam (this address, URL escaped)
 *   Page.Admin (the panel's prefix) Page.Status Page.RequestId (not on pages
 *   that may be cached) Shop.Name Shop.Url Shop.Currency Static.* Csrf
 *   Staff.Name Staff.Role (panel)
 */
#ifndef KS_WEB_VIEW_H
#define KS_WEB_VIEW_H

#include "base/rc.h"

struct buf;
struct response;

/* The frame of an ordinary page. */
void view_frame(struct response *rs);
/* Its data alone, for a public page that is put together from pieces, and what
 * to add to the key of one that holds the top or the foot. */
void view_frame_data(struct response *rs);
void view_frame_key(struct response *rs, struct buf *key);
/* A page that one visitor's request makes and others get: the frame without
 * anything of his; back: where /lang and /theme return to. */
MUST_CHECK enum rc view_shared(
    struct response *rs, const char *tpl, const char *back, struct buf *out);
/* An error page: the frame without anything that can fail, then the
 * template.  Retry is the seconds to wait, or "". */
MUST_CHECK enum rc view_error(struct response *rs, const char *tpl);

#endif
