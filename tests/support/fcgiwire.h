/* SPDX-License-Identifier: Apache-2.0 */
/* For tests of io/fcgi: a FastCGI client of no library, so that it can do what
 * a web server does not. */
#ifndef KS_TESTS_FCGIWIRE_H
#define KS_TESTS_FCGIWIRE_H

#include "support/test.h"

#include <stdbool.h>

#include "base/buf.h"

enum { BEGIN = 1, END = 3, PARAMS = 4, STDIN = 5, STDOUT = 6, GET_VALUES = 9 };

void put_record(struct buf *b, int type, const void *p, size_t n);
void put_param(struct buf *b, const char *name, const char *value);
struct span request(const char *uri, const char *body, bool keep);
int dial(const char *path);
void send_all(int fd, struct span s);
bool get(int fd, void *p, size_t n);
const char *answer(int fd);
const char *ask(const char *path, const char *uri, const char *body);

#endif
