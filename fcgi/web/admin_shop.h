/* SPDX-License-Identifier: Apache-2.0 */
/* The shop's page has several forms: what their handlers share. */
#ifndef KS_WEB_ADMIN_SHOP_H
#define KS_WEB_ADMIN_SHOP_H

#include "web/field.h"
#include "web/response.h"

/* The page again, with the reasons of one form; the others as they are. */
MUST_CHECK enum rc admin_shop_show(
    struct ctx *cx, struct response *rs, struct fields *in);
/* Choices and values of the form of policies. */
MUST_CHECK enum rc admin_policy_fill(
    struct ctx *cx, struct response *rs, struct fields *in);

#endif
