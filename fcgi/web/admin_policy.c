/* SPDX-License-Identifier: Apache-2.0 */
/* The form of policies on the shop's page: what is done with money and stock
 * that do not fit. */
#include "base/limits.h"
#include "shop/policy.h"
#include "shop/staff.h"
#include "web/admin_shop.h"
#include "web/router.h"
#include "web/web.h"

static void
put_choices(
    struct response *rs, const char *under, const char *(*name)(int), int n)
{
	int i;

	for (i = 0; i < n; i++)
		tnode_set(tnode_item(rs->data, under), "Name", name(i));
}

static const char *
late_name(int i)
{
	return policy_late_name((enum late_policy)i);
}

static const char *
over_name(int i)
{
	return policy_over_name((enum over_policy)i);
}

static const char *
under_name(int i)
{
	return policy_under_name((enum under_policy)i);
}

enum rc
admin_policy_fill(struct ctx *cx, struct response *rs, struct fields *in)
{
	struct policy p;
	enum rc rc;

	put_choices(rs, "Policy.Late", late_name, LATE__N);
	put_choices(rs, "Policy.Over", over_name, OVER__N);
	put_choices(rs, "Policy.Under", under_name, UNDER__N);
	if (field_given(in, "late"))
		return RC_OK;
	rc = policy_load(cx, &p);
	if (rc != RC_OK)
		return rc;
	field_preset(in, "late", policy_late_name(p.late));
	field_preset(in, "over", policy_over_name(p.over));
	field_preset(in, "under", policy_under_name(p.under));
	field_preset(in, "partial", p.partial ? "1" : "");
	field_preset(in, "ask_back",
	    money_text(
		cx->arena, p.ask_back, currency_decimals(rs->web->currency)));
	return RC_OK;
}

static size_t
read_choice(
    struct fields *in, const char *field, const char *(*name)(int), size_t n)
{
	const char *names[LATE__N + OVER__N + UNDER__N];
	size_t i;

	for (i = 0; i < n; i++)
		names[i] = name((int)i);
	return field_choice(in, field, names, n, SIZE_MAX, &i) ? i : 0;
}

enum rc
do_policy_save(struct ctx *cx, struct response *rs)
{
	struct fields *in = rs->rq->form;
	struct policy p = {0};
	enum rc rc;

	if (!staff_may(rs->rq->staff, "settings"))
		return RC_DENIED;
	p.late = (enum late_policy)read_choice(in, "late", late_name, LATE__N);
	p.over = (enum over_policy)read_choice(in, "over", over_name, OVER__N);
	p.under =
	    (enum under_policy)read_choice(in, "under", under_name, UNDER__N);
	p.partial = field_checked(in, "partial");
	field_money_or(in, "ask_back", currency_decimals(rs->web->currency),
	    MONEY(0), MONEY(LIM_PRICE_MINOR), MONEY(0), &p.ask_back);
	if (!fields_ok(in)) {
		rs->status = reply_status_of(RC_INVALID);
		return admin_shop_show(cx, rs, in);
	}
	rc = policy_save(cx, &p);
	if (rc != RC_OK)
		return rc;
	return respond_see(rs, panel_path(rs, "/shop?said=saved"));
}
