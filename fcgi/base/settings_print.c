/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settings as text: the commented example that is committed as
 * conf/keystall.conf.example, and the values in force.
 */
#include <string.h>

#include "base/settings_row.h"
#include "base/str.h"

enum { WIDTH = 76 };

/* Words of text as comment lines. */
static void
print_comment(FILE *out, const char *text)
{
	size_t col = 0, n;

	while (*text != '\0') {
		n = strcspn(text, " ");
		if (col != 0 && col + 1 + n > WIDTH) {
			fputc('\n', out);
			col = 0;
		}
		col += (size_t)fprintf(
		    out, col == 0 ? "# %.*s" : " %.*s", (int)n, text);
		text += n;
		/* two blanks after a full stop are kept as one break */
		while (*text == ' ')
			text++;
	}
	fputc('\n', out);
}

/* Paths of this build's prefix are shown as a package would have them, so
 * that the example does not depend on where it was built. */
static void
print_default(FILE *out, const struct setting_row *row)
{
	size_t n = strlen(KS_DATA_DIR);

	if (row->kind == SETTING_K_INT)
		fprintf(out, " %lld", (long long)row->num);
	else if (row->kind == SETTING_K_BOOL)
		fputs(row->num != 0 ? " on" : " off", out);
	else if (strncmp(row->str, KS_DATA_DIR, n) == 0)
		fprintf(out, " /usr/share/keystall%s", row->str + n);
	else if (row->str[0] != '\0')
		fprintf(out, " %s", row->str);
}

static void
print_row(FILE *out, const struct setting_row *row)
{
	struct span rest, one;

	if (row->kind == SETTING_K_DIV) {
		fprintf(out, "\n# ---- %s\n", row->text);
		return;
	}
	fputc('\n', out);
	print_comment(out, row->text);
	if (row->kind == SETTING_K_INT)
		fprintf(out, "# From %lld to %lld.", (long long)row->min,
		    (long long)row->max);
	else if (row->kind == SETTING_K_BOOL)
		fputs("# on or off.", out);
	else if (row->kind == SETTING_K_ENUM) {
		fputs("# One of:", out);
		rest = span_str(row->values);
		while (span_cut(&rest, '|', &one))
			fprintf(out, " %.*s", (int)one.n, one.p);
		fputc('.', out);
	} else {
		fputc('#', out);
	}
	fputs((row->flags & RELOAD) != 0 ? " Read again on SIGHUP.\n"
					 : " Read at start.\n",
	    out);
	fprintf(out, "#%s =", row->name);
	print_default(out, row);
	fputc('\n', out);
}

void
settings_print_example(FILE *out)
{
	size_t i;

	fputs(
	    "# Settings of keystall-fcgi, keystall-jobs and keystallctl.\n"
	    "# HDF: name = value, one a line; # begins a comment line.  The\n"
	    "# values shown are the defaults.  An unknown name or a bad value\n"
	    "# refuses to start; `keystallctl check-config` says why.\n",
	    out);
	for (i = 0; i < setting_rows; i++)
		print_row(out, &setting_row[i]);
}

void
settings_print(FILE *out, const struct settings *s)
{
	size_t i;

	for (i = 0; i < setting_rows; i++) {
		const struct setting_row *row = &setting_row[i];

		if (row->kind == SETTING_K_DIV)
			continue;
		fprintf(out, "%s = ", row->name);
		if ((row->flags & SECRET) != 0)
			fputs(setting_str(s, row)[0] != '\0' ? "(set)"
							     : "(unset)",
			    out);
		else if (row->kind == SETTING_K_INT)
			fprintf(out, "%lld", (long long)setting_int(s, row));
		else if (row->kind == SETTING_K_BOOL)
			fputs(setting_int(s, row) != 0 ? "on" : "off", out);
		else
			fputs(setting_str(s, row), out);
		fputc('\n', out);
	}
}
