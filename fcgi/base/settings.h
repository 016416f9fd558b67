/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The settings file: HDF syntax (`name = value`, `#` comments, `<<EOM`
 * texts), flat names, all of them in settings.def.  An unknown name, a name
 * twice, a bad value or an unreadable file refuses to start, with file, line
 * and the reason in one line.
 *
 * Own small reader (base may use libc only): it accepts what hdf_read_file()
 * accepts of flat files, and a test compares the two.
 */
#ifndef KS_BASE_SETTINGS_H
#define KS_BASE_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/rc.h"

struct settings {
#define SETTING_INT(name, def, min, max, flags, text) int64_t name;
#define SETTING_STR(name, def, flags, text) const char *name;
#define SETTING_BOOL(name, def, flags, text) bool name;
#define SETTING_ENUM(name, def, values, flags, text) const char *name;
#define SETTING_DIV(text)
#include "base/settings.def"
#undef SETTING_INT
#undef SETTING_STR
#undef SETTING_BOOL
#undef SETTING_ENUM
#undef SETTING_DIV
	const char *file; /* where it was read from */
};

/* All defaults; texts live in a. */
const struct settings *settings_defaults(struct arena *a);
/* RC_INVALID: *why is one line "file:line: name: reason" in a.  A file named
 * by the X_file of a secret X is read here: its first line; it may be open to
 * its owner and group only, and so may a settings file with a secret in it. */
MUST_CHECK enum rc settings_load(struct arena *a, const char *file,
    const struct settings **out, const char **why);
/* After a reload: the first setting marked RESTART that differs, or NULL. */
const char *settings_restart_needed(
    const struct settings *old, const struct settings *new);
/* The commented example, conf/keystall.conf.example. */
void settings_print_example(FILE *out);
/* Values in force, one a line; secrets as "(set)" or "(unset)". */
void settings_print(FILE *out, const struct settings *s);

#endif
