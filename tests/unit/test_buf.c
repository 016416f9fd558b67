/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "base/buf.h"
#include "base/map.h"
#include "base/vec.h"

static void
grows_to_max_and_no_further(void **state)
{
	struct buf b;
	size_t i;

	(void)state;
	buf_init(&b, ta, 4, 1000);
	for (i = 0; i < 1000; i++)
		buf_chr(&b, (char)('a' + i % 26));
	assert_false(b.bad);
	assert_int_equal(b.len, 1000);
	assert_int_equal(strlen(buf_text(&b)), 1000);
	buf_chr(&b, 'x');
	assert_true(b.bad);
	assert_int_equal(b.len, 1000);
	for (i = 0; i < 1000; i++)
		assert_int_equal(b.p[i], 'a' + (int)(i % 26));
}

static void
error_is_sticky(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, ta, 1, 5);
	buf_str(&b, "abc");
	buf_str(&b, "def"); /* does not fit: nothing of it is written */
	buf_str(&b, "g");
	assert_true(b.bad);
	assert_string_equal(buf_text(&b), "abc");
}

static void
formats(void **state)
{
	struct buf b;

	(void)state;
	buf_init(&b, ta, 0, 10);
	buf_fmt(&b, "%s=%d", "n", 42);
	assert_string_equal(buf_text(&b), "n=42");
	buf_fmt(&b, "%s", "123456");
	assert_string_equal(buf_text(&b), "n=42123456");
	assert_false(b.bad);
	buf_fmt(&b, "%s", "");
	assert_false(b.bad);
	buf_fmt(&b, "%d", 1);
	assert_true(b.bad);
}

/* A full buffer has room for the NUL, and for nothing else. */
static void
the_nul_has_its_place(void **state)
{
	unsigned char *next;
	struct buf b;
	size_t n, i;

	(void)state;
	for (n = 64; n < 200; n++) {
		buf_init(&b, ta, n % 3 == 0 ? n : 1, n);
		for (i = 0; i < n; i++)
			buf_chr(&b, 'x');
		next = arena_alloc(ta, 40);
		memset(next, 0xa5, 40);
		assert_int_equal(strlen(buf_text(&b)), n);
		assert_int_equal(next[0], 0xa5);
		assert_false(b.bad);
	}
}

static void
fixed_never_grows(void **state)
{
	char mem[8];
	struct buf b;

	(void)state;
	memset(mem, '#', sizeof(mem));
	buf_fixed(&b, mem, sizeof(mem));
	buf_str(&b, "1234567");
	assert_false(b.bad);
	assert_string_equal(buf_text(&b), "1234567");
	assert_ptr_equal(b.p, mem);
	buf_chr(&b, '8');
	assert_true(b.bad);
	buf_fixed(&b, mem, 1);
	buf_add(&b, NULL, 0);
	assert_string_equal(buf_text(&b), "");
	assert_false(b.bad);
}

static void
vectors_keep_their_elements(void **state)
{
	VEC(uint64_t) v = {0};
	size_t i;

	(void)state;
	for (i = 0; i < 1000; i++)
		*VEC_ADD(&v, ta) = i * i;
	assert_int_equal(v.n, 1000);
	for (i = 0; i < 1000; i++)
		assert_int_equal(v.v[i], i * i);
}

static void
maps_keep_the_first(void **state)
{
	struct map *m = map_new(ta);
	char *key;
	size_t i;

	(void)state;
	assert_null(map_get(m, "a", 1));
	assert_true(map_put(m, "a", 1, m));
	assert_false(map_put(m, "a", 1, NULL));
	assert_ptr_equal(map_get(m, "a", 1), m);
	assert_null(map_get(m, "a\0", 2));
	assert_true(map_put(m, "", 0, ta));
	assert_ptr_equal(map_get(m, "", 0), ta);
	for (i = 0; i < 2000; i++) {
		key = arena_fmt(ta, "key-%zu", i);
		assert_true(map_put(m, key, strlen(key), key));
	}
	assert_int_equal(map_count(m), 2002);
	for (i = 0; i < 2000; i++) {
		key = arena_fmt(ta, "key-%zu", i);
		assert_string_equal(map_get(m, key, strlen(key)), key);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(grows_to_max_and_no_further),
	    TEST(error_is_sticky),
	    TEST(formats),
	    TEST(the_nul_has_its_place),
	    TEST(fixed_never_grows),
	    TEST(vectors_keep_their_elements),
	    TEST(maps_keep_the_first),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
