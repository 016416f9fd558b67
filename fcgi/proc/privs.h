/* SPDX-License-Identifier: Apache-2.0 */
/* What a process gives up before it listens to strangers. */
#ifndef KS_PROC_PRIVS_H
#define KS_PROC_PRIVS_H

#include "proc/start.h"

/* Started as root: becomes the user and group of the settings, for good.  No
 * user set, or it cannot be done: says why, RC_INVALID.  Not root: RC_OK. */
MUST_CHECK enum rc privs_drop(const struct program *p);
/* No core files, no ptrace, no new privileges through exec. */
void privs_harden(void);

#endif
