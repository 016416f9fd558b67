/* SPDX-License-Identifier: Apache-2.0 */
/* keystallctl: the operator's tool. */
#include "proc/ctl.h"

int
main(int argc, char **argv)
{
	return ctl_main(argc, argv);
}
