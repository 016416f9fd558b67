/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

static void
names_are_distinct(void **state)
{
	int i, j;

	(void)state;
	for (i = 0; i < RC__N; i++) {
		assert_string_not_equal(rc_name((enum rc)i), "?");
		for (j = 0; j < i; j++)
			assert_string_not_equal(
			    rc_name((enum rc)i), rc_name((enum rc)j));
	}
	assert_string_equal(rc_name(RC__N), "?");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(names_are_distinct),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
