/* SPDX-License-Identifier: Apache-2.0 */
/* keystall-jobs: what the shop does without being asked. */
#include "proc/jobs.h"

int
main(int argc, char **argv)
{
	return jobs_main(argc, argv);
}
