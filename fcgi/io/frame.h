/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Frames over a UNIX socket between processes of this machine: four bytes of
 * length, the lowest first, and so many bytes.  A caller asks and waits; a
 * server has many callers, each with one question at a time.
 */
#ifndef KS_IO_FRAME_H
#define KS_IO_FRAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/rc.h"
#include "base/str.h"

enum { FRAME_HEAD = 4, FRAME_MAX = 32 * 1024, FRAME_ANSWER_MAX = 2048 };

/* ---- asking */

/* *fd is the connection, -1 for none: opened when needed, kept while it is
 * good.  until: monotonic us.
 *   RC_OK        *got bytes of answer
 *   RC_NOTFOUND  nobody has the whole question: it is certainly not dealt with
 *   RC_FAIL      handed over; the other side hung up without an answer
 *   RC_BUSY      handed over; no answer in time
 * After RC_FAIL and RC_BUSY what came of the question is unknown. */
MUST_CHECK enum rc frame_ask(int *fd, const char *path, struct span question,
    int64_t until, char answer[FRAME_ANSWER_MAX], size_t *got);
void frame_close(int *fd);

/* ---- being asked */

struct frame_conn {
	int fd;         /* -1: free */
	unsigned ready; /* bytes of the whole question; 0: not all there */
	size_t n;       /* bytes read */
	char *p;        /* FRAME_HEAD + FRAME_MAX of them */
};

/* The next caller that waits at listen_fd (non-blocking), or RC_NOTFOUND.
 * Memory comes from keep once and stays with the slot. */
MUST_CHECK enum rc frame_accept(
    struct frame_conn *c, struct arena *keep, int listen_fd);
/* Takes what has come in.  RC_OK: the question is whole (frame_question()).
 * RC_NOTFOUND: not yet.  RC_FAIL: gone, or no frame; the slot is free. */
MUST_CHECK enum rc frame_take(struct frame_conn *c);
struct span frame_question(const struct frame_conn *c);
/* Ends the question.  A caller that does not take the answer is hung up on. */
void frame_answer(struct frame_conn *c, struct span answer);
void frame_hang_up(struct frame_conn *c);

#endif
