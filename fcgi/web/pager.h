/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Pages of a list: which numbers to show, and their addresses.
 */
#ifndef KS_WEB_PAGER_H
#define KS_WEB_PAGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct response;

enum { PAGER_MAX = 9 };

/* Page numbers to show around here, ascending; 0 stands for a gap.  The first
 * and the last page are always among them.  Nothing for a single page. */
size_t pager_numbers(unsigned here, unsigned last, unsigned out[PAGER_MAX]);
/* Pages that total entries fill; at least 1. */
unsigned pager_last(uint64_t total, unsigned per_page);

/* Fills Pager of the page's data (page/part_pager.cs).  base: the address up
 * to the number, "/c/games?sort=new&page=". */
void pager_show(
    struct response *rs, const char *base, unsigned here, unsigned last);

#endif
