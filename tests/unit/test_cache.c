/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The cache against a memcached of its own on a private socket: what is
 * stored comes back, what is forged, moved, cut or old does not, and a server
 * that stops, dies or was never there costs a bounded time and nothing else.
 */
#include "support/test.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/hex.h"
#include "base/time.h"
#include "io/cache.h"
#include "io/crypt.h"
#include "io/ctx.h"

#define KEYS_A                                                                 \
	"mac 8d3c7a10b2f4e65907d1c8a3fe2b49650c17d88e3a5b60f1942e7cd3b8a4f016" \
	"\ncard 1 "                                                            \
	"11c4e9a27f830b5d6e92f1047ab8c35de0167f98b24a3c5d6e8f90a1b2c3d4e5\n"
#define KEYS_B                                                                 \
	"mac 9d3c7a10b2f4e65907d1c8a3fe2b49650c17d88e3a5b60f1942e7cd3b8a4f016" \
	"\ncard 1 "                                                            \
	"11c4e9a27f830b5d6e92f1047ab8c35de0167f98b24a3c5d6e8f90a1b2c3d4e5\n"

static char path[108];
static pid_t server;
static struct arena *keep;
static struct ctx cx;

/* ---- a private server, and a client of no library */

static int
dial(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	if (connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

static void
server_start(void)
{
	int i, fd = -1;

	server = fork();
	assert_true(server >= 0);
	if (server == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)execlp("memcached", "memcached", "-s", path, "-a", "0600",
		    "-m", "16", "-t", "1", "-U", "0", "-u", "root",
		    (char *)NULL);
		_exit(127);
	}
	for (i = 0; i < 500 && (fd = dial()) < 0; i++)
		(void)usleep(10000);
	assert_true(fd >= 0);
	(void)close(fd);
}

static void
server_stop(void)
{
	(void)kill(server, SIGKILL);
	(void)waitpid(server, NULL, 0);
	(void)unlink(path);
	server = 0;
}

/* Sends a command; reads until the answer ends with end. */
static struct span
talk(struct span command, const char *end)
{
	static char p[64 * 1024];
	int fd = dial();
	size_t n = 0;
	ssize_t r;

	assert_true(fd >= 0);
	assert_int_equal(
	    send(fd, command.p, command.n, MSG_NOSIGNAL), command.n);
	while ((r = read(fd, p + n, sizeof(p) - n)) > 0) {
		n += (size_t)r;
		if (n >= strlen(end) &&
		    memcmp(p + n - strlen(end), end, strlen(end)) == 0)
			break;
	}
	(void)close(fd);
	return (struct span){arena_dup(ta, p, n), n};
}

/* Our name of a key, as cache.c makes it. */
static const char *
name_of(const char *kind, const char *key)
{
	struct span part[2] = {span_str(kind), span_str(key)};
	uint8_t d[CRYPT_HASH];

	keyring_mac(cx.keys, "cache-name", part, 2, d);
	return arena_fmt(ta, "ks1:%s", hex_text(ta, d, 20));
}

static struct span
raw_get(const char *name)
{
	struct span all =
	    talk(span_str(arena_fmt(ta, "get %s\r\n", name)), "END\r\n");
	const char *start = memchr(all.p, '\n', all.n);

	if (all.n <= 5 || start == NULL)
		return (struct span){0};
	start++;
	return (struct span){
	    start, (size_t)(all.p + all.n - start) - strlen("\r\nEND\r\n")};
}

static void
raw_set(const char *name, struct span value)
{
	struct buf b;

	buf_init(&b, ta, 1024, 64 * 1024);
	buf_fmt(&b, "set %s 0 0 %zu\r\n", name, value.n);
	buf_add(&b, value.p, value.n);
	buf_str(&b, "\r\n");
	assert_span(talk((struct span){b.p, b.len}, "\r\n"), "STORED\r\n");
}

/* ---- the context */

static void
use(const char *setting, const char *keys)
{
	const char *why = "";
	struct settings *set;

	keep = arena_new(64 * 1024, 8 << 20);
	set = ARENA_NEW(keep, struct settings);
	*set = *settings_defaults(keep);
	set->memcached = setting;
	set->cache_timeout_ms = 30;
	ctx_init(&cx, keep, set);
	if (keyring_load(keep, test_file("keys", keys, 0600), &cx.keys, &why) !=
	    RC_OK)
		fail_msg("%s", why);
	cx.cache = cache_new(&cx);
	ctx_begin(&cx, NULL);
}

static void
drop(void)
{
	ctx_end(&cx);
	ctx_release(&cx);
	arena_free(keep);
}

static void
next_unit(void)
{
	ctx_end(&cx);
	ctx_begin(&cx, NULL);
}

static bool
holds(const char *key, const char *value)
{
	struct span got;

	return cache_get(&cx, key, &got) == RC_OK && span_is(got, value);
}

static bool
absent(const char *key)
{
	struct span got = {0};
	enum rc rc = cache_get(&cx, key, &got);

	return rc == RC_NOTFOUND && got.p == NULL;
}

/* ---- the tests */

static void
keeps_what_it_is_given(void **state)
{
	struct span got, odd = {"a\0b\r\nEND\r\n", 9}, big;
	char *p;

	(void)state;
	use(path, KEYS_A);
	assert_true(absent("k"));
	cache_set(&cx, "k", SPAN_LIT("value"), 60);
	assert_true(holds("k", "value"));
	assert_true(absent("K"));
	cache_set(&cx, "k", odd, 60);
	assert_int_equal(cache_get(&cx, "k", &got), RC_OK);
	assert_true(span_eq(got, odd));
	cache_set(&cx, "empty", SPAN_LIT(""), 60);
	assert_int_equal(cache_get(&cx, "empty", &got), RC_OK);
	assert_int_equal(got.n, 0);
	/* Keys of any form and length are texts like others (K7). */
	p = arena_alloc(ta, 5001);
	memset(p, 'x', 5000);
	cache_set(&cx, p, SPAN_LIT("long"), 60);
	assert_true(holds(p, "long"));
	cache_set(&cx, "a b\r\nflush_all\r\n", SPAN_LIT("inject"), 60);
	assert_true(holds("a b\r\nflush_all\r\n", "inject"));
	assert_true(holds(p, "long"));
	cache_forget(&cx, "k");
	assert_true(absent("k"));
	cache_forget(&cx, "k");

	p = arena_alloc(ta, 1 << 20);
	big = (struct span){p, 900 * 1024};
	test_bytes(p, big.n);
	cache_set(&cx, "big", big, 60);
	assert_int_equal(cache_get(&cx, "big", &got), RC_OK);
	assert_true(span_eq(got, big));
	big.n++;
	cache_set(&cx, "bigger", big, 60);
	assert_true(absent("bigger"));
	cache_set(&cx, "never", SPAN_LIT("x"), 0);
	assert_true(absent("never"));
	drop();
}

static void
expires(void **state)
{
	(void)state;
	use(path, KEYS_A);
	cache_set(&cx, "e", SPAN_LIT("x"), 100);
	cx.now += 79 * US_PER_S;
	assert_true(holds("e", "x"));
	cx.now += 42 * US_PER_S;
	assert_true(absent("e"));
	drop();
}

/* Times to live are spread over 80 to 120 %. */
static void
jitter(void **state)
{
	int64_t least = INT64_MAX, most = 0, ttl;
	struct span raw;
	int i, k;

	(void)state;
	use(path, KEYS_A);
	for (i = 0; i < 60; i++) {
		cache_set(&cx, "j", SPAN_LIT("x"), 100);
		raw = raw_get(name_of("value", "j"));
		assert_int_equal(raw.n, 57 + 1);
		for (ttl = 0, k = 1; k <= 8; k++)
			ttl = ttl << 8 | (unsigned char)raw.p[k];
		ttl -= cx.now;
		assert_true(ttl >= 80 * US_PER_S && ttl <= 120 * US_PER_S);
		least = ttl < least ? ttl : least;
		most = ttl > most ? ttl : most;
	}
	assert_true(most - least > 10 * US_PER_S);
	drop();
}

/* K1, K8: a value that is not exactly ours is a miss. */
static void
forged_values(void **state)
{
	const char *name, *other;
	struct span raw;
	char *p;
	size_t i;

	(void)state;
	use(path, KEYS_A);
	cache_set(&cx, "f", SPAN_LIT("genuine"), 60);
	cache_set(&cx, "g", SPAN_LIT("another"), 60);
	name = name_of("value", "f");
	other = name_of("value", "g");
	raw = raw_get(name);
	assert_int_equal(raw.n, 57 + 7);
	for (i = 0; i < raw.n; i++) {
		p = arena_dup(ta, raw.p, raw.n);
		p[i] ^= 0x20;
		raw_set(name, (struct span){p, raw.n});
		assert_true(absent("f"));
	}
	for (i = 0; i < raw.n; i++) {
		raw_set(name, (struct span){raw.p, i});
		assert_true(absent("f"));
	}
	raw_set(name, raw_get(other)); /* the answer to another question */
	assert_true(absent("f"));
	raw_set(name, SPAN_LIT("<script>alert(1)</script>"));
	assert_true(absent("f"));
	raw_set(name, raw);
	assert_true(holds("f", "genuine"));
	drop();
	/* Written by somebody with another key file. */
	use(path, KEYS_B);
	assert_true(absent("f"));
	raw_set(name_of("value", "f"), raw);
	assert_true(absent("f"));
	drop();
}

static int
ms_of(const char *key)
{
	int64_t start = time_mono_us();
	struct span got;

	assert_int_equal(cache_get(&cx, key, &got), RC_NOTFOUND);
	return (int)((time_mono_us() - start) / 1000);
}

/* R11, K1, K3: a server that stands still. */
static void
stopped_server(void **state)
{
	int i, first, worst = 0;

	(void)state;
	use(path, KEYS_A);
	cache_set(&cx, "a", SPAN_LIT("value of a"), 600);
	cache_set(&cx, "b", SPAN_LIT("value of b"), 600);
	assert_true(holds("a", "value of a"));
	assert_int_equal(kill(server, SIGSTOP), 0);
	first = ms_of("a");
	assert_true(first < 300);
	for (i = 0; i < 50; i++) /* the rest of the request skips it */
		assert_true(ms_of("b") < 20);
	for (i = 0; i < 5; i++) {
		next_unit();
		first = ms_of("a");
		worst = first > worst ? first : worst;
	}
	printf("# worst wait: %d ms\n", worst);
	assert_true(worst < 300);
	next_unit(); /* by now the breaker is open: nobody waits */
	assert_true(ms_of("a") < 20);
	cache_set(&cx, "c", SPAN_LIT("x"), 60);
	cache_bump(&cx, "g");
	assert_int_equal(kill(server, SIGCONT), 0);
	for (i = 0; i < 400; i++) {
		struct span got;

		(void)usleep(10000);
		next_unit();
		if (cache_get(&cx, "b", &got) == RC_OK) {
			/* b's own value, not the late answer about a */
			assert_span(got, "value of b");
			break;
		}
	}
	assert_true(i < 400);
	assert_true(holds("a", "value of a"));
	drop();
}

static void
restarted_server(void **state)
{
	int i;

	(void)state;
	use(path, KEYS_A);
	cache_set(&cx, "r", SPAN_LIT("x"), 60);
	assert_true(holds("r", "x"));
	server_stop();
	for (i = 0; i < 2; i++) {
		next_unit();
		assert_true(ms_of("r") < 300);
	}
	server_start();
	for (i = 0; i < 400; i++) {
		next_unit();
		cache_set(&cx, "r", SPAN_LIT("again"), 60);
		if (holds("r", "again"))
			break;
		(void)usleep(10000);
	}
	assert_true(i < 400);
	drop();
}

static void
no_server(void **state)
{
	int i;

	(void)state;
	use("/nonexistent/memcached.sock", KEYS_A);
	assert_non_null(cx.cache);
	for (i = 0; i < 5; i++) {
		assert_true(ms_of("x") < 300);
		cache_set(&cx, "x", SPAN_LIT("x"), 60);
		next_unit();
	}
	drop();
	use("127.0.0.1:1", KEYS_A); /* refused */
	assert_true(ms_of("x") < 300);
	drop();
	use("", KEYS_A);
	assert_null(cx.cache);
	assert_true(absent("x"));
	cache_set(&cx, "x", SPAN_LIT("x"), 60);
	cache_forget(&cx, "x");
	cache_bump(&cx, "x");
	drop();
}

/* K6: of two servers one is dead.  Its keys are missing and do not move to
 * the other, whose keys work on; once its breaker is open nobody waits. */
static void
one_of_two(void **state)
{
	enum { KEYS = 60 };
	int i, hits = 0;
	int64_t start;

	(void)state;
	use(arena_fmt(ta, "%s /nonexistent/memcached.sock", path), KEYS_A);
	for (i = 0; i < KEYS; i++) {
		next_unit();
		cache_set(&cx, arena_fmt(ta, "two%d", i), SPAN_LIT("x"), 60);
	}
	start = time_mono_us();
	for (i = 0; i < KEYS; i++) {
		next_unit();
		hits += holds(arena_fmt(ta, "two%d", i), "x");
	}
	assert_true(time_mono_us() - start < 500000);
	assert_true(hits > KEYS / 6 && hits < KEYS - KEYS / 6);
	drop();
}

static void
bad_settings(void **state)
{
	static const char *const bad[] = {"localhost", ":11211", "host:0",
	    "host:65536", "host:x", "/ok.sock nonsense"};
	size_t i;

	(void)state;
	for (i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		use(bad[i], KEYS_A);
		assert_null(cx.cache);
		drop();
	}
}

static uint64_t
generation(const char *name)
{
	uint64_t g = 0;

	assert_int_equal(cache_generation(&cx, name, &g), RC_OK);
	assert_true(g != 0);
	return g;
}

static void
generations(void **state)
{
	uint64_t g, h;

	(void)state;
	use(path, KEYS_A);
	g = generation("catalogue:1");
	assert_true(generation("catalogue:1") == g);
	cache_bump(&cx, "catalogue:1");
	assert_true(generation("catalogue:1") == g + 1);
	cache_bump(&cx, "never-asked"); /* absent: nothing to make old */
	/* K9: after an eviction the number is one that never was. */
	assert_span(talk(SPAN_LIT("flush_all\r\n"), "\r\n"), "OK\r\n");
	(void)usleep(1100000); /* flush_all works on whole seconds */
	next_unit();
	h = generation("catalogue:1");
	assert_true(h > g + 1);
	/* Not a number: a miss, and then a new beginning. */
	raw_set(name_of("generation", "catalogue:1"), SPAN_LIT("12 34"));
	g = 7;
	assert_int_equal(cache_generation(&cx, "catalogue:1", &g), RC_NOTFOUND);
	assert_int_equal(g, 0);
	(void)generation("catalogue:1");
	raw_set(name_of("generation", "catalogue:1"), SPAN_LIT("abc"));
	cache_bump(&cx, "catalogue:1"); /* refused by the server; no harm */
	drop();
	use("/nonexistent/memcached.sock", KEYS_A);
	assert_int_equal(cache_generation(&cx, "catalogue:1", &g), RC_NOTFOUND);
	assert_int_equal(g, 0);
	drop();
}

/* R11: a server that is full throws old values away and nothing else. */
static void
full_server(void **state)
{
	char *p = arena_alloc(ta, 500000);
	struct span got, v = {p, 500000};
	int i;

	(void)state;
	use(path, KEYS_A);
	test_bytes(p, v.n);
	for (i = 0; i < 60; i++)
		cache_set(&cx, arena_fmt(ta, "full%d", i), v, 60);
	cache_set(&cx, "small", SPAN_LIT("x"), 60);
	assert_true(holds("small", "x"));
	for (i = 0; i < 60; i++)
		if (cache_get(&cx, arena_fmt(ta, "full%d", i), &got) == RC_OK)
			assert_true(span_eq(got, v));
	drop();
}

static int
setup(void **state)
{
	(void)state;
	test_seed();
	crypt_init();
	(void)signal(SIGPIPE, SIG_IGN);
	(void)snprintf(path, sizeof(path), "%s/memcached.sock", test_dir());
	server_start();
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	server_stop();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(keeps_what_it_is_given),
	    TEST(expires),
	    TEST(jitter),
	    TEST(forged_values),
	    TEST(generations),
	    TEST(full_server),
	    TEST(stopped_server),
	    TEST(restarted_server),
	    TEST(no_server),
	    TEST(one_of_two),
	    TEST(bad_settings),
	};

	if (system("command -v memcached >/dev/null") != 0)
		test_skip_all("no memcached");
	return cmocka_run_group_tests(tests, setup, teardown);
}
