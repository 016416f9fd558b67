/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of money: channels, payments, the notice inbox, the ledger. */
#ifndef KS_STORE_MONEY_H
#define KS_STORE_MONEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

/* ---- channels */

struct channel_row {
	uint64_t id;
	const char *name, *gateway, *title, *title_en, *state, *device;
	const char *currency, *fee_payer, *options;
	uint32_t fee_permyriad;
	struct money fee_fixed, min, max;
	int sort;
	struct span secrets; /* sealed; n = 0: none */
	unsigned version;
	const char *fetched;  /* keys that the gateway gave; NULL: none */
	const char *ask_back; /* the shop's policy; NULL: none, and not told
			       * by channel_rows() */
};
MUST_CHECK enum rc channel_row_by_name(
    struct ctx *cx, const char *name, struct channel_row *out);
MUST_CHECK enum rc channel_row_by_id(
    struct ctx *cx, uint64_t id, struct channel_row *out);
MUST_CHECK enum rc channel_rows(
    struct ctx *cx, const struct channel_row **out, size_t *n);
/* RC_CONFLICT: the name is taken. */
MUST_CHECK enum rc channel_row_add(
    struct ctx *cx, const struct channel_row *c, uint64_t *id);
/* RC_CONFLICT: another version is there by now. */
MUST_CHECK enum rc channel_row_change(
    struct ctx *cx, const struct channel_row *c);
MUST_CHECK enum rc channel_row_secrets(
    struct ctx *cx, uint64_t id, struct span sealed);

/* Channels of this gateway whose keys are to be asked for. */
struct keys_due {
	uint64_t channel;
	bool known;  /* it was looked at before */
	int64_t due; /* that is known */
	unsigned failed;
};
MUST_CHECK enum rc keys_due(struct ctx *cx, const char *gateway, unsigned max,
    const struct keys_due **out, size_t *n);
/* Ours until then; it is a failure until keys_done() at the same cx->now says
 * otherwise.  RC_CONFLICT: somebody else has taken it. */
MUST_CHECK enum rc keys_take(
    struct ctx *cx, const struct keys_due *k, int64_t until);
/* RC_CONFLICT: not ours any more. */
MUST_CHECK enum rc keys_done(struct ctx *cx, uint64_t channel, int64_t due);
/* Inside tx_run(), of this version of the channel, which gets the next one.
 * RC_CONFLICT: it was changed meanwhile, or not ours any more. */
MUST_CHECK enum rc keys_keep(
    struct ctx *cx, uint64_t channel, unsigned version, const char *fetched);
/* Asks for them soon: pause_us after the last time.  Nothing where that is so
 * already. */
MUST_CHECK enum rc keys_wish(
    struct ctx *cx, uint64_t channel, int64_t pause_us);
/* Those of other settings. */
MUST_CHECK enum rc keys_forget(struct ctx *cx, uint64_t channel);

/* ---- payments */

struct payment_row {
	uint64_t id, order, channel;
	const char *state, *currency, *provider_ref, *pay_url, *qr_text;
	const char *txn; /* NULL: no money yet */
	const char *role;
	struct money amount;
	int64_t until; /* of the link or code; 0: the order's time */
	int64_t ends;  /* of the gateway's taking it; 0: it has not said */
};
MUST_CHECK enum rc payment_open(struct ctx *cx, const struct payment_row *p,
    int64_t next_ask, uint64_t *id);
/* A fresh link or code of it: pay_url, qr_text, until and ends.  RC_CONFLICT:
 * it is not open any more, or nothing is new. */
MUST_CHECK enum rc payment_reopen(struct ctx *cx, const struct payment_row *p);
/* Newest first. */
MUST_CHECK enum rc payments_of(struct ctx *cx, uint64_t order, uint64_t channel,
    const struct payment_row **out, size_t *n);
MUST_CHECK enum rc payment_by_txn(
    struct ctx *cx, uint64_t channel, const char *txn, struct payment_row *out);

/* Whose payment it is, by the id given at opening or by the gateway's id. */
MUST_CHECK enum rc order_no_by_ref(struct ctx *cx, uint64_t channel,
    const char *provider_ref, const char **no);
MUST_CHECK enum rc order_no_by_txn(
    struct ctx *cx, uint64_t channel, const char *txn, const char **no);

struct money_in {
	uint64_t order, channel;
	const char *role; /* order, second, under, over, late */
	struct money amount;
	struct money applied; /* what of it pays the order */
	const char *currency, *txn;
	bool open_case;
};
/* Marks an opened payment as the one the money came through, or (payment 0)
 * adds a row.  RC_CONFLICT: this txn is known for the channel. */
MUST_CHECK enum rc payment_success(
    struct ctx *cx, uint64_t payment, const struct money_in *in, uint64_t *id);
/* Held money that was less than its order's price, is of that currency, and
 * is not being given back.  Inside a transaction that has locked the order. */
struct part_row {
	uint64_t id, order, channel;
	const char *txn;
	struct money amount;
};
MUST_CHECK enum rc payment_parts(struct ctx *cx, uint64_t order,
    const char *currency, const struct part_row **out, size_t *n);
/* It pays the order after all; so does its notice.  RC_CONFLICT: it is no
 * such payment any more. */
MUST_CHECK enum rc payment_part_apply(
    struct ctx *cx, const struct part_row *part);
/* Other open payments of the order end in state. */
MUST_CHECK enum rc payments_end(
    struct ctx *cx, uint64_t order, const char *state);

struct ask_row {
	uint64_t payment, order, channel;
	const char *order_no, *currency, *provider_ref, *order_state;
	struct money amount;
	unsigned asked_n;
	int64_t created, expires;
};
MUST_CHECK enum rc payments_to_ask(
    struct ctx *cx, unsigned limit, const struct ask_row **out, size_t *n);
/* RC_CONFLICT: another machine took the turn. */
MUST_CHECK enum rc payment_asked(
    struct ctx *cx, uint64_t payment, unsigned asked_n, int64_t next_ask);

/* ---- the notice inbox */

struct notice_row {
	uint64_t channel, order; /* order 0: none */
	const char *state, *reason, *source, *txn, *currency;
	struct span dedupe;
	struct money amount;
	uint8_t body_hash[32];
	int64_t applied;
};
/* *fresh is false for a repeat, which is counted and changes nothing else. */
MUST_CHECK enum rc notice_add(
    struct ctx *cx, const struct notice_row *n, bool *fresh);
/* Locks the row. */
MUST_CHECK enum rc notice_find(struct ctx *cx, uint64_t channel,
    struct span dedupe, const char **state, const char **reason,
    uint64_t *order);
MUST_CHECK enum rc notice_verdict(struct ctx *cx, const struct notice_row *n);
MUST_CHECK enum rc notice_raw_add(struct ctx *cx, uint64_t channel,
    struct span dedupe, const char *method, struct span query,
    struct span headers, struct span body);
/* n more of them; the sample is cut. */
MUST_CHECK enum rc notice_reject_count(struct ctx *cx, uint64_t channel,
    const char *reason, uint64_t n, struct span sample);

/* ---- the ledger */

struct ledger_line {
	const char *account;
	struct money amount; /* debit > 0, credit < 0 */
};
struct ledger_ref {
	const char *tx; /* what happened, once: "pay:12" */
	uint64_t channel, order, payment, refund;
	const char *currency;
};
/* All lines of one transaction.  RC_CONFLICT: it is booked already. */
MUST_CHECK enum rc ledger_book(struct ctx *cx, const struct ledger_ref *ref,
    const struct ledger_line *lines, size_t n);

/* Several of them in one statement. */
struct booking {
	struct ledger_ref ref;
	struct ledger_line line[4];
	size_t n;
};
MUST_CHECK enum rc ledger_book_all(
    struct ctx *cx, const struct booking *b, size_t n);

#endif
