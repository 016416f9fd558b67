/* SPDX-License-Identifier: Apache-2.0 */
/* keystallctl seed demo: goods, texts and keys to try the shop with. */
#include "proc/ctl.h"

#include "base/str.h"
#include "shop/seed.h"

#include <inttypes.h>
#include <stdio.h>

int
ctl_seed(struct ctl *c, char **args)
{
	struct seed_result r;
	const char *why = "";
	enum rc rc;

	if (ctl_count(args) != 1 || !str_eq(args[0], "demo"))
		return CTL_USAGE;
	rc = seed_demo(c->cx, c->program->set->seed_dir, &r, &why);
	if (rc != RC_OK)
		return ctl_fail(c, rc, str_empty(why) ? "demo" : why);
	if (r.before)
		printf("the demo shop is there already\n");
	printf("categories %u\ngoods %u\nskus %u\ncards %" PRIu64
	       "\ncoupons %u\npages %u\n",
	    r.categories, r.goods, r.skus, r.cards, r.coupons, r.pages);
	return CTL_OK;
}
