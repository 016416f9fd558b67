/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Growing arrays in an arena.  VEC(struct card) v = {0}; *VEC_ADD(&v, a) = x;
 * Elements move when it grows: keep indexes, not pointers, while adding.
 */
#ifndef KS_BASE_VEC_H
#define KS_BASE_VEC_H

#include <stddef.h>

#include "base/arena.h"

#define VEC(type)                                                              \
	struct {                                                               \
		type *v;                                                       \
		size_t n, cap;                                                 \
	}

/* A pointer to a new zeroed last element. */
#define VEC_ADD(vec, a)                                                        \
	((vec)->v = vec_room(                                                  \
	     (a), (vec)->v, (vec)->n, &(vec)->cap, sizeof(*(vec)->v)),         \
	    &(vec)->v[(vec)->n++])

/* Memory for at least n + 1 elements of size; the caller's cap is updated. */
void *vec_room(struct arena *a, void *v, size_t n, size_t *cap, size_t size);

#endif
