/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <sys/stat.h>
#include <unistd.h>

#include "io/tmpl.h"
#include "web/static_url.h"

static const char *
manifest(const char *text)
{
	test_file("manifest.txt", text, 0644);
	return test_dir();
}

static void
hashed_names(void **state)
{
	struct static_map *m;
	const char *why;

	(void)state;
	assert_int_equal(
	    static_load(ta,
		manifest("# made at install\ncss/base.css css/base.1f0c.css\n"
			 "img/goods/a.svg img/goods/a.77.svg\n\n"),
		&m, &why),
	    RC_OK);
	assert_string_equal(
	    static_url(ta, m, "css/base.css"), "/static/css/base.1f0c.css");
	assert_string_equal(
	    static_url(ta, m, "img/goods/a.svg"), "/static/img/goods/a.77.svg");
	/* a file that is younger than the manifest still has an address */
	assert_string_equal(
	    static_url(ta, m, "css/new.css"), "/static/css/new.css");
}

static void
a_bad_manifest_is_refused(void **state)
{
	static const char *const bad[] = {"css/base.css\n",
	    "../etc/passwd x.css\n", "css/base.css ../x\n", "/abs x\n",
	    "a b c\n", "a\tb\n", "css/<b>.css x\n"};
	struct static_map *m;
	const char *why;
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		why = NULL;
		assert_int_equal(
		    static_load(ta, manifest(bad[i]), &m, &why), RC_INVALID);
		assert_non_null(strstr(why, "manifest.txt:1"));
	}
}

static void
a_source_tree_has_plain_names(void **state)
{
	struct static_map *m;
	const char *why, *dir = arena_fmt(ta, "%s/tree", test_dir());

	(void)state;
	assert_int_equal(mkdir(dir, 0755), 0);
	assert_int_equal(static_load(ta, dir, &m, &why), RC_OK);
	assert_string_equal(
	    static_url(ta, m, "css/base.css"), "/static/css/base.css");
	assert_int_equal(rmdir(dir), 0);
	assert_int_equal(
	    static_load(ta, test_source("static"), &m, &why), RC_OK);
	assert_string_equal(
	    static_url(ta, m, "css/base.css"), "/static/css/base.css");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(hashed_names),
	    TEST(a_bad_manifest_is_refused),
	    TEST(a_source_tree_has_plain_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
