/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How each of the three programs begins: options, settings, log, keys.  What
 * is wrong is said in one line on standard error, and the program ends with
 * START_BAD.
 */
#ifndef KS_PROC_START_H
#define KS_PROC_START_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/rc.h"
#include "base/settings.h"
#include "io/ctx.h"

enum { START_BAD = 78 }; /* EX_CONFIG: a supervisor need not try again */

struct program {
	const char *name;     /* "keystall-fcgi" */
	const char *log_name; /* "fcgi" */
	const char *config;   /* the settings file */
	struct arena *keep;
	const struct settings *set;
	const struct keyring *keys; /* NULL without program_keys() */
	char **args;                /* what follows the options, NULL at end */
	bool once;                  /* --once (keystall-jobs) */
};

/* Reads "-c FILE" and --once, then the file.  A usage error, a bad file: says
 * so and returns RC_INVALID. */
MUST_CHECK enum rc program_start(struct program *p, int argc, char **argv);
/* A SIGHUP that comes while a server still starts must not end it: it waits
 * until the loop takes it.  First of all in such a program. */
void program_hold_hup(void);
/* Only the options: for sub-commands that need no settings. */
MUST_CHECK enum rc program_options(struct program *p, int argc, char **argv);
/* The log as the settings say.  After privileges are dropped. */
MUST_CHECK enum rc program_log(struct program *p);
/* OpenSSL and the key file.  After privileges are dropped: it belongs to the
 * user of the shop. */
MUST_CHECK enum rc program_keys(struct program *p);
/* A context over the program: database and cache not yet connected.  In a
 * worker after fork. */
void program_ctx(const struct program *p, struct ctx *cx);
void program_end(struct program *p);

/* "keystall-fcgi: <text>" on standard error; returns RC_INVALID. */
enum rc program_say(const struct program *p, const char *fmt, ...)
    PRINTF_LIKE(2, 3);

#endif
