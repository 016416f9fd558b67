/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The ring's memory, shared by keyfile.c and keyfile_write.c (fill it) and
 * keyring.c (uses it).  Nobody else includes this.
 */
#ifndef KS_IO_KEYRING_INT_H
#define KS_IO_KEYRING_INT_H

#include <stddef.h>
#include <stdint.h>
#include <sys/stat.h>

#include "io/crypt.h"

enum {
	KEYFILE_MAX = 16 * 1024,
	KEYRING_CARDS = 128,
	KEYRING_LABELS = 64,
	KEYRING_LABEL = 48
};

struct hmac_key;

struct card_key {
	uint32_t id;
	uint8_t key[CRYPT_KEY];
};

struct label {
	char name[KEYRING_LABEL];
	uint8_t key[CRYPT_KEY];
	struct hmac_key *mac; /* set up at the first MAC */
};

struct vault {                  /* in pages of its own */
	char text[KEYFILE_MAX]; /* the file while it is read, then zero */
	size_t n_text;
	struct stat seen; /* the file as it was then */
	uint8_t root[CRYPT_KEY];
	struct card_key card[KEYRING_CARDS];
	size_t n_cards;
	struct label label[KEYRING_LABELS];
	size_t n_labels; /* grows: a label is derived at its first use */
};

struct keyring {
	struct vault *v;
	const char *file;
};

struct vault *keyfile_vault(void);
void keyfile_vault_free(void *vault);
/* NULL, or what is wrong; *line is where, 0 for the whole file. */
const char *keyfile_read(const char *file, struct vault *v, unsigned *line);
uint32_t keyfile_newest(const struct vault *v);

#endif
