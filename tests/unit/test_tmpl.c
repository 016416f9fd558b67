/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rendering: what is escaped (the probe table of the dependency handbook,
 * section 4.2), what is refused, that nothing leaks, that a broken set does
 * not replace a good one.  HDF files are in test_hdf.c.
 */
#include "support/test.h"

#include <malloc.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/time.h"
#include "io/tmpl.h"

static const char evil[] = "<b>\"'&\r";
static const char safe[] = "&lt;b&gt;&quot;&#39;&amp;";
static char root[128];

static void
put(const char *name, const char *text)
{
	FILE *f = fopen(arena_fmt(ta, "%s/%s", root, name), "w");

	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

/* A fresh folder with the usual sub-folders. */
static void
folder(void)
{
	static const char *const sub[] = {"layout", "page", "lang"};
	static int n;
	size_t i;

	(void)snprintf(root, sizeof(root), "%s/t%d", test_dir(), n++);
	assert_int_equal(mkdir(root, 0700), 0);
	for (i = 0; i < 3; i++)
		assert_int_equal(
		    mkdir(arena_fmt(ta, "%s/%s", root, sub[i]), 0700), 0);
	put("lang/en.hdf", "shop {\n  title = Shop & <more>\n}\nhello = Hi\n");
	put("lang/zh-CN.hdf", "shop.title = \xe5\xba\x97\nhello = ni hao\n");
	put("lang/zh-CN.admin.hdf", "admin.title = x\n");
}

static struct tmpl *
load(void)
{
	struct tmpl *t = NULL;
	const char *why = "";

	if (tmpl_load(root, &t, &why) != RC_OK)
		fail_msg("refused: %s", why);
	return t;
}

static void
refused(const char *reason)
{
	struct tmpl *t = NULL;
	const char *why = "";

	assert_int_equal(tmpl_load(root, &t, &why), RC_INVALID);
	assert_null(t);
	if (strstr(why, reason) == NULL)
		fail_msg("wanted \"%s\", got \"%s\"", reason, why);
	assert_null(strchr(why, '\n'));
}

static const char *
render(struct tmpl *t, const char *name, const char *lang, struct tnode *d)
{
	struct buf out;

	buf_init(&out, ta, 256, 1 << 20);
	assert_int_equal(tmpl_render(t, name, lang, d, &out), RC_OK);
	return buf_text(&out);
}

static struct tnode *
evil_data(void)
{
	struct tnode *d = tnode_new(ta);

	tnode_set(d, "U", evil);
	tnode_set(d, "BodyHtml", "<p>ours</p>");
	tnode_set(tnode_item(d, "L"), "V", evil);
	tnode_set(tnode_item(d, "L"), "V", evil);
	tnode_set(d, "Deep.A.B", evil);
	return d;
}

/* Every construct that prints, with a value that would break out. */
static void
probe_table(void **state)
{
	static const struct {
		const char *text, *want; /* @ stands for the escaped value */
	} t[] = {
	    {"<?cs var:U ?>", "@"},
	    {"<?cs if:U ?><?cs var:U ?><?cs /if ?>", "@"},
	    {"<?cs if:#0 ?><?cs else ?><?cs var:U ?><?cs /if ?>", "@"},
	    {"<?cs if:#0 ?><?cs elif:#1 ?><?cs var:U ?><?cs /if ?>", "@"},
	    {"<?cs each:x = L ?><?cs var:x.V ?>,<?cs /each ?>", "@,@,"},
	    {"<?cs loop:i = #1,#2 ?><?cs var:U ?><?cs /loop ?>", "@@"},
	    {"<?cs def:m(a) ?><?cs var:a ?>|<?cs if:a ?><?cs var:a ?><?cs /if "
	     "?><?cs /def ?><?cs call:m(U) ?><?cs call:m(L.0.V) ?>",
		"@|@@|@"},
	    {"<?cs with:x = Deep.A ?><?cs var:x.B ?><?cs /with ?>", "@"},
	    {"<?cs set:X = U ?><?cs var:X ?>", "@"},
	    {"<?cs set:X = U + U ?><?cs var:X ?>", "@@"},
	    {"<?cs var:\"<\" + U ?>", "&lt;@"},
	    {"<?cs var:string.slice(U, 0, 3) ?>", "&lt;b&gt;"},
	    {"<?cs var:L[\"0\"].V ?>", "@"},
	    {"<?cs var:Lang.shop.title ?>", "Shop &amp; &lt;more&gt;"},
	    {"<?cs var:url_escape(U) ?>", "%3Cb%3E%22%27%26%0D"},
	    /* the hole that a function marked "esc" would open */
	    {"<?cs var:url_escape(U) + U ?>", "%3Cb%3E%22%27%26%0D@"},
	    {"<?cs if:url_escape(U) ?><?cs var:U ?><?cs /if ?>", "@"},
	    {"<?cs include:\"layout/u.cs\" ?>", "@"},
	    {"<?cs uvar:BodyHtml ?><?cs var:BodyHtml ?>",
		"<p>ours</p>&lt;p&gt;ours&lt;/p&gt;"},
	    {"<?cs var:#3 ?><?cs var:None ?><?cs name:L ?>", "3L"},
	};
	struct tmpl *set;
	size_t i, k;

	(void)state;
	folder();
	put("layout/u.cs", "<?cs var:U ?>");
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++)
		put(arena_fmt(ta, "page/p%zu.cs", i), t[i].text);
	set = load();
	for (i = 0; i < sizeof(t) / sizeof(t[0]); i++) {
		struct buf want;

		buf_init(&want, ta, 64, 4096);
		for (k = 0; t[i].want[k] != '\0'; k++)
			if (t[i].want[k] == '@')
				buf_str(&want, safe);
			else
				buf_chr(&want, t[i].want[k]);
		assert_string_equal(
		    render(set, arena_fmt(ta, "page/p%zu.cs", i), "en",
			evil_data()),
		    buf_text(&want));
	}
	tmpl_free(set);
}

static void
a_page_with(const char *text, const char *reason)
{
	folder();
	put("page/ok.cs", "fine");
	put("page/x.cs", text);
	refused(reason);
}

static void
refuses_what_breaks_escaping(void **state)
{
	(void)state;
	a_page_with("a\n<?cs alt:U ?>x<?cs /alt ?>", "page/x.cs:2: alt:");
	a_page_with("<?cs ALT:U ?>x<?cs /alt ?>", "alt: breaks escaping");
	a_page_with("<?cs lvar:U ?>", "lvar: breaks escaping");
	a_page_with("<?CS evar:U ?>", "evar: breaks escaping");
	a_page_with("<?cs evar!U ?>", "evar: breaks escaping");
	a_page_with("<?cs linclude:U ?>", "linclude: breaks escaping");
	a_page_with("<?cs escape:\"none\" ?><?cs var:U ?><?cs /escape ?>",
	    "escape: breaks escaping");
	a_page_with("<?cs\n\n uvar:U ?>", "page/x.cs:3: uvar: is for names");
	a_page_with("<?cs uvar:U + BodyHtml ?>", "uvar: is for names");
	a_page_with("<?cs uvar:f(BodyHtml) ?>", "uvar: is for names");
	a_page_with("<?cs # alt:U ?><?cs var:U", "<?cs without ?>");
}

static void
refuses_broken_pages(void **state)
{
	(void)state;
	a_page_with("\n<?cs if:U ?>\n\n", "page/x.cs:2: if: is not closed");
	a_page_with("\n<?cs /if ?>", "page/x.cs:2: /if closes nothing");
	a_page_with("<?cs if:U ?>\n<?cs each:x = L ?><?cs /if ?><?cs /each ?>",
	    "page/x.cs:2: /if, but each: of line 2 is open");
	a_page_with(
	    "<?cs if:U ?><?cs else ?><?cs elif:U ?><?cs /if ?>", "page/x.cs: ");
	folder();
	put("page/x.cs", "<?cs if:U ?><?cs include:\"layout/e.cs\" ?>");
	put("layout/e.cs", "\n\n<?cs /if ?>");
	refused("layout/e.cs:3: /if closes nothing");
	a_page_with("\n\n<?cs nonsense:U ?>", "page/x.cs:");
	a_page_with("<?cs call:nobody(U) ?>", "Undefined macro");
	a_page_with("<?cs var:html_escape(U) ?>", "Unknown function");
	a_page_with("<?cs def:m(a) ?><?cs /def ?><?cs def:m(a) ?><?cs /def ?>",
	    "Duplicate macro");
	a_page_with("<?cs var:\"%n%s%x ?>", "Missing end of string");
}

static void
refuses_bad_includes(void **state)
{
	int i;

	(void)state;
	a_page_with(
	    "\n<?cs include:\"layout/none.cs\" ?>", "page/x.cs:2: include: ");
	a_page_with("<?cs include:U ?>", "a name in double quotes");
	a_page_with("<?cs include:\"../../etc/passwd\" ?>", "a name like");
	a_page_with("<?cs include:\"/etc/passwd\" ?>", "a name like");
	a_page_with("<?cs include:\"layout/..cs/x.cs\" ?>", "a name like");
	a_page_with("<?cs include:\"page/x.cs\" ?>", "round in a circle");
	folder();
	put("page/a.cs", "<?cs include:\"layout/b.cs\" ?>");
	put("layout/b.cs", "<?cs include:\"layout/c.cs\" ?>");
	put("layout/c.cs", "\n<?cs include:\"layout/b.cs\" ?>");
	refused("layout/c.cs:2: include: goes round in a circle");
	folder();
	for (i = 0; i < 12; i++)
		put(arena_fmt(ta, "page/n%d.cs", i),
		    arena_fmt(ta, "<?cs include:\"page/n%d.cs\" ?>", i + 1));
	put("page/n12.cs", "end");
	refused("includes too many files");
}

static void
refuses_bad_catalogues(void **state)
{
	struct tmpl *t = NULL;
	const char *why;

	(void)state;
	folder();
	put("page/ok.cs", "fine");
	put("lang/en.hdf", "a = 1\nb\n");
	refused("lang/en.hdf:2: wants name = value");
	put("lang/en.hdf", "a = 1\na = 2\n");
	refused("lang/en.hdf:2: this name has a value already");
	put("lang/en.hdf", "a = 1\n");
	put("lang/en.more.hdf", "a = 2\n");
	refused("stands in two files");
	put("lang/en.more.hdf", "b = 2\n");
	put("lang/e n.hdf", "a = 2\n");
	refused("not a language code");
	assert_int_equal(tmpl_load("/nonexistent", &t, &why), RC_INVALID);
	assert_non_null(strstr(why, "no templates"));
	assert_int_equal(
	    tmpl_load(arena_fmt(ta, "/%0300d", 7), &t, &why), RC_INVALID);
	assert_non_null(strstr(why, "too long"));
}

/* Which files are pages. */
static void
pages_and_parts(void **state)
{
	struct tmpl *t;
	struct buf out;

	(void)state;
	folder();
	put("page/ok.cs", "fine");
	put("page/_part.cs", "<?cs call:of_the_page_that_includes_it() ?>");
	put("page/.hidden.cs", "<?cs broken");
	put("page/notes.txt", "<?cs broken");
	put("macros.cs", "<?cs def:m() ?>m<?cs /def ?>");
	t = load();
	assert_string_equal(
	    render(t, "page/ok.cs", "en", tnode_new(ta)), "fine");
	buf_init(&out, ta, 64, 1024);
	assert_int_equal(
	    tmpl_render(t, "page/_part.cs", "en", tnode_new(ta), &out),
	    RC_FAIL);
	assert_int_equal(
	    tmpl_render(t, "macros.cs", "en", tnode_new(ta), &out), RC_FAIL);
	assert_int_equal(
	    tmpl_render(t, "page/none.cs", "en", tnode_new(ta), &out), RC_FAIL);
	tmpl_free(t);
}

static void
languages(void **state)
{
	struct tmpl *t;
	struct tnode *d = tnode_new(ta);

	(void)state;
	folder();
	put("page/h.cs", "<?cs var:Lang.hello ?>|<?cs var:Lang.shop.title ?>"
			 "|<?cs var:Lang.admin.title ?>|<?cs var:Page.X ?>");
	t = load();
	tnode_set(d, "Page.X", "x");
	/* One tree can be shown in two languages. */
	assert_string_equal(
	    render(t, "page/h.cs", "en", d), "Hi|Shop &amp; &lt;more&gt;||x");
	assert_string_equal(
	    render(t, "page/h.cs", "zh-CN", d), "ni hao|\xe5\xba\x97|x|x");
	assert_string_equal(
	    render(t, "page/h.cs", "xx", d), "Hi|Shop &amp; &lt;more&gt;||x");
	assert_string_equal(tmpl_text(t, "zh-CN", "hello"), "ni hao");
	assert_string_equal(tmpl_text(t, "en", "shop.title"), "Shop & <more>");
	assert_string_equal(tmpl_text(t, "en", "shop.none"), "shop.none");
	assert_string_equal(tmpl_text(t, "en", "shop"), "shop");
	tmpl_free(t);
}

static void
data_trees(void **state)
{
	struct tmpl *t;
	struct tnode *d = tnode_new(ta), *item;
	int i;

	(void)state;
	folder();
	put("page/d.cs",
	    "<?cs var:A.B.C ?>,<?cs var:A.B.D ?>,<?cs var:I ?>,<?cs var:T ?>,"
	    "<?cs var:F ?>,<?cs var:N ?>,<?cs var:S ?>,<?cs var:X ?>,"
	    "<?cs var:len(L) ?>:<?cs each:x = L ?><?cs if:!first(x) ?> <?cs "
	    "/if ?><?cs var:x.V ?><?cs /each ?>:<?cs var:L.11.V ?>:"
	    "<?cs var:L[#12].V ?>");
	t = load();
	tnode_set(d, "A.B.C", "first");
	tnode_set(d, "A.B.C", "second");
	tnode_set(tnode_child(d, "A.B"), "D", "d");
	tnode_int(d, "I", INT64_MIN);
	tnode_bool(d, "T", true);
	tnode_bool(d, "F", false);
	tnode_set(d, "N", NULL);
	tnode_span(d, "S", (struct span){"span no more", 4});
	tnode_fmt(d, "X", "%s-%d", "%n%s%x", 7);
	for (i = 0; i < 13; i++) {
		item = tnode_item(d, "L");
		tnode_int(item, "V", i);
	}
	assert_string_equal(render(t, "page/d.cs", "en", d),
	    "second,d,-9223372036854775808,1,0,,span,%n%s%x-7,"
	    "13:0 1 2 3 4 5 6 7 8 9 10 11 12:11:12");
	tmpl_free(t);
}

static void
empty_name(void *arg)
{
	tnode_set(arg, "A..B", "x");
}

static void
names_are_checked(void **state)
{
	(void)state;
	assert_true(test_aborts(empty_name, tnode_new(ta)));
}

/* C1: data is never a format. */
static void
format_strings(void **state)
{
	struct tmpl *t;
	struct tnode *d = tnode_new(ta);

	(void)state;
	folder();
	put("page/f.cs", "<?cs var:U ?><?cs set:X = U ?><?cs var:X ?>"
			 "<?cs var:url_escape(U) ?>");
	t = load();
	tnode_set(d, "U", "%n%s%x%99999d");
	assert_string_equal(render(t, "page/f.cs", "en", d),
	    "%n%s%x%99999d%n%s%x%99999d%25n%25s%25x%2599999d");
	tmpl_free(t);
}

/* What `set:` does to the data is gone after the rendering. */
static void
set_leaves_nothing(void **state)
{
	struct tmpl *t;
	struct tnode *d = tnode_new(ta);
	const char *one;
	int i;

	(void)state;
	folder();
	put("page/s.cs",
	    "<?cs each:x = L ?><?cs set:x.New = \"n\" + x.V ?><?cs set:x.V = "
	    "\"changed\" ?><?cs set:x.New.Deep = \"d\" ?><?cs set:Top = x.V ?>"
	    "<?cs set:A.B = \"z\" ?><?cs loop:i = #1,#14 ?><?cs set:x[i] = i "
	    "?><?cs /loop ?><?cs var:x.New ?><?cs var:x.New.Deep ?>"
	    "<?cs var:Top ?><?cs var:A.B ?><?cs var:x.14 ?>;<?cs /each ?>"
	    "<?cs set:x = \"local\" ?><?cs var:x ?>");
	t = load();
	for (i = 0; i < 2; i++)
		tnode_set(tnode_item(d, "L"), "V", "v");
	one = render(t, "page/s.cs", "en", d);
	assert_string_equal(one, "nvdchangedz14;nvdchangedz14;local");
	/* The tree holds what it held, less the value that was replaced. */
	assert_string_equal(
	    render(t, "page/s.cs", "en", d), "ndchangedz14;ndchangedz14;local");
	tmpl_free(t);
}

/* A rendering that stops half-way does not change the next one. */
static void
failed_rendering(void **state)
{
	struct tmpl *t;
	struct buf small;

	(void)state;
	folder();
	put("page/e.cs", "<?cs def:m(a) ?><?cs var:a ?><?cs /def ?>"
			 "<?cs each:x = L ?><?cs call:m(x.V) ?><?cs /each ?>");
	t = load();
	buf_init(&small, ta, 4, 8);
	assert_int_equal(
	    tmpl_render(t, "page/e.cs", "en", evil_data(), &small), RC_FAIL);
	assert_string_equal(render(t, "page/e.cs", "en", evil_data()),
	    arena_fmt(ta, "%s%s", safe, safe));
	tmpl_free(t);
}

static void
a_bad_set_keeps_the_old(void **state)
{
	struct tmpl *t, *fresh;
	const char *why;

	(void)state;
	folder();
	put("page/h.cs", "old <?cs var:Lang.hello ?>");
	t = fresh = load();
	put("page/h.cs", "new <?cs if:X ?>");
	assert_int_equal(tmpl_load(root, &fresh, &why), RC_INVALID);
	assert_ptr_equal(fresh, t);
	assert_string_equal(
	    render(t, "page/h.cs", "en", tnode_new(ta)), "old Hi");
	put("page/h.cs", "new <?cs var:Lang.hello ?>");
	assert_int_equal(tmpl_load(root, &fresh, &why), RC_OK);
	tmpl_free(t);
	assert_string_equal(
	    render(fresh, "page/h.cs", "en", tnode_new(ta)), "new Hi");
	tmpl_free(fresh);
}

/* C9: the heap in use is the same after many renderings.  KS_RENDERS=1000000
 * is the long run. */
static void
no_leak(void **state)
{
	const char *env = getenv("KS_RENDERS");
	long i, n = env == NULL ? 3000 : strtol(env, NULL, 10);
	struct arena *a = arena_new(64 * 1024, 1 << 20);
	struct mallinfo2 before, after;
	struct tmpl *t;
	int64_t start;

	(void)state;
	folder();
	put("page/l.cs",
	    "<?cs def:m(a, b) ?><?cs var:a ?><?cs var:b + a ?><?cs /def ?>"
	    "<?cs each:x = L ?><?cs set:x.Y = url_escape(x.V) ?><?cs var:x.Y "
	    "?><?cs call:m(x.V, \"c\" + x.V) ?><?cs var:string.slice(x.V, 0, "
	    "2) ?><?cs /each ?><?cs set:T = Lang.hello + \"!\" ?><?cs var:T "
	    "?><?cs loop:i = #1,#3 ?><?cs var:i ?><?cs call:m(i, i) ?><?cs "
	    "/loop ?><?cs with:w = L.0 ?><?cs var:w.V ?><?cs /with ?>");
	t = load();
	before = mallinfo2();
	start = time_mono_us();
	for (i = 0; i < n; i++) {
		struct tnode *d = tnode_new(a);
		struct buf out;

		if (i == n / 10)
			before = mallinfo2();
		buf_init(&out, a, 4096, 65536);
		tnode_set(tnode_item(d, "L"), "V", evil);
		tnode_set(tnode_item(d, "L"), "V", "plain");
		assert_int_equal(
		    tmpl_render(t, "page/l.cs", "en", d, &out), RC_OK);
		arena_reset(a);
	}
	after = mallinfo2();
	printf("# %ld renderings, %lld ns each\n", n,
	    (long long)((time_mono_us() - start) * 1000 / n));
	assert_true(after.uordblks <= before.uordblks + 4096);
	tmpl_free(t);
	arena_free(a);
}

/* The templates of this tree load, as a release would ship them. */
static void
the_real_ones(void **state)
{
	const char *dir = test_source("templates");
	struct tmpl *t = NULL;
	const char *why = "";

	(void)state;
	if (tmpl_load(dir, &t, &why) != RC_OK)
		fail_msg("%s", why);
	assert_string_not_equal(
	    tmpl_text(t, "zh-CN", "nav.home"), tmpl_text(t, "en", "nav.home"));
	tmpl_free(t);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(probe_table),
	    TEST(refuses_what_breaks_escaping),
	    TEST(refuses_broken_pages),
	    TEST(refuses_bad_includes),
	    TEST(refuses_bad_catalogues),
	    TEST(pages_and_parts),
	    TEST(languages),
	    TEST(data_trees),
	    TEST(names_are_checked),
	    TEST(format_strings),
	    TEST(set_leaves_nothing),
	    TEST(failed_rendering),
	    TEST(a_bad_set_keeps_the_old),
	    TEST(no_leak),
	    TEST(the_real_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
