/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A real libfcgi behind a raw FastCGI client: requests, and the traps F1 and
 * F4 to F8 of the dependency handbook.  Each server is a child of the test on
 * a socket of its own.
 */
#include "support/fcgiwire.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/time.h"
#include "io/fcgi.h"

/* ---- the server */

struct server {
	const char *path;
	int fd, master[2]; /* the pipe whose hang-up is the master's death */
	pid_t pid[4];
};

struct shared { /* what the servers tell the test */
	int taken, dropped, served, write_failed;
};

static struct shared *seen;

static void
on_term(int sig)
{
	(void)sig;
	fcgi_stop();
}

static void
on_connect(void *arg, bool taken)
{
	struct shared *s = arg;

	__atomic_fetch_add(
	    taken ? &s->taken : &s->dropped, 1, __ATOMIC_SEQ_CST);
}

/* "/big": 1 MB; "/early": answers without reading; else echoes. */
static void
serve_one(struct fcgi *f)
{
	const char *uri = fcgi_param(f, "REQUEST_URI");
	char body[4096];
	struct buf out;
	size_t n;
	int i;

	buf_init(&out, ta, 4096, 2 << 20);
	buf_fmt(&out, "%s|%s|", uri, fcgi_param(f, "NONE"));
	if (str_eq(uri, "/big"))
		for (i = 0; i < 100000; i++)
			buf_str(&out, "0123456789");
	else if (!str_eq(uri, "/early"))
		while ((n = fcgi_read(f, body, sizeof(body))) > 0)
			buf_add(&out, body, n);
	/* counted before it is sent: who has it may look */
	__atomic_fetch_add(&seen->served, 1, __ATOMIC_SEQ_CST);
	if (fcgi_answer(f, SPAN_LIT("Status: 200 OK\r\n\r\n"),
		(struct span){out.p, out.len}) != RC_OK)
		seen->write_failed++;
}

static void
serve(const struct server *s)
{
	struct sigaction sa = {.sa_handler = on_term};
	struct arena *keep = arena_new(4096, 1 << 20);
	struct fcgi *f;

	(void)sigaction(SIGTERM, &sa, NULL);
	(void)signal(SIGPIPE, SIG_IGN);
	(void)close(s->master[1]);
	if (fcgi_open(keep, s->fd, &f) != RC_OK)
		_exit(9);
	fcgi_watch(f, s->master[0]);
	fcgi_on_connect(f, on_connect, seen);
	while (fcgi_accept(f) == RC_OK) {
		serve_one(f);
		fcgi_finish(f);
		arena_reset(ta);
	}
	_exit(0);
}

static struct server
start(unsigned workers)
{
	static int n;
	struct server s;
	const char *why = "";
	unsigned i;

	memset(seen, 0, sizeof(*seen));
	s.path = arena_fmt(ta, "%s/s%d", test_dir(), n++);
	assert_int_equal(
	    fcgi_listen(s.path, 0600, 64, NULL, &s.fd, &why), RC_OK);
	assert_int_equal(pipe(s.master), 0);
	for (i = 0; i < 4; i++)
		s.pid[i] = 0;
	for (i = 0; i < workers; i++) {
		s.pid[i] = fork();
		assert_true(s.pid[i] >= 0);
		if (s.pid[i] == 0)
			serve(&s);
	}
	(void)close(s.master[0]);
	return s;
}

/* Waits for the end; returns how long it took, in ms; fails on a bad end. */
static int
gone(pid_t pid, int limit_ms)
{
	int64_t start = time_mono_us();
	int status = -1, ms = 0;

	while (waitpid(pid, &status, WNOHANG) == 0) {
		ms = (int)((time_mono_us() - start) / 1000);
		if (ms > limit_ms) {
			(void)kill(pid, SIGKILL);
			(void)waitpid(pid, &status, 0);
			fail_msg("still there after %d ms", ms);
		}
		(void)usleep(500);
	}
	assert_int_equal(status, 0);
	return ms;
}

/* The worker has the connection of the first request. */
static void
until_taken(void)
{
	int i;

	for (i = 0;
	     i < 20000 && __atomic_load_n(&seen->taken, __ATOMIC_SEQ_CST) == 0;
	     i++)
		(void)usleep(1000);
	assert_int_equal(seen->taken, 1);
}

static void
stop(struct server *s)
{
	int i;

	for (i = 0; i < 4; i++)
		if (s->pid[i] != 0)
			(void)kill(s->pid[i], SIGTERM);
	for (i = 0; i < 4; i++)
		if (s->pid[i] != 0)
			(void)gone(s->pid[i], 20000);
	(void)close(s->fd);
	(void)close(s->master[1]);
}

/* ---- the tests */

static void
requests(void **state)
{
	struct server s = start(1);
	const char *got;
	char *body;
	int i;

	(void)state;
	assert_string_equal(
	    ask(s.path, "/a", NULL), "Status: 200 OK\r\n\r\n/a||");
	assert_string_equal(
	    ask(s.path, "/b", "x=1"), "Status: 200 OK\r\n\r\n/b||x=1");
	body = arena_alloc(ta, 60001);
	memset(body, 'q', 60000);
	got = ask(s.path, "/c", body);
	assert_non_null(got);
	assert_int_equal(
	    strlen(got), strlen("Status: 200 OK\r\n\r\n/c||") + 60000);
	got = ask(s.path, "/big", NULL);
	assert_non_null(got);
	assert_int_equal(
	    strlen(got), strlen("Status: 200 OK\r\n\r\n/big||") + 1000000);
	for (i = 0; i < 300; i++)
		assert_non_null(ask(s.path, "/n", NULL));
	assert_int_equal(seen->write_failed, 0);
	assert_int_equal(seen->dropped, 0);
	assert_int_equal(seen->taken, seen->served);
	stop(&s);
}

/* An answer before the body has arrived reaches the peer. */
static void
early_answer(void **state)
{
	struct server s = start(1);
	struct span whole;
	char *body = arena_alloc(ta, 60001);
	int fd;

	(void)state;
	memset(body, 'q', 60000);
	whole = request("/early", body, false);
	fd = dial(s.path);
	send_all(fd, (struct span){whole.p, 2000});
	assert_string_equal(answer(fd), "Status: 200 OK\r\n\r\n/early||");
	(void)close(fd);
	assert_string_equal(
	    ask(s.path, "/early", body), "Status: 200 OK\r\n\r\n/early||");
	stop(&s);
}

/* F5: twenty peers that connect and say nothing, or hang up, cost the next
 * one nothing that it could feel. */
static void
silent_peers(void **state)
{
	struct server s = start(4);
	int fd[20], i;
	int64_t start_us;

	(void)state;
	for (i = 0; i < 20; i++)
		(void)close(dial(s.path));
	for (i = 0; i < 3; i++) /* three of four workers are now held */
		fd[i] = dial(s.path);
	start_us = time_mono_us();
	assert_non_null(ask(s.path, "/x", NULL));
	assert_true(time_mono_us() - start_us < 10 * US_PER_S);
	for (i = 0; i < 3; i++)
		(void)close(fd[i]);
	assert_non_null(ask(s.path, "/y", NULL));
	stop(&s);
	assert_int_equal(seen->taken, seen->served + seen->dropped);
}

/* F4: the worker is marked busy before the first byte, so a watchdog counts. */
static void
half_a_request(void **state)
{
	struct server s = start(1);
	struct span whole = request("/x", NULL, false);
	int fd = dial(s.path);

	(void)state;
	send_all(fd, (struct span){whole.p, 20});
	until_taken();
	assert_int_equal(seen->served, 0);
	(void)close(fd);
	assert_non_null(ask(s.path, "/y", NULL));
	assert_int_equal(seen->dropped, 1);
	stop(&s);
}

/* A head that breaks off anywhere is no request: never served with the
 * parameters that happened to arrive. */
static void
broken_off(void **state)
{
	struct server s = start(1);
	struct span whole = request("/x", NULL, false);
	size_t n;
	int fd;

	(void)state;
	for (n = 1; n < whole.n - 8; n++) {
		fd = dial(s.path);
		send_all(fd, (struct span){whole.p, n});
		(void)close(fd);
	}
	assert_non_null(ask(s.path, "/y", NULL));
	assert_int_equal(seen->served, 1);
	stop(&s);
}

/* Bytes that are no FastCGI at all. */
static void
garbage(void **state)
{
	struct server s = start(1);
	char junk[512];
	int i, fd;

	(void)state;
	for (i = 0; i < 50; i++) {
		test_bytes(junk, sizeof(junk));
		fd = dial(s.path);
		(void)send(fd, junk, sizeof(junk), MSG_NOSIGNAL);
		(void)close(fd);
	}
	assert_non_null(ask(s.path, "/y", NULL));
	stop(&s);
}

/* F2: the library answers FCGI_GET_VALUES out of a small fixed buffer; names
 * that are repeated must not write past it.  Before a request and inside of
 * one. */
static void
get_values(void **state)
{
	struct server s = start(1);
	struct span whole = request("/x", NULL, false);
	struct buf names, all;
	int fd, i, k;

	(void)state;
	buf_init(&names, ta, 1024, 1 << 16);
	for (i = 0; i < 400; i++) {
		static const char *const name[] = {
		    "FCGI_MAX_CONNS", "FCGI_MAX_REQS", "FCGI_MPXS_CONNS"};

		put_param(&names, name[i % 3], "");
	}
	for (k = 0; k < 2; k++) {
		buf_init(&all, ta, 1024, 1 << 20);
		if (k == 1) /* between BEGIN_REQUEST and the parameters */
			buf_add(&all, whole.p, 16);
		put_record(&all, GET_VALUES, names.p, names.len);
		all.p[k * 16 + 3] = 0; /* request id 0: management */
		fd = dial(s.path);
		(void)send(fd, all.p, all.len, MSG_NOSIGNAL);
		(void)usleep(20000);
		(void)close(fd);
		assert_non_null(ask(s.path, "/y", NULL));
	}
	stop(&s);
}

/* F6: a peer that asks to keep the connection holds nobody up: it is closed
 * after the one request. */
static void
kept_connection(void **state)
{
	struct server s = start(1);
	int fd = dial(s.path);
	char c;

	(void)state;
	send_all(fd, request("/k", NULL, true));
	assert_string_equal(answer(fd), "Status: 200 OK\r\n\r\n/k||");
	assert_int_equal(read(fd, &c, 1), 0);
	assert_non_null(ask(s.path, "/y", NULL));
	(void)close(fd);
	stop(&s);
}

/* F8: the peer goes away; the work is done and the next one is served. */
static void
peer_goes_away(void **state)
{
	struct server s = start(1);
	int i, fd;

	(void)state;
	for (i = 0; i < 20; i++) {
		fd = dial(s.path);
		send_all(fd, request("/big", NULL, false));
		(void)close(fd);
	}
	assert_non_null(ask(s.path, "/y", NULL));
	assert_int_equal(seen->served, 21);
	assert_true(seen->write_failed > 0);
	stop(&s);
}

/* F7, R04: SIGTERM at any moment of an idle worker ends it, quickly; also
 * in the first moments, before it has waited for anything. */
static void
sigterm_is_never_lost(void **state)
{
	int i, ms, worst = 0;

	(void)state;
	for (i = 0; i < 100; i++) {
		struct server s = start(1);

		if (i % 2 == 0)
			assert_non_null(ask(s.path, "/x", NULL));
		else /* the handler is there once it has accepted */
			assert_non_null(ask(s.path, "/big", NULL));
		if (i % 3 == 0)
			(void)usleep((useconds_t)test_below(300));
		(void)kill(s.pid[0], SIGTERM);
		ms = gone(s.pid[0], 20000);
		worst = ms > worst ? ms : worst;
		(void)close(s.fd);
		(void)close(s.master[1]);
	}
	printf("# slowest end: %d ms\n", worst);
}

/* R04: SIGTERM inside of a request breaks neither reading nor writing. */
static void
sigterm_in_a_request(void **state)
{
	struct server s = start(1);
	struct span whole = request("/x", "abcdefgh", false);
	int fd = dial(s.path);

	(void)state;
	send_all(fd, (struct span){whole.p, whole.n - 12});
	until_taken();
	(void)kill(s.pid[0], SIGTERM);
	(void)usleep(20000);
	send_all(fd, (struct span){whole.p + whole.n - 12, 12});
	assert_string_equal(answer(fd), "Status: 200 OK\r\n\r\n/x||abcdefgh");
	(void)close(fd);
	(void)gone(s.pid[0], 20000);
	(void)close(s.fd);
	(void)close(s.master[1]);
}

static void
sees_its_master_die(void **state)
{
	struct server s = start(2);

	(void)state;
	assert_non_null(ask(s.path, "/x", NULL));
	(void)close(s.master[1]); /* as the kernel does */
	(void)gone(s.pid[0], 20000);
	(void)gone(s.pid[1], 20000);
	(void)close(s.fd);
}

/* Four workers, one socket: every request is answered, none twice. */
static void
many_workers(void **state)
{
	enum { ROUNDS = 40, AT_ONCE = 16 };
	struct server s = start(4);
	int fd[AT_ONCE], i, k;

	(void)state;
	for (i = 0; i < ROUNDS; i++) {
		for (k = 0; k < AT_ONCE; k++) {
			fd[k] = dial(s.path);
			send_all(fd[k], request("/m", "b", false));
		}
		for (k = 0; k < AT_ONCE; k++) {
			assert_non_null(answer(fd[k]));
			(void)close(fd[k]);
		}
	}
	assert_int_equal(seen->served, ROUNDS * AT_ONCE);
	stop(&s);
}

static unsigned
open_fds(pid_t pid)
{
	unsigned n = 0;
	char path[64];
	int i;

	for (i = 0; i < 256; i++) {
		struct stat st;

		(void)snprintf(
		    path, sizeof(path), "/proc/%d/fd/%d", (int)pid, i);
		n += lstat(path, &st) == 0;
	}
	return n;
}

/* F3, R19: no descriptor stays behind. */
static void
descriptors_are_flat(void **state)
{
	struct server s = start(1);
	unsigned before;
	int i, fd;

	(void)state;
	assert_non_null(ask(s.path, "/x", NULL));
	before = open_fds(s.pid[0]); /* that of /x may still be among them */
	for (i = 0; i < 30; i++) {
		assert_non_null(ask(s.path, "/x", "b"));
		(void)close(dial(s.path));
		fd = dial(s.path);
		send_all(fd, request("/big", NULL, true));
		(void)close(fd);
	}
	assert_non_null(ask(s.path, "/x", NULL));
	/* The answer arrives a moment before the server has closed. */
	for (i = 0; i < 10000 && open_fds(s.pid[0]) > before; i++)
		(void)usleep(1000);
	assert_true(open_fds(s.pid[0]) <= before);
	stop(&s);
}

static int
setup(void **state)
{
	(void)state;
	test_seed();
	(void)signal(SIGPIPE, SIG_IGN);
	seen = mmap(NULL, sizeof(*seen), PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	return seen == MAP_FAILED;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(requests),
	    TEST(early_answer),
	    TEST(silent_peers),
	    TEST(half_a_request),
	    TEST(broken_off),
	    TEST(garbage),
	    TEST(get_values),
	    TEST(kept_connection),
	    TEST(peer_goes_away),
	    TEST(sigterm_is_never_lost),
	    TEST(sigterm_in_a_request),
	    TEST(sees_its_master_die),
	    TEST(many_workers),
	    TEST(descriptors_are_flat),
	};

	return cmocka_run_group_tests(tests, setup, NULL);
}
