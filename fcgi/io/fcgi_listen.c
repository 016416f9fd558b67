/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The listening socket: only the web server may write to it (F1), so it is
 * made with no permissions and gets its group and mode before it listens.
 * What stands at the path is removed only if it is a socket that nobody
 * answers on.
 */
#include "io/fcgi.h"

#include <errno.h>
#include <grp.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static int
try_connect(const struct sockaddr_un *at)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0), error = 0;

	if (fd < 0)
		return errno;
	if (connect(fd, (const struct sockaddr *)at, sizeof(*at)) != 0)
		error = errno;
	(void)close(fd);
	return error;
}

/* NULL: the path is free now. */
static const char *
make_room(const struct sockaddr_un *at)
{
	struct stat st;

	if (lstat(at->sun_path, &st) != 0)
		return errno == ENOENT ? NULL : strerror(errno);
	if (!S_ISSOCK(st.st_mode))
		return "something that is not a socket stands there";
	switch (try_connect(at)) {
	case 0:
	case EAGAIN: /* its queue is full: somebody is very much there */
		return "another process listens there";
	case ECONNREFUSED:
		return unlink(at->sun_path) == 0 ? NULL : strerror(errno);
	default:
		return strerror(errno);
	}
}

static const char *
set_rights(const char *path, unsigned mode, const char *group)
{
	const struct group *g;

	if (group != NULL && *group != '\0') {
		g = getgrnam(group);
		if (g == NULL)
			return "there is no such group";
		if (chown(path, (uid_t)-1, g->gr_gid) != 0)
			return strerror(errno);
	}
	return chmod(path, mode) == 0 ? NULL : strerror(errno);
}

static const char *
bind_and_listen(int fd, const struct sockaddr_un *at, unsigned mode,
    int backlog, const char *group)
{
	const char *why;
	mode_t old;
	int bad;

	old = umask(0777);
	bad = bind(fd, (const struct sockaddr *)at, sizeof(*at));
	(void)umask(old);
	if (bad != 0)
		return strerror(errno);
	why = set_rights(at->sun_path, mode, group);
	if (why == NULL && listen(fd, backlog) != 0)
		why = strerror(errno);
	if (why != NULL)
		(void)unlink(at->sun_path);
	return why;
}

enum rc
fcgi_listen(const char *path, unsigned mode, int backlog, const char *group,
    int *fd, const char **why)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int s;

	*why = NULL;
	if (strlen(path) >= sizeof(at.sun_path))
		*why = "the path is too long for a socket";
	else if ((mode & ~0660u) != 0 || (mode & 0600) != 0600)
		*why = "the mode must be 0600 or 0660";
	if (*why != NULL)
		return RC_INVALID;
	memcpy(at.sun_path, path, strlen(path));
	*why = make_room(&at);
	if (*why != NULL)
		return RC_FAIL;
	s = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (s < 0) {
		*why = strerror(errno);
		return RC_FAIL;
	}
	*why = bind_and_listen(s, &at, mode, backlog, group);
	if (*why != NULL) {
		(void)close(s);
		return RC_FAIL;
	}
	*fd = s;
	return RC_OK;
}
