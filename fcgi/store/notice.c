/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of the notice inbox and of the ledger. */
#include "store/money.h"

#include "base/bug.h"
#include "base/time.h"
#include "io/db.h"
#include "store/stmt.gen.h"

enum { SAMPLE_MAX = 2048, LEDGER_COLS = 11, LEDGER_LINES = 8 };

#define BLOB(s) DV_BLOB((s).p, (s).n)

enum rc
notice_add(struct ctx *cx, const struct notice_row *n, bool *fresh)
{
	uint64_t affected;
	enum rc rc;

	rc = DB_EXEC(cx, STMT_notice_add, &affected, DV_U64(cx->merchant),
	    DV_U64(n->channel), DV_U64_OR_NULL(n->order), DV_STR(n->state),
	    DV_STR(n->reason), DV_STR(n->source), BLOB(n->dedupe),
	    DV_STR(n->txn), DV_I64(n->amount.minor), DV_STR(n->currency),
	    DV_BLOB(n->body_hash, sizeof(n->body_hash)), DV_I64(cx->now),
	    DV_I64(n->applied));
	if (rc == RC_OK)
		*fresh = affected == 1;
	return rc;
}

enum rc
notice_find(struct ctx *cx, uint64_t channel, struct span dedupe,
    const char **state, const char **reason, uint64_t *order)
{
	struct db_row r;
	enum rc rc;

	rc = DB_ROW(cx, STMT_notice_find, &r, DV_U64(channel), BLOB(dedupe));
	if (rc != RC_OK)
		return rc;
	*state = dv_str(r, 1);
	*order = dv_u64(r, 2);
	*reason = dv_str(r, 3);
	return RC_OK;
}

enum rc
notice_verdict(struct ctx *cx, const struct notice_row *n)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_notice_verdict, &affected, DV_STR(n->state),
	    DV_STR(n->reason), DV_U64_OR_NULL(n->order), DV_I64(n->applied),
	    DV_U64(n->channel), BLOB(n->dedupe));
}

enum rc
notice_raw_add(struct ctx *cx, uint64_t channel, struct span dedupe,
    const char *method, struct span query, struct span headers,
    struct span body)
{
	uint64_t affected;

	return DB_EXEC(cx, STMT_notice_raw_add, &affected, DV_STR(method),
	    BLOB(query), BLOB(headers), BLOB(body), DV_U64(channel),
	    BLOB(dedupe));
}

enum rc
notice_reject_count(struct ctx *cx, uint64_t channel, const char *reason,
    uint64_t n, struct span sample)
{
	uint64_t affected;

	if (sample.n > SAMPLE_MAX)
		sample.n = SAMPLE_MAX;
	return DB_EXEC(cx, STMT_notice_reject_count, &affected,
	    DV_U64(cx->merchant), DV_U64(channel),
	    DV_U64((uint64_t)(cx->now / (S_PER_DAY * US_PER_S))),
	    DV_STR(reason), DV_U64(n), DV_I64(cx->now), DV_I64(cx->now),
	    BLOB(sample), DV_STR(cx->address == NULL ? "" : cx->address));
}

/* One transaction of the books; its lines add up to nothing. */
static struct dv *
ledger_lines(struct ctx *cx, struct dv *p, const struct ledger_ref *ref,
    const struct ledger_line *lines, size_t n)
{
	struct money sum = MONEY(0);
	size_t i;

	for (i = 0; i < n; i++) {
		BUG_ON(money_add(sum, lines[i].amount, &sum) != RC_OK);
		*p++ = DV_U64(cx->merchant);
		*p++ = DV_STR(ref->tx);
		*p++ = DV_U64(i + 1);
		*p++ = DV_STR(lines[i].account);
		*p++ = DV_U64(ref->channel);
		*p++ = DV_U64(ref->order);
		*p++ = DV_U64(ref->payment);
		*p++ = DV_U64(ref->refund);
		*p++ = DV_I64(lines[i].amount.minor);
		*p++ = DV_STR(ref->currency);
		*p++ = DV_I64(cx->now);
	}
	BUG_ON(sum.minor != 0);
	return p;
}

enum rc
ledger_book(struct ctx *cx, const struct ledger_ref *ref,
    const struct ledger_line *lines, size_t n)
{
	struct dv v[LEDGER_LINES * LEDGER_COLS];
	uint64_t affected;

	BUG_ON(n == 0 || n > LEDGER_LINES);
	ledger_lines(cx, v, ref, lines, n);
	return db_exec_many(cx, STMT_ledger_add, NULL, 0, v, n, &affected);
}

enum rc
ledger_book_all(struct ctx *cx, const struct booking *b, size_t n)
{
	struct dv *v, *p;
	uint64_t affected;
	size_t i, lines = 0;

	for (i = 0; i < n; i++)
		lines += b[i].n;
	v = p = ARENA_ARRAY(cx->arena, lines * LEDGER_COLS, struct dv);
	for (i = 0; i < n; i++)
		p = ledger_lines(cx, p, &b[i].ref, b[i].line, b[i].n);
	return db_exec_many(cx, STMT_ledger_add, NULL, 0, v, lines, &affected);
}
