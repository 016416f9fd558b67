/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A slow line to a server on this machine: a process that passes bytes on
 * between a socket of its own and the server's, each piece after a random
 * pause in either direction.  Slow statements are what widens the windows in
 * which two transactions meet.
 */
#ifndef KS_TESTS_SLOWLINE_H
#define KS_TESTS_SLOWLINE_H

#include <sys/types.h>

/* Opens `path'; every connection goes to the UNIX socket `to' by a process of
 * its own; no piece waits longer than most_us. */
pid_t slowline_start(const char *path, const char *to, unsigned most_us);
void slowline_stop(pid_t pid);

#endif
