/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Functions that cost others dearly, as compile errors.
 *
 * The build includes this before each file of fcgi/ (fcgi/local.mk), so nobody
 * can forget it.  It includes the headers that declare these names first, or
 * their declarations would not compile.  A file that owns one of them says so:
 *
 *	#undef getenv -- and why
 *
 * and tests/lint/bans.awk knows which file may.
 */
#ifndef KS_BASE_BANNED_H
#define KS_BASE_BANNED_H

#include <alloca.h>
#include <ctype.h>
#include <locale.h>
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#define KS_BANNED(name, instead) ks_banned_##name##_use_##instead

/* no bound on what they write, or a NUL that may be missing */
#undef strcpy
#undef strcat
#undef strncpy
#undef strncat
#undef sprintf
#undef vsprintf
#undef strtok
#undef strtok_r
#undef alloca
#define strcpy(d, s) KS_BANNED(strcpy, arena_str)
#define strcat(d, s) KS_BANNED(strcat, buf_str)
#define strncpy(d, s, n) KS_BANNED(strncpy, memcpy)
#define strncat(d, s, n) KS_BANNED(strncat, buf_add)
#define sprintf(...) KS_BANNED(sprintf, arena_fmt)
#define vsprintf(...) KS_BANNED(vsprintf, arena_vfmt)
#define strtok(s, d) KS_BANNED(strtok, span_cut)
#define strtok_r(s, d, p) KS_BANNED(strtok_r, span_cut)
#define alloca(n) KS_BANNED(alloca, arena_alloc)

/* numbers that take what is no number: base/num.h */
#undef atoi
#undef atol
#undef atoll
#undef atof
#undef strtol
#undef strtoul
#undef strtoll
#undef strtoull
#undef strtod
#undef sscanf
#define atoi(s) KS_BANNED(atoi, num_i64)
#define atol(s) KS_BANNED(atol, num_i64)
#define atoll(s) KS_BANNED(atoll, num_i64)
#define atof(s) KS_BANNED(atof, money_parse)
#define strtol(s, e, b) KS_BANNED(strtol, num_i64)
#define strtoul(s, e, b) KS_BANNED(strtoul, num_u64)
#define strtoll(s, e, b) KS_BANNED(strtoll, num_i64)
#define strtoull(s, e, b) KS_BANNED(strtoull, num_u64)
#define strtod(s, e) KS_BANNED(strtod, money_parse)
#define sscanf(...) KS_BANNED(sscanf, num_u64)

/* one place each: base/time.c, io/crypt.c, settings */
#undef time
#undef gettimeofday
#undef clock_gettime
#undef gmtime
#undef gmtime_r
#undef localtime
#undef localtime_r
#undef mktime
#undef strftime
#undef rand
#undef srand
#undef random
#undef srandom
#undef getenv
#undef setenv
#define time(p) KS_BANNED(time, time_now_us)
#define gettimeofday(t, z) KS_BANNED(gettimeofday, time_now_us)
#define clock_gettime(c, t) KS_BANNED(clock_gettime, time_mono_us)
#define gmtime(t) KS_BANNED(gmtime, time_text)
#define gmtime_r(t, r) KS_BANNED(gmtime_r, time_text)
#define localtime(t) KS_BANNED(localtime, time_text)
#define localtime_r(t, r) KS_BANNED(localtime_r, time_text)
#define mktime(t) KS_BANNED(mktime, time_parse_day)
#define strftime(...) KS_BANNED(strftime, time_text)
#define rand() KS_BANNED(rand, crypt_random)
#define srand(n) KS_BANNED(srand, crypt_random)
#define random() KS_BANNED(random, crypt_random)
#define srandom(n) KS_BANNED(srandom, crypt_random)
#define getenv(n) KS_BANNED(getenv, settings)
#define setenv(n, v, o) KS_BANNED(setenv, settings)

/* hidden control flow, other programs, process-wide state */
#undef system
#undef popen
#undef exit
#undef abort
#undef setjmp
#undef longjmp
#undef signal
#undef setlocale
#undef pthread_create
#define system(c) KS_BANNED(system, posix_spawn)
#define popen(c, m) KS_BANNED(popen, posix_spawn)
#define exit(n) KS_BANNED(exit, return_from_main)
#define abort() KS_BANNED(abort, BUG)
#define setjmp(b) KS_BANNED(setjmp, rc)
#define longjmp(b, n) KS_BANNED(longjmp, rc)
#define signal(n, h) KS_BANNED(signal, sigaction)
#define setlocale(c, l) KS_BANNED(setlocale, nothing)
#define pthread_create(...) KS_BANNED(pthread_create, fork)

/* <ctype.h> looks at the locale and is undefined on negative chars:
 * base/str.h */
#undef isalnum
#undef isalpha
#undef isblank
#undef iscntrl
#undef isdigit
#undef isgraph
#undef islower
#undef isprint
#undef ispunct
#undef isspace
#undef isupper
#undef isxdigit
#undef tolower
#undef toupper
#define isalnum(c) KS_BANNED(isalnum, chr_alnum)
#define isalpha(c) KS_BANNED(isalpha, chr_alpha)
#define isblank(c) KS_BANNED(isblank, chr_space)
#define iscntrl(c) KS_BANNED(iscntrl, utf8_line)
#define isdigit(c) KS_BANNED(isdigit, chr_digit)
#define isgraph(c) KS_BANNED(isgraph, utf8_line)
#define islower(c) KS_BANNED(islower, chr_alpha)
#define isprint(c) KS_BANNED(isprint, utf8_line)
#define ispunct(c) KS_BANNED(ispunct, chr_alnum)
#define isspace(c) KS_BANNED(isspace, chr_space)
#define isupper(c) KS_BANNED(isupper, chr_alpha)
#define isxdigit(c) KS_BANNED(isxdigit, chr_xdigit)
#define tolower(c) KS_BANNED(tolower, chr_lower)
#define toupper(c) KS_BANNED(toupper, chr_upper)

#endif
