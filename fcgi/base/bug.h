/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bug of ours ends the process: what it would do next cannot be trusted.
 * One line goes to the log (file, line, function, request id, route), then
 * abort(); the master counts it and starts another worker.
 */
#ifndef KS_BASE_BUG_H
#define KS_BASE_BUG_H

#define BUG(msg) bug_panic(__FILE__, __LINE__, __func__, (msg))
#define BUG_ON(cond)                                                           \
	do {                                                                   \
		if (cond)                                                      \
			bug_panic(__FILE__, __LINE__, __func__, #cond);        \
	} while (0)

__attribute__((noreturn)) void bug_panic(
    const char *file, int line, const char *func, const char *what);

/* Memory has run out: one line, exit code 3, never returns. */
__attribute__((noreturn)) void no_memory(unsigned long wanted);

/* What the panic line shall name; both may be NULL.  Kept by pointer. */
void bug_context(const char *request_id, const char *route);

#endif
