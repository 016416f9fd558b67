/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Typed readers over parameters (field.h).  A reader never fails loudly: it
 * notes the reason in the field's slot, so that the form comes back with all
 * its reasons at once.
 *
 * Names come from code or are tokens, because a slot's name becomes part of a
 * template's data tree.
 */
#include "web/field_int.h"

#include "base/bug.h"
#include "base/email.h"
#include "base/limits.h"
#include "base/url.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "io/tmpl.h"
#include "web/response.h"

#include <string.h>

struct param {
	struct span name, value;
};

struct slot { /* a field that was asked for */
	const char *name;
	const char *reason;
	const char *preset;
	bool secret;
};

struct fields {
	struct arena *arena;
	VEC(struct param) params;
	VEC(struct slot) slots;
};

struct fields *
fields_new(struct arena *a)
{
	struct fields *f = ARENA_NEW(a, struct fields);

	f->arena = a;
	return f;
}

void
fields_add(struct fields *f, struct span name, struct span value)
{
	*VEC_ADD(&f->params, f->arena) = (struct param){name, value};
}

size_t
fields_count(const struct fields *f)
{
	return f->params.n;
}

bool
fields_at(
    const struct fields *f, size_t i, struct span *name, struct span *value)
{
	if (i >= f->params.n)
		return false;
	*name = f->params.v[i].name;
	*value = f->params.v[i].value;
	return true;
}

/* How often the name was sent; *first is its first value. */
static size_t
find(const struct fields *f, const char *name, struct span *first)
{
	size_t i, found = 0;

	*first = (struct span){"", 0};
	for (i = 0; i < f->params.n; i++) {
		if (!span_is(f->params.v[i].name, name))
			continue;
		if (found++ == 0)
			*first = f->params.v[i].value;
	}
	return found;
}

struct span
field_raw(const struct fields *f, const char *name)
{
	struct span v;

	find(f, name, &v);
	return v;
}

bool
field_given(const struct fields *f, const char *name)
{
	struct span v;

	return find(f, name, &v) != 0;
}

static struct slot *
slot_find(const struct fields *f, const char *name)
{
	size_t i;

	for (i = 0; i < f->slots.n; i++)
		if (str_eq(f->slots.v[i].name, name))
			return &f->slots.v[i];
	return NULL;
}

static struct slot *
slot_of(struct fields *f, const char *name)
{
	struct slot *s = slot_find(f, name);

	if (s != NULL)
		return s;
	BUG_ON(!str_is_token(name, "_", LIM_PARAM_NAME));
	s = VEC_ADD(&f->slots, f->arena);
	s->name = arena_str(f->arena, name);
	return s;
}

void
field_fail(struct fields *f, const char *name, const char *reason)
{
	struct slot *s = slot_of(f, name);

	if (s->reason == NULL)
		s->reason = reason;
}

bool
field_bad(struct fields *f, const char *name, const char *reason)
{
	field_fail(f, name, reason);
	return false;
}

struct arena *
fields_arena(const struct fields *f)
{
	return f->arena;
}

const char *
field_reason(const struct fields *f, const char *name)
{
	const struct slot *s = slot_find(f, name);

	return s == NULL ? NULL : s->reason;
}

bool
fields_ok(const struct fields *f)
{
	size_t i;

	for (i = 0; i < f->slots.n; i++)
		if (f->slots.v[i].reason != NULL)
			return false;
	return true;
}

void
fields_again(struct fields *f)
{
	if (f->slots.n != 0)
		memset(f->slots.v, 0, f->slots.n * sizeof(f->slots.v[0]));
	f->slots.n = 0;
}

void
field_preset(struct fields *f, const char *name, const char *value)
{
	slot_of(f, name)->preset = value;
}

bool
field_single(struct fields *f, const char *name, struct span *out)
{
	size_t n = find(f, name, out);

	slot_of(f, name);
	if (n <= 1)
		return true;
	*out = (struct span){"", 0};
	return field_bad(f, name, FIELD_REPEATED);
}

bool
field_text(struct fields *f, const char *name, size_t max, const char **out)
{
	struct span v;

	*out = "";
	if (!field_single(f, name, &v))
		return false;
	v = span_trim(v);
	if (!utf8_valid(v) || !utf8_line(v, v.n))
		return field_bad(f, name, FIELD_NOT_TEXT);
	if (utf8_length(v) > max)
		return field_bad(f, name, FIELD_TOO_LONG);
	*out = arena_dup(f->arena, v.p, v.n);
	return true;
}

bool
field_need(struct fields *f, const char *name, size_t max, const char **out)
{
	if (!field_text(f, name, max, out))
		return false;
	return **out != '\0' || field_bad(f, name, FIELD_REQUIRED);
}

bool
field_lines(struct fields *f, const char *name, size_t max, struct span *out)
{
	struct span v;
	char *p;
	size_t i, n = 0;

	*out = (struct span){"", 0};
	if (!field_single(f, name, &v))
		return false;
	/* browsers send CRLF, people type LF: one form inside */
	p = arena_alloc(f->arena, v.n + 1);
	for (i = 0; i < v.n; i++)
		if (v.p[i] != '\r' || i + 1 == v.n || v.p[i + 1] != '\n')
			p[n++] = v.p[i];
	v = (struct span){p, n};
	if (!utf8_valid(v) || !utf8_text(v, n))
		return field_bad(f, name, FIELD_NOT_TEXT);
	if (n > max)
		return field_bad(f, name, FIELD_TOO_LONG);
	*out = v;
	return true;
}

bool
field_secret(struct fields *f, const char *name, size_t min, size_t max,
    struct span *out)
{
	struct span v;

	*out = (struct span){"", 0};
	slot_of(f, name)->secret = true;
	if (!field_single(f, name, &v))
		return false;
	if (v.n == 0 && min > 0)
		return field_bad(f, name, FIELD_REQUIRED);
	if (!utf8_valid(v) || !utf8_line(v, v.n))
		return field_bad(f, name, FIELD_NOT_TEXT);
	if (utf8_length(v) < min)
		return field_bad(f, name, FIELD_TOO_SMALL);
	if (v.n > max)
		return field_bad(f, name, FIELD_TOO_LONG);
	*out = (struct span){arena_dup(f->arena, v.p, v.n), v.n};
	return true;
}

bool
field_token(struct fields *f, const char *name, const char *extra, size_t max,
    const char **out)
{
	const char *s;

	if (!field_text(f, name, max, out) || **out == '\0')
		return **out == '\0' && field_reason(f, name) == NULL;
	s = *out;
	if (str_is_token(s, extra, max))
		return true;
	*out = "";
	return field_bad(f, name, FIELD_NOT_TOKEN);
}

bool
field_email(struct fields *f, const char *name, const char **out)
{
	if (!field_need(f, name, LIM_EMAIL, out))
		return false;
	if (mail_address_ok(*out))
		return true;
	*out = "";
	return field_bad(f, name, FIELD_NOT_EMAIL);
}

bool
field_url(struct fields *f, const char *name, size_t max, const char **out)
{
	if (!field_text(f, name, max, out))
		return false;
	if (**out == '\0' || url_is_http(*out))
		return true;
	*out = "";
	return field_bad(f, name, FIELD_NOT_URL);
}

/* What was typed, as far as a page can hold it: the browser shows again what
 * it sent, unless that is not text at all. */
static void
show_value(const struct fields *f, const struct slot *s, struct tnode *node)
{
	struct span v;

	if (s->secret)
		return;
	if (find(f, s->name, &v) == 0) {
		tnode_set(node, "Value", s->preset);
		return;
	}
	if (utf8_valid(v) && !span_has_nul(v))
		tnode_span(node, "Value", v);
}

void
fields_show(struct response *rs, const struct fields *f, const char *under)
{
	struct tnode *top = tnode_child(rs->data, under), *node;
	const struct slot *s;
	size_t i;

	tnode_bool(top, "Bad", !fields_ok(f));
	for (i = 0; i < f->slots.n; i++) {
		s = &f->slots.v[i];
		node = tnode_child(top, s->name);
		show_value(f, s, node);
		if (s->reason == NULL)
			continue;
		tnode_set(node, "Error", s->reason);
		tnode_set(node, "ErrorText",
		    response_text(
			rs, arena_fmt(f->arena, "err.%s", s->reason)));
	}
}
