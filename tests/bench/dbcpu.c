/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How much CPU of a worker goes into its database client: preloaded into one
 * worker, it takes the thread's CPU clock around the calls of libmariadb that
 * talk to the server or take rows over, and adds it up in a file that is
 * mapped (KS_DBCPU).  What is left of the worker's CPU is its own work.
 *
 * A look at that clock is a system call and costs more than fetching a row.
 * One look of each call falls between the two readings, one outside; what one
 * costs is measured at the start and printed beside the sums, so that it can
 * be taken off.  Taking a row over waits for nobody, so its time by the wall
 * clock, which is no system call, is its CPU; what was longer than a wait could
 * explain is left to the worker.  A look at that clock is cheap, but there are
 * two of them a row: what one costs is measured and taken off in the same way.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <mysql.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { LOOKS = 20000, FETCH_NS_MAX = 20000 };

struct dbcpu {
	uint64_t ns, calls;
	uint64_t look_ps; /* one look at the clock, in picoseconds */
	uint64_t fetches;
	uint64_t row_look_ps; /* one look at the wall clock */
};

static struct dbcpu nowhere, *sum = &nowhere;

static uint64_t
cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static uint64_t
wall_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

/* What one look at a clock costs, in picoseconds of CPU. */
static uint64_t
look_ps(uint64_t (*clock)(void))
{
	uint64_t t0 = cpu_ns();
	int i;

	for (i = 0; i < LOOKS; i++)
		clock();
	return (cpu_ns() - t0) * 1000 / LOOKS;
}

__attribute__((constructor)) static void
dbcpu_open(void)
{
	const char *path = getenv("KS_DBCPU");
	int fd = path == NULL ? -1 : open(path, O_RDWR | O_CLOEXEC);
	void *p;

	if (fd < 0)
		return;
	p = mmap(NULL, sizeof(*sum), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	close(fd);
	if (p == MAP_FAILED)
		return;
	sum = p;
	sum->look_ps = look_ps(cpu_ns);
	sum->row_look_ps = look_ps(wall_ns);
}

static void
add_fetch(uint64_t t0)
{
	uint64_t ns = wall_ns() - t0;

	if (ns <= FETCH_NS_MAX)
		sum->ns += ns;
	sum->fetches++;
}

static void
add(uint64_t t0)
{
	sum->ns += cpu_ns() - t0;
	sum->calls++;
}

/* The real one is looked up once; a pointer to a function does not convert
 * from void * in ISO C, hence the detour of POSIX. */
/* clang-format off */
#define WRAP(type, name, params, args) WRAP_(type, name, params, args, cpu_ns, add)
#define WRAP_(type, name, params, args, clock, add)                           \
	type name params                                                      \
	{                                                                     \
		static type(*real) params;                                    \
		uint64_t t0;                                                  \
		type r;                                                       \
		if (real == NULL)                                             \
			*(void **)&real = dlsym(RTLD_NEXT, #name);            \
		t0 = clock();                                                 \
		r = real args;                                                \
		add(t0);                                                      \
		return r;                                                     \
	}

WRAP(int, mysql_stmt_execute, (MYSQL_STMT *s), (s))
WRAP_(int, mysql_stmt_fetch, (MYSQL_STMT *s), (s), wall_ns, add_fetch)
WRAP(int, mysql_stmt_store_result, (MYSQL_STMT *s), (s))
WRAP(my_bool, mysql_stmt_free_result, (MYSQL_STMT *s), (s))
WRAP(int, mysql_stmt_next_result, (MYSQL_STMT *s), (s))
WRAP(my_bool, mysql_stmt_reset, (MYSQL_STMT *s), (s))
WRAP(int, mysql_stmt_prepare,
    (MYSQL_STMT *s, const char *q, unsigned long n), (s, q, n))
WRAP(int, mysql_real_query,
    (MYSQL *m, const char *q, unsigned long n), (m, q, n))
WRAP(int, mysql_query, (MYSQL *m, const char *q), (m, q))
WRAP(int, mysql_ping, (MYSQL *m), (m))
/* clang-format on */
