/* SPDX-License-Identifier: Apache-2.0 */
/* What a program does once before it asks the shop anything: tells the
 * database layer the named statements. */
#ifndef KS_SHOP_START_H
#define KS_SHOP_START_H

void shop_start(void);

#endif
