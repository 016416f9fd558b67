/* SPDX-License-Identifier: Apache-2.0 */
/* keystallctl cards import: a file of cards into stock, in one go. */
#include "proc/ctl.h"

#include "shop/stock.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static void
report(const struct batch *b)
{
	printf("batch %" PRIu64 "\nlines %" PRIu64 "\nadded %" PRIu64
	       "\nblank %" PRIu64 "\nduplicate in file %" PRIu64
	       "\nduplicate in stock %" PRIu64 "\nduplicate of sold %" PRIu64
	       "\nduplicate elsewhere %" PRIu64 "\nbad %" PRIu64 "\n",
	    b->id, b->lines, b->added, b->blank, b->dup_file, b->dup_stock,
	    b->dup_sold, b->dup_other, b->bad);
}

int
ctl_cards(struct ctl *c, char **args)
{
	bool bad_sku, bad_batch;
	const char *sku = ctl_option(args, "--sku", &bad_sku);
	const char *name = ctl_option(args, "--batch", &bad_batch);
	struct batch b = {0};
	enum rc rc;
	int fd;

	if (bad_sku || bad_batch || sku == NULL || ctl_count(args) != 2 ||
	    !str_eq(args[0], "import"))
		return CTL_USAGE;
	fd = str_eq(args[1], "-") ? STDIN_FILENO
				  : open(args[1], O_RDONLY | O_CLOEXEC);
	if (fd < 0) {
		program_say(c->program, "%s: %s", args[1], strerror(errno));
		return CTL_BAD;
	}
	rc = import_file(c->cx, sku, name == NULL ? "" : name, fd, &b);
	if (fd != STDIN_FILENO)
		close(fd);
	if (rc != RC_OK)
		return ctl_fail(c, rc, sku);
	report(&b);
	return CTL_OK;
}
