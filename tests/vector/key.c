/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A private key of the merchant's, made once per run: the vectors hold public
 * halves only, and an account without a private key cannot be set up.
 */
#include "support/rsakey.h"
#include "vector/vector.h"

const char *
vec_private_key(void)
{
	static struct rsakey key;

	if (key.secret[0] == '\0')
		rsakey_make(&key);
	return key.secret;
}
