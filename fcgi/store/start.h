/* SPDX-License-Identifier: Apache-2.0 */
/* Hands the generated table of statements to io/db.c. */
#ifndef KS_STORE_START_H
#define KS_STORE_START_H

void store_start(void);

#endif
