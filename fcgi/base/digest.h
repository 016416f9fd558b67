/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fast 64-bit number of some bytes: validators, tables, torn copies.  Not a
 * proof against anybody who wants two texts to have the same one: where that
 * would matter the bytes themselves are compared, or a MAC is made.
 */
#ifndef KS_BASE_DIGEST_H
#define KS_BASE_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

uint64_t digest_of(struct span bytes);

#endif
