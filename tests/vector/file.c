/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reading a vector file, and refusing one that has a field this program does
 * not know: what is not understood must not count as passed.
 */
#include "vector/vector.h"

#include <stdio.h>
#include <string.h>

#include "base/hex.h"

enum { VEC_FILE_MAX = 1 << 20 };

enum rc
vec_slurp(struct arena *a, const char *path, struct span *out)
{
	FILE *f = fopen(path, "rb");
	char *p;
	size_t n;

	if (f == NULL)
		return RC_NOTFOUND;
	p = arena_alloc(a, VEC_FILE_MAX + 1);
	n = fread(p, 1, VEC_FILE_MAX + 1, f);
	if (ferror(f) || n > VEC_FILE_MAX) {
		fclose(f);
		return RC_INVALID;
	}
	fclose(f);
	*out = (struct span){p, n};
	return RC_OK;
}

enum rc
vec_file(struct vec *v, const char *name, struct span *out)
{
	return vec_slurp(v->a, arena_fmt(v->a, "%s/%s", v->dir, name), out);
}

/* ---------------------------------------------------------------- shape -- */

enum {
	T_TEXT = 1 << 0,
	T_INT = 1 << 1,
	T_BOOL = 1 << 2,
	T_LIST = 1 << 3,
	T_OBJECT = 1 << 4,
	NEEDED = 1 << 8
};

struct shape {
	const char *name;
	unsigned type;
};

static const struct shape top[] = {
    {"schema", T_INT | NEEDED},
    {"provider", T_TEXT | NEEDED},
    {"id", T_TEXT | NEEDED},
    {"kind", T_TEXT | NEEDED},
    {"origin", T_TEXT | NEEDED},
    {"source", T_OBJECT},
    {"input", T_OBJECT | NEEDED},
    {"canonical", T_TEXT},
    {"canonical_base64", T_TEXT},
    {"sender_canonical", T_TEXT},
    {"sender_canonical_base64", T_TEXT},
    {"sender_plaintext", T_TEXT},
    {"signature", T_TEXT},
    {"expect", T_OBJECT | NEEDED},
    {"verified_by", T_LIST},
    {NULL, 0},
};
static const struct shape input[] = {
    {"method", T_TEXT},
    {"headers", T_OBJECT},
    {"query_string", T_TEXT},
    {"body_base64", T_TEXT},
    {"body_utf8", T_TEXT},
    {"body_note", T_TEXT},
    {"now", T_INT},
    {"merchant", T_OBJECT},
    {"order", T_OBJECT},
    {"event_ids_already_processed", T_LIST},
    {"certificate", T_TEXT},
    {"api_order", T_OBJECT},
    {"response_node", T_TEXT},
    {"params", T_OBJECT},
    {"url_path", T_TEXT},
    {"timestamp", T_INT},
    {"nonce", T_TEXT},
    {"associated_data", T_TEXT},
    {"ciphertext", T_TEXT},
    {"public_key", T_TEXT},
    {NULL, 0},
};
static const struct shape merchant[] = {
    {"app_id", T_TEXT},
    {"seller_id", T_TEXT},
    {"public_key", T_TEXT},
    {"pid", T_TEXT},
    {"sign_type", T_TEXT},
    {"key", T_TEXT},
    {"tolerance", T_INT},
    {"dialect", T_TEXT},
    {"webhook_id", T_TEXT},
    {"merchant_id", T_TEXT},
    {"environment", T_TEXT},
    {"trust_root", T_TEXT},
    {"secrets", T_LIST},
    {"livemode", T_BOOL},
    {"mchid", T_TEXT},
    {"appid", T_TEXT},
    {"merchant_serial", T_TEXT},
    {"apiv3_key", T_TEXT},
    {"platform_keys", T_OBJECT},
    {NULL, 0},
};
static const struct shape order[] = {
    {"no", T_TEXT | NEEDED},
    {"amount_minor", T_INT | NEEDED},
    {"currency", T_TEXT | NEEDED},
    {"status", T_TEXT | NEEDED},
    {"provider_ref", T_TEXT},
    {"payment_ref", T_TEXT},
    {"address", T_TEXT},
    {NULL, 0},
};
static const struct shape expect[] = {
    {"signature_valid", T_BOOL | T_TEXT},
    {"timestamp_ok", T_BOOL | T_TEXT},
    {"cert_ok", T_BOOL | T_TEXT},
    {"no_fetch", T_BOOL},
    {"decrypt_ok", T_BOOL | T_TEXT},
    {"plaintext", T_TEXT},
    {"deliver", T_BOOL | T_TEXT},
    {"mark", T_TEXT},
    {"http_status", T_LIST | T_TEXT},
    {"reply", T_TEXT},
    {"reply_must_not_be", T_TEXT},
    {"reply_json_code", T_TEXT},
    {"reply_recommended", T_TEXT},
    {"must_not_crash", T_BOOL},
    {"must_never", T_TEXT},
    {"crc32", T_TEXT},
    {"crc32_hex", T_TEXT},
    {"cert_sn", T_TEXT},
    {"parse_ok", T_BOOL},
    {"t", T_INT},
    {"v1", T_LIST},
    {"url", T_TEXT},
    {"authorization", T_TEXT},
    {"authorization_layout", T_TEXT},
    {"deterministic", T_BOOL},
    {"reason", T_TEXT},
    {NULL, 0},
};

static unsigned
type_bit(const struct json *j)
{
	switch (json_kind(j)) {
	case JSON_T_TEXT:
		return T_TEXT;
	case JSON_T_INT:
		return T_INT;
	case JSON_T_BOOL:
		return T_BOOL;
	case JSON_T_LIST:
		return T_LIST;
	case JSON_T_OBJECT:
		return T_OBJECT;
	default:
		return 0;
	}
}

static const char *
shape_one(struct vec *v, const char *where, const struct json *j,
    const struct shape *s)
{
	const struct shape *row;
	const struct json *value;
	const char *name;
	size_t i;

	for (i = 0; json_member(j, i, &name, &value); i++) {
		for (row = s; row->name != NULL; row++)
			if (str_eq(row->name, name))
				break;
		if (row->name == NULL)
			return arena_fmt(
			    v->a, "%s: unknown field %s", where, name);
		if (!(row->type & type_bit(value)))
			return arena_fmt(v->a,
			    "%s: field %s has an unknown type", where, name);
	}
	for (row = s; row->name != NULL; row++)
		if ((row->type & NEEDED) && json_at(j, row->name) == NULL)
			return arena_fmt(
			    v->a, "%s: field %s is missing", where, row->name);
	return NULL;
}

static const char *
check_shape(struct vec *v)
{
	static const struct {
		const char *path;
		const struct shape *shape;
	} part[] = {{"", top}, {"input", input}, {"input.merchant", merchant},
	    {"input.order", order}, {"expect", expect}};
	const char *bad;
	int64_t schema;
	size_t i;

	if (json_kind(v->j) != JSON_T_OBJECT)
		return "not an object";
	for (i = 0; i < sizeof(part) / sizeof(part[0]); i++) {
		const struct json *j = json_at(v->j, part[i].path);

		if (j != NULL && (bad = shape_one(v, part[i].path, j,
				      part[i].shape)) != NULL)
			return bad;
	}
	if (json_int(v->j, "schema", &schema) != RC_OK || schema != 1)
		return "schema is not 1";
	return NULL;
}

static const char *
folder_of(struct arena *a, const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? "." : arena_dup(a, path, (size_t)(slash - path));
}

const char *
vec_read(struct vec *v, const char *path)
{
	struct span text;
	const char *bad;

	v->dir = folder_of(v->a, path);
	if (vec_slurp(v->a, path, &text) != RC_OK)
		return "cannot be read";
	if (json_read(v->a, text, &v->j) != RC_OK)
		return "is not JSON";
	if ((bad = check_shape(v)) != NULL)
		return bad;
	v->in = json_at(v->j, "input");
	v->want = json_at(v->j, "expect");
	v->kind = json_text(v->j, "kind");
	return NULL;
}

/* ---------------------------------------------------------------- parts -- */

bool
vec_bytes(struct vec *v, const char *name, struct span *out)
{
	const char *text = json_text(v->j, name);
	const char *b64 = json_text(v->j, arena_fmt(v->a, "%s_base64", name));

	if (text != NULL) {
		*out = span_str(text);
		return true;
	}
	return b64 != NULL && b64_bytes(v->a, span_str(b64), out) == RC_OK;
}

enum rc
vec_body(struct vec *v, struct span *out)
{
	const char *b64 = json_text(v->in, "body_base64");

	*out = SPAN_LIT("");
	return b64 == NULL ? RC_OK : b64_bytes(v->a, span_str(b64), out);
}

const char *const *
vec_headers(struct vec *v)
{
	const struct json *all = json_at(v->in, "headers"), *value;
	size_t n = all == NULL ? 0 : json_count(all), i;
	const char **lines = ARENA_ARRAY(v->a, n + 1, const char *);
	const char *name;

	for (i = 0; i < n && json_member(all, i, &name, &value); i++)
		lines[i] =
		    arena_fmt(v->a, "%s: %s", name, json_text(value, ""));
	return lines;
}

const char *
vec_pem(struct vec *v, const char *path)
{
	const char *name = json_text(v->in, path);
	struct span pem;

	if (name == NULL || vec_file(v, name, &pem) != RC_OK)
		return NULL;
	return arena_dup(v->a, pem.p, pem.n);
}

struct params
vec_params(struct vec *v)
{
	const struct json *all = json_at(v->in, "params"), *value;
	struct params p;
	const char *name;
	size_t i;

	params_init(&p, v->a);
	for (i = 0; all != NULL && json_member(all, i, &name, &value); i++)
		params_add(&p, name, json_text(value, ""));
	return p;
}
