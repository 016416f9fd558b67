/* SPDX-License-Identifier: Apache-2.0 */
/* Every byte counts, and so does where it stands and how many there are. */
#include "support/test.h"

#include "base/digest.h"

static void
every_bit_counts(void **state)
{
	uint8_t p[80];
	uint64_t whole;
	size_t n, i;

	(void)state;
	test_bytes(p, sizeof(p));
	for (n = 0; n <= sizeof(p); n++) {
		whole = digest_of((struct span){(char *)p, n});
		for (i = 0; i < 8 * n; i++) {
			p[i / 8] ^= (uint8_t)(1u << i % 8);
			assert_true(
			    digest_of((struct span){(char *)p, n}) != whole);
			p[i / 8] ^= (uint8_t)(1u << i % 8);
		}
		assert_true(digest_of((struct span){(char *)p, n}) == whole);
	}
}

static void
length_counts(void **state)
{
	static const char zero[80];
	uint64_t seen[sizeof(zero) + 1];
	size_t n, i;

	(void)state;
	for (n = 0; n <= sizeof(zero); n++) {
		seen[n] = digest_of((struct span){zero, n});
		for (i = 0; i < n; i++)
			assert_true(seen[i] != seen[n]);
	}
}

/* Two words of the same lane, and of neighbours, change places. */
static void
order_counts(void **state)
{
	uint64_t a[8] = {1, 2, 3, 4, 5, 6, 7, 8};
	uint64_t first = digest_of((struct span){(char *)a, sizeof(a)});
	size_t i, j;

	(void)state;
	for (i = 0; i < 8; i++)
		for (j = 0; j < i; j++) {
			uint64_t b[8];

			memcpy(b, a, sizeof(b));
			b[i] = a[j];
			b[j] = a[i];
			assert_true(digest_of((struct span){
					(char *)b, sizeof(b)}) != first);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(every_bit_counts),
	    TEST(length_counts),
	    TEST(order_counts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
