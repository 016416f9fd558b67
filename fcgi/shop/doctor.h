/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Weak or wrong things around the shop that can be seen from inside: the
 * database and its settings, replicas, cache, channels, people, the job
 * process.  Files, sockets and the settings file are looked at by
 * proc/ctl_doctor.c.
 */
#ifndef KS_SHOP_DOCTOR_H
#define KS_SHOP_DOCTOR_H

#include <stddef.h>

#include "base/vec.h"
#include "io/ctx.h"

enum finding_level {
	FINDING_OK,
	FINDING_NOTE, /* a choice, worth knowing */
	FINDING_WARN, /* weak: works until something happens */
	FINDING_BAD   /* wrong: does not work, or loses something */
};

struct finding {
	enum finding_level level;
	const char *what; /* "database", "replica" ... */
	const char *text; /* one line */
};

typedef VEC(struct finding) findings;

void finding_add(struct ctx *cx, findings *f, enum finding_level level,
    const char *what, const char *fmt, ...) PRINTF_LIKE(5, 6);

/* Adds what it sees; never fails: what cannot be asked is a finding. */
void doctor_look(struct ctx *cx, findings *f);

#endif
