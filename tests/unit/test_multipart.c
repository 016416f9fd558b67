/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include "base/buf.h"
#include "base/limits.h"
#include "web/multipart.h"

/* ---- the boundary */

static void
boundaries(void **state)
{
	static const char *const bad[] = {"multipart/form-data",
	    "multipart/form-data; boundary=",
	    "multipart/form-data; boundary=\"\"",
	    "multipart/form-data; boundary=\"a",
	    "multipart/form-data; boundary=\"a \"",
	    "multipart/form-data; boundary=a; boundary=b",
	    "multipart/form-data; boundary=\xc3\xa4",
	    "multipart/form-data; boundary=\"a\\\"b\"",
	    "multipart/form-data; boundary=a b",
	    "multipart/form-data boundary=a"};
	struct span b;
	char *s;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (multipart_boundary(ta, span_str(bad[i]), &b) != RC_INVALID)
			fail_msg("took %s", bad[i]);
	assert_int_equal(
	    multipart_boundary(ta, SPAN_LIT("multipart/mixed; boundary=a"), &b),
	    RC_NOTFOUND);
	assert_int_equal(multipart_boundary(ta, SPAN_LIT(""), &b), RC_NOTFOUND);
	assert_int_equal(
	    multipart_boundary(ta,
		SPAN_LIT("Multipart/Form-Data ; charset=UTF-8; BOUNDARY=a-Z_9"),
		&b),
	    RC_OK);
	assert_span(b, "a-Z_9");
	assert_int_equal(
	    multipart_boundary(
		ta, SPAN_LIT("multipart/form-data;boundary=\"a b:c?\";"), &b),
	    RC_OK);
	assert_span(b, "a b:c?");
	for (i = 1; i <= LIM_BOUNDARY + 5; i++) {
		s = arena_fmt(
		    ta, "multipart/form-data; boundary=%0*d", (int)i, 7);
		assert_int_equal(multipart_boundary(ta, span_str(s), &b),
		    i <= LIM_BOUNDARY ? RC_OK : RC_INVALID);
	}
}

/* ---- bodies */

static enum rc
parse(const char *boundary, struct span body, struct multipart_parts *out)
{
	return multipart_parse(ta, span_str(boundary), body, out);
}

#define PART(name) "Content-Disposition: form-data; name=\"" name "\"\r\n\r\n"

static void
a_browsers_body(void **state)
{
	struct multipart_parts p;

	(void)state;
	assert_int_equal(
	    parse("X",
		SPAN_LIT("preamble\r\n--X\r\n" PART(
		    "a") "1\r\n--X \t\r\n"
			 "content-disposition:form-data; "
			 "filename=\"C:\\x\\y.txt\";"
			 " name=\"f\"\r\nContent-Type: text/plain; "
			 "charset=UTF-8"
			 "\r\nX-Other: "
			 "y\r\n\r\nline\r\n-\r\n--\r\n--Y\r\n--X--\r\n"
			 "epilogue\r\n--X\r\n"),
		&p),
	    RC_OK);
	assert_int_equal(p.n, 2);
	assert_span(p.v[0].head.name, "a");
	assert_span(p.v[0].bytes, "1");
	assert_false(p.v[0].head.is_file);
	assert_span(p.v[1].head.name, "f");
	assert_true(p.v[1].head.is_file);
	assert_span(p.v[1].head.filename, "C:\\x\\y.txt");
	assert_span(p.v[1].head.type, "text/plain; charset=UTF-8");
	assert_span(p.v[1].bytes, "line\r\n-\r\n--\r\n--Y");
	assert_int_equal(p.v[1].bytes.p[p.v[1].bytes.n], '\0');
}

static void
edges_that_are_fine(void **state)
{
	struct multipart_parts p;

	(void)state;
	assert_int_equal(parse("X", SPAN_LIT("--X--"), &p), RC_OK);
	assert_int_equal(p.n, 0);
	assert_int_equal(parse("X", SPAN_LIT("\r\n--X--"), &p), RC_OK);
	assert_int_equal(
	    parse("X", SPAN_LIT("--X\r\n" PART("a") "\r\n--X--"), &p), RC_OK);
	assert_int_equal(p.n, 1);
	assert_span(p.v[0].bytes, "");
	/* an empty choice of file */
	assert_int_equal(
	    parse("X",
		SPAN_LIT("--X\r\nContent-Disposition: form-data; name=\"f\"; "
			 "filename=\"\"\r\nContent-Type: "
			 "application/octet-stream\r\n\r\n\r\n--X--\r\n"),
		&p),
	    RC_OK);
	assert_true(p.v[0].head.is_file);
	assert_span(p.v[0].head.filename, "");
	/* the delimiter after half a delimiter */
	assert_int_equal(
	    parse("X", SPAN_LIT("--X\r\n" PART("a") "\r\n-\r\r\n--X--"), &p),
	    RC_OK);
	assert_span(p.v[0].bytes, "\r\n-\r");
	/* a boundary that begins like itself */
	assert_int_equal(
	    parse("--a--a",
		SPAN_LIT("----a--a\r\n" PART("n") "\r\n----a\r\n----a--a--"),
		&p),
	    RC_OK);
	assert_span(p.v[0].bytes, "\r\n----a");
	/* NUL and escapes in names: as sent */
	assert_int_equal(parse("X",
			     SPAN_LIT("--X\r\nContent-Disposition: form-data; "
				      "name=\"a\\\"b%22\"\r\n\r\n\0\r\n--X--"),
			     &p),
	    RC_OK);
	assert_span(p.v[0].head.name, "a\"b%22");
	assert_int_equal(p.v[0].bytes.n, 1);
}

static void
what_is_refused(void **state)
{
	static const char *const bad[] = {"", "X", "--X", "--X-", "--X\r\n",
	    "--X\n" PART("a") "1\n--X--\n", "--X\r\n" PART("a") "1",
	    "--X\r\n" PART("a") "1\r\n--X", "--X\r\n" PART("a") "1\r\n--X\r\n",
	    "--Xy\r\n" PART("a") "1\r\n--X--", /* not our delimiter line */
	    "--X x\r\n" PART("a") "1\r\n--X--",
	    "--X\r\n\r\n1\r\n--X--", /* no disposition */
	    "--X\r\nContent-Type: text/plain\r\n\r\n1\r\n--X--",
	    "--X\r\nContent-Disposition: form-data\r\n\r\n1\r\n--X--",
	    "--X\r\nContent-Disposition: form-data; name=\"\"\r\n\r\n\r\n--X--",
	    "--X\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n"
	    "\r\n--X--",
	    "--X\r\nContent-Disposition: form-data; name=\"a\"; name=\"b\""
	    "\r\n\r\n\r\n--X--",
	    "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n"
	    "Content-Disposition: form-data; name=\"b\"\r\n\r\n\r\n--X--",
	    "--X\r\nContent-Disposition: form-data; name=\"a\r\n\r\n\r\n--X--",
	    "--X\r\nContent-Disposition: form-data; name=\r\n\r\n\r\n--X--",
	    "--X\r\nContent-Disposition: form-data;\r\n name=\"a\"\r\n\r\n"
	    "\r\n--X--",
	    "--X\r\nContent-Disposition form-data; name=\"a\"\r\n\r\n\r\n--X--",
	    "--X\r\nContent-Disposition: form-data; name=\"a\"\r\n"
	    "Content-Transfer-Encoding: base64\r\n\r\nAA==\r\n--X--",
	    "--X\r\nContent-Disposition: form-data; name=\"a\x01\"\r\n\r\n"
	    "\r\n--X--",
	    "--X\r\nContent-Disposition: form-data; name=\"a\"\n\r\n\r\n--X--",
	    "--X\r\nX: \x01\r\n" PART("a") "1\r\n--X--"};
	struct multipart_parts p;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (parse("X", span_str(bad[i]), &p) != RC_INVALID)
			fail_msg("took %s", bad[i]);
}

static struct span
many(unsigned parts, const char *head, size_t body)
{
	struct buf b;
	unsigned i;
	size_t k;

	buf_init(&b, ta, 4096, 4 << 20);
	for (i = 0; i < parts; i++) {
		buf_str(&b, "--X\r\n");
		buf_str(&b, head);
		for (k = 0; k < body; k++)
			buf_chr(&b, 'x');
		buf_str(&b, "\r\n");
	}
	buf_str(&b, "--X--\r\n");
	return (struct span){buf_text(&b), b.len};
}

static void
limits(void **state)
{
	struct multipart_parts p;
	char *line;

	(void)state;
	assert_int_equal(parse("X", many(LIM_PARTS, PART("a"), 3), &p), RC_OK);
	assert_int_equal(p.n, LIM_PARTS);
	assert_int_equal(
	    parse("X", many(LIM_PARTS + 1, PART("a"), 3), &p), RC_INVALID);
	assert_int_equal(parse("X", many(1, PART("a"), 1 << 20), &p), RC_OK);
	assert_int_equal(p.v[0].bytes.n, 1 << 20);
	line = arena_fmt(ta, "X: %0*d\r\n" PART("a"), LIM_PART_LINE - 3, 0);
	assert_int_equal(parse("X", many(1, line, 1), &p), RC_OK);
	line = arena_fmt(ta, "X: %0*d\r\n" PART("a"), LIM_PART_LINE - 2, 0);
	assert_int_equal(parse("X", many(1, line, 1), &p), RC_INVALID);
	line = arena_fmt(ta, "%s",
	    "A:1\r\nA:2\r\nA:3\r\nA:4\r\nA:5\r\nA:6\r\n"
	    "A:7\r\n" PART("a"));
	assert_int_equal(parse("X", many(1, line, 1), &p), RC_OK);
	line = arena_fmt(ta, "A:0\r\n%s", line);
	assert_int_equal(parse("X", many(1, line, 1), &p), RC_INVALID);
	line = arena_fmt(ta,
	    "Content-Disposition: form-data; name=\"%0*d\"\r\n\r\n",
	    LIM_PARAM_NAME + 1, 0);
	assert_int_equal(parse("X", many(1, line, 1), &p), RC_INVALID);
	line = arena_fmt(ta,
	    "Content-Disposition: form-data; name=a; filename=\"%0*d\""
	    "\r\n\r\n",
	    LIM_FILENAME + 1, 0);
	assert_int_equal(parse("X", many(1, line, 1), &p), RC_INVALID);
}

/* ---- slices */

static struct buf events;

static enum rc
on_part(void *arg, const struct part_head *h)
{
	(void)arg;
	buf_fmt(&events, "<%.*s|%.*s|%d>", (int)h->name.n, h->name.p,
	    (int)h->filename.n, h->filename.p, h->is_file);
	return RC_OK;
}

static enum rc
on_data(void *arg, struct span bytes)
{
	(void)arg;
	assert_true(bytes.n != 0);
	buf_add(&events, bytes.p, bytes.n);
	return RC_OK;
}

static enum rc
on_end(void *arg)
{
	(void)arg;
	buf_str(&events, "</>");
	return RC_OK;
}

/* Feeds text in pieces of at most max bytes (0: at once); the events as one
 * text, then the outcome. */
static struct span
run(const char *boundary, struct span text, size_t max)
{
	static const struct multipart_sink sink = {
	    on_part, on_data, on_end, NULL};
	struct multipart *m = multipart_new(ta, span_str(boundary), &sink);
	enum rc rc = RC_OK;
	size_t n;

	buf_init(&events, ta, 4096, 1 << 20);
	while (text.n != 0 && rc == RC_OK) {
		n = max == 0 ? text.n : 1 + (size_t)test_below(max);
		if (n > text.n)
			n = text.n;
		rc = multipart_feed(m, (struct span){text.p, n});
		text.p += n;
		text.n -= n;
	}
	if (rc == RC_OK)
		rc = multipart_end(m);
	buf_fmt(&events, "=%s", rc_name(rc));
	return (struct span){buf_text(&events), events.len};
}

static void
slices_do_not_matter(void **state)
{
	static const char *const piece[] = {"\r\n--aXa", "--aXa", "\r\n", "\r",
	    "\n", "-", "--", "a", "X", "aXa", PART("n"), "\r\n--aXa\r\n",
	    "\r\n--aXa--", " ", "\0", "\r\n--aXaX"};
	struct span text, whole;
	struct buf b;
	size_t n, i;
	int round, good = 0;

	(void)state;
	for (round = 0; round < 30000; round++) {
		buf_init(&b, ta, 0, 8192);
		buf_str(&b, "--aXa\r\n" PART("first"));
		n = (size_t)test_below(14);
		for (i = 0; i < n; i++) {
			const char *p =
			    piece[test_below(sizeof(piece) / sizeof(piece[0]))];
			buf_add(&b, p, p[0] == '\0' ? 1 : strlen(p));
		}
		if (test_below(2) == 0)
			buf_str(&b, "\r\n--aXa--");
		text = (struct span){b.p, b.len};
		whole = run("aXa", text, 0);
		good += str_ends(whole.p, "=ok");
		for (i = 1; i < 4; i++)
			assert_true(span_eq(whole, run("aXa", text, i * i)));
		arena_reset(ta);
	}
	assert_true(good > 1000);
}

/* A body with neither head nor tail of a delimiter in it comes back. */
static void
any_bytes_come_back(void **state)
{
	static const char likely[] = "\r\n-Xa";
	struct multipart_parts p;
	struct buf b;
	char body[300];
	size_t n, i;
	int round;

	(void)state;
	for (round = 0; round < 20000; round++) {
		n = (size_t)test_below(sizeof(body));
		for (i = 0; i < n; i++)
			body[i] = test_below(3) == 0
				      ? (char)test_rand()
				      : likely[test_below(sizeof(likely) - 1)];
		if (memmem(body, n, "\r\n--aXa", 7) != NULL)
			continue;
		buf_init(&b, ta, 0, 4096);
		buf_str(&b, "--aXa\r\n" PART("n"));
		buf_add(&b, body, n);
		buf_str(&b, "\r\n--aXa--\r\n");
		assert_int_equal(
		    parse("aXa", (struct span){b.p, b.len}, &p), RC_OK);
		assert_int_equal(p.n, 1);
		assert_int_equal(p.v[0].bytes.n, n);
		assert_memory_equal(p.v[0].bytes.p, body, n);
		arena_reset(ta);
	}
}

static enum rc
full(void *arg, struct span bytes)
{
	(void)arg;
	(void)bytes;
	return RC_BUSY;
}

static void
the_sinks_answer_stops(void **state)
{
	static const struct multipart_sink sink = {on_part, full, on_end, NULL};
	struct multipart *m = multipart_new(ta, SPAN_LIT("X"), &sink);

	(void)state;
	buf_init(&events, ta, 64, 1000);
	assert_int_equal(
	    multipart_feed(m, SPAN_LIT("--X\r\n" PART("a") "1")), RC_BUSY);
	assert_int_equal(multipart_feed(m, SPAN_LIT("\r\n--X--")), RC_BUSY);
	assert_int_equal(multipart_end(m), RC_BUSY);
	assert_string_equal(buf_text(&events), "<a||0>");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(boundaries),
	    TEST(a_browsers_body),
	    TEST(edges_that_are_fine),
	    TEST(what_is_refused),
	    TEST(limits),
	    TEST(slices_do_not_matter),
	    TEST(any_bytes_come_back),
	    TEST(the_sinks_answer_stops),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
