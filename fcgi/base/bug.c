/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The two ways a process ends itself.  Both write one line with one write(2)
 * and no allocation: the heap may be what is broken.  The line is built by
 * hand because printf's error paths may allocate.
 */
#include "base/bug.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"

#undef abort /* what BUG() is */

enum { EXIT_NO_MEMORY = 3 };

static const char *context_request, *context_route;

void
bug_context(const char *request_id, const char *route)
{
	context_request = request_id;
	context_route = route;
}

void
bug_panic(const char *file, int line, const char *func, const char *what)
{
	log_event(LOG_ERROR, "bug", LF_STR("file", file), LF_INT("line", line),
	    LF_STR("func", func), LF_STR("request", context_request),
	    LF_STR("route", context_route), LF_STR("what", what));
	abort();
}

void
no_memory(unsigned long wanted)
{
	log_event(LOG_ERROR, "no_memory", LF_U64("wanted", wanted),
	    LF_STR("request", context_request), LF_STR("route", context_route));
	_exit(EXIT_NO_MEMORY);
}
