/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A Bloom filter in memory that the processes of one master share: "certainly
 * not there" or "maybe".  Bits are only ever set, so who reads while another
 * writes is at worst told "not there" of what is being added that moment.
 *
 * Own code: libbloom allocates its bits on its own heap and sets them without
 * atomics, and can therefore not be shared between processes.
 */
#ifndef KS_BASE_BLOOM_H
#define KS_BASE_BLOOM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

struct bloom;

/* For that many keys: one "maybe" in a thousand is wrong then, and twice as
 * many keys make it one in forty.  seed: random, so that nobody can make up
 * keys that pass.  Before fork.  NULL: no memory. */
struct bloom *bloom_open(size_t keys, uint64_t seed);
void bloom_close(struct bloom *b);
void bloom_add(struct bloom *b, struct span key);
/* false: was never added. */
bool bloom_maybe(const struct bloom *b, struct span key);

#endif
