/* SPDX-License-Identifier: Apache-2.0 */
/* What a notice carries, before any field is looked at. */
#ifndef KS_PAY_REQUEST_H
#define KS_PAY_REQUEST_H

#include "pay/gateway.h"
#include "pay/params.h"

enum { PAY_FORM_POST = 1, PAY_FORM_GET = 2 };

/* The parameters of a form POST or of a GET's query, whichever of them ways
 * allows.  WHY_METHOD, WHY_SYNTAX, WHY_DUPLICATE: refuse.  A query beside a
 * body is refused too: that is how one hides a second "money" from the
 * signature. */
enum pay_why request_params(
    const struct pay_request *rq, int ways, struct params *out);

#endif
