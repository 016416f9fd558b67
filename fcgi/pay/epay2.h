/* SPDX-License-Identifier: Apache-2.0 */
/* EPay (易支付), version 2: RSA in both directions. */
#ifndef KS_PAY_EPAY2_H
#define KS_PAY_EPAY2_H

#include "io/crypt.h"
#include "io/json.h"
#include "pay/gateway.h"
#include "pay/params.h"

extern const struct gateway gateway_epay2;

/* The scalar fields of a JSON answer as parameters, numbers as printed;
 * lists, objects and null are not signed. */
struct params epay2_answer_params(struct arena *a, const struct json *j);
/* RC_DENIED: the signature in the parameters is absent or wrong. */
MUST_CHECK enum rc epay2_verify(struct params *p, const struct rsa_key *key);

#endif
