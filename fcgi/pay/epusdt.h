/* SPDX-License-Identifier: Apache-2.0 */
/* USDT gateways of the epusdt family: epusdt, BEpusdt, GMPay. */
#ifndef KS_PAY_EPUSDT_H
#define KS_PAY_EPUSDT_H

#include "io/json.h"
#include "pay/gateway.h"
#include "pay/params.h"

extern const struct gateway gateway_epusdt;

/* The members of a JSON object as they are signed: signature, null and empty
 * texts left out, numbers in their shortest form.  RC_INVALID: a list or an
 * object among them. */
MUST_CHECK enum rc epusdt_params(
    struct arena *a, const struct json *j, struct params *out);
/* Sorted "k=v&k=v". */
struct span epusdt_signed_text(struct params *p);
/* md5(text + token), lower case. */
char *epusdt_md5(struct arena *a, struct span text, struct span token);

#endif
