/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A payment gateway is one file behind struct gateway: it builds payments,
 * reads notices, asks back, refunds and closes.  It knows no database and
 * changes no state; what it finds out is a struct verdict, and shop/ decides
 * what that does to an order.
 *
 * Call the gateway_*() functions below, never the members: they hold the
 * guards that every gateway needs (account off, amount, currency, order
 * number), so that no adapter can forget one.
 *
 * All results live in the request arena unless said otherwise.  All texts
 * are UTF-8 except where they are spans of raw bytes.
 */
#ifndef KS_PAY_GATEWAY_H
#define KS_PAY_GATEWAY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/num.h"
#include "base/rc.h"
#include "base/str.h"
#include "io/ctx.h"

enum {
	PAY_ORDER_NO = 64, /* characters of an order number in a message */
	PAY_KEY_MIN = 16,  /* a shorter MAC key can be guessed offline */
	PAY_KEY = 128,     /* characters of a MAC key */
	PAY_WORD = 64,     /* characters of an id or a name of a setting */
	PAY_URL = 200,     /* characters of a base address */
	PAY_PEM = 16384,   /* bytes of a key file with several keys */
	PAY_SAID = 300     /* of the gateway's words to people */
};

/* What gateways get as HTTP status; their word is in the body. */
enum { PAY_HTTP_OK = 200, PAY_HTTP_REFUSED = 400, PAY_HTTP_LATER = 503 };

/* ---- settings */

/* One setting of a channel, as text.  Lists and PEM have several lines. */
struct pay_pair {
	const char *name;
	const char *value;
};

struct gateway_config {
	const struct pay_pair *v;
	size_t n;
};

enum field_kind {
	FIELD_TEXT,   /* one line of printable ASCII, min..max characters */
	FIELD_SECRET, /* the same; never shown again, sealed at rest */
	FIELD_URL,    /* http or https; base URLs end with '/' */
	FIELD_CHOICE, /* one word of choices, "a|b|c" */
	FIELD_BOOL,   /* "yes" or "no" */
	FIELD_INT,    /* min..max */
	FIELD_PEM,    /* a public key or certificate, or several */
	FIELD_SECRET_PEM,
	FIELD_LIST,       /* one entry a line */
	FIELD_SECRET_LIST /* the same, sealed */
};

struct gateway_field {
	const char *name;
	enum field_kind kind;
	bool required;
	unsigned min, max; /* characters (bytes), or the number's range */
	const char *choices;
	const char *def; /* NULL: empty */
	const char *help;
};

bool field_is_secret(const struct gateway_field *f);

/* Why settings were refused: the field, and a key of the language catalogue
 * ("required", "too_short", "too_long", "bad_chars", "bad_url", "bad_choice",
 * "bad_number", "bad_bool", "bad_key", "sample", "not_https", "unknown").
 * Never the value. */
struct gateway_error {
	const char *field;
	const char *reason;
};

/* A channel's settings, checked and parsed, keys included.  Each gateway has
 * its own; nobody else looks inside. */
struct pay_account;

/* ---- opening */

enum pay_device { PAY_PC, PAY_PHONE, PAY_WECHAT, PAY_ALIPAY_APP };

struct pay_order {
	const char *order_no;
	struct money amount; /* what the buyer is to pay through this channel */
	const char *currency;
	const char *subject; /* for people; gateways cut it as they need */
	const char *notify_url, *return_url, *cancel_url;
	const char *client_ip;
	enum pay_device device;
	const char *method; /* a kind of the gateway ("wxpay"); "" = default */
	int64_t expires_us;
	const char *provider_ref; /* of an earlier opening, or "" */
};

enum pay_show {
	PAY_LINK, /* the buyer follows url */
	PAY_FORM, /* the buyer posts the pairs to url */
	PAY_QR    /* the buyer scans qr; url, if set, opens the same */
};

struct pay_opened {
	enum pay_show show;
	const char *url;
	const struct pay_pair *form;
	size_t n_form;
	const char *qr;
	const char *provider_ref; /* save it before showing anything; or "" */
	int64_t expires_us;       /* of the link or code; 0: the order's */
	int64_t ends_us;  /* it takes no money after; 0: it has not said */
	const char *said; /* the gateway's words when it refused; or "" */
};

/* ---- notices */

/* A notice as it arrived: nothing decoded, nothing trusted.  The clock is
 * cx->now. */
struct pay_request {
	const char *method;         /* "GET" or "POST"; others are refused */
	struct span query;          /* raw, without the '?' */
	struct span body;           /* raw */
	const char *const *headers; /* "name: value", NULL-terminated */
};

/* Without regard to case; '_' is '-'.  NULL when absent or more than one. */
const char *pay_header(const struct pay_request *rq, const char *name);

enum pay_outcome {
	PAY_REJECT,  /* not genuine, or not meant for this account */
	PAY_LATER,   /* could not decide now: the gateway shall send it again */
	PAY_IGNORE,  /* genuine, but nothing that concerns a payment */
	PAY_PENDING, /* genuine: not paid yet */
	PAY_PAID,
	PAY_FAILED,        /* this attempt is over, unpaid */
	PAY_CLOSED,        /* expired or closed, unpaid */
	PAY_REFUNDED,      /* all of it */
	PAY_PART_REFUNDED, /* some of it, see refunded */
	PAY_OUTCOME__N
};

/* Why a message was refused; kept with the notice, never told the sender. */
enum pay_why {
	WHY_OK,
	WHY_OFF,         /* the account has no usable key */
	WHY_METHOD,      /* neither GET nor POST, or the wrong one */
	WHY_SYNTAX,      /* cannot be parsed, or over a limit */
	WHY_DUPLICATE,   /* a name appears twice */
	WHY_AMBIGUOUS,   /* the signed text can be read in two ways */
	WHY_FIELD,       /* a needed field is absent or malformed */
	WHY_UNSIGNED,    /* no signature */
	WHY_ALGORITHM,   /* another algorithm than the account's */
	WHY_SIGNATURE,   /* does not verify */
	WHY_CERT,        /* certificate or key id not trusted */
	WHY_TIME,        /* outside the time window */
	WHY_DECRYPT,     /* genuine envelope, contents not for us */
	WHY_MERCHANT,    /* another merchant's identity */
	WHY_ENVIRONMENT, /* sandbox against live */
	WHY_STATUS,      /* a status that is no payment */
	WHY_ORDER,       /* not the order it was compared with, or none */
	WHY_REF,         /* not the payment that was opened for the order */
	WHY_CURRENCY,
	WHY_AMOUNT,
	WHY_UPSTREAM, /* the gateway could not be asked */
	WHY__N
};

struct verdict {
	enum pay_outcome outcome;
	enum pay_why why;
	bool signature_valid;
	/* Claims of the message.  Hints until signature_valid and compared by
	 * verdict_compare().  "" when the message does not say. */
	const char *order_no;
	const char *provider_ref; /* the id given at opening */
	const char *txn;          /* the gateway's id of the money's movement */
	const char *event_id;     /* of this message */
	bool has_amount;
	struct money amount; /* paid, or of the payment that was refunded */
	char currency[4];
	struct money refunded; /* by all refunds so far; 0: not said */
	struct money refund;   /* of this refund alone; 0: not said */
	const char *refund_no; /* ours, when the message names it */
	/* What the signature was checked over: for tests and for the panel's
	 * "why does my key not work".  May hold personal data; not stored. */
	struct span signed_text;
};

/* What the shop answers the gateway.  All rejects get the same bytes. */
enum pay_answer {
	ANSWER_ACCEPT, /* done, or done before, or nothing to do */
	ANSWER_REJECT,
	ANSWER_LATER,
	PAY_ANSWER__N
};

struct pay_reply {
	int status;
	const char *type; /* Content-Type */
	const char *body;
};

/* ---- asking and refunding */

/* Which payment; "" for what is not known. */
struct pay_ref {
	const char *order_no;
	const char *provider_ref;
	const char *txn;
	struct money amount;
	const char *currency;
};

struct pay_refund {
	struct pay_ref of;
	const char *refund_no; /* ours; the same on every repeat */
	struct money amount;
	const char *reason;
	const char *notify_url;
};

enum refund_state {
	REFUND_DONE,
	REFUND_PENDING, /* accepted; ask again or wait for the notice */
	REFUND_REFUSED, /* for good: no money moved */
	REFUND_UNCLEAR, /* no clear answer: ask before anything else */
	REFUND_UNSENT,  /* no clear answer, because nothing was asked: the
			 * gateway could not be reached */
	REFUND_ABSENT   /* refund_query() only: there is no such refund, so
			 * the same number may be sent again */
};

struct pay_refunded {
	enum refund_state state;
	const char *refund_id; /* the gateway's, or "" */
	const char *said;      /* the gateway's words, or "" */
};

/* ---- the gateway's own keys */

/* Some gateways sign with keys that they change from time to time and give
 * out by a call.  What was fetched is kept for them as text of their own. */
struct pay_keys {
	const char *text; /* NULL: there is nothing that was not known */
	unsigned n_new;
	int64_t ends_us; /* the time of the last of all that are known */
};

/* ---- the gateway */

enum {
	PAY_CAN_QUERY = 1 << 0,
	PAY_CAN_REFUND = 1 << 1,
	PAY_CAN_CLOSE = 1 << 2,
	PAY_CAN_REFUND_QUERY = 1 << 3,
	/* refund() with the same refund_no never moves money twice */
	PAY_REFUND_IDEMPOTENT = 1 << 4,
	/* open() calls the gateway: keep its result, do not repeat it for
	 * every view of the pay page */
	PAY_OPEN_CALLS = 1 << 5,
	/* a payment counts only with the provider_ref saved at opening */
	PAY_REF_BINDS = 1 << 6,
	/* reading a notice asks the gateway back */
	PAY_NOTICE_CALLS = 1 << 7
};

struct gateway {
	const char *name; /* "epay": in settings and in the database */
	const char *title;
	unsigned can;
	const char *currencies; /* "CNY", "CNY,USD"; NULL: any */
	const struct gateway_field *fields;
	size_t n_fields;
	struct pay_reply reply[PAY_ANSWER__N];

	/* The values have passed the table and have all defaults. */
	enum rc (*account)(struct arena *keep, const struct gateway_config *v,
	    const struct pay_account **out, struct gateway_error *why);
	enum rc (*open)(struct ctx *cx, const struct pay_account *ac,
	    const struct pay_order *o, struct pay_opened *out);
	void (*notice)(struct ctx *cx, const struct pay_account *ac,
	    const struct pay_request *rq, struct verdict *v);
	enum rc (*query)(struct ctx *cx, const struct pay_account *ac,
	    const struct pay_ref *ref, struct verdict *v);
	enum rc (*refund)(struct ctx *cx, const struct pay_account *ac,
	    const struct pay_refund *rf, struct pay_refunded *out);
	enum rc (*refund_query)(struct ctx *cx, const struct pay_account *ac,
	    const struct pay_refund *rf, struct pay_refunded *out);
	enum rc (*close)(struct ctx *cx, const struct pay_account *ac,
	    const struct pay_ref *ref);
	/* NULL, both: its keys are settings and nothing else. */
	enum rc (*keys)(
	    struct ctx *cx, const struct pay_account *ac, struct pay_keys *out);
	enum rc (*with_keys)(struct arena *keep, const struct pay_account *ac,
	    const char *text, const struct pay_account **out);
};

/* The table, in the order of the panel; NULL past the end. */
const struct gateway *gateway_at(size_t i);
/* NULL: no such gateway in this build. */
const struct gateway *gateway_find(const char *name);

/* Checks a channel's settings and parses its keys into keep.  Do it once per
 * process and version of the row: parsing RSA keys costs more than verifying
 * with them.  RC_INVALID: *why says which setting and what is wrong.  A
 * missing, blank or sample secret is invalid: such a channel is off, for
 * notices too. */
MUST_CHECK enum rc gateway_account(const struct gateway *g, struct arena *keep,
    const struct gateway_config *v, const struct pay_account **out,
    struct gateway_error *why);

/* RC_INVALID: the gateway cannot take this amount or currency.  RC_BUSY: no
 * answer.  RC_FAIL: it refused; out->said has its words. */
MUST_CHECK enum rc gateway_open(const struct gateway *g, struct ctx *cx,
    const struct pay_account *ac, const struct pay_order *o,
    struct pay_opened *out);

/* Reads a notice; *v is always filled.  ac = NULL: the account is off and
 * everything is refused.  Changes nothing; no transaction may be open. */
void gateway_notice(const struct gateway *g, struct ctx *cx,
    const struct pay_account *ac, const struct pay_request *rq,
    struct verdict *v);
const struct pay_reply *gateway_reply(
    const struct gateway *g, enum pay_answer answer);

/* Asks the gateway for the state of a payment, as a verdict that settles the
 * same way as a notice.  Where the protocol has an extra step between the
 * buyer's consent and the money (capture), this takes it.  RC_NOTFOUND: the
 * gateway knows no such payment.  RC_BUSY, RC_FAIL: no usable answer.
 * RC_INVALID: it has no such call. */
MUST_CHECK enum rc gateway_query(const struct gateway *g, struct ctx *cx,
    const struct pay_account *ac, const struct pay_ref *ref, struct verdict *v);
/* RC_OK whenever out->state says what happened, REFUND_UNCLEAR included. */
MUST_CHECK enum rc gateway_refund(const struct gateway *g, struct ctx *cx,
    const struct pay_account *ac, const struct pay_refund *rf,
    struct pay_refunded *out);
MUST_CHECK enum rc gateway_refund_query(const struct gateway *g, struct ctx *cx,
    const struct pay_account *ac, const struct pay_refund *rf,
    struct pay_refunded *out);
/* RC_OK: closed, or never existed there.  RC_CONFLICT: it may be paid, query
 * it.  RC_INVALID: the gateway has no such call. */
MUST_CHECK enum rc gateway_close(const struct gateway *g, struct ctx *cx,
    const struct pay_account *ac, const struct pay_ref *ref);

/* Asks the gateway for its keys.  RC_INVALID: this account has none that
 * change.  RC_BUSY: no answer; RC_FAIL: refused; RC_DENIED: an answer that is
 * not the gateway's, of which nothing may be used. */
MUST_CHECK enum rc gateway_keys(const struct gateway *g, struct ctx *cx,
    const struct pay_account *ac, struct pay_keys *out);
/* The account that knows these keys beside its own. */
MUST_CHECK enum rc gateway_with_keys(const struct gateway *g,
    struct arena *keep, const struct pay_account *ac, const char *text,
    const struct pay_account **out);

#endif
