/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every limit on what comes from outside, in one place.  Columns of
 * sql/schema are at least as wide.
 */
#ifndef KS_BASE_LIMITS_H
#define KS_BASE_LIMITS_H

enum {
	/* HTTP */
	LIM_PATH = 1024,             /* bytes of a decoded path */
	LIM_HOST = 255,              /* bytes of the Host header */
	LIM_QUERY = 8192,            /* bytes of a raw query string */
	LIM_BODY_FORM = 64 * 1024,   /* bytes of an ordinary form body */
	LIM_BODY_NOTICE = 64 * 1024, /* bytes of a payment notice */
	LIM_BODY_CHUNK = 100 * 1024, /* bytes of one card import chunk */
	LIM_BODY_TEXT = 256 * 1024,  /* bytes of a form with long texts */
	LIM_PARAMS = 256,            /* parameters of a query or a form */
	LIM_PARAM_NAME = 64,
	LIM_PARAM_VALUE = 64 * 1024,
	LIM_PARTS = 32,       /* parts of a multipart body */
	LIM_PART_LINE = 1024, /* bytes of one header line of a part */
	LIM_PART_HEADERS = 8,
	LIM_FILENAME = 255, /* bytes of an uploaded file's name */
	LIM_BOUNDARY = 70,  /* RFC 2046 section 5.1.1 */
	LIM_COOKIES = 8192, /* bytes of the Cookie header */
	LIM_HEADERS = 128,  /* FastCGI parameters looked at */
	LIM_RESPONSE = 8 * 1024 * 1024,

	/* the shop; in characters where text, in bytes where ASCII */
	LIM_NAME = 120,
	LIM_SUMMARY = 300,
	LIM_MARKDOWN = 64 * 1024, /* bytes: cmark-gfm has quadratic cases */
	LIM_SLUG = 64,
	LIM_SKU_CODE = 40,
	LIM_CATEGORY_DEPTH = 8,
	LIM_TAGS = 200,
	LIM_EMAIL = 190,
	LIM_LOOKUP_PASSWORD = 64,
	LIM_COUPON = 40,
	LIM_INPUT_VALUE = 500,
	LIM_INPUTS = 10,
	LIM_SEARCH = 100,
	LIM_CARD = 4096, /* bytes of one card's text */
	LIM_QTY = 1000,  /* cards of one order line */
	LIM_WORK = 256,  /* bytes of a solved challenge: 28 and 16 numbers */
	LIM_REASON = 300,
	LIM_USERNAME = 64,
	LIM_PASSWORD = 256,
	LIM_PASSWORD_MIN = 10,
	LIM_ORDER_NO = 24,
	LIM_TXN = 128, /* a gateway's payment id */
	LIM_CHANNEL = 40,
	LIM_ORDERS_LISTED = 20, /* this browser's orders */
	LIM_CARDS_PAGE = 100,   /* of one order shown on one page */
	LIM_PAGE_NO = 100000    /* page of a list */
};

/* Minor units that a person may type in as one price; no enum holds it. */
#define LIM_PRICE_MINOR INT64_C(100000000000)

#endif
