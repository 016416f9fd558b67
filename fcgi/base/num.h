/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Numbers from outside: strict, or not at all.  No sign unless said, no
 * blank, no exponent, no trailing byte, no overflow.
 */
#ifndef KS_BASE_NUM_H
#define KS_BASE_NUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"

/* Minor units of one currency.  A struct, so that it cannot be added to a
 * count by accident. */
struct money {
	int64_t minor;
};

#define MONEY(m) ((struct money){(m)})

MUST_CHECK enum rc num_u64(struct span s, uint64_t max, uint64_t *out);
MUST_CHECK enum rc num_i64(struct span s, int64_t min, int64_t max,
    int64_t *out); /* a leading '-' is allowed */
MUST_CHECK enum rc num_uint(const char *s, unsigned max, unsigned *out);

/* Checked arithmetic: RC_INVALID on overflow, *out untouched. */
MUST_CHECK enum rc money_add(struct money a, struct money b, struct money *out);
MUST_CHECK enum rc money_sub(struct money a, struct money b, struct money *out);
MUST_CHECK enum rc money_mul(struct money a, uint64_t n, struct money *out);
/* a * permyriad / 10000, rounded half up; a >= 0. */
MUST_CHECK enum rc money_rate(
    struct money a, uint32_t permyriad, struct money *out);
int money_cmp(struct money a, struct money b); /* -1, 0, 1 */

/* Decimals of an ISO 4217 code: 2, or 0 (JPY, KRW ...), or 3 (KWD ...).
 * Unknown codes have 2. */
unsigned currency_decimals(const char *iso);
/* "12.5", "12.50", "12" -> 1250 for two decimals.  [0-9]+(\.[0-9]{1,d})? */
MUST_CHECK enum rc money_parse(
    struct span s, unsigned decimals, struct money *out);
/* "12.50": always all decimals; a negative amount has a leading '-'. */
char *money_text(struct arena *a, struct money m, unsigned decimals);
/* With the currency's sign for people: "¥12.50", "$3.00", "12.50 XYZ". */
char *money_show(struct arena *a, struct money m, const char *iso);

#endif
