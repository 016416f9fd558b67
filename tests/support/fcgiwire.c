/* SPDX-License-Identifier: Apache-2.0 */
/* A raw FastCGI client: records as bytes. */
#include "support/fcgiwire.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

void
put_record(struct buf *b, int type, const void *p, size_t n)
{
	unsigned char head[8] = {1, (unsigned char)type, 0, 1,
	    (unsigned char)(n >> 8), (unsigned char)n, 0, 0};

	buf_add(b, head, 8);
	buf_add(b, p, n);
}

void
put_param(struct buf *b, const char *name, const char *value)
{
	size_t n = strlen(value);

	buf_chr(b, (char)strlen(name));
	if (n > 127) {
		buf_chr(b, (char)(0x80 | (n >> 24)));
		buf_chr(b, (char)(n >> 16));
		buf_chr(b, (char)(n >> 8));
	}
	buf_chr(b, (char)n);
	buf_str(b, name);
	buf_str(b, value);
}

/* A whole request; body NULL: a GET. */
struct span
request(const char *uri, const char *body, bool keep)
{
	unsigned char begin[8] = {0, 1, keep, 0, 0, 0, 0, 0};
	struct buf b, p;

	buf_init(&b, ta, 1024, 1 << 20);
	buf_init(&p, ta, 1024, 1 << 16);
	put_record(&b, BEGIN, begin, 8);
	put_param(&p, "REQUEST_URI", uri);
	put_param(&p, "CONTENT_LENGTH",
	    body == NULL ? "" : arena_fmt(ta, "%zu", strlen(body)));
	put_record(&b, PARAMS, p.p, p.len);
	put_record(&b, PARAMS, "", 0);
	if (body != NULL)
		put_record(&b, STDIN, body, strlen(body));
	put_record(&b, STDIN, "", 0);
	return (struct span){b.p, b.len};
}

int
dial(const char *path)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM, 0);

	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	assert_int_equal(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
	return fd;
}

void
send_all(int fd, struct span s)
{
	assert_int_equal(send(fd, s.p, s.n, MSG_NOSIGNAL), (ssize_t)s.n);
}

bool
get(int fd, void *p, size_t n)
{
	struct pollfd w = {fd, POLLIN, 0};
	size_t got = 0;
	ssize_t r;

	while (got < n) {
		if (poll(&w, 1, 5000) != 1)
			return false;
		r = read(fd, (char *)p + got, n - got);
		if (r <= 0)
			return false;
		got += (size_t)r;
	}
	return true;
}

/* The answer's text; NULL: no whole answer came. */
const char *
answer(int fd)
{
	unsigned char head[8];
	struct buf out;
	char *p;
	size_t n;

	buf_init(&out, ta, 256, 8 << 20);
	while (get(fd, head, 8)) {
		n = (size_t)head[4] * 256 + head[5];
		p = arena_alloc(ta, n + head[6]);
		if (!get(fd, p, n + head[6]))
			return NULL;
		if (head[1] == STDOUT)
			buf_add(&out, p, n);
		if (head[1] == END)
			return buf_text(&out);
	}
	return NULL;
}

const char *
ask(const char *path, const char *uri, const char *body)
{
	int fd = dial(path);
	const char *got;

	send_all(fd, request(uri, body, false));
	got = answer(fd);
	(void)close(fd);
	return got;
}
