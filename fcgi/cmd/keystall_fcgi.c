/* SPDX-License-Identifier: Apache-2.0 */
/* keystall-fcgi: the shop behind a web server. */
#include "proc/master.h"

int
main(int argc, char **argv)
{
	return fcgi_main(argc, argv);
}
