/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A gateway's daily statement, from CSV to lines.  A format is a row of a
 * table: which headings name what, which words mean a payment.  Nothing here
 * knows the database; the state between two pieces of a file is one struct
 * that can be kept as text.
 */
#ifndef KS_SHOP_STATEMENT_READ_H
#define KS_SHOP_STATEMENT_READ_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/num.h"
#include "base/rc.h"
#include "base/str.h"

enum statement_column {
	COL_ORDER,
	COL_TXN,
	COL_AMOUNT,
	COL_CURRENCY,
	COL_FEE,
	COL_TIME,
	COL_TYPE,
	COL_STATUS,
	COL_REFUND, /* amount of a refund, where it has a column of its own */
	COL_PARENT, /* the payment that a refund belongs to */
	COL__N
};

enum statement_kind {
	STATEMENT_PAYMENT,
	STATEMENT_REFUND,
	STATEMENT_OTHER, /* withdrawals, fees by themselves, failed attempts */
	STATEMENT_BAD    /* cannot be read: the statement is refused */
};

struct statement_line {
	unsigned line; /* of the file, from 1 */
	enum statement_kind kind;
	const char *txn, *order_no, *at; /* as the file says; "" none */
	struct money amount;             /* of payments and refunds: > 0 */
	struct money fee;                /* that the gateway kept; >= 0 */
	char currency[4];
	const char *why; /* STATEMENT_BAD: "columns", "amount", ... */
};

/* The formats by name: "alipay", "wechatpay", "stripe", "paypal", "generic";
 * NULL past the end. */
const char *statement_format_at(size_t i);
bool statement_format_ok(const char *name);

enum { STATEMENT_STATE = 96 };

struct statement_reader {
	const char *format;
	/* generic: the headings of order, id, amount, currency, fee, time and
	 * type; "" or NULL: the usual ones */
	const char *heading[COL__N];
	const char *currency; /* where the file does not say */
	/* ---- kept between pieces */
	int column[COL__N]; /* -1: not there */
	bool headed;        /* the line of headings was seen */
	bool ended;         /* the sums at the end have begun */
	char separator;
	unsigned line; /* lines read */
};

void statement_begin(struct statement_reader *r);
/* The kept part as text, and back; RC_INVALID: not such a text. */
const char *statement_state(struct arena *a, const struct statement_reader *r);
MUST_CHECK enum rc statement_resume(
    struct statement_reader *r, const char *state);

/* Whole lines of text (the last may lack its break).  Lines that say nothing
 * (blank, remarks, sums) give nothing; everything else gives one line, if bad
 * with a reason.  Memory is of the order of the text. */
void statement_read(struct arena *a, struct statement_reader *r,
    struct span text, const struct statement_line **out, size_t *n);

#endif
