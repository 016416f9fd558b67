/* SPDX-License-Identifier: Apache-2.0 */
/* EPay (易支付), version 1: MD5 over sorted parameters. */
#ifndef KS_PAY_EPAY_H
#define KS_PAY_EPAY_H

#include <stdbool.h>

#include "pay/gateway.h"
#include "pay/params.h"

extern const struct gateway gateway_epay;

/* The text under the signature, without the key: sign, sign_type and empty
 * values left out, sorted, joined. */
struct span epay_signed_text(struct params *p);
/* md5(text [+ "&key="] + key), 32 lower-case hex digits. */
char *epay_md5(
    struct arena *a, struct span text, struct span key, bool amp_key);

#endif
