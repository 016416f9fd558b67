/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which key serves what.
 *
 * One root makes everything that only we must be able to compute or read: a
 * key per label by HKDF, so that a token of one kind is worth nothing as
 * another.  Card keys stand apart, by number, because cards outlive a key.
 * Where the bytes come from is keyfile.c.
 */
#include "io/crypt_int.h"
#include "io/keyring_int.h"

#include "base/bug.h"

#include <stdio.h>
#include <string.h>

/* The namespaces keep keyring_seal() apart from keyring_key(): the same
 * label in both is still two keys. */
static struct label *
label_find(const struct keyring *k, const char *space, const char *name)
{
	char full[KEYRING_LABEL];
	struct label *l;
	size_t i;
	int n;

	n = snprintf(full, sizeof(full), "%s/%s", space, name);
	BUG_ON(n < 0 || (size_t)n >= sizeof(full));
	for (i = 0; i < k->v->n_labels; i++)
		if (str_eq(k->v->label[i].name, full))
			return &k->v->label[i];
	/* Labels are ours and few: more would mean one made from data. */
	BUG_ON(i == KEYRING_LABELS);
	l = &k->v->label[i];
	memcpy(l->name, full, sizeof(full));
	crypt_hkdf((struct span){(char *)k->v->root, CRYPT_KEY},
	    SPAN_LIT("keystall"), span_str(full), l->key, CRYPT_KEY);
	++k->v->n_labels;
	return l;
}

struct span
keyring_key(const struct keyring *k, const char *label)
{
	struct label *l = label_find(k, "key", label);

	return (struct span){(char *)l->key, CRYPT_KEY};
}

void
keyring_mac(const struct keyring *k, const char *label,
    const struct span *parts, size_t n, uint8_t out[CRYPT_HASH])
{
	struct label *l = label_find(k, "key", label);

	if (l->mac == NULL)
		l->mac =
		    hmac_key_open((struct span){(char *)l->key, CRYPT_KEY});
	hmac_key_parts(l->mac, parts, n, out);
}

uint32_t
keyfile_newest(const struct vault *v)
{
	uint32_t id = 0;
	size_t i;

	for (i = 0; i < v->n_cards; i++)
		if (v->card[i].id > id)
			id = v->card[i].id;
	return id;
}

uint32_t
keyring_card_key_id(const struct keyring *k)
{
	return keyfile_newest(k->v);
}

static const struct card_key *
card_key(const struct keyring *k, uint32_t id)
{
	size_t i;

	for (i = 0; i < k->v->n_cards; i++)
		if (k->v->card[i].id == id)
			return &k->v->card[i];
	return NULL;
}

bool
keyring_has_card_key(const struct keyring *k, uint32_t id)
{
	return card_key(k, id) != NULL;
}

enum rc
keyring_seal_card(const struct keyring *k, struct arena *a, uint64_t card,
    struct span plain, struct span *out)
{
	const struct card_key *c = card_key(k, keyring_card_key_id(k));
	uint8_t aad[8];

	crypt_be64(card, aad);
	return crypt_seal(a, (struct span){(const char *)c->key, CRYPT_KEY},
	    (struct span){(char *)aad, sizeof(aad)}, plain, out);
}

enum rc
keyring_open_card(const struct keyring *k, struct arena *a, uint64_t card,
    uint32_t key_id, struct span sealed, struct span *out)
{
	const struct card_key *c = card_key(k, key_id);
	uint8_t aad[8];

	/* made since this process began: card keys change under a shop that
	 * is open */
	if (c == NULL && keyring_refresh(k))
		c = card_key(k, key_id);
	if (c == NULL)
		return RC_NOTFOUND;
	crypt_be64(card, aad);
	return crypt_open(a, (struct span){(const char *)c->key, CRYPT_KEY},
	    (struct span){(char *)aad, sizeof(aad)}, sealed, out);
}

enum rc
keyring_seal(const struct keyring *k, struct arena *a, const char *label,
    uint64_t id, struct span plain, struct span *out)
{
	struct label *l = label_find(k, "seal", label);
	uint8_t aad[8];

	crypt_be64(id, aad);
	return crypt_seal(a, (struct span){(char *)l->key, CRYPT_KEY},
	    (struct span){(char *)aad, sizeof(aad)}, plain, out);
}

enum rc
keyring_open(const struct keyring *k, struct arena *a, const char *label,
    uint64_t id, struct span sealed, struct span *out)
{
	struct label *l = label_find(k, "seal", label);
	uint8_t aad[8];

	crypt_be64(id, aad);
	return crypt_open(a, (struct span){(char *)l->key, CRYPT_KEY},
	    (struct span){(char *)aad, sizeof(aad)}, sealed, out);
}
