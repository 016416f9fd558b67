/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cache against a memcached of its own on a private socket: what is
 * stored comes back, what is forged, moved, cut or old does not.
 */
#include "support/cachebox.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/hex.h"
#include "base/time.h"
#include "io/cache.h"
#include "io/crypt.h"

/* Our name of a key, as cache.c makes it. */
static const char *
name_of(const char *kind, const char *key)
{
	struct span part[2] = {span_str(kind), span_str(key)};
	uint8_t d[CRYPT_HASH];

	keyring_mac(box_cx.keys, "cache-name", part, 2, d);
	return arena_fmt(ta, "ks1:%s", hex_text(ta, d, 20));
}

static struct span
raw_get(const char *name)
{
	struct span all =
	    talk(span_str(arena_fmt(ta, "get %s\r\n", name)), "END\r\n");
	const char *start = memchr(all.p, '\n', all.n);

	if (all.n <= 5 || start == NULL)
		return (struct span){0};
	start++;
	return (struct span){
	    start, (size_t)(all.p + all.n - start) - strlen("\r\nEND\r\n")};
}

static void
raw_set(const char *name, struct span value)
{
	struct buf b;

	buf_init(&b, ta, 1024, 64 * 1024);
	buf_fmt(&b, "set %s 0 0 %zu\r\n", name, value.n);
	buf_add(&b, value.p, value.n);
	buf_str(&b, "\r\n");
	assert_span(talk((struct span){b.p, b.len}, "\r\n"), "STORED\r\n");
}

/* ---- the tests */

static void
keeps_what_it_is_given(void **state)
{
	struct span got, odd = {"a\0b\r\nEND\r\n", 9}, big;
	char *p;

	(void)state;
	use(box_path, KEYS_A);
	assert_true(absent("k"));
	cache_set(&box_cx, "k", SPAN_LIT("value"), 60);
	assert_true(holds("k", "value"));
	assert_true(absent("K"));
	cache_set(&box_cx, "k", odd, 60);
	assert_int_equal(cache_get(&box_cx, "k", &got), RC_OK);
	assert_true(span_eq(got, odd));
	cache_set(&box_cx, "empty", SPAN_LIT(""), 60);
	assert_int_equal(cache_get(&box_cx, "empty", &got), RC_OK);
	assert_int_equal(got.n, 0);
	/* Keys of any form and length are texts like others (K7). */
	p = arena_alloc(ta, 5001);
	memset(p, 'x', 5000);
	cache_set(&box_cx, p, SPAN_LIT("long"), 60);
	assert_true(holds(p, "long"));
	cache_set(&box_cx, "a b\r\nflush_all\r\n", SPAN_LIT("inject"), 60);
	assert_true(holds("a b\r\nflush_all\r\n", "inject"));
	assert_true(holds(p, "long"));
	cache_forget(&box_cx, "k");
	assert_true(absent("k"));
	cache_forget(&box_cx, "k");

	p = arena_alloc(ta, 1 << 20);
	big = (struct span){p, 900 * 1024};
	test_bytes(p, big.n);
	cache_set(&box_cx, "big", big, 60);
	assert_int_equal(cache_get(&box_cx, "big", &got), RC_OK);
	assert_true(span_eq(got, big));
	big.n++;
	cache_set(&box_cx, "bigger", big, 60);
	assert_true(absent("bigger"));
	cache_set(&box_cx, "never", SPAN_LIT("x"), 0);
	assert_true(absent("never"));
	drop();
}

static void
expires(void **state)
{
	(void)state;
	use(box_path, KEYS_A);
	cache_set(&box_cx, "e", SPAN_LIT("x"), 100);
	box_cx.now += 79 * US_PER_S;
	assert_true(holds("e", "x"));
	box_cx.now += 42 * US_PER_S;
	assert_true(absent("e"));
	drop();
}

/* Times to live are spread over 80 to 120 %. */
static void
jitter(void **state)
{
	int64_t least = INT64_MAX, most = 0, ttl;
	struct span raw;
	int i, k;

	(void)state;
	use(box_path, KEYS_A);
	for (i = 0; i < 60; i++) {
		cache_set(&box_cx, "j", SPAN_LIT("x"), 100);
		raw = raw_get(name_of("value", "j"));
		assert_int_equal(raw.n, 57 + 1);
		for (ttl = 0, k = 1; k <= 8; k++)
			ttl = ttl << 8 | (unsigned char)raw.p[k];
		ttl -= box_cx.now;
		assert_true(ttl >= 80 * US_PER_S && ttl <= 120 * US_PER_S);
		least = ttl < least ? ttl : least;
		most = ttl > most ? ttl : most;
	}
	assert_true(most - least > 10 * US_PER_S);
	drop();
}

/* K1, K8: a value that is not exactly ours is a miss. */
static void
forged_values(void **state)
{
	const char *name, *other;
	struct span raw;
	char *p;
	size_t i;

	(void)state;
	use(box_path, KEYS_A);
	cache_set(&box_cx, "f", SPAN_LIT("genuine"), 60);
	cache_set(&box_cx, "g", SPAN_LIT("another"), 60);
	name = name_of("value", "f");
	other = name_of("value", "g");
	raw = raw_get(name);
	assert_int_equal(raw.n, 57 + 7);
	for (i = 0; i < raw.n; i++) {
		p = arena_dup(ta, raw.p, raw.n);
		p[i] ^= 0x20;
		raw_set(name, (struct span){p, raw.n});
		assert_true(absent("f"));
	}
	for (i = 0; i < raw.n; i++) {
		raw_set(name, (struct span){raw.p, i});
		assert_true(absent("f"));
	}
	raw_set(name, raw_get(other)); /* the answer to another question */
	assert_true(absent("f"));
	raw_set(name, SPAN_LIT("<script>alert(1)</script>"));
	assert_true(absent("f"));
	raw_set(name, raw);
	assert_true(holds("f", "genuine"));
	drop();
	/* Written by somebody with another key file. */
	use(box_path, KEYS_B);
	assert_true(absent("f"));
	raw_set(name_of("value", "f"), raw);
	assert_true(absent("f"));
	drop();
}

static void
bad_settings(void **state)
{
	static const char *const bad[] = {"localhost", ":11211", "host:0",
	    "host:65536", "host:x", "/ok.sock nonsense"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		use(bad[i], KEYS_A);
		assert_null(box_cx.cache);
		drop();
	}
}

static uint64_t
generation(const char *name)
{
	uint64_t g = 0;

	assert_int_equal(cache_generation(&box_cx, name, &g), RC_OK);
	assert_true(g != 0);
	return g;
}

static void
generations(void **state)
{
	uint64_t g, h;

	(void)state;
	use(box_path, KEYS_A);
	g = generation("catalogue:1");
	assert_true(generation("catalogue:1") == g);
	cache_bump(&box_cx, "catalogue:1");
	assert_true(generation("catalogue:1") == g + 1);
	cache_bump(&box_cx, "never-asked"); /* absent: nothing to make old */
	/* K9: after an eviction the number is one that never was. */
	assert_span(talk(SPAN_LIT("flush_all\r\n"), "\r\n"), "OK\r\n");
	(void)usleep(1100000); /* flush_all works on whole seconds */
	next_unit();
	h = generation("catalogue:1");
	assert_true(h > g + 1);
	/* Not a number: a miss, and then a new beginning. */
	raw_set(name_of("generation", "catalogue:1"), SPAN_LIT("12 34"));
	g = 7;
	assert_int_equal(
	    cache_generation(&box_cx, "catalogue:1", &g), RC_NOTFOUND);
	assert_int_equal(g, 0);
	(void)generation("catalogue:1");
	raw_set(name_of("generation", "catalogue:1"), SPAN_LIT("abc"));
	cache_bump(&box_cx, "catalogue:1"); /* refused by the server; no harm */
	drop();
	use("/nonexistent/memcached.sock", KEYS_A);
	assert_int_equal(
	    cache_generation(&box_cx, "catalogue:1", &g), RC_NOTFOUND);
	assert_int_equal(g, 0);
	drop();
}

/* R11: a server that is full throws old values away and nothing else. */
static void
full_server(void **state)
{
	char *p = arena_alloc(ta, 500000);
	struct span got, v = {p, 500000};
	int i;

	(void)state;
	use(box_path, KEYS_A);
	test_bytes(p, v.n);
	for (i = 0; i < 60; i++)
		cache_set(&box_cx, arena_fmt(ta, "full%d", i), v, 60);
	cache_set(&box_cx, "small", SPAN_LIT("x"), 60);
	assert_true(holds("small", "x"));
	for (i = 0; i < 60; i++)
		if (cache_get(&box_cx, arena_fmt(ta, "full%d", i), &got) ==
		    RC_OK)
			assert_true(span_eq(got, v));
	drop();
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(keeps_what_it_is_given),
	    TEST(expires),
	    TEST(jitter),
	    TEST(forged_values),
	    TEST(generations),
	    TEST(full_server),
	    TEST(bad_settings),
	};

	if (system("command -v memcached >/dev/null") != 0)
		test_skip_all("no memcached");
	return cmocka_run_group_tests(tests, box_setup, box_teardown);
}
