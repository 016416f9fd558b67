/* SPDX-License-Identifier: Apache-2.0 */
/* Editing SKUs with their tiers, and the questions of a product. */
#include "shop/edit_int.h"

#include "base/limits.h"
#include "base/utf8.h"
#include "shop/audit.h"
#include "store/goods_write.h"
#include "store/outbox.h"
#include "store/tx.h"

enum {
	SORT_MAX = 1000000,
	FORMAT_MAX = 200, /* characters of the columns */
	CHOICES_MAX = 1000,
	INPUT_NAME_MAX = 32,
	LIMIT_MAX = 1000000,
	TIERS_MAX = sizeof(((struct sku_edit *)0)->tiers) / sizeof(struct tier)
};

/* A price above this is a slip of the hand, and keeps sums far from the end
 * of the integers: LIM_QTY of them fit a thousand times. */
#define PRICE_MAX INT64_C(100000000000)

#define KINDS "card|loop|manual"
#define INPUT_KINDS "text|digits|email|choice"

static void
tiers_out(struct sku_edit *s, const struct tier_rec *t, size_t n)
{
	size_t i;

	for (i = 0; i < n && s->n_tiers < TIERS_MAX; i++)
		if (t[i].sku == s->id)
			s->tiers[s->n_tiers++] =
			    (struct tier){t[i].min_qty, t[i].price};
}

static void
sku_out(struct sku_edit *s, const struct sku_rec *r, const char *name_en)
{
	s->id = r->id;
	s->product = r->product;
	s->code = r->code;
	s->name = r->name;
	s->name_en = name_en;
	s->kind = r->kind;
	s->card_format = r->card_format;
	s->price = r->price;
	s->cost = r->cost;
	s->min_qty = r->min_qty;
	s->max_qty = r->max_qty;
	s->buyer_limit = r->buyer_limit;
	s->sale_from = r->sale_from;
	s->sale_until = r->sale_until;
	s->active = r->active;
	s->sort = r->sort;
	s->version = r->version;
}

enum rc
edit_skus(
    struct ctx *cx, uint64_t product, const struct sku_edit **out, size_t *n)
{
	const struct sku_rec *r;
	const struct tier_rec *t;
	const char *const *en;
	struct sku_edit *s;
	bool sticky = cx->sticky;
	uint64_t *id;
	size_t i, n_tiers;
	enum rc rc;

	rc = sku_edit_all(cx, product, &r, &en, n);
	if (rc != RC_OK)
		return rc;
	id = ARENA_ARRAY(cx->arena, *n, uint64_t);
	for (i = 0; i < *n; i++)
		id[i] = r[i].id;
	cx->sticky = true; /* what is edited comes from the primary */
	rc = sku_tiers(cx, id, *n, &t, &n_tiers);
	cx->sticky = sticky;
	if (rc != RC_OK)
		return rc;
	s = ARENA_ARRAY(cx->arena, *n, struct sku_edit);
	for (i = 0; i < *n; i++) {
		sku_out(&s[i], &r[i], en[i]);
		tiers_out(&s[i], t, n_tiers);
	}
	*out = s;
	return RC_OK;
}

/* ---- saving a SKU */

struct save {
	struct sku_rec r;
	const char *name_en;
	struct tier_rec tier[TIERS_MAX];
	size_t n_tiers;
	struct edit_error *why;
	uint64_t id;
};

/* Ascending, each cheaper than what came before: a tier is a discount. */
static bool
tiers_ok(const struct save *s)
{
	struct money above = s->r.price;
	unsigned qty = 1;
	size_t i;

	for (i = 0; i < s->n_tiers; i++) {
		if (s->tier[i].min_qty <= qty || s->tier[i].min_qty > LIM_QTY ||
		    s->tier[i].price.minor < 0 ||
		    money_cmp(s->tier[i].price, above) >= 0)
			return edit_fail(s->why, "tiers", "bad_tiers");
		qty = s->tier[i].min_qty;
		above = s->tier[i].price;
	}
	return true;
}

static bool
fields_ok(const struct save *s)
{
	const struct sku_rec *r = &s->r;
	struct edit_error *why = s->why;

	if (r->sale_from < 0 || r->sale_until < 0 ||
	    (r->sale_until != 0 && r->sale_until <= r->sale_from))
		return edit_fail(why, "sale_until", "bad_window");
	return edit_line(why, "name", r->name, LIM_NAME, NEEDED) &&
	       edit_line(why, "name_en", s->name_en, LIM_NAME, MAY_BE_EMPTY) &&
	       edit_token(why, "code", r->code, "-_.", LIM_SKU_CODE) &&
	       edit_choice(why, "kind", r->kind, KINDS) &&
	       edit_line(why, "card_format", r->card_format, FORMAT_MAX,
		   MAY_BE_EMPTY) &&
	       edit_range(why, "price", r->price.minor, 0, PRICE_MAX) &&
	       edit_range(why, "cost", r->cost.minor, 0, PRICE_MAX) &&
	       edit_range(why, "min_qty", r->min_qty, 1, LIM_QTY) &&
	       edit_range(why, "max_qty", r->max_qty, r->min_qty, LIM_QTY) &&
	       edit_range(why, "buyer_limit", r->buyer_limit, 0, LIMIT_MAX) &&
	       edit_range(why, "sort", r->sort, -SORT_MAX, SORT_MAX) &&
	       tiers_ok(s);
}

/* The kind says how cards are dealt out: it stays once there are any. */
static enum rc
kind_ok(struct ctx *cx, const struct save *s)
{
	const char *kind;
	bool has_cards;
	enum rc rc;

	if (s->r.id == 0)
		return RC_OK;
	rc = sku_kind_get(cx, s->r.id, &kind, &has_cards);
	if (rc != RC_OK)
		return rc;
	if (!has_cards || str_eq(kind, s->r.kind))
		return RC_OK;
	edit_fail(s->why, "kind", "has_cards");
	return RC_INVALID;
}

static enum rc
write_row(struct ctx *cx, struct save *s)
{
	bool stale = false;
	enum rc rc;

	s->id = s->r.id;
	rc = s->r.id == 0 ? sku_add(cx, &s->r, &s->id)
			  : sku_change(cx, &s->r, &stale);
	if (rc == RC_CONFLICT) {
		edit_fail(s->why, "code", "taken");
		return RC_INVALID;
	}
	return rc == RC_OK && stale ? RC_CONFLICT : rc;
}

static void
diff_tiers(struct buf *b, const struct sku_edit *old, const struct save *s)
{
	bool same = old->n_tiers == s->n_tiers;
	size_t i;

	for (i = 0; same && i < s->n_tiers; i++)
		same = old->tiers[i].min_qty == s->tier[i].min_qty &&
		       money_cmp(old->tiers[i].price, s->tier[i].price) == 0;
	if (same)
		return;
	buf_fmt(b, "%stiers:", b->len > 0 ? "; " : "");
	for (i = 0; i < s->n_tiers; i++)
		buf_fmt(b, " %u=%lld", s->tier[i].min_qty,
		    (long long)s->tier[i].price.minor);
}

static const char *
difference(struct ctx *cx, const struct sku_edit *old, const struct save *s)
{
	struct buf b;

	buf_init(&b, cx->arena, 512, 8192);
	diff_text(&b, "code", old->code, s->r.code);
	diff_text(&b, "name", old->name, s->r.name);
	diff_text(&b, "name_en", old->name_en, s->name_en);
	diff_text(&b, "kind", old->kind, s->r.kind);
	diff_text(&b, "card_format", old->card_format, s->r.card_format);
	diff_int(&b, "price", old->price.minor, s->r.price.minor);
	diff_int(&b, "cost", old->cost.minor, s->r.cost.minor);
	diff_int(&b, "min_qty", old->min_qty, s->r.min_qty);
	diff_int(&b, "max_qty", old->max_qty, s->r.max_qty);
	diff_int(&b, "buyer_limit", old->buyer_limit, s->r.buyer_limit);
	diff_int(&b, "sale_from", old->sale_from, s->r.sale_from);
	diff_int(&b, "sale_until", old->sale_until, s->r.sale_until);
	diff_int(&b, "active", old->active, s->r.active);
	diff_int(&b, "sort", old->sort, s->r.sort);
	diff_tiers(&b, old, s);
	return buf_text(&b);
}

static enum rc
save_body(struct ctx *cx, void *arg)
{
	static const struct sku_edit none;
	struct save *s = arg;
	const struct localized_text en = {s->name_en, "", ""};
	const struct sku_edit *all, *old = &none;
	const char *state;
	size_t i, n;
	enum rc rc;

	if ((rc = product_state_get(cx, s->r.product, &state)) != RC_OK ||
	    (rc = edit_skus(cx, s->r.product, &all, &n)) != RC_OK ||
	    (rc = kind_ok(cx, s)) != RC_OK)
		return rc;
	for (i = 0; i < n; i++)
		if (s->r.id != 0 && all[i].id == s->r.id)
			old = &all[i];
	if ((rc = write_row(cx, s)) != RC_OK ||
	    (rc = localized_put(cx, "sku", s->id, "en", s->r.name, &en)) !=
		RC_OK ||
	    (rc = sku_tiers_put(cx, s->id, s->tier, s->n_tiers)) != RC_OK ||
	    (rc = product_touch(cx, s->r.product)) != RC_OK ||
	    (rc = edit_reindex(cx, s->r.product)) != RC_OK ||
	    (rc = outbox_catalogue(cx, s->r.product)) != RC_OK)
		return rc;
	return audit_add(cx, "sku.save", edit_object(cx, "sku", s->id),
	    difference(cx, old, s));
}

enum rc
edit_sku_save(struct ctx *cx, struct sku_edit *e, struct edit_error *why)
{
	struct save s = {0};
	enum rc rc;
	size_t i;

	s.why = why;
	s.r.id = e->id;
	s.r.product = e->product;
	s.r.code = edit_text(e->code);
	s.r.name = edit_text(e->name);
	s.r.kind = edit_text(e->kind);
	s.r.card_format = edit_text(e->card_format);
	s.r.price = e->price;
	s.r.cost = e->cost;
	s.r.min_qty = e->min_qty;
	s.r.max_qty = e->max_qty;
	s.r.buyer_limit = e->buyer_limit;
	s.r.sale_from = e->sale_from;
	s.r.sale_until = e->sale_until;
	s.r.active = e->active;
	s.r.sort = e->sort;
	s.r.version = e->version;
	s.name_en = edit_text(e->name_en);
	for (i = 0; i < e->n_tiers && i < TIERS_MAX; i++)
		s.tier[s.n_tiers++] = (struct tier_rec){
		    0, e->tiers[i].min_qty, e->tiers[i].price};
	if (str_empty(s.r.code))
		s.r.code = edit_drawn(cx);
	if (!fields_ok(&s))
		return RC_INVALID;
	rc = tx_run(cx, save_body, &s);
	if (rc != RC_OK)
		return rc;
	e->version = e->id == 0 ? 1 : e->version + 1;
	e->id = s.id;
	e->code = s.r.code;
	return RC_OK;
}

/* ---- inputs */

enum rc
edit_inputs(
    struct ctx *cx, uint64_t product, const struct input_edit **out, size_t *n)
{
	const struct input_rec *r;
	struct input_edit *in;
	bool sticky = cx->sticky;
	enum rc rc;
	size_t i;

	cx->sticky = true;
	rc = product_inputs(cx, product, &r, n);
	cx->sticky = sticky;
	if (rc != RC_OK)
		return rc;
	in = ARENA_ARRAY(cx->arena, *n, struct input_edit);
	for (i = 0; i < *n; i++)
		in[i] = (struct input_edit){r[i].name, r[i].label,
		    r[i].label_en, r[i].hint, r[i].kind, r[i].choices,
		    r[i].max_len, r[i].required, r[i].sort};
	*out = in;
	return RC_OK;
}

static bool
input_ok(struct edit_error *why, const struct input_rec *in)
{
	if (str_empty(in->name))
		return edit_fail(why, "input_name", "required");
	if (str_eq(in->kind, "choice") && str_empty(in->choices))
		return edit_fail(why, "input_choices", "required");
	return edit_token(why, "input_name", in->name, "_", INPUT_NAME_MAX) &&
	       edit_line(why, "input_label", in->label, LIM_NAME, NEEDED) &&
	       edit_line(why, "input_label_en", in->label_en, LIM_NAME,
		   MAY_BE_EMPTY) &&
	       edit_line(
		   why, "input_hint", in->hint, FORMAT_MAX, MAY_BE_EMPTY) &&
	       edit_choice(why, "input_kind", in->kind, INPUT_KINDS) &&
	       edit_line(why, "input_choices", in->choices, CHOICES_MAX,
		   MAY_BE_EMPTY) &&
	       edit_range(
		   why, "input_max_len", in->max_len, 1, LIM_INPUT_VALUE);
}

struct inputs {
	uint64_t product;
	struct input_rec v[LIM_INPUTS];
	size_t n;
};

static bool
inputs_ok(struct edit_error *why, const struct inputs *in)
{
	size_t i, k;

	for (i = 0; i < in->n; i++) {
		if (!input_ok(why, &in->v[i]))
			return false;
		for (k = 0; k < i; k++)
			if (str_eq(in->v[i].name, in->v[k].name))
				return edit_fail(why, "input_name", "repeated");
	}
	return true;
}

static enum rc
inputs_body(struct ctx *cx, void *arg)
{
	const struct inputs *in = arg;
	struct buf detail;
	const char *state;
	enum rc rc;
	size_t i;

	if ((rc = product_state_get(cx, in->product, &state)) != RC_OK ||
	    (rc = product_inputs_put(cx, in->product, in->v, in->n)) != RC_OK ||
	    (rc = product_touch(cx, in->product)) != RC_OK ||
	    (rc = outbox_catalogue(cx, in->product)) != RC_OK)
		return rc;
	buf_init(&detail, cx->arena, 256, 4096);
	for (i = 0; i < in->n; i++)
		buf_fmt(&detail, "%s%s(%s)", i > 0 ? ", " : "", in->v[i].name,
		    in->v[i].kind);
	return audit_add(cx, "product.inputs",
	    edit_object(cx, "product", in->product), buf_text(&detail));
}

enum rc
edit_inputs_save(struct ctx *cx, uint64_t product, const struct input_edit *e,
    size_t n, struct edit_error *why)
{
	struct inputs in = {0};
	size_t i;

	if (n > LIM_INPUTS) {
		edit_fail(why, "input_name", "too_big");
		return RC_INVALID;
	}
	in.product = product;
	in.n = n;
	for (i = 0; i < n; i++)
		in.v[i] = (struct input_rec){edit_text(e[i].name),
		    edit_text(e[i].label), edit_text(e[i].label_en),
		    edit_text(e[i].hint), edit_text(e[i].kind),
		    edit_text(e[i].choices), e[i].max_len, e[i].required,
		    e[i].sort};
	if (!inputs_ok(why, &in))
		return RC_INVALID;
	return tx_run(cx, inputs_body, &in);
}
