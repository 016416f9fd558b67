/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The parameter lists that gateways sign: "a=1&b=2" as bytes, strictly.
 *
 * Rules (the gateways' documents agree on them): split at '&', then at the
 * first '='; '+' is a blank and %XX is decoded once; names and values are
 * counted bytes and may hold anything; a name that comes twice is refused
 * before any field is used.
 */
#ifndef KS_PAY_PARAMS_H
#define KS_PAY_PARAMS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"
#include "pay/gateway.h"

struct param {
	struct span name, value;
};

struct params {
	struct param *v;
	size_t n, cap;
	struct arena *arena;
};

void params_init(struct params *p, struct arena *a);
/* Adds what raw holds, sorted or not.  RC_INVALID: broken escape, a part
 * without a name, or over a limit.  RC_CONFLICT: a name twice. */
MUST_CHECK enum rc params_read(struct params *p, struct span raw);
/* For building: the value is not copied. */
void params_add(struct params *p, const char *name, const char *value);
void params_span(struct params *p, const char *name, struct span value);

/* NULL: not there. */
const struct span *params_get(const struct params *p, const char *name);
/* As text: "" when absent; NULL when it holds a NUL or is longer than max. */
const char *params_text(const struct params *p, const char *name, size_t max);

/* Sorted by name bytewise, "k=v" joined by '&', values raw.  Leaves out the
 * names of skip (NULL-terminated), and empty values unless keep_empty. */
struct span params_join(
    struct params *p, const char *const *skip, bool keep_empty);

/* True when a value holds "&NAME=" for one of names, or a name holds '&' or
 * '=': then "k=v&k=v" can be read in two ways and a signature over it proves
 * nothing about that field.  Without it each of names has one reading only,
 * because every place where it could begin is a real border. */
bool params_ambiguous(const struct params *p, const char *const *names);

/* "k=v&k=v" percent-encoded, in the order of the list. */
void params_encode(struct buf *b, const struct params *p);
/* The same list for a form of the browser. */
const struct pay_pair *params_pairs(const struct params *p);

#endif
