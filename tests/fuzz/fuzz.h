/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A fuzz target is a function over bytes that aborts when a property does not
 * hold.  fuzz_x.c is built twice: by tests/fuzz/run.sh with libFuzzer and the
 * sanitizers (FUZZ_ONE names it), and into tests/fuzz/replay, which runs the
 * saved corpus in each `make check`.
 *
 * A new target: fuzz_x.c, a row in targets.def, seeds in corpus/x/, if it
 * needs more than base and the parsers of web a file in run.sh.
 */
#ifndef KS_FUZZ_H
#define KS_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/str.h"

#define TARGET(name) void fuzz_##name(struct arena *a, struct span in);
#include "fuzz/targets.def"
#undef TARGET

#define MUST(cond)                                                             \
	do {                                                                   \
		if (!(cond))                                                   \
			abort();                                               \
	} while (0)

#ifdef FUZZ_ONE
#define FUZZ_PASTE(name) fuzz_##name
#define FUZZ_FN(name) FUZZ_PASTE(name)

int LLVMFuzzerTestOneInput(const uint8_t *p, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *p, size_t n)
{
	static struct arena *a;

	if (a == NULL)
		a = arena_new(64 * 1024, 64 * 1024 * 1024);
	FUZZ_FN(FUZZ_ONE)(a, (struct span){(const char *)p, n});
	arena_reset(a);
	return 0;
}
#endif

#endif
