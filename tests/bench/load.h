/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A closed loop of HTTP requests over kept connections, in one process: what
 * a load generator costs is taken from the server on the same machine, so it
 * is one epoll loop and no more.
 */
#ifndef KS_BENCH_LOAD_H
#define KS_BENCH_LOAD_H

#include <stdbool.h>
#include <stddef.h>

struct answer {
	int status;
	const char *head; /* the header lines, NUL at their end */
	const char *body; /* put together when it came in chunks; NUL */
	size_t body_n;
};

struct load {
	int port; /* on 127.0.0.1 */
	int connections;
	size_t n; /* requests in all */
	/* The bytes of request i into out; returns their count. */
	size_t (*make)(void *arg, size_t i, char *out, size_t room);
	/* The answer to it.  False ends the run: it was not as it must be. */
	bool (*take)(void *arg, size_t i, const struct answer *a);
	void *arg;
};

struct load_result {
	double seconds;
	double p50_ms, p99_ms, max_ms; /* of one answer */
};

/* Ends the program with a message when a connection breaks or an answer is
 * refused: a figure with errors in it is no figure. */
void load_run(const struct load *l, struct load_result *out);

/* A header's value up to the end of its line, copied; false when there is
 * none.  *from: where to look, moved behind the line that was found. */
bool load_header(const char **from, const char *name, char *value, size_t room);

/* printf that ends the program when the text does not fit. */
size_t load_fmt(char *out, size_t room, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

_Noreturn void load_die(const char *fmt, ...)
    __attribute__((format(printf, 1, 2)));

#endif
