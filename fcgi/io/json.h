/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON by jansson: strict UTF-8, duplicate names and deep nesting (> 32)
 * refused, at most 1 MiB.  Values live as long as the arena they were parsed
 * into.  Readers return "not there" rather than convert between types.
 */
#ifndef KS_IO_JSON_H
#define KS_IO_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/rc.h"
#include "base/str.h"

struct json;

enum json_kind {
	JSON_T_NULL,
	JSON_T_BOOL,
	JSON_T_INT,
	JSON_T_REAL,
	JSON_T_TEXT,
	JSON_T_LIST,
	JSON_T_OBJECT
};

MUST_CHECK enum rc json_read(
    struct arena *a, struct span text, const struct json **out);
enum json_kind json_kind(const struct json *j);
/* A member by path "a.b.0.c", or NULL; "" is j itself, for all readers. */
const struct json *json_at(const struct json *j, const char *path);
/* NULL, false or RC_INVALID when absent or of another type. */
const char *json_text(const struct json *j, const char *path);
MUST_CHECK enum rc json_int(
    const struct json *j, const char *path, int64_t *out);
bool json_flag(const struct json *j, const char *path);
double json_number(const struct json *j); /* of a REAL or INT */
size_t json_count(const struct json *j);  /* of a list or object */
/* Members of an object in their order: name and value; false past the end. */
bool json_member(const struct json *j, size_t i, const char **name,
    const struct json **value);

/* Writing: a small writer over buf.  Texts are escaped; "</" too. */
void json_put_text(struct buf *b, struct span s);
void json_put_name(struct buf *b, const char *name, bool first);

#endif
