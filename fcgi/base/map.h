/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A map from text to pointer in an arena, over uthash.  For small sets
 * (parameters, settings by name, route parameters); no removal.  Keys are
 * not copied.
 */
#ifndef KS_BASE_MAP_H
#define KS_BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct map;

struct map *map_new(struct arena *a);
/* false when the key is there already: the first value stays. */
bool map_put(struct map *m, const char *key, size_t n, void *value);
void *map_get(const struct map *m, const char *key, size_t n); /* or NULL */
size_t map_count(const struct map *m);

#endif
