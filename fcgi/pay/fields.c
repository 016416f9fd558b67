/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings of a channel, checked by the gateway's table.  Strict on purpose:
 * a key with a blank behind it, pasted from a web page, otherwise shows up
 * weeks later as "every notice is refused".
 */
#include "pay/fields.h"

#include <string.h>

#include "base/num.h"
#include "base/url.h"

/* what manuals and installers print where a key should be */
static const char *const sample[] = {"changeme", "change-me", "change_me",
    "your_key", "your-key", "yourkey", "your_secret", "your_api_token",
    "epusdt_password_xasddawqe", "0123456789abcdef",
    "123456789012345678901234567890", NULL};

bool
field_is_secret(const struct gateway_field *f)
{
	return f->kind == FIELD_SECRET || f->kind == FIELD_SECRET_PEM ||
	       f->kind == FIELD_SECRET_LIST;
}

bool
secret_is_sample(const char *s)
{
	size_t n = str_empty(s) ? 0 : strlen(s), i;

	for (i = 0; sample[i] != NULL; i++)
		if (str_ieq(s, sample[i]))
			return true;
	for (i = 0; i < n && (s[i] == s[0] || chr_space(s[i])); i++)
		;
	return i == n;
}

static const char *
check_line(const struct gateway_field *f, const char *s)
{
	size_t n = strlen(s), i;

	for (i = 0; i < n; i++)
		if (s[i] <= ' ' || s[i] > '~')
			return "bad_chars";
	if (n < f->min)
		return "too_short";
	return n > f->max ? "too_long" : NULL;
}

static const char *
check_lines(const struct gateway_field *f, const char *s)
{
	size_t n = strlen(s), i;

	for (i = 0; i < n; i++)
		if ((s[i] < ' ' && s[i] != '\n' && s[i] != '\r') || s[i] > '~')
			return "bad_chars";
	if (n < f->min)
		return "too_short";
	return n > f->max ? "too_long" : NULL;
}

static const char *
check_url(const struct gateway_field *f, const char *s)
{
	const char *bad = check_line(f, s);

	if (bad != NULL)
		return bad;
	if (!url_is_http(s))
		return "bad_url";
	if (strchr(s, '?') != NULL || strchr(s, '#') != NULL)
		return "bad_url";
	return str_ends(s, "/") ? NULL : "bad_url";
}

static const char *
check_choice(const struct gateway_field *f, const char *s)
{
	struct span rest = span_str(f->choices), one;

	while (span_cut(&rest, '|', &one))
		if (span_is(one, s))
			return NULL;
	return "bad_choice";
}

static const char *
check_int(const struct gateway_field *f, const char *s)
{
	unsigned n;

	if (num_uint(s, f->max, &n) != RC_OK || n < f->min)
		return "bad_number";
	return NULL;
}

static const char *
check_secret(const struct gateway_field *f, const char *s)
{
	const char *bad =
	    f->kind == FIELD_SECRET ? check_line(f, s) : check_lines(f, s);

	if (bad != NULL)
		return bad;
	return secret_is_sample(s) ? "sample" : NULL;
}

static const char *
check_value(const struct gateway_field *f, const char *s)
{
	switch (f->kind) {
	case FIELD_TEXT:
		return check_line(f, s);
	case FIELD_URL:
		return check_url(f, s);
	case FIELD_CHOICE:
		return check_choice(f, s);
	case FIELD_BOOL:
		return str_eq(s, "yes") || str_eq(s, "no") ? NULL : "bad_bool";
	case FIELD_INT:
		return check_int(f, s);
	case FIELD_PEM:
	case FIELD_LIST:
		return check_lines(f, s);
	case FIELD_SECRET:
	case FIELD_SECRET_PEM:
	case FIELD_SECRET_LIST:
		return check_secret(f, s);
	}
	return "unknown";
}

const char *
fields_get(const struct gateway_config *v, const char *name)
{
	size_t i;

	for (i = 0; i < v->n; i++)
		if (str_eq(v->v[i].name, name))
			return v->v[i].value == NULL ? "" : v->v[i].value;
	return "";
}

static enum rc
no_stranger(const struct gateway *g, const struct gateway_config *in,
    struct gateway_error *why)
{
	size_t i, j;

	for (i = 0; i < in->n; i++) {
		for (j = 0; j < g->n_fields; j++)
			if (str_eq(g->fields[j].name, in->v[i].name))
				break;
		if (j == g->n_fields) {
			why->field = in->v[i].name;
			why->reason = "unknown";
			return RC_INVALID;
		}
	}
	return RC_OK;
}

enum rc
fields_check(struct arena *a, const struct gateway *g,
    const struct gateway_config *in, struct gateway_config *out,
    struct gateway_error *why)
{
	struct pay_pair *v = ARENA_ARRAY(a, g->n_fields, struct pay_pair);
	size_t i;
	enum rc rc;

	if ((rc = no_stranger(g, in, why)) != RC_OK)
		return rc;
	for (i = 0; i < g->n_fields; i++) {
		const struct gateway_field *f = &g->fields[i];
		const char *s = fields_get(in, f->name);
		const char *bad = NULL;

		if (str_empty(s))
			s = f->def == NULL ? "" : f->def;
		if (!str_empty(s))
			bad = check_value(f, s);
		else if (f->required)
			bad = "required";
		if (bad != NULL) {
			why->field = f->name;
			why->reason = bad;
			return RC_INVALID;
		}
		v[i].name = f->name;
		v[i].value = arena_str(a, s);
	}
	*out = (struct gateway_config){v, g->n_fields};
	return RC_OK;
}

bool
fields_yes(const struct gateway_config *v, const char *name)
{
	return fields_is(v, name, "yes");
}

bool
fields_is(const struct gateway_config *v, const char *name, const char *word)
{
	return str_eq(fields_get(v, name), word);
}

unsigned
fields_uint(const struct gateway_config *v, const char *name)
{
	unsigned n = 0;

	/* checked before by the table, so it is a number */
	if (num_uint(fields_get(v, name), ~0U, &n) != RC_OK)
		return 0;
	return n;
}

bool
url_allowed(const char *base_url, bool allow_http)
{
	return allow_http || str_starts(base_url, "https://");
}
