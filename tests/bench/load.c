/* SPDX-License-Identifier: Apache-2.0 */
/* The closed loop (load.h). */
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	REQUEST_MAX = 16 * 1024,
	ANSWER_MAX = 512 * 1024,
	EVENTS = 64,
	STUCK_MS = 30 * 1000,
	SLOTS_MAX = 4096
};

struct conn {
	int fd;
	size_t i; /* its request */
	double t0;
	size_t got;
	char *in; /* ANSWER_MAX + 1 */
};

struct run {
	const struct load *l;
	struct conn *conn;
	double *ms;
	size_t next, done;
	int ep;
};

void
load_die(const char *fmt, ...)
{
	va_list ap;

	fprintf(stderr, "%s: ", program_invocation_short_name);
	va_start(ap, fmt);
	vfprintf(stderr, fmt, ap);
	va_end(ap);
	fputc('\n', stderr);
	exit(1);
}

size_t
load_fmt(char *out, size_t room, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(out, room, fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= room)
		load_die("a text is too long: %.80s", out);
	return (size_t)n;
}

static double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

bool
load_header(const char **from, const char *name, char *value, size_t room)
{
	size_t n = strlen(name), len;
	const char *p = *from, *end;

	for (; *p != '\0'; p = end + 2) {
		end = strstr(p, "\r\n");
		if (end == NULL)
			return false;
		if (strncasecmp(p, name, n) != 0 || p[n] != ':')
			continue;
		for (p += n + 1; *p == ' '; p++)
			continue;
		len = (size_t)(end - p);
		if (len >= room)
			load_die("header %s is too long", name);
		memcpy(value, p, len);
		value[len] = '\0';
		*from = end + 2;
		return true;
	}
	return false;
}

static void
conn_open(struct run *r, struct conn *c)
{
	struct sockaddr_in to = {.sin_family = AF_INET,
	    .sin_port = htons((unsigned short)r->l->port),
	    .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = c};
	int on = 1;

	c->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (c->fd < 0 ||
	    connect(c->fd, (struct sockaddr *)&to, sizeof(to)) != 0 ||
	    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on)) != 0 ||
	    epoll_ctl(r->ep, EPOLL_CTL_ADD, c->fd, &ev) != 0)
		load_die("connect: %s", strerror(errno));
}

/* Blocking: a request is smaller than a socket's buffer. */
static bool
conn_send(struct conn *c, const char *p, size_t n)
{
	ssize_t k;

	for (; n != 0; p += k, n -= (size_t)k) {
		k = send(c->fd, p, n, MSG_NOSIGNAL);
		if (k < 0)
			return false;
	}
	return true;
}

static void
conn_next(struct run *r, struct conn *c)
{
	char out[REQUEST_MAX];
	size_t n;

	if (r->next == r->l->n) {
		if (c->fd >= 0)
			close(c->fd);
		c->fd = -1;
		return;
	}
	if (c->fd < 0)
		conn_open(r, c);
	c->i = r->next++;
	c->got = 0;
	n = r->l->make(r->l->arg, c->i, out, sizeof(out));
	c->t0 = now_s();
	if (!conn_send(c, out, n))
		load_die("send: %s", strerror(errno));
}

/* The chunks of a complete body put together in place; -1 while it is not
 * complete.  RFC 9112 section 7.1; no trailers. */
static long
chunks_join(char *body, size_t n, bool complete)
{
	char *at = body, *to = body, *end = body + n, *line;
	unsigned long size;

	for (;;) {
		line = memmem(at, (size_t)(end - at), "\r\n", 2);
		if (line == NULL)
			return -1;
		size = strtoul(at, NULL, 16);
		at = line + 2;
		if ((size_t)(end - at) < size + 2)
			return -1;
		if (size == 0)
			return to - body;
		if (complete)
			memmove(to, at, size);
		to += size;
		at += size + 2;
	}
}

/* The answer in c->in, if all of it is there. */
static bool
answer_read(struct conn *c, struct answer *a, bool *close_after)
{
	char *end, value[256];
	const char *at;
	size_t have;
	long n;

	c->in[c->got] = '\0';
	end = strstr(c->in, "\r\n\r\n");
	if (end == NULL)
		return false;
	if (sscanf(c->in, "HTTP/1.1 %d", &a->status) != 1)
		load_die("no HTTP answer: %.80s", c->in);
	end[2] = '\0'; /* the head ends here; undone below if incomplete */
	a->head = c->in;
	a->body = end + 4;
	have = c->got - (size_t)(a->body - c->in);
	at = a->head;
	*close_after = load_header(&at, "Connection", value, sizeof(value)) &&
		       strcasecmp(value, "close") == 0;
	at = a->head;
	if (load_header(&at, "Content-Length", value, sizeof(value))) {
		n = strtol(value, NULL, 10);
		if (have < (size_t)n)
			n = -1;
	} else {
		n = chunks_join(end + 4, have, false);
		if (n >= 0)
			n = chunks_join(end + 4, have, true);
	}
	end[2] = n < 0 ? '\r' : '\0';
	if (n < 0)
		return false;
	a->body_n = (size_t)n;
	end[4 + n] = '\0';
	return true;
}

static void
conn_read(struct run *r, struct conn *c)
{
	ssize_t k = recv(c->fd, c->in + c->got, ANSWER_MAX - c->got, 0);
	struct answer a = {0};
	bool close_after;

	if (k <= 0)
		load_die("request %zu: the connection ended after %zu bytes",
		    c->i, c->got);
	c->got += (size_t)k;
	if (c->got == ANSWER_MAX)
		load_die("request %zu: the answer is too long", c->i);
	if (!answer_read(c, &a, &close_after))
		return;
	r->ms[r->done++] = (now_s() - c->t0) * 1e3;
	if (!r->l->take(r->l->arg, c->i, &a))
		load_die("request %zu was answered by %d:\n%s\n%.2000s", c->i,
		    a.status, a.head, a.body);
	if (close_after) {
		close(c->fd);
		c->fd = -1;
	}
	conn_next(r, c);
}

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

static void
loop(struct run *r)
{
	struct epoll_event ev[EVENTS];
	int i, n;

	for (i = 0; i < r->l->connections; i++)
		conn_next(r, &r->conn[i]);
	while (r->done < r->l->n) {
		n = epoll_wait(r->ep, ev, EVENTS, STUCK_MS);
		if (n == 0)
			load_die("no answer for %d s", STUCK_MS / 1000);
		for (i = 0; i < n; i++)
			conn_read(r, ev[i].data.ptr);
	}
}

void
load_run(const struct load *l, struct load_result *out)
{
	struct run r = {.l = l};
	double t0;
	int i;

	if (l->connections < 1 || l->connections > SLOTS_MAX || l->n < 1)
		load_die("numbers out of range");
	r.conn = calloc((size_t)l->connections, sizeof(*r.conn));
	r.ms = calloc(l->n, sizeof(*r.ms));
	r.ep = epoll_create1(EPOLL_CLOEXEC);
	if (r.conn == NULL || r.ms == NULL || r.ep < 0)
		load_die("no memory");
	for (i = 0; i < l->connections; i++) {
		r.conn[i].fd = -1;
		r.conn[i].in = malloc(ANSWER_MAX + 1);
		if (r.conn[i].in == NULL)
			load_die("no memory");
	}
	t0 = now_s();
	loop(&r);
	out->seconds = now_s() - t0;
	qsort(r.ms, l->n, sizeof(*r.ms), by_value);
	out->p50_ms = r.ms[l->n / 2];
	out->p99_ms = r.ms[l->n * 99 / 100];
	out->max_ms = r.ms[l->n - 1];
	for (i = 0; i < l->connections; i++)
		free(r.conn[i].in);
	free(r.conn);
	free(r.ms);
	close(r.ep);
}
