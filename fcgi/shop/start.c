/* SPDX-License-Identifier: Apache-2.0 */
/* Start of a program, as far as the layers below the shop are concerned. */
#include "shop/start.h"

#include "store/start.h"

void
shop_start(void)
{
	store_start();
}
