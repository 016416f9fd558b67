/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "web/address.h"

static const struct address_list *
list(const char *text)
{
	const struct address_list *l;
	const char *why;

	assert_int_equal(address_list_parse(ta, text, &l, &why), RC_OK);
	return l;
}

static void
lists(void **state)
{
	static const char *const bad[] = {"10.0.0.0/33", "10.0.0/8", "::1/129",
	    "localhost", "10.0.0.1,10.0.0.2", "10.0.0.1/-1", "1.2.3.4/ 8"};
	const struct address_list *l =
	    list(" 10.0.0.0/8  192.0.2.7 fd00::/8 2001:db8::/33 0.0.0.0/32 ");
	const char *why;
	size_t i;

	(void)state;
	assert_true(address_listed(l, "10.255.0.1"));
	assert_true(address_listed(l, "::ffff:10.1.2.3"));
	assert_false(address_listed(l, "11.0.0.1"));
	assert_true(address_listed(l, "192.0.2.7"));
	assert_false(address_listed(l, "192.0.2.6"));
	assert_true(address_listed(l, "fdab::1"));
	assert_true(address_listed(l, "2001:db8:7fff::1"));
	assert_false(address_listed(l, "2001:db8:8000::1"));
	assert_false(address_listed(l, "10.0.0.1.evil"));
	assert_false(address_listed(l, ""));
	assert_false(address_listed(list(""), "10.0.0.1"));
	assert_true(address_listed(list("0.0.0.0/0"), "203.0.113.9"));
	assert_false(address_listed(list("0.0.0.0/0"), "2001:db8::1"));
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(
		    address_list_parse(ta, bad[i], &l, &why), RC_INVALID);
}

static void
forwarded_counts_only_from_proxies(void **state)
{
	const struct address_list *none = list(""), *p = list("10.0.0.0/8");

	(void)state;
	assert_string_equal(
	    address_client(ta, none, "203.0.113.9", "1.2.3.4"), "203.0.113.9");
	assert_string_equal(
	    address_client(ta, p, "203.0.113.9", "1.2.3.4"), "203.0.113.9");
	assert_string_equal(
	    address_client(ta, p, "10.0.0.1", "203.0.113.9"), "203.0.113.9");
	/* what the client put in front is not believed */
	assert_string_equal(
	    address_client(ta, p, "10.0.0.1", "6.6.6.6, 203.0.113.9, 10.9.9.9"),
	    "203.0.113.9");
	assert_string_equal(
	    address_client(ta, p, "10.0.0.1", "10.0.0.3 ,10.0.0.2"),
	    "10.0.0.3");
	assert_string_equal(address_client(ta, p, "10.0.0.1", ""), "10.0.0.1");
	assert_string_equal(
	    address_client(ta, p, "10.0.0.1", "<script>"), "10.0.0.1");
	assert_string_equal(
	    address_client(ta, p, "10.0.0.1", "1.2.3.4, junk"), "10.0.0.1");
}

static void
odd_peers(void **state)
{
	const struct address_list *none = list("");

	(void)state;
	assert_string_equal(address_client(ta, none, "unix:", ""), "127.0.0.1");
	assert_string_equal(address_client(ta, none, "", ""), "127.0.0.1");
	assert_string_equal(
	    address_client(ta, none, "not an address", ""), "0.0.0.0");
	assert_string_equal(
	    address_client(ta, none, "::ffff:192.0.2.1", ""), "192.0.2.1");
	assert_string_equal(
	    address_client(ta, none, "2001:DB8:0:0::1", ""), "2001:db8::1");
}

static void
networks(void **state)
{
	(void)state;
	assert_string_equal(address_network(ta, "192.0.2.1"), "192.0.2.1");
	assert_string_equal(
	    address_network(ta, "2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
	assert_string_equal(
	    address_network(ta, "2001:db8:1:2:ffff::"), "2001:db8:1:2::/64");
	assert_true(address_loopback("127.0.0.1"));
	assert_true(address_loopback("127.9.9.9"));
	assert_true(address_loopback("::1"));
	assert_true(address_loopback("::ffff:127.0.0.1"));
	assert_false(address_loopback("128.0.0.1"));
	assert_false(address_loopback("::2"));
	assert_false(address_loopback("x"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(lists),
	    TEST(forwarded_counts_only_from_proxies),
	    TEST(odd_peers),
	    TEST(networks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
