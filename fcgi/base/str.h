/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ASCII and byte helpers; <ctype.h> is banned (it depends on the locale and
 * is undefined on negative chars).
 */
#ifndef KS_BASE_STR_H
#define KS_BASE_STR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* Bytes that somebody else owns.  p may hold NUL and is not terminated. */
struct span {
	const char *p;
	size_t n;
};

#define SPAN_LIT(s) ((struct span){(s), sizeof(s) - 1})
struct span span_str(const char *s); /* NULL gives an empty span */
bool span_eq(struct span a, struct span b);
bool span_is(struct span a, const char *s);
bool span_has_nul(struct span a);
struct span span_trim(struct span a); /* blanks and tabs on both ends */
/* Cuts the part before the first c off *rest; false when *rest is used up.
 * "a,b" gives "a" then "b"; "" gives one empty part. */
bool span_cut(struct span *rest, char c, struct span *part);

bool str_eq(const char *a, const char *b); /* NULL equals only NULL */
bool str_empty(const char *s);             /* NULL or "" */
bool str_starts(const char *s, const char *prefix);
bool str_ends(const char *s, const char *suffix);
bool str_ieq(const char *a, const char *b); /* ASCII case ignored */

bool chr_digit(char c);
bool chr_alpha(char c);
bool chr_alnum(char c);
bool chr_space(char c); /* blank, tab, CR, LF, VT, FF */
bool chr_xdigit(char c);
char chr_lower(char c);
char chr_upper(char c);

/* Every byte of s is in [0-9A-Za-z] or in extra, and 1 <= length <= max. */
bool str_is_token(const char *s, const char *extra, size_t max);
char *str_lower(struct arena *a, const char *s);

#endif
