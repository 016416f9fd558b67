/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON in and out.
 *
 * jansson parses; what it built is copied into the arena at once and given
 * back, so that nothing above holds a reference count and a member is found
 * by index.  jansson's own depth limit is 2048 and its parser recurses, so
 * depth and size are checked on the bytes before it sees them.
 */
#include "io/json.h"

#include "base/bug.h"
#include "base/num.h"
#include "base/utf8.h"

#include <string.h>

#include <jansson.h>

enum { DEPTH_MAX = 32, TEXT_MAX = 1024 * 1024 };

struct json {
	enum json_kind kind;
	union {
		bool truth;
		int64_t i;
		double real;
		const char *text;
		struct {
			const struct json *v;
			const char *const *name; /* of an object */
			size_t n;
		} list;
	} as;
};

/* Brackets outside of strings; whether they match is jansson's business. */
static bool
too_deep(struct span s)
{
	unsigned depth = 0;
	bool quoted = false;
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (quoted) {
			if (s.p[i] == '\\')
				i++;
			else if (s.p[i] == '"')
				quoted = false;
			continue;
		}
		if (s.p[i] == '"')
			quoted = true;
		else if (s.p[i] == '[' || s.p[i] == '{')
			depth++;
		else if ((s.p[i] == ']' || s.p[i] == '}') && depth != 0)
			depth--;
		if (depth > DEPTH_MAX)
			return true;
	}
	return false;
}

static void copy(struct arena *a, json_t *j, struct json *out);

static void
copy_list(struct arena *a, json_t *j, struct json *out)
{
	size_t i, n = json_array_size(j);
	struct json *v = ARENA_ARRAY(a, n, struct json);

	for (i = 0; i < n; i++)
		copy(a, json_array_get(j, i), &v[i]);
	out->kind = JSON_T_LIST;
	out->as.list.v = v;
	out->as.list.n = n;
}

static void
copy_object(struct arena *a, json_t *j, struct json *out)
{
	size_t i = 0, n = json_object_size(j);
	struct json *v = ARENA_ARRAY(a, n, struct json);
	const char **name = ARENA_ARRAY(a, n, const char *);
	const char *key;
	json_t *value;

	json_object_foreach(j, key, value)
	{
		name[i] = arena_str(a, key);
		copy(a, value, &v[i++]);
	}
	out->kind = JSON_T_OBJECT;
	out->as.list.v = v;
	out->as.list.name = name;
	out->as.list.n = n;
}

static void
copy(struct arena *a, json_t *j, struct json *out)
{
	switch (json_typeof(j)) {
	case JSON_OBJECT:
		copy_object(a, j, out);
		break;
	case JSON_ARRAY:
		copy_list(a, j, out);
		break;
	case JSON_STRING:
		out->kind = JSON_T_TEXT;
		out->as.text =
		    arena_dup(a, json_string_value(j), json_string_length(j));
		break;
	case JSON_INTEGER:
		out->kind = JSON_T_INT;
		out->as.i = json_integer_value(j);
		break;
	case JSON_REAL:
		out->kind = JSON_T_REAL;
		out->as.real = json_real_value(j);
		break;
	case JSON_TRUE:
	case JSON_FALSE:
		out->kind = JSON_T_BOOL;
		out->as.truth = json_is_true(j);
		break;
	case JSON_NULL:
		out->kind = JSON_T_NULL;
		break;
	}
}

enum rc
json_read(struct arena *a, struct span text, const struct json **out)
{
	struct json *copied;
	json_error_t error;
	json_t *j;

	if (text.n == 0 || text.n > TEXT_MAX || too_deep(text))
		return RC_INVALID;
	j = json_loadb(
	    text.p, text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &error);
	if (j == NULL)
		return RC_INVALID;
	copied = ARENA_NEW(a, struct json);
	copy(a, j, copied);
	json_decref(j);
	*out = copied;
	return RC_OK;
}

enum json_kind
json_kind(const struct json *j)
{
	return j->kind;
}

static const struct json *
child(const struct json *j, struct span name)
{
	uint64_t at;
	size_t i;

	if (j->kind == JSON_T_LIST) {
		if (num_u64(name, UINT32_MAX, &at) != RC_OK ||
		    at >= j->as.list.n)
			return NULL;
		return &j->as.list.v[at];
	}
	if (j->kind != JSON_T_OBJECT)
		return NULL;
	for (i = 0; i < j->as.list.n; i++)
		if (span_is(name, j->as.list.name[i]))
			return &j->as.list.v[i];
	return NULL;
}

const struct json *
json_at(const struct json *j, const char *path)
{
	struct span rest = span_str(path), name;

	if (str_empty(path))
		return j;
	while (j != NULL && span_cut(&rest, '.', &name))
		j = child(j, name);
	return j;
}

const char *
json_text(const struct json *j, const char *path)
{
	const struct json *at = json_at(j, path);

	return at != NULL && at->kind == JSON_T_TEXT ? at->as.text : NULL;
}

enum rc
json_int(const struct json *j, const char *path, int64_t *out)
{
	const struct json *at = json_at(j, path);

	if (at == NULL || at->kind != JSON_T_INT)
		return RC_INVALID;
	*out = at->as.i;
	return RC_OK;
}

bool
json_flag(const struct json *j, const char *path)
{
	const struct json *at = json_at(j, path);

	return at != NULL && at->kind == JSON_T_BOOL && at->as.truth;
}

double
json_number(const struct json *j)
{
	BUG_ON(j->kind != JSON_T_INT && j->kind != JSON_T_REAL);
	return j->kind == JSON_T_INT ? (double)j->as.i : j->as.real;
}

size_t
json_count(const struct json *j)
{
	bool many = j->kind == JSON_T_LIST || j->kind == JSON_T_OBJECT;

	return many ? j->as.list.n : 0;
}

bool
json_member(const struct json *j, size_t i, const char **name,
    const struct json **value)
{
	if (j->kind != JSON_T_OBJECT || i >= j->as.list.n)
		return false;
	*name = j->as.list.name[i];
	*value = &j->as.list.v[i];
	return true;
}

/* ---- writing */

static void
put_escaped(struct buf *b, unsigned char c, unsigned char before)
{
	static const char hex[] = "0123456789abcdef";

	if (c == '"' || c == '\\') {
		buf_chr(b, '\\');
		buf_chr(b, (char)c);
	} else if (c == '/' && before == '<') {
		/* "</script>" inside a page ends the script */
		buf_str(b, "\\/");
	} else if (c < 0x20 || c == 0x7f) {
		buf_str(b, "\\u00");
		buf_chr(b, hex[c >> 4]);
		buf_chr(b, hex[c & 15]);
	} else {
		buf_chr(b, (char)c);
	}
}

void
json_put_text(struct buf *b, struct span s)
{
	bool valid = utf8_valid(s);
	unsigned char c, before = 0;
	size_t i;

	buf_chr(b, '"');
	for (i = 0; i < s.n; i++) {
		c = (unsigned char)s.p[i];
		if (c >= 0x80 && !valid)
			buf_str(b, "\\ufffd"); /* a reader would refuse it */
		else
			put_escaped(b, c, before);
		before = c;
	}
	buf_chr(b, '"');
}

void
json_put_name(struct buf *b, const char *name, bool first)
{
	if (!first)
		buf_chr(b, ',');
	json_put_text(b, span_str(name));
	buf_chr(b, ':');
}
