/* SPDX-License-Identifier: Apache-2.0 */
/* Shared by all cmocka programs; see test.h. */
#include "support/test.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct arena *ta;

static uint64_t rand_state;
static char dir[64];

int
test_arena_setup(void **state)
{
	(void)state;
	if (ta == NULL)
		ta = arena_new(64 * 1024, 256 * 1024 * 1024);
	return 0;
}

int
test_arena_teardown(void **state)
{
	(void)state;
	arena_reset(ta);
	return 0;
}

void
test_seed(void)
{
	const char *s = getenv("KS_SEED");

	if (s != NULL)
		rand_state = strtoull(s, NULL, 10);
	else
		rand_state = (uint64_t)getpid() * 2654435761u ^
			     (uint64_t)(uintptr_t)&rand_state;
	/* TAP comment: seen in the .log file of the failed program */
	printf("# KS_SEED=%llu\n", (unsigned long long)rand_state);
	fflush(stdout);
}

uint64_t
test_rand(void)
{
	uint64_t z = (rand_state += UINT64_C(0x9e3779b97f4a7c15));

	/* splitmix64: any seed is a good one */
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t
test_below(uint64_t n)
{
	return test_rand() % n;
}

void
test_bytes(void *p, size_t n)
{
	unsigned char *c = p;
	size_t i;

	for (i = 0; i < n; i++)
		c[i] = (unsigned char)test_rand();
}

static int
remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	(void)st;
	(void)flag;
	(void)ftw;
	return remove(path);
}

static void
remove_dir(void)
{
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

const char *
test_dir(void)
{
	if (dir[0] == '\0') {
		snprintf(dir, sizeof(dir), "/tmp/ks-test-XXXXXX");
		if (mkdtemp(dir) == NULL)
			abort();
		atexit(remove_dir);
	}
	return dir;
}

const char *
test_file(const char *name, const char *text, unsigned mode)
{
	const char *path = arena_fmt(ta, "%s/%s", test_dir(), name);
	FILE *f;

	unlink(path);
	f = fopen(path, "w");
	if (f == NULL || fputs(text, f) == EOF || fclose(f) != 0 ||
	    chmod(path, mode) != 0)
		abort();
	return path;
}

const char *
test_source(const char *path)
{
	const char *src = getenv("KS_SRCDIR");

	return arena_fmt(ta, "%s/%s", src != NULL ? src : "..", path);
}

int
test_aborts(void (*fn)(void *), void *arg)
{
	struct rlimit no_core = {0, 0};
	int status = 0, null;
	pid_t pid;

	fflush(NULL);
	pid = fork();
	if (pid < 0)
		abort();
	if (pid == 0) {
		setrlimit(RLIMIT_CORE, &no_core);
		null = open("/dev/null", O_WRONLY);
		if (null >= 0)
			dup2(null, STDERR_FILENO);
		fn(arg);
		_exit(0);
	}
	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			abort();
	return WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT;
}

void
test_skip_all(const char *why)
{
	printf("1..0 # SKIP %s\n", why);
	exit(0);
}
