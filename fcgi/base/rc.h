/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the world can cause.  A bug calls BUG() instead (bug.h), and running
 * out of memory does not return (arena.h).  The compiler makes the caller
 * look: every function that returns an rc is MUST_CHECK.
 */
#ifndef KS_BASE_RC_H
#define KS_BASE_RC_H

#define MUST_CHECK __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, args) __attribute__((format(printf, fmt, args)))

enum rc {
	RC_OK,
	RC_NOTFOUND, /* no such thing, or not yours to see */
	RC_INVALID,  /* the input breaks a rule the sender can fix */
	RC_DENIED,   /* known caller, not allowed */
	RC_CONFLICT, /* somebody was faster, or it is done already */
	RC_BUSY,     /* try again: deadlock, lock wait, overload */
	RC_FAIL,     /* a foreign part failed; logged where it happened */
	RC__N
};

/* "ok", "notfound", ...: for logs and metrics. */
const char *rc_name(enum rc rc);

#endif
