/* SPDX-License-Identifier: Apache-2.0 */
/* What an author may write never becomes more than text, links and layout.
 * The first group holds for both builds, with and without cmark-gfm. */
#include "support/test.h"

#include "io/markdown.h"

static const char *
html(const char *md)
{
	const char *out = NULL;

	assert_int_equal(markdown_render(ta, span_str(md), &out), RC_OK);
	assert_non_null(out);
	return out;
}

static void
links(void **state)
{
	(void)state;
	assert_true(markdown_link_ok("https://a.example/"));
	assert_true(markdown_link_ok("HTTP://a.example/"));
	assert_true(markdown_link_ok("mailto:a@b.example"));
	assert_true(markdown_link_ok("/p/x"));
	assert_true(markdown_link_ok("#top"));
	assert_false(markdown_link_ok("//evil.example"));
	assert_false(markdown_link_ok("/\\evil.example"));
	assert_false(markdown_link_ok("javascript:alert(1)"));
	assert_false(markdown_link_ok("JaVaScRiPt:alert(1)"));
	assert_false(markdown_link_ok(" javascript:alert(1)"));
	assert_false(markdown_link_ok("java\tscript:alert(1)"));
	assert_false(markdown_link_ok("data:text/html,x"));
	assert_false(markdown_link_ok("vbscript:x"));
	assert_false(markdown_link_ok("x"));
	assert_false(markdown_link_ok(""));
}

/* No tag of the author's in any build. */
static void
no_tag_of_the_author(void **state)
{
	static const char *const md[] = {
	    "<script>alert(1)</script>",
	    "a <script>alert(1)</script> b",
	    "<img src=x onerror=alert(1)>",
	    "<div\nonclick='x'>\n\ntext\n\n</div>",
	    "<svg/onload=alert(1)>",
	    "<!-- <script> -->",
	    "<![CDATA[<script>]]>",
	    "<?php echo 1 ?>",
	    "<iframe src=\"https://x\"></iframe>",
	    "x<a href=\"javascript:alert(1)\">y</a>",
	};
	const char *out;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(md) / sizeof(md[0]); i++) {
		out = html(md[i]);
		assert_null(strstr(out, "<script"));
		assert_null(strstr(out, "<img"));
		assert_null(strstr(out, "<div"));
		assert_null(strstr(out, "<svg"));
		assert_null(strstr(out, "<iframe"));
		assert_null(strstr(out, "<!"));
		assert_null(strstr(out, "<?"));
		assert_null(strstr(out, "<a href=\"java"));
		assert_null(strstr(out, "omitted"));
		assert_non_null(strstr(out, "&lt;"));
	}
	assert_string_equal(html(""), "");
}

#ifdef HAVE_CMARK

static void
layout(void **state)
{
	(void)state;
	assert_string_equal(html("# A\n\nb **c**"),
	    "<h2>A</h2>\n<p>b <strong>c</strong></p>\n");
	assert_string_equal(html("###### deep"), "<h6>deep</h6>\n");
	assert_non_null(strstr(html("|a|b|\n|-|-|\n|1|2|"), "<table>"));
	assert_non_null(strstr(html("~~gone~~"), "<del>gone</del>"));
	assert_string_equal(
	    html("a <b>c</b>"), "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n");
}

static void
links_in_text(void **state)
{
	(void)state;
	assert_string_equal(html("[x](https://a.example/?q=1&r=\"2\")"),
	    "<p><a rel=\"nofollow noopener noreferrer\" "
	    "href=\"https://a.example/?q=1&amp;r=%222%22\">x</a></p>\n");
	assert_string_equal(html("[x](javascript:alert(1))"),
	    "<p><a rel=\"nofollow noopener noreferrer\" href=\"\">x</a></p>"
	    "\n");
	assert_string_equal(html("[x](java&#115;cript:alert(1))"),
	    "<p><a rel=\"nofollow noopener noreferrer\" href=\"\">x</a></p>"
	    "\n");
	assert_non_null(strstr(html("https://a.example"), "nofollow"));
	assert_non_null(
	    strstr(html("![p](/static/img/a.svg)"), "src=\"/static/img/a"));
	assert_null(strstr(html("![p](https://t.example/p.gif)"), "example"));
	assert_null(strstr(html("[x]\n\n[x]: data:text/html,y"), "data:"));
}

/* Two HTML nodes side by side, nested, at the ends: all are replaced. */
static void
many_nodes(void **state)
{
	(void)state;
	assert_string_equal(html("<b><i>x</i></b>"),
	    "<p>&lt;b&gt;&lt;i&gt;x&lt;/i&gt;&lt;/b&gt;</p>\n");
	assert_string_equal(html("> <hr>\n> <br>"),
	    "<blockquote>\n<p>&lt;hr&gt;\n&lt;br&gt;\n</p>\n</blockquote>\n");
}

#else

static void
plain(void **state)
{
	(void)state;
	assert_string_equal(html("a\nb\r\n\r\n\nc & d"),
	    "<p>a<br />\nb</p>\n<p>c &amp; d</p>\n");
}

#endif

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(links),
	    TEST(no_tag_of_the_author),
#ifdef HAVE_CMARK
	    TEST(layout),
	    TEST(links_in_text),
	    TEST(many_nodes),
#else
	    TEST(plain),
#endif
	};

	return cmocka_run_group_tests_name("markdown", tests, NULL, NULL);
}
