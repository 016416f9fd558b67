/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The key file, read.  How it is made and changed is keyfile_write.c.
 *
 * It is refused when others can read it or when a key is one out of a manual.
 * The bytes of the keys go into pages of their own that are not swapped and
 * not dumped, and that are wiped when the arena that owns the ring ends.
 */
#include "io/crypt_int.h"
#include "io/keyring_int.h"

#include "base/bug.h"
#include "base/hex.h"
#include "base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct vault *
keyfile_vault(void)
{
	struct vault *v;

	v = mmap(NULL, sizeof(*v), PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (v == MAP_FAILED)
		no_memory(sizeof(*v));
	/* Both may be refused (RLIMIT_MEMLOCK): then keys can be swapped,
	 * which is what any other program risks. */
	(void)mlock(v, sizeof(*v));
	(void)madvise(v, sizeof(*v), MADV_DONTDUMP);
	return v;
}

void
keyfile_vault_free(void *arg)
{
	struct vault *v = arg;
	size_t i;

	for (i = 0; i < KEYRING_LABELS; i++)
		hmac_key_close(v->label[i].mac);
	crypt_wipe(v, sizeof(*v));
	(void)munmap(v, sizeof(*v));
}

/* A key that stands in a manual is nobody's secret: all bytes the same, or
 * counting up or down. */
static bool
key_is_sample(const uint8_t key[CRYPT_KEY])
{
	uint8_t step = (uint8_t)(key[1] - key[0]);
	size_t i;

	if (step != 0 && step != 1 && step != 0xff && step != 0x11)
		return false;
	for (i = 1; i < CRYPT_KEY; i++)
		if ((uint8_t)(key[i] - key[i - 1]) != step)
			return false;
	return true;
}

static const char *
read_key(struct span hex, uint8_t out[CRYPT_KEY])
{
	if (hex_bytes(hex, out, CRYPT_KEY) != RC_OK)
		return "a key is 64 hex digits";
	if (key_is_sample(out))
		return "this is a sample key, not a secret one";
	return NULL;
}

static const char *
read_card_key(struct vault *v, struct span rest)
{
	struct card_key *c = &v->card[v->n_cards];
	struct span id;
	uint64_t n;
	size_t i;

	if (!span_cut(&rest, ' ', &id) ||
	    num_u64(id, UINT32_MAX, &n) != RC_OK || n == 0)
		return "card: wants a number from 1 and a key";
	if (v->n_cards == KEYRING_CARDS)
		return "too many card keys";
	for (i = 0; i < v->n_cards; i++)
		if (v->card[i].id == n)
			return "two card keys with this number";
	c->id = (uint32_t)n;
	v->n_cards++;
	return read_key(span_trim(rest), c->key);
}

static const char *
read_line(struct vault *v, struct span line, bool *root)
{
	struct span word;

	if (line.n != 0 && line.p[line.n - 1] == '\r')
		line.n--;
	line = span_trim(line);
	if (line.n == 0 || line.p[0] == '#')
		return NULL;
	(void)span_cut(&line, ' ', &word);
	line = span_trim(line);
	if (span_is(word, "card"))
		return read_card_key(v, line);
	if (!span_is(word, "mac"))
		return "neither mac nor card";
	if (*root)
		return "mac stands here twice";
	*root = true;
	return read_key(line, v->root);
}

/* NULL, or what is wrong; *line is where. */
static const char *
read_lines(struct vault *v, unsigned *line)
{
	struct span text = {v->text, v->n_text}, part;
	const char *why = NULL;
	bool root = false;

	*line = 0;
	if (span_has_nul(text))
		return "not a text file";
	while (why == NULL && text.n != 0 && span_cut(&text, '\n', &part)) {
		(*line)++;
		why = read_line(v, part, &root);
	}
	if (why == NULL && !root)
		why = "no line `mac`";
	if (why == NULL && v->n_cards == 0)
		why = "no line `card`";
	return why;
}

static const char *
refusal(const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return "not a file";
	if ((st->st_mode & 077) != 0)
		return "others can read it: chmod 600";
	if (st->st_uid != geteuid() && st->st_uid != 0)
		return "it belongs to somebody else";
	return st->st_size >= KEYFILE_MAX ? "too long" : NULL;
}

/* Into the vault's text, at most KEYFILE_MAX - 1 bytes.  NULL, or what is
 * wrong. */
static const char *
slurp(const char *file, struct vault *v)
{
	const char *why;
	ssize_t got;
	int fd;

	fd = open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		return strerror(errno);
	v->n_text = 0;
	why = fstat(fd, &v->seen) != 0 ? strerror(errno) : refusal(&v->seen);
	while (why == NULL && v->n_text < KEYFILE_MAX - 1) {
		got =
		    read(fd, v->text + v->n_text, KEYFILE_MAX - 1 - v->n_text);
		if (got < 0)
			why = strerror(errno);
		if (got <= 0)
			break;
		v->n_text += (size_t)got;
	}
	(void)close(fd);
	return why;
}

const char *
keyfile_read(const char *file, struct vault *v, unsigned *line)
{
	const char *why;

	*line = 0;
	why = slurp(file, v);
	return why == NULL ? read_lines(v, line) : why;
}

enum rc
keyring_load(struct arena *keep, const char *file, const struct keyring **out,
    const char **why)
{
	struct keyring *k = ARENA_NEW(keep, struct keyring);
	const char *bad;
	unsigned line;

	k->file = arena_str(keep, file);
	k->v = keyfile_vault();
	bad = keyfile_read(file, k->v, &line);
	crypt_wipe(k->v->text, KEYFILE_MAX);
	if (bad != NULL) {
		keyfile_vault_free(k->v);
		*why = line == 0
			   ? arena_fmt(keep, "%s: %s", file, bad)
			   : arena_fmt(keep, "%s:%u: %s", file, line, bad);
		return RC_INVALID;
	}
	arena_defer(keep, keyfile_vault_free, k->v);
	*out = k;
	return RC_OK;
}

static bool
is_as_before(const struct keyring *k)
{
	const struct stat *was = &k->v->seen;
	struct stat st;

	return stat(k->file, &st) != 0 ||
	       (st.st_dev == was->st_dev && st.st_ino == was->st_ino &&
		   st.st_size == was->st_size &&
		   st.st_mtim.tv_sec == was->st_mtim.tv_sec &&
		   st.st_mtim.tv_nsec == was->st_mtim.tv_nsec);
}

/* The root stays what it was: everything derived from it is in use. */
bool
keyring_refresh(const struct keyring *k)
{
	struct vault *fresh, *v = k->v;
	unsigned line;
	bool ok;

	if (is_as_before(k))
		return false;
	fresh = keyfile_vault();
	ok = keyfile_read(k->file, fresh, &line) == NULL &&
	     memcmp(fresh->root, v->root, sizeof(v->root)) == 0;
	if (ok) {
		memcpy(v->card, fresh->card, sizeof(v->card));
		v->n_cards = fresh->n_cards;
		v->seen = fresh->seen;
	}
	keyfile_vault_free(fresh);
	return ok;
}
