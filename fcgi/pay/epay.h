/* SPDX-License-Identifier: Apache-2.0 */
/*
 * EPay (易支付): version 1 (MD5, epay.c) and what version 2 (RSA, epay2.c)
 * shares with it (epay_words.c).
 */
#ifndef KS_PAY_EPAY_H
#define KS_PAY_EPAY_H

#include <stdbool.h>

#include "io/json.h"
#include "pay/gateway.h"
#include "pay/params.h"

enum { EPAY_WORD = 32 }; /* bytes of a pid, a type, a status */

extern const struct gateway gateway_epay;

/* md5(text [+ "&key="] + key), 32 lower-case hex digits. */
char *epay_md5(
    struct arena *a, struct span text, struct span key, bool amp_key);

/* ---- both versions */

/* The text under the signature, without the key: sign, sign_type and empty
 * values left out, sorted, joined. */
struct span epay_signed_text(struct params *p);
/* The fields a decision rests on: see params_ambiguous(). */
extern const char *const epay_vital[];
/* At most 127 bytes on a character's border, without '&' and '=': a name
 * that looks like a parameter could be read as one in the signed text. */
const char *epay_name(struct arena *a, const char *subject);
const char *epay_device(enum pay_device device);
/* The parameters of an order, for every way to open it. */
void epay_order(const char *pid, const char *type, const struct pay_order *o,
    struct params *p);
/* What a genuine notice says, field by field, into *v. */
enum pay_why epay_fields(
    const char *our_pid, struct params *p, struct verdict *v);
/* A link when it is one of http, else the text as a code: a gateway cannot
 * put "javascript:" into the page.  RC_FAIL: neither. */
enum rc epay_show(const char *link, const char *code, struct pay_opened *out);

#endif
