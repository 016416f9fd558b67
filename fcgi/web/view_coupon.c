/* SPDX-License-Identifier: Apache-2.0 */
/* Views of coupons (view_coupon.h). */
#include "web/view_coupon.h"

#include "base/time.h"
#include "base/url.h"
#include "web/web.h"

enum { DAY_TEXT = 10 };

static const char *
day(struct response *rs, int64_t us)
{
	if (us == 0)
		return "";
	return arena_fmt(rs->cx->arena, "%.*s", DAY_TEXT,
	    time_text(rs->cx->arena, us, (int)rs->cx->set->zone_minutes));
}

static const char *
amount(struct response *rs, struct money m)
{
	return money_show(rs->cx->arena, m, rs->web->currency);
}

/* What it takes off. */
static const char *
worth(struct response *rs, const struct coupon *c)
{
	struct arena *a = rs->cx->arena;

	if (str_eq(c->kind, "fixed"))
		return amount(rs, MONEY(c->value));
	return arena_fmt(a, "%s %%", money_text(a, MONEY(c->value), 2));
}

static void
put_coupon(struct response *rs, struct tnode *t, const struct coupon *c)
{
	tnode_int(t, "Id", (int64_t)c->id);
	tnode_set(t, "Code", c->code);
	tnode_set(t, "Batch", c->batch);
	tnode_set(t, "Note", c->note);
	tnode_set(t, "Worth", worth(rs, c));
	if (c->min.minor != 0)
		tnode_set(t, "Min", amount(rs, c->min));
	if (c->cap.minor != 0)
		tnode_set(t, "Cap", amount(rs, c->cap));
	tnode_set(t, "Product", c->product_name);
	tnode_set(t, "Sku", c->sku_name);
	tnode_int(t, "Uses", c->uses);
	if (c->uses_max != 0)
		tnode_int(t, "UsesMax", c->uses_max);
	if (c->per_contact != 0)
		tnode_int(t, "PerContact", c->per_contact);
	tnode_set(t, "From", day(rs, c->from));
	/* the moment after it is the next day's first */
	tnode_set(t, "Until", c->until == 0 ? "" : day(rs, c->until - 1));
	tnode_bool(t, "Active", c->active);
	tnode_bool(t, "Over", c->until != 0 && c->until <= rs->cx->now);
}

void
view_coupons(struct response *rs, const struct coupon *list, size_t n,
    const struct coupon_batch *batches, size_t n_batches)
{
	struct tnode *t;
	size_t i;

	view_panel(rs, "coupons", response_text(rs, "admin.coupons"));
	for (i = 0; i < n; i++)
		put_coupon(rs, tnode_item(rs->data, "Coupons"), &list[i]);
	for (i = 0; i < n_batches; i++) {
		t = tnode_item(rs->data, "Batches");
		tnode_set(t, "Name", batches[i].name);
		tnode_set(
		    t, "Param", url_encoded(rs->cx->arena, batches[i].name));
		tnode_int(t, "Codes", (int64_t)batches[i].codes);
		tnode_int(t, "Uses", (int64_t)batches[i].uses);
		tnode_int(t, "Active", (int64_t)batches[i].active);
	}
}

void
view_coupon_form(struct response *rs, const struct coupon_scope *scopes,
    size_t n, struct span chosen)
{
	struct tnode *t;
	size_t i;

	view_panel(rs, "coupons", response_text(rs, "coupon_page.add"));
	tnode_set(rs->data, "Currency", rs->web->currency);
	tnode_int(rs->data, "Most", COUPON_BATCH_MAX);
	for (i = 0; i < n; i++) {
		t = tnode_item(rs->data, "Scopes");
		tnode_set(t, "Value", scopes[i].value);
		tnode_set(t, "Name", scopes[i].name);
		tnode_bool(t, "On", span_is(chosen, scopes[i].value));
	}
}
