/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "base/email.h"
#include "base/limits.h"

static void
plain_ones_pass(void **state)
{
	static const char *const good[] = {"a@b.c", "shop@example.org",
	    "first.last+tag@mail.example.co.uk", "x_y-z@a-b.cn", "1@2.3",
	    "o'brien@example.ie", "UPPER@Example.COM", "qq!#$%&*/=?^`{|}~@a.b",
	    "a@xn--fiqs8s.xn--p1ai"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (!mail_address_ok(good[i]))
			fail_msg("refused %s", good[i]);
}

static void
others_do_not(void **state)
{
	static const char *const bad[] = {"", "a", "@", "a@", "@b.c", "a@b",
	    "a@b.", "a@.b", "a@b..c", ".a@b.c", "a.@b.c", "a..b@c.d", "a@b@c.d",
	    "a b@c.d", " a@b.c", "a@b.c ", "a@b.c\n", "a@b.c\r\nBcc: x@y.z",
	    "\"a b\"@c.d", "a(c)@b.c", "<a@b.c>", "A <a@b.c>", "a@b.c,d@e.f",
	    "a@-b.c", "a@b-.c", "a@b_c.d", "a@[127.0.0.1]", "a@b.c\t",
	    "\xc3\xa4@b.c", "a@\xc3\xa4.c", "a;b@c.d", "a:b@c.d", "a\\b@c.d"};
	char *s;
	size_t i;

	(void)state;
	assert_false(mail_address_ok(NULL));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (mail_address_ok(bad[i]))
			fail_msg("took %s", bad[i]);
	s = arena_fmt(ta, "%064d@b.c", 1);
	assert_true(mail_address_ok(s));
	s = arena_fmt(ta, "%065d@b.c", 1);
	assert_false(mail_address_ok(s));
	s = arena_fmt(ta, "a@%063d.c", 1);
	assert_true(mail_address_ok(s));
	s = arena_fmt(ta, "a@%064d.c", 1);
	assert_false(mail_address_ok(s));
	s = arena_fmt(ta, "%060d@%063d.%0*d.c", 1, 1, LIM_EMAIL - 127, 1);
	assert_int_equal(strlen(s), LIM_EMAIL);
	assert_true(mail_address_ok(s));
	s = arena_fmt(ta, "%061d@%063d.%0*d.c", 1, 1, LIM_EMAIL - 127, 1);
	assert_false(mail_address_ok(s));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(plain_ones_pass),
	    TEST(others_do_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
