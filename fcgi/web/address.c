/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Client addresses (address.h).  Everything is compared as 16 bytes: IPv4 is
 * kept in its IPv6-mapped form, so one routine serves both.
 */
#include "web/address.h"

#include "base/num.h"
#include "base/str.h"
#include "base/vec.h"

#include <arpa/inet.h>
#include <string.h>

enum {
	V6_BYTES = 16,
	V4_OFFSET = 12,
	V6_BITS = 128,
	V4_BITS = 32,
	NET64 = 8,
	V4_LOOPBACK = 127
};

struct network {
	uint8_t addr[V6_BYTES];
	unsigned bits;
};

struct address_list {
	VEC(struct network) nets;
};

static bool
is_v4(const uint8_t addr[V6_BYTES])
{
	static const uint8_t mapped[V4_OFFSET] = {
	    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};

	return memcmp(addr, mapped, sizeof(mapped)) == 0;
}

static bool
parse(const char *text, uint8_t out[V6_BYTES])
{
	struct in_addr v4;
	struct in6_addr v6;

	if (inet_pton(AF_INET, text, &v4) == 1) {
		memset(out, 0, V6_BYTES);
		out[10] = out[11] = 0xff;
		memcpy(out + V4_OFFSET, &v4, sizeof(v4));
		return true;
	}
	if (inet_pton(AF_INET6, text, &v6) != 1)
		return false;
	memcpy(out, &v6, sizeof(v6));
	return true;
}

static const char *
text_of(struct arena *a, const uint8_t addr[V6_BYTES])
{
	char buf[INET6_ADDRSTRLEN];
	bool v4 = is_v4(addr);

	if (inet_ntop(v4 ? AF_INET : AF_INET6, v4 ? addr + V4_OFFSET : addr,
		buf, sizeof(buf)) == NULL)
		return "0.0.0.0";
	return arena_str(a, buf);
}

static bool
network_parse(struct arena *a, struct span s, struct network *out)
{
	struct span addr;
	unsigned max;
	uint64_t bits;

	if (!span_cut(&s, '/', &addr) ||
	    !parse(arena_dup(a, addr.p, addr.n), out->addr))
		return false;
	max = is_v4(out->addr) ? V4_BITS : V6_BITS;
	bits = max;
	if (s.p != NULL && s.n != 0 && num_u64(s, max, &bits) != RC_OK)
		return false;
	out->bits = (unsigned)bits + (V6_BITS - max);
	return true;
}

enum rc
address_list_parse(struct arena *a, const char *text,
    const struct address_list **out, const char **why)
{
	struct address_list *l = ARENA_NEW(a, struct address_list);
	struct span rest = span_str(text), word;

	while (span_cut(&rest, ' ', &word)) {
		word = span_trim(word);
		if (word.n == 0)
			continue;
		if (!network_parse(a, word, VEC_ADD(&l->nets, a))) {
			*why = arena_fmt(a,
			    "trusted_proxies: %.*s is not an "
			    "address or network",
			    (int)word.n, word.p);
			return RC_INVALID;
		}
	}
	*out = l;
	return RC_OK;
}

static bool
inside(const struct network *n, const uint8_t addr[V6_BYTES])
{
	unsigned whole = n->bits / 8, rest = n->bits % 8;

	if (memcmp(n->addr, addr, whole) != 0)
		return false;
	return rest == 0 || ((n->addr[whole] ^ addr[whole]) >> (8 - rest)) == 0;
}

static bool
listed(const struct address_list *l, const uint8_t addr[V6_BYTES])
{
	size_t i;

	for (i = 0; i < l->nets.n; i++)
		if (inside(&l->nets.v[i], addr))
			return true;
	return false;
}

bool
address_listed(const struct address_list *l, const char *address)
{
	uint8_t addr[V6_BYTES];

	return parse(address, addr) && listed(l, addr);
}

/* The last element of a comma list, taken off it. */
static struct span
last(struct span *list)
{
	size_t i = list->n;
	struct span s;

	while (i > 0 && list->p[i - 1] != ',')
		i--;
	s = span_trim((struct span){list->p + i, list->n - i});
	list->n = i > 0 ? i - 1 : 0;
	return s;
}

const char *
address_client(struct arena *a, const struct address_list *trusted,
    const char *peer, const char *forwarded)
{
	uint8_t addr[V6_BYTES], next[V6_BYTES];
	struct span list = span_str(forwarded), s;

	/* the web server listens on a socket of its own */
	if (str_empty(peer) || str_starts(peer, "unix:"))
		peer = "127.0.0.1";
	if (!parse(peer, addr))
		return "0.0.0.0";
	while (list.n != 0 && listed(trusted, addr)) {
		s = last(&list);
		if (!parse(arena_dup(a, s.p, s.n), next))
			break; /* what is behind nonsense is no better */
		memcpy(addr, next, sizeof(addr));
	}
	return text_of(a, addr);
}

const char *
address_network(struct arena *a, const char *address)
{
	uint8_t addr[V6_BYTES];

	if (!parse(address, addr) || is_v4(addr))
		return address;
	memset(addr + NET64, 0, V6_BYTES - NET64);
	return arena_fmt(a, "%s/64", text_of(a, addr));
}

bool
address_loopback(const char *address)
{
	uint8_t addr[V6_BYTES];
	static const uint8_t one[V6_BYTES] = {[V6_BYTES - 1] = 1};

	if (!parse(address, addr))
		return false;
	return is_v4(addr) ? addr[V4_OFFSET] == V4_LOOPBACK
			   : memcmp(addr, one, sizeof(one)) == 0;
}
