/* SPDX-License-Identifier: Apache-2.0 */
/* The money pages of the panel as template data. */
#ifndef KS_WEB_VIEW_MONEY_H
#define KS_WEB_VIEW_MONEY_H

#include "shop/channel.h"
#include "shop/inbox.h"
#include "shop/ledger.h"
#include "shop/statement.h"
#include "web/response.h"

/* Title, the marked entry of the navigation, the marked tab. */
void view_money(struct response *rs, const char *tab, const char *title);
/* Names of a choice: <list>.N {Name On}. */
void view_choices(struct response *rs, const char *list,
    const char *const *names, size_t n, const char *chosen);
/* Channels.N {Id Title On}. */
void view_channel_choices(struct response *rs, const struct channel *channels,
    size_t n, uint64_t chosen);

struct notices_view {
	const struct notice_brief *rows;
	size_t n;
	struct inbox_wait waits;
	const struct notice_reject *rejects;
	size_t n_rejects;
};
void view_notices(struct response *rs, const struct notices_view *v);
void view_notice(struct response *rs, const struct notice_full *f);
void view_payments(
    struct response *rs, const struct payment_brief *rows, size_t n);

/* view_ledger.c */
void view_ledger(struct response *rs, const struct ledger_view *v);
void view_finance(struct response *rs, const struct finance_line *lines,
    size_t n, const struct finance_line *total);

/* view_statement.c */
void view_statements(
    struct response *rs, const struct statement_info *list, size_t n);
struct statement_view {
	struct statement_info info;
	struct statement_tally tally;
	const struct statement_difference *row;
	size_t n;
	bool more;
};
void view_statement(struct response *rs, const struct statement_view *v);

#endif
