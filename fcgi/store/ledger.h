/* SPDX-License-Identifier: Apache-2.0 */
/* Reading the ledger; it is written by store/notice.c, and never changed. */
#ifndef KS_STORE_LEDGER_H
#define KS_STORE_LEDGER_H

#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"

struct ledger_row {
	uint64_t id, payment, refund;
	const char *tx, *account, *currency, *channel, *no;
	unsigned line;
	struct money amount;
	int64_t at;
	struct money tx_sum; /* of all lines of the transaction; not exported */
};

struct ledger_query {
	int64_t from, until;
	uint64_t first, last; /* ids, from ledger_span() */
	const char *account;  /* "" any */
	unsigned max, skip;
};
/* RC_NOTFOUND: nothing in the period. */
MUST_CHECK enum rc ledger_span(struct ctx *cx, struct ledger_query *q);
/* Newest first. */
MUST_CHECK enum rc ledger_rows(struct ctx *cx, const struct ledger_query *q,
    const struct ledger_row **out, size_t *n);
MUST_CHECK enum rc ledger_rows_of(struct ctx *cx, const char *no, unsigned max,
    const struct ledger_row **out, size_t *n);
/* Oldest first, those behind q->first. */
MUST_CHECK enum rc ledger_rows_after(struct ctx *cx,
    const struct ledger_query *q, const struct ledger_row **out, size_t *n);

struct account_sum {
	const char *account, *currency;
	uint64_t n;
	struct money debit, credit; /* both >= 0 */
};
MUST_CHECK enum rc ledger_account_sums(struct ctx *cx, int64_t from,
    int64_t until, const struct account_sum **out, size_t *n);
/* Of an account from `from' on up to and with entry id. */
MUST_CHECK enum rc ledger_running_sum(struct ctx *cx, const char *account,
    const char *currency, int64_t from, uint64_t id, struct money *out);

enum finance_by { FINANCE_DAY, FINANCE_CHANNEL, FINANCE_PRODUCT, FINANCE__N };
struct finance_query {
	enum finance_by by;
	const char *currency;
	int64_t from, until, zone_us, day_us;
	unsigned max;
};
struct finance_money { /* from the ledger, by time of booking */
	int64_t key;   /* day number of the zone, or id */
	const char *name;
	struct money revenue, fees, refunds;
};
struct finance_cost { /* from orders, by time of payment */
	int64_t key;
	const char *name;
	struct money cost;
	uint64_t orders;
};
MUST_CHECK enum rc finance_money_rows(struct ctx *cx,
    const struct finance_query *q, const struct finance_money **out, size_t *n);
MUST_CHECK enum rc finance_cost_rows(struct ctx *cx,
    const struct finance_query *q, const struct finance_cost **out, size_t *n);

#endif
