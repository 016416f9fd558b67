/* SPDX-License-Identifier: Apache-2.0 */
/* A memcached of the test's own on a private socket, and the cache on it. */
#include "support/cachebox.h"

#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/hex.h"
#include "io/cache.h"
#include "io/crypt.h"

char box_path[108];
pid_t box_server;
struct ctx box_cx;
static struct arena *keep;

static int
dial(void)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", box_path);
	if (connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

void
box_start(void)
{
	int i, fd = -1;

	box_server = fork();
	assert_true(box_server >= 0);
	if (box_server == 0) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)execlp("memcached", "memcached", "-s", box_path, "-a",
		    "0600", "-m", "16", "-t", "1", "-U", "0", "-u", "root",
		    (char *)NULL);
		_exit(127);
	}
	for (i = 0; i < 500 && (fd = dial()) < 0; i++)
		(void)usleep(10000);
	assert_true(fd >= 0);
	(void)close(fd);
}

void
box_stop(void)
{
	(void)kill(box_server, SIGKILL);
	(void)waitpid(box_server, NULL, 0);
	(void)unlink(box_path);
	box_server = 0;
}

/* Sends a command; reads until the answer ends with end. */
struct span
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

/* ---- the context */

void
use_for(const char *setting, const char *keys, int timeout_ms)
{
	const char *why = "";
	struct settings *set;

	keep = arena_new(64 * 1024, 8 << 20);
	set = ARENA_NEW(keep, struct settings);
	*set = *settings_defaults(keep);
	set->memcached = setting;
	set->cache_timeout_ms = timeout_ms;
	ctx_init(&box_cx, keep, set);
	if (keyring_load(keep, test_file("keys", keys, 0600), &box_cx.keys,
		&why) != RC_OK)
		fail_msg("%s", why);
	box_cx.cache = cache_new(&box_cx);
	ctx_begin(&box_cx, NULL);
}

void
use(const char *setting, const char *keys)
{
	use_for(setting, keys, PATIENT_MS);
}

void
drop(void)
{
	ctx_end(&box_cx);
	ctx_release(&box_cx);
	arena_free(keep);
}

void
next_unit(void)
{
	ctx_end(&box_cx);
	ctx_begin(&box_cx, NULL);
}

bool
holds(const char *key, const char *value)
{
	struct span got;

	return cache_get(&box_cx, key, &got) == RC_OK && span_is(got, value);
}

bool
absent(const char *key)
{
	struct span got = {0};
	enum rc rc = cache_get(&box_cx, key, &got);

	return rc == RC_NOTFOUND && got.p == NULL;
}

int
box_setup(void **state)
{
	(void)state;
	test_seed();
	crypt_init();
	(void)signal(SIGPIPE, SIG_IGN);
	(void)snprintf(
	    box_path, sizeof(box_path), "%s/memcached.sock", test_dir());
	box_start();
	return 0;
}

int
box_teardown(void **state)
{
	(void)state;
	box_stop();
	return 0;
}
