/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One JSON object a line, one write(2) a line (at most PIPE_BUF bytes, longer
 * ones are cut inside their last text field), so lines of several workers
 * never mix.  Fields are typed; secrets have no printer.  Data is never a
 * format string.
 *
 *   log_event(LOG_WARN, "cache_down", LF_STR("server", s), LF_INT("ms", 20));
 *   {"t":"2026-…Z","lvl":"warn","ev":"cache_down","pid":7,"req":"…",…}
 */
#ifndef KS_BASE_LOG_H
#define KS_BASE_LOG_H

#include <stddef.h>
#include <stdint.h>

#include "base/str.h"

enum log_level { LOG_DEBUG, LOG_INFO, LOG_WARN, LOG_ERROR, LOG_LEVEL__N };

enum log_kind { LOG_K_END, LOG_K_STR, LOG_K_INT, LOG_K_U64 };

struct log_field {
	enum log_kind kind;
	const char *name;
	struct span s;
	int64_t i;
	uint64_t u;
};

#define LF_STR(n, v) ((struct log_field){LOG_K_STR, (n), span_str(v), 0, 0})
#define LF_SPAN(n, v) ((struct log_field){LOG_K_STR, (n), (v), 0, 0})
#define LF_INT(n, v) ((struct log_field){LOG_K_INT, (n), {0}, (v), 0})
#define LF_U64(n, v) ((struct log_field){LOG_K_U64, (n), {0}, 0, (v)})

#define LF_END ((struct log_field){LOG_K_END, NULL, {0}, 0, 0})

/* The element in front is there for the comma only. */
#define log_event(lvl, ev, ...)                                                \
	log_write((lvl), (ev),                                                 \
	    &(const struct log_field[]){LF_END, ##__VA_ARGS__, LF_END}[1])

/* file = NULL: standard error.  A file is opened for append, 0640. */
enum rc log_open(const char *file, enum log_level min);
/* After SIGHUP: opens the same path again; keeps the old one on failure. */
void log_reopen(void);
void log_write(
    enum log_level lvl, const char *event, const struct log_field *fields);
/* The request id that lines of this process carry; NULL for none. */
void log_request(const char *id);
/* The program's name in each line ("fcgi", "jobs", "ctl"); static text. */
void log_program(const char *name);

#endif
