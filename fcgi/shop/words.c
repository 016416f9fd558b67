/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Text to index words and to queries.  One scanner serves both, so that what
 * is asked for is cut like what was stored.
 *
 * A run of other letters is stored as its bigrams and its last letter alone:
 * every letter then begins some word, so a query of one letter is a prefix.
 */
#include "shop/words.h"

#include "base/utf8.h"

enum {
	ASCII_MAX = 40, /* letters of an ASCII word that count */
	RUN_MAX = 64,   /* letters of another run taken at once */
	QUERY_RUN = 24  /* letters of another run in a query */
};

enum kind { SEPARATOR, ASCII_WORD, OTHER };

struct run {
	enum kind kind;
	uint32_t cp[RUN_MAX];
	size_t n;
};

static uint32_t
fold(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e) /* full-width ASCII */
		c -= 0xfee0;
	if (c >= 'A' && c <= 'Z')
		c += 'a' - 'A';
	return c;
}

struct range {
	uint32_t from, to;
};

/* Outside ASCII: blanks, punctuation, dingbats, emoji, selectors, private. */
static const struct range separator[] = {
    {0x80, 0xa9},
    {0xab, 0xb4},
    {0xb6, 0xb9},
    {0xbb, 0xbf},
    {0xd7, 0xd7},
    {0xf7, 0xf7},
    {0x2000, 0x206f},
    {0x2190, 0x2bff},
    {0x3000, 0x3004},
    {0x3008, 0x3020},
    {0x3030, 0x3030},
    {0xe000, 0xf8ff},
    {0xfe00, 0xfe6f},
    {0xfeff, 0xfeff},
    {0xff5f, 0xff65},
    {0xfff0, 0xffff},
    {0x1f000, 0x1faff},
    {0xe0000, 0x10ffff},
};

static enum kind
ascii_kind(char c)
{
	static const char meaning[] = "%_\\+#&@$*~^=<>";
	size_t i;

	if (chr_alnum(c))
		return ASCII_WORD;
	for (i = 0; meaning[i] != '\0'; i++)
		if (c == meaning[i])
			return OTHER;
	return SEPARATOR;
}

static enum kind
kind_of(uint32_t c)
{
	size_t i;

	if (c < 0x80)
		return ascii_kind((char)c);
	for (i = 0; i < sizeof(separator) / sizeof(separator[0]); i++)
		if (c >= separator[i].from && c <= separator[i].to)
			return SEPARATOR;
	return OTHER;
}

/* The next run that is no separator; false at the end.  A long run of others
 * comes in pieces that overlap by one letter, so no bigram is lost. */
static bool
run_next(struct span *s, struct run *r)
{
	struct span at = *s, last = *s;
	int32_t c;

	r->n = 0;
	while ((c = utf8_next(s)) >= 0) {
		uint32_t f = fold((uint32_t)c);
		enum kind k = kind_of(f);

		if (r->n > 0 && k != r->kind) {
			*s = at;
			return true;
		}
		if (k == OTHER && r->n == RUN_MAX) {
			*s = last;
			return true;
		}
		if (k != SEPARATOR && r->n < RUN_MAX)
			r->cp[r->n++] = f;
		r->kind = k;
		last = at;
		at = *s;
	}
	return r->n > 0;
}

static void
put_ascii(struct buf *b, const struct run *r, size_t from, size_t to)
{
	buf_str(b, "kwd");
	for (; from < to && from < ASCII_MAX; from++)
		buf_chr(b, (char)r->cp[from]);
}

static void
put_other(struct buf *b, uint32_t c)
{
	/* the mark tells how many digits follow: u4f60 is no prefix of
	 * v4f600 */
	buf_fmt(b, c > 0xffff ? "v%06x" : "u%04x", (unsigned)c);
}

static void
index_ascii(struct buf *b, const struct run *r)
{
	size_t i, from = 0;
	bool digit;

	put_ascii(b, r, 0, r->n);
	buf_chr(b, ' ');
	/* its parts of letters and of digits, where it has both */
	for (i = 1; i <= r->n && i < ASCII_MAX; i++) {
		digit = chr_digit((char)r->cp[i - 1]);
		if (i < r->n && chr_digit((char)r->cp[i]) == digit)
			continue;
		if (from == 0 && i == r->n)
			break;
		put_ascii(b, r, from, i);
		buf_chr(b, ' ');
		from = i;
	}
}

static void
index_other(struct buf *b, const struct run *r)
{
	size_t i;

	for (i = 0; i < r->n; i++) {
		put_other(b, r->cp[i]);
		if (i + 1 < r->n)
			put_other(b, r->cp[i + 1]);
		buf_chr(b, ' ');
	}
}

void
words_index(struct buf *b, struct span s)
{
	struct run r;

	if (!utf8_valid(s))
		return;
	while (run_next(&s, &r)) {
		if (r.kind == ASCII_WORD)
			index_ascii(b, &r);
		else
			index_other(b, &r);
	}
}

static void
query_other(struct buf *b, const struct run *r)
{
	size_t i, n = r->n < QUERY_RUN ? r->n : QUERY_RUN;

	if (n == 1) {
		put_other(b, r->cp[0]);
		buf_chr(b, '*');
		return;
	}
	/* neighbours in the text are neighbours in the index */
	if (n > 2)
		buf_chr(b, '"');
	for (i = 0; i + 1 < n; i++) {
		if (i > 0)
			buf_chr(b, ' ');
		put_other(b, r->cp[i]);
		put_other(b, r->cp[i + 1]);
	}
	if (n > 2)
		buf_chr(b, '"');
}

const char *
words_query(struct arena *a, struct span q)
{
	unsigned terms = 0;
	struct run r;
	struct buf b;

	buf_init(&b, a, 256, 16 * 1024);
	if (!utf8_valid(q))
		return "";
	while (terms < WORDS_TERMS && run_next(&q, &r)) {
		buf_str(&b, terms++ > 0 ? " +" : "+");
		if (r.kind == ASCII_WORD) {
			put_ascii(&b, &r, 0, r.n);
			buf_chr(&b, '*');
		} else {
			query_other(&b, &r);
		}
	}
	return buf_text(&b);
}
