/* SPDX-License-Identifier: Apache-2.0 */
/* Between field.c (the set, its slots, texts) and field_value.c (numbers and
 * choices); nobody else includes this. */
#ifndef KS_WEB_FIELD_INT_H
#define KS_WEB_FIELD_INT_H

#include "web/field.h"

/* The only value of the name, "" when absent; false when there are two. */
bool field_single(struct fields *f, const char *name, struct span *out);
/* field_fail(), and false for the caller to return. */
bool field_bad(struct fields *f, const char *name, const char *reason);
struct arena *fields_arena(const struct fields *f);

#endif
