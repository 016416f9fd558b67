/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Typed readers over the parameters of a query or a form, with one error slot
 * per field, so that a form can be shown again with its reasons and nothing
 * typed is lost.
 *
 * Readers are sticky like struct buf: read every field, then ask once.
 *
 *   struct fields *in = rq->form;
 *   field_u64(in, "sku", 1, UINT64_MAX, &f.sku);
 *   field_need(in, "contact", LIM_EMAIL, &f.contact);
 *   field_text(in, "coupon", LIM_COUPON, &f.coupon);
 *   if (!fields_ok(in))
 *           return show_again(cx, rs);     (fields_show() fills the data)
 *
 * Each reader returns true when the value is good.  When it is not, the
 * reason is noted and *out gets the empty value ("" or 0), never a cut one.
 * A parameter that is given twice is wrong ("repeated") except for
 * field_list().  Names are literals of ours or checked tokens.
 */
#ifndef KS_WEB_FIELD_H
#define KS_WEB_FIELD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/num.h"
#include "base/str.h"

struct fields;
struct tnode;

/* Reasons are keys of the catalogues below `err.`: */
#define FIELD_REQUIRED "required"
#define FIELD_REPEATED "repeated"
#define FIELD_TOO_LONG "too_long"
#define FIELD_NOT_TEXT "not_text" /* bad UTF-8, control characters */
#define FIELD_NOT_NUMBER "not_number"
#define FIELD_TOO_SMALL "too_small"
#define FIELD_TOO_BIG "too_big"
#define FIELD_NOT_MONEY "not_money"
#define FIELD_NOT_CHOICE "not_choice"
#define FIELD_NOT_EMAIL "not_email"
#define FIELD_NOT_TOKEN "not_token"
#define FIELD_NOT_DAY "not_day"
#define FIELD_NOT_URL "not_url"

/* An empty set; parsers fill it with fields_add(). */
struct fields *fields_new(struct arena *a);
/* name and value are not copied. */
void fields_add(struct fields *f, struct span name, struct span value);
size_t fields_count(const struct fields *f);
/* The i-th parameter in the order of arrival. */
bool fields_at(
    const struct fields *f, size_t i, struct span *name, struct span *value);

/* As sent, unchecked, or an empty span: for showing again, and for MACs. */
struct span field_raw(const struct fields *f, const char *name);
bool field_given(const struct fields *f, const char *name);

/* One line: trimmed, valid UTF-8, no control characters, at most max code
 * points.  Absent or blank gives "". */
bool field_text(
    struct fields *f, const char *name, size_t max, const char **out);
/* The same, but blank is "required". */
bool field_need(
    struct fields *f, const char *name, size_t max, const char **out);
/* Several lines: LF and TAB allowed, CRLF becomes LF, not trimmed inside; at
 * most max bytes. */
bool field_lines(
    struct fields *f, const char *name, size_t max, struct span *out);
/* Not trimmed, any UTF-8 but control characters, never shown again. */
bool field_secret(struct fields *f, const char *name, size_t min, size_t max,
    struct span *out);
/* [0-9A-Za-z] and the bytes of extra. */
bool field_token(struct fields *f, const char *name, const char *extra,
    size_t max, const char **out);
bool field_email(struct fields *f, const char *name, const char **out);
/* An absolute http(s) URL; blank gives "". */
bool field_url(
    struct fields *f, const char *name, size_t max, const char **out);

bool field_u64(struct fields *f, const char *name, uint64_t min, uint64_t max,
    uint64_t *out);
/* Absent or blank gives dflt. */
bool field_u64_or(struct fields *f, const char *name, uint64_t min,
    uint64_t max, uint64_t dflt, uint64_t *out);
bool field_i64(
    struct fields *f, const char *name, int64_t min, int64_t max, int64_t *out);
bool field_i64_or(struct fields *f, const char *name, int64_t min, int64_t max,
    int64_t dflt, int64_t *out);
/* "12.50" in a currency with so many decimals; 0 <= min <= value <= max. */
bool field_money(struct fields *f, const char *name, unsigned decimals,
    struct money min, struct money max, struct money *out);
bool field_money_or(struct fields *f, const char *name, unsigned decimals,
    struct money min, struct money max, struct money dflt, struct money *out);
/* Ticked: present with any value but "", "0" and "off". */
bool field_checked(struct fields *f, const char *name);
/* Index of the value in names[0..n); absent is "not_choice" unless dflt < n.
 * dflt = SIZE_MAX: required. */
bool field_choice(struct fields *f, const char *name, const char *const *names,
    size_t n, size_t dflt, size_t *out);
/* "2026-01-31", start of that day in the zone; blank gives 0. */
bool field_day(
    struct fields *f, const char *name, int zone_min, int64_t *out_us);
/* The same to the minute, "2026-01-31T12:30", as browsers send a moment. */
bool field_minute(
    struct fields *f, const char *name, int zone_min, int64_t *out_us);
/* All values of a repeated name (ticked ids): numbers in 1..UINT64_MAX, at
 * most max of them. */
bool field_ids(
    struct fields *f, const char *name, size_t max, uint64_t **out, size_t *n);

/* A rule above the field's form is broken: reason is a catalogue key below
 * `err.`, a literal.  The first reason of a field stays. */
void field_fail(struct fields *f, const char *name, const char *reason);
/* NULL: no complaint about this field. */
const char *field_reason(const struct fields *f, const char *name);
bool fields_ok(const struct fields *f);
/* Forgets what was found wrong: the same values are read once more. */
void fields_again(struct fields *f);

/* Writes <under>.<name>.Value and .Error (a catalogue key below `err.`, to
 * be shown as Lang.err[key]) and .ErrorText (that text in lang) for every
 * field that a reader or field_fail() has touched; secrets get no Value.
 * <under>.Bad is 1 when any field has an error. */
struct response;
void fields_show(
    struct response *rs, const struct fields *f, const char *under);
/* For the first showing of an edit form: the value to show under name. */
void field_preset(struct fields *f, const char *name, const char *value);

#endif
