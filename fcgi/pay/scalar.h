/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON values as the text a gateway signs or compares.  Gateways print the
 * same field as a number today and as text tomorrow, whatever their PHP had.
 */
#ifndef KS_PAY_SCALAR_H
#define KS_PAY_SCALAR_H

#include <stdbool.h>

#include "base/arena.h"
#include "io/json.h"

/* Text as it is; integers in decimal; reals in the shortest decimal form
 * without an exponent that reads back the same (28.80 is "28.8"); true and
 * false; NULL for null, lists, objects and what is not there. */
const char *scalar_of(struct arena *a, const struct json *j);
/* The member at path, "" for NULL. */
const char *scalar_text(
    struct arena *a, const struct json *j, const char *path);
bool scalar_is(struct arena *a, const struct json *j, const char *path,
    const char *wanted);

#endif
