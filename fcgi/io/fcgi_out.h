/* SPDX-License-Identifier: Apache-2.0 */
/* What fcgi_out.c offers to fcgi.c; nobody else includes this. */
#ifndef KS_IO_FCGI_OUT_H
#define KS_IO_FCGI_OUT_H

#include "base/rc.h"
#include "base/str.h"

/* The whole answer of a request and its end, in as few system calls as the
 * socket takes.  RC_FAIL: the peer is gone, or reads nothing. */
MUST_CHECK enum rc fcgi_out(
    int fd, unsigned request, struct span head, struct span body);

/* Some of it; more follows. */
MUST_CHECK enum rc fcgi_out_part(int fd, unsigned request, struct span bytes);

#endif
