/* SPDX-License-Identifier: Apache-2.0 */
/* Sealing, opening and recognising card text. */
#include "shop/vault.h"

#include <inttypes.h>
#include <string.h>

#include "base/log.h"
#include "base/utf8.h"
#include "io/crypt.h"
#include "store/card_key.h"

void
vault_fingerprint(const struct ctx *cx, struct span text, uint8_t out[VAULT_FP])
{
	uint8_t mac[CRYPT_HASH];

	keyring_mac(cx->keys, "fingerprint", &text, 1, mac);
	memcpy(out, mac, VAULT_FP);
}

enum rc
vault_seal(struct ctx *cx, uint64_t card, struct span text, uint32_t *key,
    struct span *sealed)
{
	*key = keyring_card_key_id(cx->keys);
	return keyring_seal_card(cx->keys, cx->arena, card, text, sealed);
}

/* This process began before the newest key was made. */
enum rc
vault_key_holds(struct ctx *cx, uint32_t key)
{
	uint32_t oldest;
	enum rc rc;

	rc = card_key_floor(cx, &oldest);
	if (rc != RC_OK || key >= oldest)
		return rc;
	if (keyring_card_key_id(cx->keys) == key && !keyring_refresh(cx->keys))
		log_event(LOG_ERROR, "card_key_old", LF_U64("key", key),
		    LF_U64("oldest", oldest));
	return RC_BUSY;
}

enum rc
vault_open(struct ctx *cx, uint64_t card, uint32_t key, struct span sealed,
    struct span *text)
{
	enum rc rc;

	rc = keyring_open_card(cx->keys, cx->arena, card, key, sealed, text);
	if (rc == RC_OK)
		return RC_OK;
	log_event(LOG_ERROR, "card_not_opened", LF_U64("card", card),
	    LF_U64("key", key), LF_STR("why", rc_name(rc)));
	return RC_FAIL;
}

const char *
vault_mask(struct ctx *cx, struct span text)
{
	size_t length = utf8_length(text), show = length / 4, i;
	struct span rest = text;

	if (show > 4)
		show = 4;
	for (i = 0; i < show; i++)
		if (utf8_next(&rest) < 0)
			break;
	return arena_fmt(cx->arena, "%.*s\xe2\x80\xa6(%zu)",
	    (int)(text.n - rest.n), text.p, length);
}
