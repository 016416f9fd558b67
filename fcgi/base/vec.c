/* SPDX-License-Identifier: Apache-2.0 */
/* The one function behind the VEC macros. */
#include "base/vec.h"

#include <string.h>

enum { FIRST = 8 };

void *
vec_room(struct arena *a, void *v, size_t n, size_t *cap, size_t size)
{
	void *bigger;

	if (n < *cap)
		return v;
	*cap = *cap == 0 ? FIRST : *cap * 2;
	bigger = arena_array(a, *cap, size);
	if (n != 0)
		memcpy(bigger, v, n * size);
	return bigger;
}
