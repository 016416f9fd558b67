/* SPDX-License-Identifier: Apache-2.0 */
/* The table behind settings.h, for the files settings*.c only. */
#ifndef KS_BASE_SETTINGS_ROW_H
#define KS_BASE_SETTINGS_ROW_H

#include <stddef.h>
#include <stdint.h>

#include "base/settings.h"

enum setting_flag { RESTART = 1, RELOAD = 2, SECRET = 4 };

enum setting_kind {
	SETTING_K_DIV, /* a heading: only text is set */
	SETTING_K_INT,
	SETTING_K_STR,
	SETTING_K_BOOL,
	SETTING_K_ENUM
};

struct setting_row {
	enum setting_kind kind;
	const char *name;
	size_t at;          /* of the member in struct settings */
	int64_t num;        /* default of INT and BOOL */
	int64_t min, max;   /* of INT */
	const char *str;    /* default of STR and ENUM */
	const char *values; /* of ENUM: "a|b" */
	unsigned flags;
	const char *text;
};

extern const struct setting_row setting_row[];
extern const size_t setting_rows;

const char *setting_str(
    const struct settings *s, const struct setting_row *row);
/* Of INT and BOOL. */
int64_t setting_int(const struct settings *s, const struct setting_row *row);

/* What is wrong with the value of a STR, or NULL.  Static text. */
const char *setting_reason(const char *name, const char *value);

#endif
