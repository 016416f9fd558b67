/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Our reader of HDF files: what it takes, what it refuses, and that it reads
 * plain files as hdf_read_string() does.
 */
#include "support/test.h"

#include <ClearSilver/ClearSilver.h>

#include "io/tmpl.h"

static struct hdf_doc *
good(const char *text)
{
	struct hdf_doc *d = NULL;
	const char *why = "";

	if (hdf_doc_parse(ta, "t", span_str(text), &d, &why) != RC_OK)
		fail_msg("refused: %s", why);
	return d;
}

static void
bad(const char *text, const char *reason)
{
	struct hdf_doc *d = NULL;
	const char *why = "";

	assert_int_equal(
	    hdf_doc_parse(ta, "t", span_str(text), &d, &why), RC_INVALID);
	assert_null(d);
	if (strstr(why, reason) == NULL)
		fail_msg("wanted \"%s\", got \"%s\"", reason, why);
}

static const char plain[] = "# comment\n"
			    "\n"
			    "a = 1\n"
			    "  b.c =  two words \t\n"
			    "b.d = = x # not a comment\n"
			    "empty =\n"
			    "n {\n"
			    "  x = 1\n"
			    "  m {\r\n"
			    "    y = 2\r\n"
			    "  }\n"
			    "}\n"
			    "n {\n"
			    "  z = 3\n"
			    "}\n"
			    "text << EOM\n"
			    "line { one\n"
			    "\n"
			    "  # two\n"
			    "EOM\n"
			    "last = \xe4\xbd\xa0";

static void
reads(void **state)
{
	struct hdf_doc *d = good(plain), *n;

	(void)state;
	assert_string_equal(hdf_doc_get(d, "a"), "1");
	assert_string_equal(hdf_doc_get(d, "b.c"), "two words");
	assert_string_equal(hdf_doc_get(d, "b.d"), "= x # not a comment");
	assert_string_equal(hdf_doc_get(d, "empty"), "");
	assert_string_equal(hdf_doc_get(d, "n.m.y"), "2");
	assert_string_equal(hdf_doc_get(d, "n.z"), "3");
	assert_string_equal(hdf_doc_get(d, "text"), "line { one\n\n  # two\n");
	assert_string_equal(hdf_doc_get(d, "last"), "\xe4\xbd\xa0");
	assert_null(hdf_doc_get(d, "n"));
	assert_null(hdf_doc_get(d, "none"));
	assert_null(hdf_doc_get(d, "a.b"));
	n = hdf_doc_first(hdf_doc_child(d, "n"));
	assert_string_equal(hdf_doc_name(n), "x");
	n = hdf_doc_next(n);
	assert_string_equal(hdf_doc_name(n), "m");
	assert_null(hdf_doc_value(n));
	assert_string_equal(hdf_doc_name(hdf_doc_next(n)), "z");
	assert_null(hdf_doc_next(hdf_doc_next(n)));
	assert_null(hdf_doc_first(hdf_doc_child(d, "a")));
	assert_null(hdf_doc_child(d, "q"));
	assert_null(hdf_doc_first(NULL));
}

static void
refuses(void **state)
{
	struct hdf_doc *d;
	const char *why;

	(void)state;
	bad("a\n", "t:1: wants name = value");
	bad("\n= 1\n", "t:2: wants name = value");
	bad("a b = 1\n", "t:1: wants name = value");
	bad("a-b = 1\n", "t:1: wants name = value");
	bad("a = 1\na = 2\n", "t:2: this name has a value already");
	bad("a = 1\na << E\nx\nE\n", "t:2: this name has a value already");
	bad("n {\n", "t:1: a { is not closed");
	bad("}\n", "t:1: } without {");
	bad("n {\n} x\n", "t:2: something behind }");
	bad("n { x = 1 }\n", "t:1: something behind {");
	bad("a << EOM\nx\nEOM2\n", "the text does not end");
	bad("a <<\nx\n", "<< wants an end mark");
	bad("a : b\n", "wants name = value");
	bad("a := b\n", "wants name = value");
	bad("a [x=\"1\"] = b\n", "wants name = value");
	bad("#include \"/etc/passwd\"\n", "#include is not used");
	bad("a..b = 1\n", "an empty part");
	bad(".a = 1\n", "an empty part");
	bad("a. = 1\n", "an empty part");
	bad("a = \xff\n", "not a UTF-8 text");
	assert_int_equal(
	    hdf_doc_parse(ta, "t", (struct span){"a = 1\0", 6}, &d, &why),
	    RC_INVALID);
	assert_int_equal(
	    hdf_doc_read(ta, "/nonexistent", &d, &why), RC_INVALID);
	assert_non_null(strstr(why, "/nonexistent: No such file"));
}

/* C8: depth and size have caps, whichever way the depth is written. */
static void
caps(void **state)
{
	struct buf b;
	int i;

	(void)state;
	buf_init(&b, ta, 64, 16 << 20);
	for (i = 0; i < 17; i++)
		buf_str(&b, "a {\n");
	bad(buf_text(&b), "t:17: nested too deep");
	bad("a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a = 1\n", "nested too deep");
	assert_string_equal(
	    hdf_doc_get(good("a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a = 1\n"),
		"a.a.a.a.a.a.a.a.a.a.a.a.a.a.a.a"),
	    "1");
	buf_init(&b, ta, 64, 16 << 20);
	for (i = 0; i < 200001; i++)
		buf_fmt(&b, "n%d = 1\n", i);
	bad(buf_text(&b), "too many names");
	buf_init(&b, ta, 64, 16 << 20);
	buf_str(&b, "a << E\n");
	for (i = 0; i < 90000; i++)
		buf_fmt(&b, "%0100d", 0);
	buf_str(&b, "\nE\n");
	bad(buf_text(&b), "too long");
}

/* Many children are found without a walk over all of them. */
static void
many(void **state)
{
	struct buf b;
	struct hdf_doc *d;
	int i;

	(void)state;
	buf_init(&b, ta, 64, 16 << 20);
	for (i = 0; i < 50000; i++)
		buf_fmt(&b, "n.k%d = %d\n", i, i);
	d = good(buf_text(&b));
	assert_string_equal(hdf_doc_get(d, "n.k0"), "0");
	assert_string_equal(hdf_doc_get(d, "n.k49999"), "49999");
	assert_null(hdf_doc_get(d, "n.k50000"));
}

static void
same(HDF *h, struct hdf_doc *d)
{
	const char *v;

	for (; h != NULL || d != NULL;
	     h = hdf_obj_next(h), d = hdf_doc_next(d)) {
		assert_non_null(h);
		assert_non_null(d);
		assert_string_equal(hdf_obj_name(h), hdf_doc_name(d));
		v = hdf_obj_value(h);
		if (v == NULL)
			assert_null(hdf_doc_value(d));
		else
			assert_string_equal(v, hdf_doc_value(d));
		same(hdf_obj_child(h), hdf_doc_first(d));
	}
}

static void
as_clearsilver(const char *text)
{
	HDF *h;

	assert_null(hdf_init(&h));
	assert_null(hdf_read_string(h, text));
	same(hdf_obj_child(h), hdf_doc_first(good(text)));
	hdf_destroy(&h);
}

static void
reads_as_clearsilver_does(void **state)
{
	static const char *const file[] = {
	    "templates/lang/en.hdf", "templates/lang/zh-CN.hdf"};
	struct hdf_doc *d;
	const char *why;
	size_t i;
	HDF *h;

	(void)state;
	as_clearsilver(plain);
	as_clearsilver("a=1\nb  =2\n c\t= 3\nd.e{\nf=4\n}\n");
	for (i = 0; i < 2; i++) {
		assert_null(hdf_init(&h));
		assert_null(hdf_read_file(h, test_source(file[i])));
		assert_int_equal(
		    hdf_doc_read(ta, test_source(file[i]), &d, &why), RC_OK);
		same(hdf_obj_child(h), hdf_doc_first(d));
		hdf_destroy(&h);
	}
}

/* What ClearSilver writes we read: any value without a line break. */
static void
round_trip(void **state)
{
	char value[40];
	struct hdf_doc *d;
	int i, k, n;
	char *text;
	HDF *h;

	(void)state;
	for (i = 0; i < 500; i++) {
		n = (int)test_below(sizeof(value) - 3);
		value[0] = 'v';
		for (k = 1; k <= n; k++)
			value[k] = (char)(' ' + test_below(95));
		value[k++] = 'v';
		value[k] = '\0';
		assert_null(hdf_init(&h));
		assert_null(hdf_set_value(h, "a.b", value));
		assert_null(hdf_write_string(h, &text));
		d = good(text);
		assert_string_equal(hdf_doc_get(d, "a.b"), value);
		free(text);
		hdf_destroy(&h);
	}
}

static int
setup(void **state)
{
	(void)state;
	test_seed();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(reads),
	    TEST(refuses),
	    TEST(caps),
	    TEST(many),
	    TEST(reads_as_clearsilver_does),
	    TEST(round_trip),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
