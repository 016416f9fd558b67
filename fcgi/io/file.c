/* SPDX-License-Identifier: Apache-2.0 */
/* Reads templates, catalogues and data files.  Secrets are not read this way:
 * the arena is not wiped memory (io/keyfile.c, base/settings.c). */
#include "io/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *
read_all(int fd, char *p, size_t want, size_t *got)
{
	ssize_t n;

	*got = 0;
	while (*got < want) {
		n = read(fd, p + *got, want - *got);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return strerror(errno);
		if (n == 0)
			break;
		*got += (size_t)n;
	}
	return NULL;
}

static const char *
slurp(struct arena *a, int fd, size_t max, struct span *out)
{
	const char *why;
	struct stat st;
	size_t n;
	char *p;

	if (fstat(fd, &st) != 0)
		return strerror(errno);
	if (!S_ISREG(st.st_mode))
		return "not a file";
	if ((uint64_t)st.st_size > max)
		return "too long";
	p = arena_alloc(a, (size_t)st.st_size + 1);
	why = read_all(fd, p, (size_t)st.st_size, &n);
	if (why != NULL)
		return why;
	if (memchr(p, '\0', n) != NULL)
		return "not a text: it holds a NUL";
	*out = (struct span){p, n};
	return NULL;
}

enum rc
file_text(struct arena *a, const char *file, size_t max, struct span *out,
    const char **why)
{
	const char *bad;
	int fd;

	fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		*why = arena_fmt(a, "%s: %s", file, strerror(errno));
		return RC_INVALID;
	}
	bad = slurp(a, fd, max, out);
	(void)close(fd);
	if (bad == NULL)
		return RC_OK;
	*why = arena_fmt(a, "%s: %s", file, bad);
	return RC_INVALID;
}

/* ---- writing */

int
file_write_out(int fd, struct span text)
{
	int bad = 0;
	ssize_t did;

	while (bad == 0 && text.n != 0) {
		did = write(fd, text.p, text.n);
		if (did < 0 && errno != EINTR)
			bad = errno;
		if (did > 0) {
			text.p += did;
			text.n -= (size_t)did;
		}
	}
	if (bad == 0 && fsync(fd) != 0)
		bad = errno;
	if (close(fd) != 0 && bad == 0)
		bad = errno;
	return bad;
}

void
file_sync_folder(const char *file)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(file, '/');
	size_t n = slash == NULL ? 0 : (size_t)(slash - file);
	int fd;

	if (n >= sizeof(dir))
		return;
	memcpy(dir, file, n);
	dir[n] = '\0';
	if (n == 0)
		(void)snprintf(dir, sizeof(dir), slash == NULL ? "." : "/");
	fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	(void)fsync(fd);
	(void)close(fd);
}
