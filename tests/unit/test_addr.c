/* SPDX-License-Identifier: Apache-2.0 */
/* Which addresses are of the public network, and which hosts of URLs are
 * closed by what they are called. */
#include "support/test.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include "io/addr.h"

static bool
public_address(const char *text)
{
	struct sockaddr_in in4 = {.sin_family = AF_INET};
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};

	if (inet_pton(AF_INET, text, &in4.sin_addr) == 1)
		return addr_is_public((struct sockaddr *)&in4);
	assert_int_equal(inet_pton(AF_INET6, text, &in6.sin6_addr), 1);
	return addr_is_public((struct sockaddr *)&in6);
}

static void
address_table(void **state)
{
	static const char *const open[] = {"1.1.1.1", "9.255.255.255",
	    "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
	    "128.0.0.0", "169.253.0.1", "172.15.255.255", "172.32.0.0",
	    "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0",
	    "223.255.255.255", "2001:4860:4860::8888", "2606:4700::1111",
	    "2400:da00::6666", "64:ff9b::101:101", "2002:101:101::1"};
	static const char *const closed[] = {"0.0.0.0", "0.1.2.3", "10.1.2.3",
	    "100.64.0.1", "100.127.255.255", "127.0.0.1", "127.255.255.255",
	    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8",
	    "192.0.2.1", "192.168.0.1", "198.18.0.1", "198.19.255.255",
	    "198.51.100.1", "203.0.113.9", "224.0.0.1", "239.1.1.1",
	    "240.0.0.1", "255.255.255.255", "::", "::1", "::ffff:10.0.0.1",
	    "::ffff:1.1.1.1", "::10.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1",
	    "fc00::1", "fd12::1", "fe80::1", "fec0::1", "ff02::1", "2001::1",
	    "2001:db8::1", "2002:a00:1::1", "2002:7f00:1::", "3fff::1",
	    "100::1", "5f00::1"};
	struct sockaddr_storage other = {.ss_family = AF_UNIX};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(open) / sizeof(open[0]); i++)
		if (!public_address(open[i]))
			fail_msg("closed: %s", open[i]);
	for (i = 0; i < sizeof(closed) / sizeof(closed[0]); i++)
		if (public_address(closed[i]))
			fail_msg("open: %s", closed[i]);
	assert_false(addr_is_public((struct sockaddr *)&other));
}

static void
hosts_of_this_machine(void **state)
{
	static const char *const closed[] = {"127.0.0.1", "[::1]",
	    "[::ffff:127.0.0.1]", "0x7f000001", "2130706433", "127.1",
	    "017700000001", "169.254.169.254", "10.0.0.1", "localhost",
	    "LocalHost", "localhost.", "a.localhost", "0", "[fe80::1]",
	    "[fd00::1]", "", "."};
	static const char *const open[] = {"example.com", "1.1.1.1",
	    "[2606:4700::1111]", "localhost.example.com", "127.example.com"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(closed) / sizeof(closed[0]); i++)
		if (!addr_host_is_closed(closed[i]))
			fail_msg("open: %s", closed[i]);
	for (i = 0; i < sizeof(open) / sizeof(open[0]); i++)
		if (addr_host_is_closed(open[i]))
			fail_msg("closed: %s", open[i]);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(address_table),
	    TEST(hosts_of_this_machine),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
