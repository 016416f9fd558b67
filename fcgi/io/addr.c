/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The networks that a gateway's or webhook's name must not lead to: the IANA
 * special-purpose registries (RFC 6890 and its successors).  The name is
 * resolved by libcurl; this looks at the address that it is about to connect
 * to, so a name that changes its answer gains nothing.
 */
#include "io/addr.h"

#include "base/str.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

struct net4 {
	uint32_t net;
	unsigned bits;
};

#define NET4(a, b, c, d, bits)                                                 \
	{                                                                      \
		(uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d), bits         \
	}

/* clang-format off */
static const struct net4 closed4[] = {
	NET4(  0,   0,   0, 0,  8), /* this network */
	NET4( 10,   0,   0, 0,  8), /* private */
	NET4(100,  64,   0, 0, 10), /* shared, RFC 6598 */
	NET4(127,   0,   0, 0,  8), /* loopback */
	NET4(169, 254,   0, 0, 16), /* link-local; clouds' metadata */
	NET4(172,  16,   0, 0, 12), /* private */
	NET4(192,   0,   0, 0, 24), /* protocol assignments */
	NET4(192,   0,   2, 0, 24), /* documentation */
	NET4(192,  88,  99, 0, 24), /* 6to4 relays */
	NET4(192, 168,   0, 0, 16), /* private */
	NET4(198,  18,   0, 0, 15), /* benchmarks */
	NET4(198,  51, 100, 0, 24), /* documentation */
	NET4(203,   0, 113, 0, 24), /* documentation */
	NET4(224,   0,   0, 0,  4), /* multicast */
	NET4(240,   0,   0, 0,  4), /* reserved, broadcast */
};
/* clang-format on */

static bool
public4(uint32_t ip)
{
	size_t i;

	for (i = 0; i < sizeof(closed4) / sizeof(closed4[0]); i++)
		if ((ip ^ closed4[i].net) >> (32 - closed4[i].bits) == 0)
			return false;
	return true;
}

static uint32_t
ip4_at(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

/* Only 2000::/3 is given out at all; of that, documentation and the networks
 * that carry an IPv4 address are looked into. */
static bool
public6(const uint8_t p[16])
{
	static const uint8_t nat64[12] = {0, 0x64, 0xff, 0x9b};

	if (memcmp(p, nat64, sizeof(nat64)) == 0)
		return public4(ip4_at(p + 12));
	if ((p[0] & 0xe0) != 0x20)
		return false;
	if (p[0] == 0x20 && p[1] == 0x02) /* 6to4 */
		return public4(ip4_at(p + 2));
	if (p[0] == 0x20 && p[1] == 0x01 && (p[2] & 0xfe) == 0)
		return false; /* 2001::/23: Teredo, ORCHID, benchmarks */
	if (ip4_at(p) == 0x20010db8)
		return false; /* documentation */
	return !(p[0] == 0x3f && p[1] == 0xff && (p[2] & 0xf0) == 0);
}

bool
addr_is_public(const struct sockaddr *sa)
{
	const struct sockaddr_in *in4 = (const void *)sa;
	const struct sockaddr_in6 *in6 = (const void *)sa;

	if (sa->sa_family == AF_INET)
		return public4(ntohl(in4->sin_addr.s_addr));
	if (sa->sa_family == AF_INET6)
		return public6(in6->sin6_addr.s6_addr);
	return false;
}

bool
addr_host_is_closed(const char *host)
{
	const struct addrinfo hint = {
	    .ai_flags = AI_NUMERICHOST, .ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	char bare[256];
	size_t n = strlen(host);
	bool closed;

	if (n >= 2 && host[0] == '[' && host[n - 1] == ']') {
		host++;
		n -= 2;
	}
	while (n != 0 && host[n - 1] == '.') /* "localhost." is one, too */
		n--;
	if (n == 0 || n >= sizeof(bare))
		return true;
	memcpy(bare, host, n);
	bare[n] = '\0';
	if (str_ieq(bare, "localhost") ||
	    (n > 10 && str_ieq(bare + n - 10, ".localhost")))
		return true;
	if (getaddrinfo(bare, NULL, &hint, &found) != 0)
		return false; /* a name */
	closed = !addr_is_public(found->ai_addr);
	freeaddrinfo(found);
	return closed;
}
