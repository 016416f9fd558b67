/* SPDX-License-Identifier: Apache-2.0 */
/*
 * For tests of the cache: a memcached on a private socket, a client of no
 * library, and a context whose cache asks that server.
 */
#ifndef KS_TESTS_CACHEBOX_H
#define KS_TESTS_CACHEBOX_H

#include "support/test.h"

#include <stdbool.h>
#include <sys/types.h>

#include "io/ctx.h"

#define KEYS_A                                                                 \
	"mac 8d3c7a10b2f4e65907d1c8a3fe2b49650c17d88e3a5b60f1942e7cd3b8a4f016" \
	"\ncard 1 "                                                            \
	"11c4e9a27f830b5d6e92f1047ab8c35de0167f98b24a3c5d6e8f90a1b2c3d4e5\n"
#define KEYS_B                                                                 \
	"mac 9d3c7a10b2f4e65907d1c8a3fe2b49650c17d88e3a5b60f1942e7cd3b8a4f016" \
	"\ncard 1 "                                                            \
	"11c4e9a27f830b5d6e92f1047ab8c35de0167f98b24a3c5d6e8f90a1b2c3d4e5\n"

extern char box_path[108]; /* of the server's socket */
extern pid_t box_server;
extern struct ctx box_cx;

void box_start(void);
void box_stop(void);
int box_setup(void **state);
int box_teardown(void **state);

/* Sends a command; reads until the answer ends with end. */
struct span talk(struct span command, const char *end);

/* Where a value must come back, the time-out is one that no pause of a loaded
 * machine reaches; a server that is never to answer gets a short one. */
enum { PATIENT_MS = 5000, SHORT_MS = 30 };
void use_for(const char *setting, const char *keys, int timeout_ms);
void use(const char *setting, const char *keys); /* patient */
void drop(void);
void next_unit(void);
bool holds(const char *key, const char *value);
bool absent(const char *key);

#endif
