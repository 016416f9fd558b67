/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How many connections wait on the listening socket.  The kernel tells it for
 * TCP in TCP_INFO, where a listening socket has its queue in tcpi_unacked,
 * and for UNIX sockets by netlink (sock_diag(7), unix_diag).
 */
#include "io/fcgi.h"

#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/sock_diag.h>
#include <linux/unix_diag.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

enum { ANSWER = 4096, WAIT_MS = 20 };

static int
tcp_backlog(int fd)
{
	struct tcp_info info;
	socklen_t n = sizeof(info);

	if (getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &n) != 0)
		return -1;
	return (int)info.tcpi_unacked;
}

static bool
ask(int nl, ino_t ino)
{
	struct {
		struct nlmsghdr head;
		struct unix_diag_req req;
	} m = {
	    .head = {.nlmsg_len = sizeof(m),
		.nlmsg_type = SOCK_DIAG_BY_FAMILY,
		.nlmsg_flags = NLM_F_REQUEST},
	    .req = {.sdiag_family = AF_UNIX,
		.udiag_states = UINT32_MAX,
		.udiag_ino = (uint32_t)ino,
		.udiag_show = UDIAG_SHOW_RQLEN,
		.udiag_cookie = {UINT32_MAX, UINT32_MAX}},
	};

	return send(nl, &m, sizeof(m), 0) == (ssize_t)sizeof(m);
}

static int
queue_of(const struct nlmsghdr *h)
{
	const struct unix_diag_msg *m = NLMSG_DATA(h);
	struct unix_diag_rqlen q;
	const struct rtattr *a;
	int left = (int)h->nlmsg_len - (int)NLMSG_SPACE(sizeof(*m));

	for (a = (const void *)(m + 1); RTA_OK(a, left); a = RTA_NEXT(a, left))
		if (a->rta_type == UNIX_DIAG_RQLEN &&
		    RTA_PAYLOAD(a) >= sizeof(q)) {
			memcpy(&q, RTA_DATA(a), sizeof(q));
			return (int)q.udiag_rqueue;
		}
	return -1;
}

static int
unix_backlog(int fd)
{
	const struct timeval limit = {0, WAIT_MS * 1000};
	union {
		struct nlmsghdr head;
		char bytes[ANSWER];
	} in;
	struct stat st;
	int nl, waiting = -1;
	ssize_t n;

	if (fstat(fd, &st) != 0)
		return -1;
	nl = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG);
	if (nl < 0)
		return -1;
	(void)setsockopt(nl, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	if (ask(nl, st.st_ino)) {
		n = recv(nl, in.bytes, sizeof(in.bytes), 0);
		if (n > 0 && NLMSG_OK(&in.head, (size_t)n) &&
		    in.head.nlmsg_type == SOCK_DIAG_BY_FAMILY)
			waiting = queue_of(&in.head);
	}
	(void)close(nl);
	return waiting;
}

int
fcgi_backlog(int fd)
{
	struct sockaddr_storage at;
	socklen_t n = sizeof(at);

	if (getsockname(fd, (struct sockaddr *)&at, &n) != 0)
		return -1;
	return at.ss_family == AF_UNIX ? unix_backlog(fd) : tcp_backlog(fd);
}
