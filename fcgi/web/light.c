/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Light pages (light.h).
 *
 * The gaps are found by rendering the page with a random word in their place:
 * what the template does around them stays the template's.
 */
#include "web/light.h"

#include <string.h>

#include "base/limits.h"
#include "base/time.h"
#include "shop/admission.h"
#include "web/field.h"
#include "web/response.h"
#include "web/view.h"
#include "web/view_shop.h"
#include "web/web.h"

enum {
	PAGES = 64,
	PAGE_MAX = 24 * 1024,
	LIFE_S = 60, /* names on it may be so old */
	GAPS = 9 + LIM_INPUTS,
	NAME = 80,
	SHORT = 16,
	ROOM = 1024 /* for what was typed */
};

struct gap {
	size_t at;       /* the value goes before this byte */
	char name[NAME]; /* of the form's field */
};

struct light {
	uint64_t sku;
	enum gate_why why;
	bool retry;
	char lang[SHORT], theme[SHORT];
	int64_t until; /* monotonic us */
	char *text;
	size_t n;
	struct gap gap[GAPS];
	size_t n_gaps;
};

struct light_store {
	struct light page[PAGES];
	struct arena *keep;
	size_t next; /* to be given up */
};

struct light_store *
light_new(struct arena *keep)
{
	struct light_store *s = ARENA_NEW(keep, struct light_store);

	s->keep = keep;
	return s;
}

static bool
is_page(const struct light *p, const struct light *want)
{
	return p->sku == want->sku && p->why == want->why &&
	       p->retry == want->retry && str_eq(p->lang, want->lang) &&
	       str_eq(p->theme, want->theme);
}

static void
name_it(struct response *rs, uint64_t sku, enum gate_why why, bool retry,
    struct light *out)
{
	*out = (struct light){.sku = sku, .why = why, .retry = retry};
	web_remember(out->lang, sizeof(out->lang), rs->rq->lang);
	web_remember(out->theme, sizeof(out->theme), rs->rq->theme);
}

/* ---- filling */

static void
put_escaped(struct buf *b, struct span s)
{
	static const char *const entity[] = {
	    ['&'] = "&amp;",
	    ['<'] = "&lt;",
	    ['>'] = "&gt;",
	    ['"'] = "&quot;",
	    ['\''] = "&#39;",
	};
	size_t i;

	for (i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c < sizeof(entity) / sizeof(entity[0]) && entity[c] != NULL)
			buf_str(b, entity[c]);
		else if (c != '\0')
			buf_chr(b, s.p[i]);
	}
}

/* The price that the form showed hangs on the channel that was chosen. */
static struct span
value_of(struct response *rs, const char *name)
{
	const struct fields *in = rs->rq->form;
	struct span channel = field_raw(in, "channel");
	const char *one;

	if (str_eq(name, "shown") && channel.n != 0 &&
	    channel.n <= LIM_CHANNEL && !span_has_nul(channel)) {
		one = arena_fmt(
		    rs->cx->arena, "shown_%.*s", (int)channel.n, channel.p);
		if (field_given(in, one))
			return field_raw(in, one);
	}
	return field_raw(in, name);
}

static enum rc
fill(struct response *rs, const struct light *p)
{
	size_t i, from = 0;

	buf_init(&rs->body, rs->cx->arena, p->n + ROOM, LIM_RESPONSE);
	for (i = 0; i < p->n_gaps; i++) {
		buf_add(&rs->body, p->text + from, p->gap[i].at - from);
		put_escaped(&rs->body, value_of(rs, p->gap[i].name));
		from = p->gap[i].at;
	}
	buf_add(&rs->body, p->text + from, p->n - from);
	rs->status = reply_status_of(RC_CONFLICT);
	return rs->body.bad ? RC_FAIL : RC_OK;
}

static enum rc
answer(struct response *rs, uint64_t sku, enum gate_why why, bool retry)
{
	struct light_store *s = rs->web->light;
	int64_t now = time_mono_us();
	struct light want;
	size_t i;

	name_it(rs, sku, why, retry, &want);
	for (i = 0; i < PAGES; i++)
		if (is_page(&s->page[i], &want) && s->page[i].until > now)
			return fill(rs, &s->page[i]);
	return RC_NOTFOUND;
}

static uint64_t
sku_of(const struct fields *f)
{
	uint64_t sku;

	return num_u64(field_raw(f, "sku"), UINT64_MAX, &sku) == RC_OK ? sku
								       : 0;
}

enum rc
light_checkout(struct response *rs)
{
	uint64_t sku = sku_of(rs->rq->query);
	enum gate_why why = admission_view(rs->cx, sku);

	return why == GATE_FREE ? RC_NOTFOUND : answer(rs, sku, why, false);
}

enum rc
light_order(struct response *rs)
{
	const struct fields *in = rs->rq->form;
	struct span token = field_raw(in, "form_token");
	uint64_t sku = sku_of(in);
	enum gate_why why;
	bool form_ok;

	why = admission_order(rs->cx, rs->rq->visitor,
	    arena_dup(rs->cx->arena, token.p, token.n), sku, &form_ok);
	return why == GATE_FREE ? RC_NOTFOUND : answer(rs, sku, why, form_ok);
}

/* ---- making */

struct making {
	const struct product *product;
	const struct sku *sku;
	const char *word;       /* stands in the gaps, with a letter */
	const char *name[GAPS]; /* the fields of the form that is sent again */
	size_t n_names;
	struct light page;
	struct buf text;
};

static void
take_names(struct arena *a, struct making *m)
{
	static const char *const fixed[] = {"form_token", "sku", "qty",
	    "contact", "lookup_password", "coupon", "channel", "shown", "work"};
	const struct product *p = m->product;
	size_t i;

	for (i = 0; i < sizeof(fixed) / sizeof(fixed[0]); i++)
		m->name[m->n_names++] = fixed[i];
	for (i = 0; i < p->n_inputs && m->n_names < GAPS; i++)
		m->name[m->n_names++] =
		    arena_fmt(a, "input_%s", p->inputs[i].name);
}

static void
show(struct response *rs, const struct making *m)
{
	/* clang-format off */
	static const char *const why_name[GATE__N] = {
		[GATE_SOLD_OUT] = "soldout",
		[GATE_NOT_YET]  = "notyet",
		[GATE_OVER]     = "over",
	};
	/* clang-format on */
	struct tnode *n = tnode_child(rs->data, "Light"), *f;
	size_t i;

	view_title(rs, response_text(rs, "checkout.title"));
	tnode_bool(rs->data, "Page.NoIndex", true);
	tnode_set(n, "Why", why_name[m->page.why]);
	tnode_set(n, "Name", m->product->name);
	tnode_set(n, "Slug", m->product->slug);
	tnode_fmt(n, "Sku", "%llu", (unsigned long long)m->page.sku);
	tnode_bool(n, "Retry", m->page.retry);
	if (m->page.why == GATE_NOT_YET)
		view_opens(rs, n, m->sku->sale_from);
	for (i = 0; i < m->n_names; i++) {
		f = tnode_item(n, "Fields");
		tnode_set(f, "Name", m->name[i]);
		tnode_fmt(f, "Value", "%s%c", m->word, (char)('a' + i));
	}
}

/* Cuts the words out of the page. */
static enum rc
find_gaps(struct making *m)
{
	char *from = m->text.p, *end = m->text.p + m->text.len, *at;
	size_t n = strlen(m->word), i;
	struct light *p = &m->page;

	while ((at = memmem(from, (size_t)(end - from), m->word, n)) != NULL) {
		i = (size_t)(at[n] - 'a');
		if (i >= m->n_names || p->n_gaps == GAPS ||
		    strlen(m->name[i]) >= NAME)
			return RC_FAIL;
		memmove(at, at + n + 1, (size_t)(end - at) - n - 1);
		end -= n + 1;
		p->gap[p->n_gaps].at = (size_t)(at - m->text.p);
		web_remember(p->gap[p->n_gaps++].name, NAME, m->name[i]);
		from = at;
	}
	p->text = m->text.p;
	p->n = (size_t)(end - m->text.p);
	return RC_OK;
}

static void
keep(struct light_store *s, const struct light *p)
{
	struct light *to = NULL;
	char *text;
	size_t i;

	if (p->n > PAGE_MAX)
		return;
	for (i = 0; i < PAGES && to == NULL; i++)
		if (is_page(&s->page[i], p))
			to = &s->page[i];
	if (to == NULL)
		to = &s->page[s->next++ % PAGES];
	text = to->text != NULL ? to->text : arena_alloc(s->keep, PAGE_MAX);
	memcpy(text, p->text, p->n);
	*to = *p;
	to->text = text;
	to->until = time_mono_us() + LIFE_S * US_PER_S;
}

enum rc
light_make(struct response *rs, const struct product *p, const struct sku *s,
    enum gate_why why, bool retry)
{
	struct making m = {.product = p, .sku = s};
	struct arena *a = rs->cx->arena;
	enum rc rc;

	admission_shut(
	    rs->cx, s->id, why, why == GATE_NOT_YET ? s->sale_from : 0);
	name_it(rs, s->id, why, retry, &m.page);
	m.word = admission_word(rs->cx);
	if (retry)
		take_names(a, &m);
	show(rs, &m);
	buf_init(&m.text, a, PAGE_MAX, LIM_RESPONSE);
	rc = view_shared(rs, "page/light.cs",
	    arena_fmt(a, "/checkout?sku=%llu", (unsigned long long)m.page.sku),
	    &m.text);
	if (rc == RC_OK)
		rc = m.text.bad ? RC_FAIL : find_gaps(&m);
	if (rc != RC_OK)
		return rc;
	keep(rs->web->light, &m.page);
	return fill(rs, &m.page);
}
