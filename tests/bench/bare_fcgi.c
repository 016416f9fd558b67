/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The limit of a page: a FastCGI program that does nothing but print bytes it
 * read once at its start.  Whatever Keystall does between accept and the last
 * byte is the distance to this.
 *
 *     bare_fcgi SOCKET PROCESSES NAME=FILE...
 *
 * PATH_INFO "/NAME" answers with FILE, which holds the whole CGI answer:
 * header lines, an empty line, the body.
 */
#include <fcgiapp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { BACKLOG = 511, PAGES_MAX = 16 };

struct page {
	const char *name;
	size_t name_n;
	char *bytes;
	int n;
};

static struct page pages[PAGES_MAX];
static size_t pages_n;

static _Noreturn void
die(const char *what)
{
	perror(what);
	exit(1);
}

static void
page_read(const char *arg)
{
	struct page *p = &pages[pages_n++];
	const char *eq = strchr(arg, '=');
	FILE *f;
	long n;

	if (eq == NULL || pages_n == PAGES_MAX) {
		fputs("bare_fcgi: NAME=FILE is wanted\n", stderr);
		exit(2);
	}
	p->name = arg;
	p->name_n = (size_t)(eq - arg);
	f = fopen(eq + 1, "rb");
	if (f == NULL || fseek(f, 0, SEEK_END) != 0 || (n = ftell(f)) <= 0)
		die(eq + 1);
	rewind(f);
	p->bytes = malloc((size_t)n);
	if (p->bytes == NULL || fread(p->bytes, 1, (size_t)n, f) != (size_t)n)
		die(eq + 1);
	p->n = (int)n;
	fclose(f);
}

static const struct page *
page_of(const char *path)
{
	size_t i;

	for (i = 0; path != NULL && *path == '/' && i < pages_n; i++)
		if (strlen(path + 1) == pages[i].name_n &&
		    memcmp(path + 1, pages[i].name, pages[i].name_n) == 0)
			return &pages[i];
	return NULL;
}

static void
serve(int fd)
{
	static const char none[] = "Status: 404 Not Found\r\n\r\n";
	const struct page *p;
	FCGX_Request rq;

	if (FCGX_InitRequest(&rq, fd, 0) != 0)
		exit(1);
	while (FCGX_Accept_r(&rq) == 0) {
		p = page_of(FCGX_GetParam("PATH_INFO", rq.envp));
		if (p != NULL)
			FCGX_PutStr(p->bytes, p->n, rq.out);
		else
			FCGX_PutStr(none, sizeof(none) - 1, rq.out);
		FCGX_Finish_r(&rq);
	}
	exit(1);
}

int
main(int argc, char **argv)
{
	int fd, i, n;

	if (argc < 4 || (n = atoi(argv[2])) < 1) {
		fputs(
		    "usage: bare_fcgi SOCKET PROCESSES NAME=FILE...\n", stderr);
		return 2;
	}
	for (i = 3; i < argc; i++)
		page_read(argv[i]);
	if (FCGX_Init() != 0 || (fd = FCGX_OpenSocket(argv[1], BACKLOG)) < 0)
		die(argv[1]);
	for (i = 0; i < n; i++) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (pid == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			serve(fd);
		}
	}
	/* none of them ends by itself: the first that does is an error */
	wait(NULL);
	return 1;
}
