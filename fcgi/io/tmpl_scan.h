/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a template may contain, checked on its text before ClearSilver parses
 * it.  Used by tmpl.c alone.
 */
#ifndef KS_IO_TMPL_SCAN_H
#define KS_IO_TMPL_SCAN_H

#include "base/arena.h"
#include "base/rc.h"

/* The file dir/name and all that it includes.  RC_INVALID: *why is one line
 * "name:line: reason" in a. */
MUST_CHECK enum rc tmpl_scan(
    struct arena *a, const char *dir, const char *name, const char **why);

#endif
