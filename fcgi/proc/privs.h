/* SPDX-License-Identifier: Apache-2.0 */
/* What a process gives up before it listens to strangers. */
#ifndef KS_PROC_PRIVS_H
#define KS_PROC_PRIVS_H

#include "proc/start.h"

/* Strangers are not served as root: RC_INVALID, and says so, when this is root
 * and no user is set.  Before anything is opened. */
MUST_CHECK enum rc privs_check(const struct program *p);
/* Started as root with a user set: becomes that user and group, for good.  It
 * cannot be done: says why, RC_INVALID. */
MUST_CHECK enum rc privs_drop(const struct program *p);
/* No core files, no ptrace, no new privileges through exec. */
void privs_harden(void);

#endif
