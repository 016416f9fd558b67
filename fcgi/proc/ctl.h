/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keystallctl: the operator's tool.  Each sub-command is one row of the table
 * in ctl.c and one file ctl_<name>.c.
 */
#ifndef KS_PROC_CTL_H
#define KS_PROC_CTL_H

#include "proc/start.h"

enum { CTL_OK = 0, CTL_BAD = 1, CTL_USAGE = 64 };

struct ctl {
	struct program *program;
	struct ctx *cx; /* begun; NULL unless the row asks for keys */
};

/* args: what follows the sub-command's name, NULL-terminated.  The exit
 * code; CTL_USAGE prints the row's usage line. */
typedef int (*ctl_fn)(struct ctl *c, char **args);

int ctl_admin(struct ctl *c, char **args);
int ctl_cards(struct ctl *c, char **args);
int ctl_channel(struct ctl *c, char **args);
int ctl_check_config(struct ctl *c, char **args);
int ctl_doctor(struct ctl *c, char **args);
int ctl_key(struct ctl *c, char **args);
int ctl_migrate(struct ctl *c, char **args);
int ctl_routes(struct ctl *c, char **args);
int ctl_seed(struct ctl *c, char **args);
int ctl_settings(struct ctl *c, char **args);
int ctl_verify(struct ctl *c, char **args);
int ctl_version(struct ctl *c, char **args);

/* How many there are. */
size_t ctl_count(char **args);
/* "--name VALUE" anywhere in args: takes both out and gives the value; NULL:
 * it is not there.  *bad when the value is missing. */
const char *ctl_option(char **args, const char *name, bool *bad);
/* "--name": takes it out. */
bool ctl_flag(char **args, const char *name);
/* Says why something could not be done; CTL_BAD. */
int ctl_fail(const struct ctl *c, enum rc rc, const char *what);

/* Everything from argv to the exit code. */
int ctl_main(int argc, char **argv);

#endif
