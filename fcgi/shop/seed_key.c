/* SPDX-License-Identifier: Apache-2.0 */
/* Keys in the forms that sellers have, drawn from the system's generator. */
#include "shop/seed.h"

#include "base/num.h"
#include "base/str.h"
#include "io/crypt.h"

enum { LENGTH_MAX = 64, PASSWORD = 12 };

/* Without what is read wrong: 0 O 1 I. */
static const char upper[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
static const char lower[] = "abcdefghjkmnpqrstuvwxyz23456789";
static const char digit[] = "0123456789";
static const char hex[] = "0123456789abcdef";
static const char base32[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
static const char mixed[] =
    "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghjkmnpqrstuvwxyz23456789@#%+=";

static const char *const word[] = {"amber", "birch", "cedar", "coral", "delta",
    "ember", "fern", "finch", "flint", "grove", "harbor", "hazel", "iris",
    "juniper", "lark", "linden", "maple", "meadow", "mist", "opal", "otter",
    "pebble", "quartz", "raven", "reed", "river", "sable", "sage", "tarn",
    "thistle", "willow", "wren"};

static size_t
below(size_t n)
{
	/* the bias of 64 bits over so few is nothing */
	return (size_t)(crypt_random_u64() % n);
}

static void
draw(struct buf *b, const char *alphabet, size_t letters, size_t n)
{
	while (n-- > 0)
		buf_chr(b, alphabet[below(letters)]);
}

#define DRAW(b, alphabet, n) draw((b), (alphabet), sizeof(alphabet) - 1, (n))

static void
user_name(struct buf *b)
{
	const size_t n = sizeof(word) / sizeof(word[0]);

	buf_str(b, word[below(n)]);
	buf_chr(b, '.');
	buf_str(b, word[below(n)]);
	DRAW(b, digit, 4);
}

/* What stands between the braces: "A5", "u" ... */
static enum rc
token(struct buf *b, struct span t)
{
	uint64_t n;

	if (span_is(t, "u")) {
		user_name(b);
		return RC_OK;
	}
	if (span_is(t, "p")) {
		DRAW(b, mixed, PASSWORD);
		return RC_OK;
	}
	if (t.n < 2 ||
	    num_u64((struct span){t.p + 1, t.n - 1}, LENGTH_MAX, &n) != RC_OK)
		return RC_INVALID;
	switch (t.p[0]) {
	case 'A':
		DRAW(b, upper, n);
		return RC_OK;
	case 'a':
		DRAW(b, lower, n);
		return RC_OK;
	case 'd':
		DRAW(b, digit, n);
		return RC_OK;
	case 'h':
		DRAW(b, hex, n);
		return RC_OK;
	case 'B':
		DRAW(b, base32, n);
		return RC_OK;
	default:
		return RC_INVALID;
	}
}

enum rc
seed_key(struct buf *b, const char *pattern)
{
	struct span rest = span_str(pattern), part;
	bool inside = false;

	/* "x{A5}y" cut at '{' and '}' in turn */
	while (span_cut(&rest, inside ? '}' : '{', &part)) {
		if (inside && token(b, part) != RC_OK)
			return RC_INVALID;
		if (!inside)
			buf_add(b, part.p, part.n);
		inside = !inside;
	}
	return inside && !b->bad ? RC_OK : RC_INVALID;
}
