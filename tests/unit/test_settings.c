/* SPDX-License-Identifier: Apache-2.0 */
#include "support/test.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include <ClearSilver/ClearSilver.h>

#include "base/buf.h"
#include "base/settings.h"

static const struct settings *
load(const char *text)
{
	const struct settings *s = NULL;
	const char *why = "";

	if (settings_load(ta, test_file("s.conf", text, 0600), &s, &why) !=
	    RC_OK)
		fail_msg("%s", why);
	return s;
}

/* What the reader says, without the folder's name. */
static const char *
refused(const char *text)
{
	const struct settings *s = NULL;
	const char *why = "taken";
	const char *file = test_file("s.conf", text, 0600);

	assert_int_equal(settings_load(ta, file, &s, &why), RC_INVALID);
	assert_null(s);
	assert_true(str_starts(why, file));
	return why + strlen(file);
}

static void
defaults_are_those_of_the_table(void **state)
{
	const struct settings *d = settings_defaults(ta), *s = load("");

	(void)state;
	assert_int_equal(d->workers, 4);
	assert_string_equal(d->pool, "all");
	assert_false(d->gateway_private_hosts);
	assert_string_equal(d->site_url, "http://127.0.0.1:8080");
	assert_int_equal(s->workers, 4);
	assert_null(settings_restart_needed(d, s));
}

static void
values_are_read(void **state)
{
	const struct settings *s;

	(void)state;
	s = load("# comment\n"
		 "  # another\n\n"
		 "workers = 8\n"
		 "\tpool=notify  \n"
		 "gateway_private_hosts = on\n"
		 "site_url = https://shop.example\r\n"
		 "zone_minutes = -60\n"
		 "mail_from = a=b@example.org\n"
		 "smtp_user << EOM\n"
		 "two\n"
		 "EOMx lines\n"
		 "EOM\n"
		 "db_name = last");
	assert_int_equal(s->workers, 8);
	assert_string_equal(s->pool, "notify");
	assert_true(s->gateway_private_hosts);
	assert_string_equal(s->site_url, "https://shop.example");
	assert_int_equal(s->zone_minutes, -60);
	assert_string_equal(s->mail_from, "a=b@example.org");
	assert_string_equal(s->smtp_user, "two\nEOMx lines\n");
	assert_string_equal(s->db_name, "last");
	assert_true(str_ends(s->file, "/s.conf"));
}

static void
mistakes_are_refused(void **state)
{
	(void)state;
	assert_string_equal(
	    refused("worker = 4\n"), ":1: worker: no such setting");
	assert_string_equal(refused("\nworkers = 1\nworkers = 2\n"),
	    ":3: workers: is set twice");
	assert_string_equal(refused("workers = 257\n"),
	    ":1: workers: must be a number from 0 to 256");
	assert_string_equal(refused("workers = 4k\n"),
	    ":1: workers: must be a number from 0 to 256");
	assert_string_equal(refused("workers =\n"),
	    ":1: workers: must be a number from 0 to 256");
	assert_string_equal(refused("gateway_private_hosts = yes\n"),
	    ":1: gateway_private_hosts: must be on or off");
	assert_string_equal(refused("pool = shop\n"),
	    ":1: pool: must be one of storefront|admin|notify|all");
	assert_string_equal(refused("pool = store\n"),
	    ":1: pool: must be one of storefront|admin|notify|all");
	assert_string_equal(refused("workers 4\n"), ":1: must be name = value");
	assert_string_equal(refused("= 4\n"), ":1: must be name = value");
	assert_string_equal(refused("a {\n"), ":1: must be name = value");
	assert_string_equal(refused("a.b = c\n"), ":1: must be name = value");
	assert_string_equal(refused("a : b\n"), ":1: must be name = value");
	assert_string_equal(
	    refused("#include \"x\"\n"), ":1: must be name = value");
	assert_string_equal(
	    refused("db_name << EOM\nx\n"), ":2: the text is not ended");
	assert_string_equal(refused("mail_from = a@b\x01"),
	    ":1: mail_from: holds control characters");
	assert_string_equal(refused("db_name <<\nx\n"),
	    ":1: << needs a word that ends the text");
	assert_string_equal(refused("db_name = \xff\n"), ": is not UTF-8 text");
}

/* One row per rule of settings_check.c. */
static void
texts_are_checked(void **state)
{
	static const char *const bad[] = {"listen = shop.sock",
	    "listen_mode = 0888", "listen_mode = ", "listen_mode = 66",
	    "templates_dir = ", "static_dir = ", "schema_dir = ", "seed_dir = ",
	    "shard = ", "key_file = keys", "replica_sockets = /a b",
	    "replica_hosts = a:1 b", "replica_hosts = ::1:3306",
	    "replica_hosts = a:0", "memcached = host", "memcached = a:65536",
	    "site_url = http://shop/", "site_url = shop",
	    "site_url = ", "admin_prefix = /", "admin_prefix = admin",
	    "admin_prefix = /a/", "admin_prefix = /{x}",
	    "trusted_proxies = 10.0.0.0/33", "trusted_proxies = 10.0.0",
	    "trusted_proxies = ::1/129", "trusted_proxies = localhost",
	    "trusted_proxies = 1111:2222:3333:4444:5555:6666:7777:8888:9999:0",
	    "shard = 0", "shard = 0L", "shard = 00 ,", "smtp_url = http://x",
	    "mail_from = a", "mail_from = A <a@b>"};
	static const char *const good[] = {"listen = /run/k.sock",
	    "listen_mode = 660", "listen = ", "replica_sockets = /a /b",
	    "replica_hosts = a:1 [::1]:3306", "memcached = /m.sock h:11211",
	    "site_url = https://shop.example:8443", "admin_prefix = /a/b-c",
	    "trusted_proxies = 10.0.0.0/8 ::1 fd00::/8 127.0.0.1", "shard = 7Z",
	    "smtp_url = smtps://mail:465", "mail_from = shop@example.org"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_true(str_starts(refused(bad[i]), ":1: "));
	for (i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		(void)load(good[i]);
}

static void
files_are_refused(void **state)
{
	const struct settings *s;
	const char *why = "", *file;
	char *big;

	(void)state;
	assert_int_equal(
	    settings_load(ta, "/nonexistent", &s, &why), RC_INVALID);
	assert_string_equal(why, "/nonexistent: No such file or directory");
	assert_int_equal(settings_load(ta, test_dir(), &s, &why), RC_INVALID);
	assert_true(str_ends(why, "Is a directory"));
	big = arena_alloc(ta, 300 * 1024);
	memset(big, '#', 300 * 1024 - 1);
	file = test_file("big.conf", big, 0600);
	assert_int_equal(settings_load(ta, file, &s, &why), RC_INVALID);
	assert_true(str_ends(why, "is too big"));
}

static void
secrets_stay_closed(void **state)
{
	const struct settings *s;
	const char *why = "", *file, *pw;

	(void)state;
	pw = test_file("pw", "hunter two\nsecond line\n", 0600);
	s = load(arena_fmt(ta, "db_password_file = %s\n", pw));
	assert_string_equal(s->db_password, "hunter two");
	chmod(pw, 0440);
	s = load(arena_fmt(ta, "db_password_file = %s\n", pw));
	assert_string_equal(s->db_password, "hunter two");
	chmod(pw, 0644);
	assert_true(
	    str_ends(refused(arena_fmt(ta, "db_password_file = %s\n", pw)),
		"must not be open to others: chmod 600"));
	assert_true(
	    str_ends(refused(arena_fmt(
			 ta, "db_password = x\ndb_password_file = %s\n", pw)),
		"db_password: is set beside its _file"));
	pw = test_file("pw", "\n", 0600);
	assert_true(
	    str_ends(refused(arena_fmt(ta, "smtp_password_file = %s\n", pw)),
		"is empty"));
	assert_true(str_ends(refused("smtp_password_file = /nonexistent\n"),
	    "/nonexistent: No such file or directory"));
	/* and the file itself */
	file = test_file("s2.conf", "db_password = x\n", 0644);
	assert_int_equal(settings_load(ta, file, &s, &why), RC_INVALID);
	assert_non_null(strstr(why, "db_password"));
	file = test_file("s2.conf", "db_password = \n", 0644);
	assert_int_equal(settings_load(ta, file, &s, &why), RC_OK);
}

static const char *
printed(const struct settings *s)
{
	char *p = NULL;
	size_t n = 0;
	FILE *f = open_memstream(&p, &n);
	const char *copy;

	if (s != NULL)
		settings_print(f, s);
	else
		settings_print_example(f);
	fclose(f);
	copy = arena_dup(ta, p, n);
	free(p);
	return copy;
}

static void
printing_hides_secrets(void **state)
{
	const char *p = printed(load("db_password = hunter2\nworkers = 9\n"));

	(void)state;
	assert_null(strstr(p, "hunter2"));
	assert_non_null(strstr(p, "db_password = (set)\n"));
	assert_non_null(strstr(p, "smtp_password = (unset)\n"));
	assert_non_null(strstr(p, "workers = 9\n"));
	assert_non_null(strstr(p, "gateway_private_hosts = off\n"));
}

/* The example, its comments taken away, is the defaults. */
static void
the_example_is_the_defaults(void **state)
{
	const char *example = printed(NULL);
	const struct settings *s;
	struct span rest = span_str(example), line;
	struct buf b;

	(void)state;
	assert_non_null(strstr(
	    example, "\n#templates_dir = /usr/share/keystall/templates\n"));
	(void)load(example);
	buf_init(&b, ta, 0, 1 << 20);
	while (span_cut(&rest, '\n', &line)) {
		assert_true(line.n <= 160);
		if (line.n > 1 && line.p[0] == '#' && line.p[1] != ' ') {
			buf_add(&b, line.p + 1, line.n - 1);
			buf_chr(&b, '\n');
		}
	}
	s = load(buf_text(&b));
	assert_int_equal(s->workers, settings_defaults(ta)->workers);
	assert_string_equal(s->late_policy, settings_defaults(ta)->late_policy);
	assert_non_null(strstr(printed(s), "workers = 4\n"));
}

/* `make example` writes it. */
static void
the_committed_example_is_fresh(void **state)
{
	const char *want = printed(NULL);
	FILE *f = fopen(test_source("conf/keystall.conf.example"), "r");
	char *got = arena_alloc(ta, 1 << 18);

	(void)state;
	assert_non_null(f);
	assert_true(fread(got, 1, (1 << 18) - 1, f) > 0);
	fclose(f);
	if (strcmp(got, want) != 0)
		fail_msg("conf/keystall.conf.example is stale: make example");
}

static void
restarts_are_named(void **state)
{
	const struct settings *a = load(""), *b = load("max_requests = 5\n");

	(void)state;
	assert_null(settings_restart_needed(a, b));
	assert_string_equal(
	    settings_restart_needed(a, load("db_port = 3307\n")), "db_port");
	assert_string_equal(
	    settings_restart_needed(a, load("pool = admin\n")), "pool");
}

/* ClearSilver's value of name in the file that is loaded, or NULL. */
static const char *
hdf_value(HDF *hdf, const char *name)
{
	char copy[32];

	snprintf(copy, sizeof(copy), "%s", name);
	return hdf_get_value(hdf, copy, NULL);
}

static const char *
random_text(void)
{
	static const char *const word[] = {"db_name", "smtp_user", "mail_from",
	    " ", "\t", "=", "<<", "EOM", "EOMx", "\n", "\n", "\n", "#", "x@y",
	    "\r", ".", "{", "}", "\"", "\\", ":", "[", "db_user"};
	struct buf b;
	size_t i, n = (size_t)test_below(14);

	buf_init(&b, ta, 0, 4096);
	for (i = 0; i < n; i++)
		buf_str(&b, word[test_below(sizeof(word) / sizeof(word[0]))]);
	/* most random texts are no settings: help a little */
	if (test_below(2) == 0)
		buf_str(&b, "\ndb_user = q \n");
	return buf_text(&b);
}

/* The reader against ClearSilver's own: what we take, it reads the same. */
static void
agrees_with_clearsilver(void **state)
{
	const struct settings *s;
	const char *why, *file, *text, *v;
	int round, taken = 0;
	HDF *hdf;

	(void)state;
	for (round = 0; round < 20000; round++) {
		text = random_text();
		file = test_file("r.conf", text, 0600);
		if (settings_load(ta, file, &s, &why) == RC_OK) {
			taken++;
			assert_null(hdf_init(&hdf));
			if (hdf_read_file(hdf, file) != NULL)
				fail_msg("only we take: %s", text);
			if (((v = hdf_value(hdf, "db_name")) != NULL &&
				!str_eq(v, s->db_name)) ||
			    ((v = hdf_value(hdf, "smtp_user")) != NULL &&
				!str_eq(v, s->smtp_user)) ||
			    ((v = hdf_value(hdf, "mail_from")) != NULL &&
				!str_eq(v, s->mail_from)) ||
			    ((v = hdf_value(hdf, "db_user")) != NULL &&
				!str_eq(v, s->db_user)))
				fail_msg("\"%s\" in: %s", v, text);
			hdf_destroy(&hdf);
		}
		arena_reset(ta);
	}
	assert_true(taken > 1000);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(defaults_are_those_of_the_table),
	    TEST(values_are_read),
	    TEST(mistakes_are_refused),
	    TEST(texts_are_checked),
	    TEST(files_are_refused),
	    TEST(secrets_stay_closed),
	    TEST(printing_hides_secrets),
	    TEST(the_example_is_the_defaults),
	    TEST(the_committed_example_is_fresh),
	    TEST(restarts_are_named),
	    TEST(agrees_with_clearsilver),
	};

	test_seed();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
