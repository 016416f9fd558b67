/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libfcgi (FCGX_*_r calls only).  One request at a time.  The traps of
 * DEPENDENCIES F1-F15 end here: short poll timeouts, lost SIGTERM, checked
 * writes, missing parameters.
 */
#ifndef KS_IO_FCGI_H
#define KS_IO_FCGI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"

struct fcgi;

/* fd: a listening socket (0 when inherited). */
MUST_CHECK enum rc fcgi_open(struct arena *keep, int fd, struct fcgi **out);
/* Opens a UNIX socket; an existing one that nobody listens on is replaced. */
MUST_CHECK enum rc fcgi_listen(const char *path, unsigned mode, int backlog,
    const char *group, int *fd, const char **why);
/* Connections that nobody has accepted yet; -1: the kernel does not tell. */
int fcgi_backlog(int fd);

/* Waits for a request.  RC_OK: one is there.  RC_NOTFOUND: asked to stop
 * (fcgi_stop() was called) or the listening socket is gone. */
MUST_CHECK enum rc fcgi_accept(struct fcgi *f);
void fcgi_stop(void); /* async-signal-safe */
/* A descriptor whose hang-up means the same as fcgi_stop(): the pipe to the
 * master.  fcgi_accept() polls it beside the listening socket. */
void fcgi_watch(struct fcgi *f, int fd);
/* fn(arg, true) runs when a connection was taken and before its first byte is
 * read: from here on the watchdog counts, because libfcgi has no read timeout
 * and a half-sent request would hold the worker for ever (F4).  fn(arg, false)
 * runs when that connection came to nothing and fcgi_accept() waits again. */
void fcgi_on_connect(
    struct fcgi *f, void (*fn)(void *arg, bool taken), void *arg);

const char *fcgi_param(struct fcgi *f, const char *name); /* never NULL */
/* All parameters, "NAME=value", NULL-terminated. */
char *const *fcgi_params(struct fcgi *f);
/* Reads up to n bytes of the body; 0 at the end or error. */
size_t fcgi_read(struct fcgi *f, void *p, size_t n);
/* The whole answer, once a request: CGI head, body, end.  RC_FAIL: the peer is
 * gone (the work is done all the same: never infer that the buyer saw it from
 * RC_OK). */
MUST_CHECK enum rc fcgi_answer(
    struct fcgi *f, struct span head, struct span body);
/* A part of an answer that is not in memory as a whole, before the rest of it
 * goes with fcgi_answer(). */
MUST_CHECK enum rc fcgi_part(struct fcgi *f, struct span bytes);
void fcgi_finish(struct fcgi *f);

#endif
