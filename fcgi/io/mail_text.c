/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A message as the bytes that go out (RFC 5322, MIME).
 *
 * Built here and not by libcurl's MIME functions, so that the file transport
 * and the tests see what SMTP sends.  Texts are base64 (RFC 2045 section 6.8):
 * no line of theirs can be too long, begin with a dot or look like a
 * boundary.
 */
#include "io/mail_text.h"

#include "base/bug.h"
#include "base/buf.h"
#include "base/hex.h"
#include "base/time.h"
#include "base/utf8.h"
#include "io/crypt.h"

#include <string.h>

enum {
	/* Of encoded words: a line that holds one has at most 76 characters
	 * (RFC 2047 section 2), and the first follows the header's name. */
	FIRST_BYTES = 39,
	WORD_BYTES = 45,
	LINE_DIGITS = 76, /* RFC 2045 section 6.8 */
	MESSAGE_MAX = 4 * 1024 * 1024
};

/* One encoded word (RFC 2047) of whole characters. */
static void
put_word(struct buf *b, struct arena *a, struct span *rest, size_t most)
{
	struct span left = *rest;
	size_t n = 0;

	while (left.n != 0) {
		(void)utf8_next(&left);
		if (rest->n - left.n > most)
			break;
		n = rest->n - left.n;
	}
	buf_str(b, "=?UTF-8?B?");
	buf_str(b, b64_text(a, rest->p, n));
	buf_str(b, "?=");
	rest->p += n;
	rest->n -= n;
}

/* As it is when it is short plain ASCII that nobody takes for an encoded
 * word; else in encoded words, one a line. */
static void
put_subject(struct buf *b, struct arena *a, const char *s)
{
	struct span rest = span_str(s);
	bool plain = rest.n <= 66 && strstr(s, "=?") == NULL;
	size_t i;

	for (i = 0; i < rest.n; i++)
		plain = plain && (unsigned char)s[i] < 0x80;
	buf_str(b, "Subject: ");
	if (plain) {
		buf_str(b, s);
	} else {
		put_word(b, a, &rest, FIRST_BYTES);
		while (rest.n != 0) {
			buf_str(b, "\r\n ");
			put_word(b, a, &rest, WORD_BYTES);
		}
	}
	buf_str(b, "\r\n");
}

static void
put_base64(struct buf *b, struct arena *a, const char *text)
{
	const char *s = b64_text(a, text, strlen(text));
	size_t n = strlen(s), line;

	for (; n != 0; s += line, n -= line) {
		line = n < LINE_DIGITS ? n : LINE_DIGITS;
		buf_add(b, s, line);
		buf_str(b, "\r\n");
	}
}

static void
put_part(struct buf *b, struct arena *a, const char *type, const char *text)
{
	buf_fmt(b,
	    "Content-Type: %s; charset=utf-8\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\n",
	    type);
	put_base64(b, a, text);
}

static void
put_bodies(struct buf *b, struct arena *a, const struct mail *m)
{
	uint8_t random[12];
	const char *mark;

	if (m->html == NULL) {
		put_part(b, a, "text/plain", m->text);
		return;
	}
	crypt_random(random, sizeof(random));
	/* "_" is no base64 digit: the mark is in no part */
	mark = arena_fmt(a, "_ks_%s", hex_text(a, random, sizeof(random)));
	buf_fmt(b,
	    "Content-Type: multipart/alternative; boundary=\"%s\"\r\n\r\n"
	    "--%s\r\n",
	    mark, mark);
	put_part(b, a, "text/plain", m->text);
	buf_fmt(b, "--%s\r\n", mark);
	put_part(b, a, "text/html", m->html);
	buf_fmt(b, "--%s--\r\n", mark);
}

/* RFC 5322 section 3.3: the day as HTTP writes it, the zone as a number. */
static const char *
date_text(struct arena *a, int64_t now)
{
	char *s = time_http(a, now);
	size_t n = strlen(s);

	BUG_ON(n < 3 || !str_ends(s, "GMT"));
	return arena_fmt(a, "%.*s+0000", (int)(n - 3), s);
}

enum rc
mail_message(struct ctx *cx, const struct mail *m, struct span *out)
{
	const char *from = cx->set->mail_from;
	struct buf b;

	buf_init(&b, cx->arena, 8192, MESSAGE_MAX);
	buf_fmt(&b, "Date: %s\r\nFrom: %s\r\nTo: %s\r\n",
	    date_text(cx->arena, cx->now), from, m->to);
	put_subject(&b, cx->arena, m->subject);
	buf_fmt(&b,
	    "Message-ID: <%s%s>\r\n"
	    "Auto-Submitted: auto-generated\r\n"
	    "MIME-Version: 1.0\r\n",
	    m->message_id, strchr(from, '@'));
	put_bodies(&b, cx->arena, m);
	if (b.bad)
		return RC_INVALID;
	*out = (struct span){b.p, b.len};
	return RC_OK;
}
