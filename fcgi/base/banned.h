/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions that cost others dearly.  Included last by every .c file through
 * the compiler's -include; base/time.c, base/settings.c, io/crypt.c and the
 * few others that own one of them define KS_ALLOW_BANNED first.
 */
#ifndef KS_BASE_BANNED_H
#define KS_BASE_BANNED_H
#endif
