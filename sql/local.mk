# SPDX-License-Identifier: Apache-2.0
# Every statement of the program is a named query in sql/query; stmt.awk makes
# one table of them.  One file per line, sorted.
sql_queries =
sql_queries += sql/query/audit.sql
sql_queries += sql/query/card.sql
sql_queries += sql/query/catalogue.sql
sql_queries += sql/query/coupon.sql
sql_queries += sql/query/desk.sql
sql_queries += sql/query/doctor.sql
sql_queries += sql/query/goods.sql
sql_queries += sql/query/ids.sql
sql_queries += sql/query/inbox.sql
sql_queries += sql/query/jobs.sql
sql_queries += sql/query/known.sql
sql_queries += sql/query/ledger.sql
sql_queries += sql/query/money.sql
sql_queries += sql/query/order.sql
sql_queries += sql/query/outbox.sql
sql_queries += sql/query/panel.sql
sql_queries += sql/query/purchase.sql
sql_queries += sql/query/sale.sql
sql_queries += sql/query/shortage.sql
sql_queries += sql/query/refund.sql
sql_queries += sql/query/staff.sql
sql_queries += sql/query/statement.sql
sql_queries += sql/query/system.sql
sql_queries += sql/query/traffic.sql
sql_queries += sql/query/verify.sql
sql_queries += sql/query/webhook.sql

BUILT_SOURCES += fcgi/store/stmt.gen.h
nodist_libks_store_a_SOURCES = fcgi/store/stmt.gen.c fcgi/store/stmt.gen.h
CLEANFILES += fcgi/store/stmt.gen.h fcgi/store/stmt.gen.c

sql_query_files = $(sql_queries:%=$(top_srcdir)/%)
fcgi/store/stmt.gen.h: sql/stmt.awk $(sql_queries)
	$(AM_V_GEN)$(MKDIR_P) fcgi/store && \
	$(AWK) -v kind=h -f $(top_srcdir)/sql/stmt.awk $(sql_query_files) \
		>$@.tmp && mv $@.tmp $@
fcgi/store/stmt.gen.c: sql/stmt.awk $(sql_queries)
	$(AM_V_GEN)$(MKDIR_P) fcgi/store && \
	$(AWK) -v kind=c -f $(top_srcdir)/sql/stmt.awk $(sql_query_files) \
		>$@.tmp && mv $@.tmp $@
