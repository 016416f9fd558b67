/* SPDX-License-Identifier: Apache-2.0 */
/* A channel's settings against the gateway's table of fields. */
#ifndef KS_PAY_FIELDS_H
#define KS_PAY_FIELDS_H

#include "pay/gateway.h"

/* Every value against its row; *out has one pair a row, in the table's order,
 * with defaults filled in, in a.  RC_INVALID: see *why. */
MUST_CHECK enum rc fields_check(struct arena *a, const struct gateway *g,
    const struct gateway_config *in, struct gateway_config *out,
    struct gateway_error *why);

/* "" when absent. */
const char *fields_get(const struct gateway_config *v, const char *name);
bool fields_yes(const struct gateway_config *v, const char *name);
unsigned fields_uint(const struct gateway_config *v, const char *name);
bool fields_is(
    const struct gateway_config *v, const char *name, const char *word);

/* https, or plain HTTP where the operator allows it to his own gateway. */
bool url_allowed(const char *base_url, bool allow_http);

/* Blank, a word out of some manual, or one character repeated: whoever can
 * guess the key can say "paid". */
bool secret_is_sample(const char *s);

#endif
