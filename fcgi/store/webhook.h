/* SPDX-License-Identifier: Apache-2.0 */
/* Rows of webhook: receivers of events. */
#ifndef KS_STORE_WEBHOOK_H
#define KS_STORE_WEBHOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

struct hook_rec {
	uint64_t id;
	const char *url, *note, *events;
	bool active;
	unsigned fails, version;
	int64_t pause, created, old_until;
	uint64_t due, dead; /* deliveries */
};
MUST_CHECK enum rc hook_list(
    struct ctx *cx, const struct hook_rec **out, size_t *n);
/* Active ones: id, events and created only. */
MUST_CHECK enum rc hook_listening(
    struct ctx *cx, const struct hook_rec **out, size_t *n);

/* Inside tx_run(); its secret comes after its id. */
MUST_CHECK enum rc hook_add(
    struct ctx *cx, const struct hook_rec *h, uint64_t *id);
/* RC_CONFLICT: not there, or another version. */
MUST_CHECK enum rc hook_change(struct ctx *cx, const struct hook_rec *h);
MUST_CHECK enum rc hook_secret(struct ctx *cx, uint64_t id, unsigned version,
    struct span old, int64_t old_until, struct span secret);
MUST_CHECK enum rc hook_remove(struct ctx *cx, uint64_t id, unsigned version);

struct hook_secrets {
	const char *url;
	struct span secret, old; /* sealed; n = 0: none */
	int64_t old_until;
	unsigned version;
	bool active;
};
MUST_CHECK enum rc hook_secrets(
    struct ctx *cx, uint64_t id, struct hook_secrets *out);

/* Not paused, and something is due. */
struct hook_ready {
	uint64_t id;
	unsigned fails; /* in a row */
};
MUST_CHECK enum rc hook_ready(
    struct ctx *cx, const struct hook_ready **out, size_t *n);
MUST_CHECK enum rc hook_well(struct ctx *cx, uint64_t id);
MUST_CHECK enum rc hook_ill(struct ctx *cx, uint64_t id, int64_t pause);

#endif
