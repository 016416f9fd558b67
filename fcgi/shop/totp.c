/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 6238 (TOTP) over RFC 4226 (HOTP), and the secret's text form. */
#include "shop/totp.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/time.h"
#include "base/url.h"
#include "io/crypt.h"

void
totp_code(struct span secret, uint64_t step, unsigned digits, char *out)
{
	static const uint32_t power[] = {
	    [6] = 1000000, [7] = 10000000, [8] = 100000000};
	uint8_t counter[8], mac[20];
	uint32_t bin;
	unsigned at;
	int i;

	for (i = 7; i >= 0; i--, step >>= 8)
		counter[i] = (uint8_t)step;
	crypt_hmac_sha1(secret, (struct span){(const char *)counter, 8}, mac);
	/* RFC 4226 section 5.3: the low four bits say where to look */
	at = mac[19] & 15;
	bin = (uint32_t)(mac[at] & 0x7f) << 24 | (uint32_t)mac[at + 1] << 16 |
	      (uint32_t)mac[at + 2] << 8 | mac[at + 3];
	snprintf(out, digits + 1, "%0*u", (int)digits,
	    (unsigned)(bin % power[digits]));
}

enum rc
totp_check(struct span secret, const char *code, int64_t now_us, uint64_t after,
    uint64_t *step)
{
	uint64_t now = (uint64_t)(now_us / US_PER_S) / TOTP_STEP_S, s;
	char want[TOTP_DIGITS + 1];
	enum rc rc = RC_DENIED;

	/* all three are computed, whichever it is */
	for (s = now - 1; s <= now + 1; s++) {
		totp_code(secret, s, TOTP_DIGITS, want);
		if (crypt_equal(span_str(want), span_str(code)) && s > after &&
		    rc != RC_OK) {
			*step = s;
			rc = RC_OK;
		}
	}
	return rc;
}

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

char *
totp_base32(struct arena *a, struct span secret)
{
	char *out = arena_alloc(a, secret.n * 8 / 5 + 2), *p = out;
	uint32_t bits = 0;
	unsigned n = 0;
	size_t i;

	for (i = 0; i < secret.n; i++) {
		bits = bits << 8 | (uint8_t)secret.p[i];
		for (n += 8; n >= 5; n -= 5)
			*p++ = alphabet[bits >> (n - 5) & 31];
	}
	if (n > 0)
		*p++ = alphabet[bits << (5 - n) & 31];
	return out;
}

static int
digit_of(char c)
{
	int i;

	for (i = 0; i < 32; i++)
		if (alphabet[i] == chr_upper(c))
			return i;
	return -1;
}

enum rc
totp_secret(const char *text, uint8_t out[TOTP_SECRET])
{
	uint32_t bits = 0;
	unsigned n = 0;
	size_t done = 0;
	int d;

	for (; *text != '\0'; text++) {
		if (*text == ' ' || *text == '-')
			continue;
		d = digit_of(*text);
		if (d < 0 || done == TOTP_SECRET)
			return RC_INVALID;
		bits = bits << 5 | (uint32_t)d;
		n += 5;
		if (n >= 8) {
			out[done++] = (uint8_t)(bits >> (n - 8));
			n -= 8;
		}
	}
	/* 160 bits are 32 digits with nothing left over */
	return done == TOTP_SECRET && n == 0 ? RC_OK : RC_INVALID;
}

char *
totp_url(struct arena *a, const char *issuer, const char *account,
    const char *base32)
{
	return arena_fmt(a,
	    "otpauth://totp/%s:%s?secret=%s&issuer=%s&algorithm=SHA1"
	    "&digits=%d&period=%d",
	    url_encoded(a, issuer), url_encoded(a, account), base32,
	    url_encoded(a, issuer), TOTP_DIGITS, TOTP_STEP_S);
}
