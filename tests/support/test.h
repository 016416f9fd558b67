/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every cmocka program needs: the headers in the order cmocka wants, an
 * arena, a repeatable random source for property loops, files in a temporary
 * folder.
 *
 * One group per program (a second one prints a second TAP plan); no skip()
 * (cmocka 1.1.5 counts it as failed): test_skip_all() instead of a group.
 */
#ifndef KS_TEST_H
#define KS_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/arena.h"
#include "base/str.h"

/* Fresh for each test case: emptied by the teardown. */
extern struct arena *ta;
int test_arena_setup(void **state);
int test_arena_teardown(void **state);
#define TEST(fn)                                                               \
	cmocka_unit_test_setup_teardown(                                       \
	    fn, test_arena_setup, test_arena_teardown)

/* KS_SEED of the environment, or one drawn and printed, so that a failure
 * can be run again. */
void test_seed(void);
uint64_t test_rand(void);
uint64_t test_below(uint64_t n); /* 0 .. n-1 */
void test_bytes(void *p, size_t n);

#define assert_span(sp, text)                                                  \
	do {                                                                   \
		struct span s_ = (sp);                                         \
		assert_int_equal(s_.n, strlen(text));                          \
		assert_memory_equal(s_.p, (text), s_.n);                       \
	} while (0)

/* A new private folder, removed at exit; and a file in it. */
const char *test_dir(void);
const char *test_file(const char *name, const char *text, unsigned mode);
/* KS_SRCDIR/path. */
const char *test_source(const char *path);

/* Runs fn in a child; true when it died by abort() (a BUG). */
int test_aborts(void (*fn)(void *), void *arg);
/* Prints "1..0 # SKIP why" and ends the program with 0. */
__attribute__((noreturn)) void test_skip_all(const char *why);

#endif
