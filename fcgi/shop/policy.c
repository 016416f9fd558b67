/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The shop's policies as rows of table setting.  Read once for each batch of
 * messages: they are five short rows, and a decision about money must not come
 * from a cache.
 */
#include "shop/policy.h"

#include "base/str.h"
#include "shop/audit.h"
#include "store/setting.h"
#include "store/tx.h"

enum { LATE, OVER, UNDER, PARTIAL, ASK_BACK, ROWS };

static const char *const row_name[ROWS] = {
    [LATE] = "late_policy",
    [OVER] = "over_policy",
    [UNDER] = "under_policy",
    [PARTIAL] = "short_partial",
    [ASK_BACK] = "ask_back_minor",
};

static const char *const late_name[LATE__N] = {
    [LATE_DELIVER] = "deliver",
    [LATE_QUEUE] = "queue",
    [LATE_REFUND] = "refund",
};

static const char *const over_name[OVER__N] = {
    [OVER_HOLD] = "hold",
    [OVER_DELIVER] = "deliver",
};

static const char *const under_name[UNDER__N] = {
    [UNDER_HOLD] = "hold",
    [UNDER_COMPLETE] = "complete",
    [UNDER_REFUND] = "refund",
};

static const char *const on_off[] = {"off", "on"};

const char *
policy_late_name(enum late_policy p)
{
	return late_name[p];
}

const char *
policy_over_name(enum over_policy p)
{
	return over_name[p];
}

const char *
policy_under_name(enum under_policy p)
{
	return under_name[p];
}

static int
index_of(const char *const *names, int n, const char *value, int def)
{
	int i;

	for (i = 0; i < n; i++) {
		if (str_eq(names[i], value))
			return i;
	}
	return def;
}

struct money
policy_ask_back(const char *value)
{
	int64_t minor;

	if (value == NULL ||
	    num_i64(span_str(value), 0, INT64_MAX, &minor) != RC_OK)
		return MONEY(0);
	return MONEY(minor);
}

static void
take(struct policy *p, int row, const char *value)
{
	switch (row) {
	case LATE:
		p->late = (enum late_policy)index_of(
		    late_name, LATE__N, value, (int)p->late);
		break;
	case OVER:
		p->over = (enum over_policy)index_of(
		    over_name, OVER__N, value, OVER_HOLD);
		break;
	case UNDER:
		p->under = (enum under_policy)index_of(
		    under_name, UNDER__N, value, UNDER_HOLD);
		break;
	case PARTIAL:
		p->partial = str_eq(value, "on");
		break;
	default:
		p->ask_back = policy_ask_back(value);
	}
}

/* version[row] 0: never chosen. */
static enum rc
read_rows(struct ctx *cx, struct policy *p, unsigned version[ROWS])
{
	const struct setting_rec *v;
	size_t i, n;
	enum rc rc;
	int row;

	*p = (struct policy){0};
	p->late = (enum late_policy)index_of(
	    late_name, LATE__N, cx->set->late_policy, LATE_DELIVER);
	for (row = 0; row < ROWS; row++)
		version[row] = 0;
	rc = setting_all(cx, &v, &n);
	for (i = 0; rc == RC_OK && i < n; i++) {
		row = index_of(row_name, ROWS, v[i].name, ROWS);
		if (row == ROWS)
			continue;
		take(p, row, v[i].value);
		version[row] = v[i].version;
	}
	return rc;
}

enum rc
policy_load(struct ctx *cx, struct policy *out)
{
	unsigned version[ROWS];

	return read_rows(cx, out, version);
}

static const char *
value_of(struct ctx *cx, const struct policy *p, int row)
{
	switch (row) {
	case LATE:
		return late_name[p->late];
	case OVER:
		return over_name[p->over];
	case UNDER:
		return under_name[p->under];
	case PARTIAL:
		return on_off[p->partial];
	default:
		return arena_fmt(
		    cx->arena, "%lld", (long long)p->ask_back.minor);
	}
}

static enum rc
save_body(struct ctx *cx, void *arg)
{
	const struct policy *p = arg;
	const char *was, *is, *detail = "";
	unsigned version[ROWS];
	struct policy old;
	enum rc rc;
	int row;

	rc = read_rows(cx, &old, version);
	for (row = 0; rc == RC_OK && row < ROWS; row++) {
		was = value_of(cx, &old, row);
		is = value_of(cx, p, row);
		if (str_eq(was, is))
			continue;
		rc =
		    setting_put(cx, row_name[row], is, version[row], cx->staff);
		detail = arena_fmt(cx->arena, "%s%s%s: %s -> %s", detail,
		    detail[0] == '\0' ? "" : "; ", row_name[row], was, is);
	}
	if (rc != RC_OK || detail[0] == '\0')
		return rc;
	return audit_add(cx, "shop.policy", "shop", detail);
}

enum rc
policy_save(struct ctx *cx, const struct policy *p)
{
	struct policy copy = *p;

	return tx_run(cx, save_body, &copy);
}
