/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Forged notices at a fixed rate, whatever the shop makes of them: an open
 * loop.  Each is well formed, names the channel's own merchant id and carries
 * a signature that is none; every second one is about a real order.  Each
 * comes over a connection of its own and from an address of its own, as a
 * storm from many hosts does.
 *
 *     storm PORT RATE SECONDS CHANNEL PID ORDER MONEY
 *
 * Says "on" when the first ones have been answered.  Ends after SECONDS, or
 * when standard input does, and prints one line of JSON.  An answer that
 * accepts a forgery ends it with 1.
 */
#include "load.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	OPEN_MAX_N = 4096, /* under way at once; one more is not sent */
	REQUEST = 1024,
	ANSWER = 4096,
	EVENTS = 256,
	RATE_MAX = 100 * 1000,
	SECONDS_MAX = 600,
	STATUS_MAX = 600,
	FIRST = 20,   /* answers, until it is on */
	PATIENCE = 10 /* s for the answers that are still due at the end */
};

struct conn {
	int fd;
	struct conn *next; /* free ones */
	double t0;
	size_t got, n;
	bool sent;
	char out[REQUEST];
	char in[ANSWER];
};

static struct {
	int port, ep;
	const char *channel, *pid, *order, *money;
	struct conn *conn, *free;
	size_t sent, answered, refused, held_back, open, open_peak;
	size_t status[STATUS_MAX];
	float *ms;
	uint64_t dice;
} s;

static double
now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* xorshift64*: nothing here needs to be a secret. */
static uint64_t
roll(void)
{
	s.dice ^= s.dice >> 12;
	s.dice ^= s.dice << 25;
	s.dice ^= s.dice >> 27;
	return s.dice * UINT64_C(0x2545f4914f6cdd1d);
}

static size_t
forge(char *out, size_t i)
{
	static const char base32[] = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
	char no[64];
	size_t k;

	load_fmt(no, sizeof(no), "%s", s.order);
	if (i % 2 != 0)
		for (k = 8; no[k] != '\0'; k++)
			no[k] = base32[roll() % 32];
	return load_fmt(out, REQUEST,
	    "GET /pay/notify/%s/%s?money=%s&name=goods&out_trade_no=%s&pid=%s"
	    "&trade_no=F%zu&trade_status=TRADE_SUCCESS&type=alipay"
	    "&sign=%016llx%016llx&sign_type=MD5 HTTP/1.1\r\n"
	    "Host: 127.0.0.1\r\nConnection: close\r\n\r\n",
	    s.channel, no, s.money, no, s.pid, i, (unsigned long long)roll(),
	    (unsigned long long)roll());
}

static void
conn_end(struct conn *c)
{
	close(c->fd);
	c->next = s.free;
	s.free = c;
	s.open--;
}

/* From 127.1.0.1 to 127.200.99.1. */
static int
conn_from(size_t i)
{
	struct sockaddr_in from = {.sin_family = AF_INET},
			   to = {.sin_family = AF_INET,
			       .sin_port = htons((unsigned short)s.port),
			       .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	uint32_t host = (uint32_t)(i % 20000);
	int on = 1, fd;

	from.sin_addr.s_addr =
	    htonl(0x7f000001u | (1 + host / 100) << 16 | (host % 100) << 8);
	fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 ||
	    setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &on,
		sizeof(on)) != 0 ||
	    bind(fd, (struct sockaddr *)&from, sizeof(from)) != 0 ||
	    (connect(fd, (struct sockaddr *)&to, sizeof(to)) != 0 &&
		errno != EINPROGRESS))
		load_die("connect: %s", strerror(errno));
	return fd;
}

static void
start(size_t i)
{
	struct epoll_event ev = {.events = EPOLLOUT | EPOLLIN};
	struct conn *c = s.free;

	if (c == NULL) {
		s.held_back++;
		return;
	}
	s.free = c->next;
	c->sent = false;
	c->got = 0;
	c->n = forge(c->out, i);
	c->t0 = now_s();
	c->fd = conn_from(i);
	ev.data.ptr = c;
	if (epoll_ctl(s.ep, EPOLL_CTL_ADD, c->fd, &ev) != 0)
		load_die("epoll: %s", strerror(errno));
	s.sent++;
	if (++s.open > s.open_peak)
		s.open_peak = s.open;
}

/* All of the answer is there: the server closed. */
static void
take(struct conn *c)
{
	int status;

	c->in[c->got] = '\0';
	if (sscanf(c->in, "HTTP/1.1 %d", &status) != 1 || status < 100 ||
	    status >= STATUS_MAX)
		load_die("no HTTP answer: %.80s", c->in);
	if (strstr(c->in, "\nsuccess") != NULL)
		load_die("a forgery was accepted:\n%s\n%s", c->out, c->in);
	s.status[status]++;
	s.ms[s.answered++] = (float)((now_s() - c->t0) * 1e3);
	if (s.answered == FIRST) {
		puts("on");
		fflush(stdout);
	}
	conn_end(c);
}

static void
conn_go(struct conn *c)
{
	struct epoll_event ev = {.events = EPOLLIN, .data.ptr = c};
	ssize_t k;

	if (!c->sent) {
		k = send(c->fd, c->out, c->n, MSG_NOSIGNAL);
		if (k < 0 && errno == EAGAIN)
			return;
		/* a request is smaller than a socket's buffer */
		if (k != (ssize_t)c->n) {
			s.refused++;
			conn_end(c);
			return;
		}
		c->sent = true;
		if (epoll_ctl(s.ep, EPOLL_CTL_MOD, c->fd, &ev) != 0)
			load_die("epoll: %s", strerror(errno));
		return;
	}
	k = recv(c->fd, c->in + c->got, ANSWER - 1 - c->got, 0);
	if (k > 0) {
		c->got += (size_t)k;
		if (c->got == ANSWER - 1)
			load_die("an answer is too long: %s", c->in);
	} else if (k == 0) {
		take(c);
	} else if (errno != EAGAIN) {
		s.refused++;
		conn_end(c);
	}
}

/* One look at what has come; false when standard input has ended. */
static bool
look(int ms)
{
	struct epoll_event ev[EVENTS];
	bool more = true;
	char sink[64];
	int i, n = epoll_wait(s.ep, ev, EVENTS, ms);

	for (i = 0; i < n; i++) {
		if (ev[i].data.ptr != NULL)
			conn_go(ev[i].data.ptr);
		else if (read(STDIN_FILENO, sink, sizeof(sink)) <= 0)
			more = false;
	}
	return more;
}

static double
blow(double rate, double seconds)
{
	double start_s = now_s(), now = start_s;
	size_t due, i = 0;
	bool more = true;

	while (more && now - start_s < seconds) {
		for (due = (size_t)((now - start_s) * rate); i < due; i++)
			start(i);
		more = look(1);
		now = now_s();
	}
	return now - start_s;
}

static int
by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static void
print(double seconds)
{
	size_t k, n = 0;

	qsort(s.ms, s.answered, sizeof(*s.ms), by_value);
	printf("{\"seconds\": %.3f, \"sent\": %zu, \"sent_per_s\": %.1f, "
	       "\"answered\": %zu, \"refused\": %zu, \"held_back\": %zu, "
	       "\"open_peak\": %zu, \"p50_ms\": %.3f, \"p99_ms\": %.3f, "
	       "\"status\": {",
	    seconds, s.sent, (double)s.sent / seconds, s.answered, s.refused,
	    s.held_back, s.open_peak,
	    s.answered == 0 ? 0 : (double)s.ms[s.answered / 2],
	    s.answered == 0 ? 0 : (double)s.ms[s.answered * 99 / 100]);
	for (k = 0; k < STATUS_MAX; k++)
		if (s.status[k] != 0)
			printf("%s\"%zu\": %zu", n++ == 0 ? "" : ", ", k,
			    s.status[k]);
	puts("}}");
}

static void
make(double rate, double seconds)
{
	struct epoll_event ev = {.events = EPOLLIN};
	size_t i;

	s.dice = UINT64_C(0x9e3779b97f4a7c15) ^ (uint64_t)getpid();
	s.conn = calloc(OPEN_MAX_N, sizeof(*s.conn));
	s.ms = calloc((size_t)(rate * (seconds + 1)), sizeof(*s.ms));
	s.ep = epoll_create1(EPOLL_CLOEXEC);
	if (s.conn == NULL || s.ms == NULL || s.ep < 0)
		load_die("no memory");
	if (epoll_ctl(s.ep, EPOLL_CTL_ADD, STDIN_FILENO, &ev) != 0)
		load_die("standard input is no pipe");
	for (i = 0; i < OPEN_MAX_N; i++) {
		s.conn[i].next = s.free;
		s.free = &s.conn[i];
	}
}

int
main(int argc, char **argv)
{
	double rate, seconds, took, until;

	if (argc != 8)
		load_die("usage: PORT RATE SECONDS CHANNEL PID ORDER MONEY");
	s.port = atoi(argv[1]);
	rate = strtod(argv[2], NULL);
	seconds = strtod(argv[3], NULL);
	s.channel = argv[4];
	s.pid = argv[5];
	s.order = argv[6];
	s.money = argv[7];
	if (!(rate >= 1 && rate <= RATE_MAX) ||
	    !(seconds > 0 && seconds <= SECONDS_MAX) || strlen(s.order) < 9)
		load_die("numbers out of range");
	make(rate, seconds);
	took = blow(rate, seconds);
	until = now_s() + PATIENCE;
	while (s.open != 0 && now_s() < until)
		(void)look(10);
	print(took);
	free(s.conn);
	free(s.ms);
	return 0;
}
