/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The books for people: entries of the ledger with the proof that each
 * transaction is balanced, sums of the accounts, and what was earned.  Every
 * figure is counted from rows each time; none is kept.
 */
#ifndef KS_SHOP_LEDGER_H
#define KS_SHOP_LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/num.h"
#include "base/rc.h"
#include "io/ctx.h"

enum { LEDGER_PAGE = 100 };

struct ledger_filter {
	int64_t from, until; /* of booking; until > from */
	const char *account; /* "" any */
	const char *no;      /* an order's number: then nothing else counts */
	unsigned page;
};

struct ledger_entry {
	uint64_t id, payment, refund;
	const char *tx, *account, *currency, *channel, *no;
	unsigned line;
	struct money amount;  /* debit > 0, credit < 0 */
	struct money running; /* of the account since from, where has_running */
	int64_t at;
	bool balanced; /* the lines of its transaction sum to zero */
	bool has_running;
};
struct ledger_sum {
	const char *account, *currency;
	uint64_t n;
	struct money debit, credit, balance;
};
struct ledger_view {
	const struct ledger_entry *entry; /* newest first */
	size_t n;
	bool more;
	const struct ledger_sum *sum; /* of the whole period */
	size_t n_sums;
	bool balanced; /* they sum to zero in each currency */
};
/* currency: of the running totals. */
MUST_CHECK enum rc ledger_look(struct ctx *cx, const struct ledger_filter *f,
    const char *currency, struct ledger_view *out);

/* One entry of ledger_accounts_const past the end is NULL. */
extern const char *const ledger_accounts_const[];

/* An export, piece by piece: lines of CSV are added to out.  RC_NOTFOUND: that
 * was all.  Each piece needs memory for itself only. */
struct ledger_export {
	struct ledger_filter f;
	uint64_t after, last;
	bool begun;
};
MUST_CHECK enum rc ledger_export_next(
    struct ctx *cx, void *ledger_export, struct buf *out);

/* ---- finance */

enum finance_kind { FINANCE_OF_DAY, FINANCE_OF_CHANNEL, FINANCE_OF_PRODUCT };

struct finance_line {
	int64_t day; /* its start, by day; else 0 */
	const char *name;
	uint64_t orders;
	struct money revenue, fees, refunds, cost, profit;
};
/* total adds up all lines. */
MUST_CHECK enum rc finance_look(struct ctx *cx, enum finance_kind kind,
    const char *currency, int64_t from, int64_t until,
    const struct finance_line **out, size_t *n, struct finance_line *total);

#endif
