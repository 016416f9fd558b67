# SPDX-License-Identifier: Apache-2.0
# One archive per layer, one module per line, sorted.  Headers need no line:
# the tarball takes the folder.
noinst_LIBRARIES += libks_base.a
noinst_LIBRARIES += libks_io.a
noinst_LIBRARIES += libks_pay.a
noinst_LIBRARIES += libks_proc.a
noinst_LIBRARIES += libks_shop.a
noinst_LIBRARIES += libks_store.a
noinst_LIBRARIES += libks_web.a

# The order is the order of the layers: a call upward does not link.
ks_libs = libks_proc.a libks_web.a libks_shop.a libks_pay.a libks_store.a \
	libks_io.a libks_base.a
ks_ldadd = $(ks_libs) $(KS_LIBS)

# banned.h comes before each file of fcgi/, and only there: tests may.
ks_cflags = $(AM_CFLAGS) -include $(top_srcdir)/fcgi/base/banned.h

libks_base_a_CFLAGS = $(ks_cflags) $(KS_STRICT_CFLAGS)
libks_base_a_SOURCES =
libks_base_a_SOURCES += fcgi/base/arena.c
libks_base_a_SOURCES += fcgi/base/buf.c
libks_base_a_SOURCES += fcgi/base/bug.c
libks_base_a_SOURCES += fcgi/base/hex.c
libks_base_a_SOURCES += fcgi/base/log.c
libks_base_a_SOURCES += fcgi/base/map.c
libks_base_a_SOURCES += fcgi/base/metric.c
libks_base_a_SOURCES += fcgi/base/num.c
libks_base_a_SOURCES += fcgi/base/rc.c
libks_base_a_SOURCES += fcgi/base/settings.c
libks_base_a_SOURCES += fcgi/base/settings_check.c
libks_base_a_SOURCES += fcgi/base/settings_print.c
libks_base_a_SOURCES += fcgi/base/str.c
libks_base_a_SOURCES += fcgi/base/time.c
libks_base_a_SOURCES += fcgi/base/url.c
libks_base_a_SOURCES += fcgi/base/utf8.c
libks_base_a_SOURCES += fcgi/base/vec.c

libks_io_a_CFLAGS = $(ks_cflags)
libks_io_a_SOURCES =
libks_io_a_SOURCES += fcgi/io/backing.c
libks_io_a_SOURCES += fcgi/io/crypt.c
libks_io_a_SOURCES += fcgi/io/file.c
libks_io_a_SOURCES += fcgi/io/hdf.c
libks_io_a_SOURCES += fcgi/io/json.c
libks_io_a_SOURCES += fcgi/io/keyfile.c
libks_io_a_SOURCES += fcgi/io/keyring.c
libks_io_a_SOURCES += fcgi/io/password.c
libks_io_a_SOURCES += fcgi/io/rsa.c
libks_io_a_SOURCES += fcgi/io/db.c
libks_io_a_SOURCES += fcgi/io/db_conn.c
libks_io_a_SOURCES += fcgi/io/db_err.c
libks_io_a_SOURCES += fcgi/io/db_route.c
libks_io_a_SOURCES += fcgi/io/db_stmt.c
libks_io_a_SOURCES += fcgi/io/db_table.c
libks_io_a_SOURCES += fcgi/io/db_tx.c
libks_io_a_SOURCES += fcgi/io/tmpl.c
libks_io_a_SOURCES += fcgi/io/tmpl_scan.c
libks_io_a_SOURCES += fcgi/io/tnode.c

libks_store_a_CFLAGS = $(ks_cflags)
libks_store_a_SOURCES =
libks_store_a_SOURCES += fcgi/store/card_hold.c
libks_store_a_SOURCES += fcgi/store/category.c
libks_store_a_SOURCES += fcgi/store/channel.c
libks_store_a_SOURCES += fcgi/store/content.c
libks_store_a_SOURCES += fcgi/store/coupon.c
libks_store_a_SOURCES += fcgi/store/ids.c
libks_store_a_SOURCES += fcgi/store/notice.c
libks_store_a_SOURCES += fcgi/store/order.c
libks_store_a_SOURCES += fcgi/store/order_move.c
libks_store_a_SOURCES += fcgi/store/order_place.c
libks_store_a_SOURCES += fcgi/store/outbox.c
libks_store_a_SOURCES += fcgi/store/outbox_read.c
libks_store_a_SOURCES += fcgi/store/payment.c
libks_store_a_SOURCES += fcgi/store/product.c
libks_store_a_SOURCES += fcgi/store/sku.c
libks_store_a_SOURCES += fcgi/store/start.c
libks_store_a_SOURCES += fcgi/store/tx.c
libks_store_a_SOURCES += fcgi/store/verify.c

libks_pay_a_CFLAGS = $(ks_cflags) $(KS_STRICT_CFLAGS)
libks_pay_a_SOURCES =
libks_pay_a_SOURCES += fcgi/pay/ask.c
libks_pay_a_SOURCES += fcgi/pay/epay.c
libks_pay_a_SOURCES += fcgi/pay/epay2.c
libks_pay_a_SOURCES += fcgi/pay/epay_words.c
libks_pay_a_SOURCES += fcgi/pay/fields.c
libks_pay_a_SOURCES += fcgi/pay/gateways.c
libks_pay_a_SOURCES += fcgi/pay/params.c
libks_pay_a_SOURCES += fcgi/pay/request.c
libks_pay_a_SOURCES += fcgi/pay/scalar.c
libks_pay_a_SOURCES += fcgi/pay/verdict.c

libks_shop_a_CFLAGS = $(ks_cflags)
libks_shop_a_SOURCES =
libks_shop_a_SOURCES += fcgi/shop/ask.c
libks_shop_a_SOURCES += fcgi/shop/catalogue.c
libks_shop_a_SOURCES += fcgi/shop/catalogue_parts.c
libks_shop_a_SOURCES += fcgi/shop/catalogue_product.c
libks_shop_a_SOURCES += fcgi/shop/channel.c
libks_shop_a_SOURCES += fcgi/shop/checkout.c
libks_shop_a_SOURCES += fcgi/shop/claim.c
libks_shop_a_SOURCES += fcgi/shop/deliver.c
libks_shop_a_SOURCES += fcgi/shop/event.c
libks_shop_a_SOURCES += fcgi/shop/identity.c
libks_shop_a_SOURCES += fcgi/shop/mail_order.c
libks_shop_a_SOURCES += fcgi/shop/notice.c
libks_shop_a_SOURCES += fcgi/shop/order.c
libks_shop_a_SOURCES += fcgi/shop/order_end.c
libks_shop_a_SOURCES += fcgi/shop/order_state.c
libks_shop_a_SOURCES += fcgi/shop/outbox_send.c
libks_shop_a_SOURCES += fcgi/shop/pay_order.c
libks_shop_a_SOURCES += fcgi/shop/price.c
libks_shop_a_SOURCES += fcgi/shop/quote.c
libks_shop_a_SOURCES += fcgi/shop/settle.c
libks_shop_a_SOURCES += fcgi/shop/start.c
libks_shop_a_SOURCES += fcgi/shop/token.c
libks_shop_a_SOURCES += fcgi/shop/verify.c
libks_shop_a_SOURCES += fcgi/shop/words.c

libks_web_a_CFLAGS = $(ks_cflags)
libks_web_a_SOURCES =
libks_web_a_SOURCES += fcgi/web/address.c
libks_web_a_SOURCES += fcgi/web/field.c
libks_web_a_SOURCES += fcgi/web/guard.c
libks_web_a_SOURCES += fcgi/web/health.c
libks_web_a_SOURCES += fcgi/web/metrics_page.c
libks_web_a_SOURCES += fcgi/web/notify.c
libks_web_a_SOURCES += fcgi/web/rate.c
libks_web_a_SOURCES += fcgi/web/reply.c
libks_web_a_SOURCES += fcgi/web/request.c
libks_web_a_SOURCES += fcgi/web/response.c
libks_web_a_SOURCES += fcgi/web/router.c
libks_web_a_SOURCES += fcgi/web/session.c
libks_web_a_SOURCES += fcgi/web/static_url.c
libks_web_a_SOURCES += fcgi/web/view.c
libks_web_a_SOURCES += fcgi/web/web.c
libks_web_a_SOURCES += fcgi/web/cookie.c
libks_web_a_SOURCES += fcgi/web/form.c
libks_web_a_SOURCES += fcgi/web/multipart.c
libks_web_a_SOURCES += fcgi/web/part_head.c

libks_proc_a_CFLAGS = $(ks_cflags)
libks_proc_a_SOURCES =
libks_proc_a_SOURCES += fcgi/proc/ctl.c
libks_proc_a_SOURCES += fcgi/proc/ctl_admin.c
libks_proc_a_SOURCES += fcgi/proc/ctl_cards.c
libks_proc_a_SOURCES += fcgi/proc/ctl_check_config.c
libks_proc_a_SOURCES += fcgi/proc/ctl_key.c
libks_proc_a_SOURCES += fcgi/proc/ctl_settings.c
libks_proc_a_SOURCES += fcgi/proc/ctl_verify.c
libks_proc_a_SOURCES += fcgi/proc/jobs.c
libks_proc_a_SOURCES += fcgi/proc/master.c
libks_proc_a_SOURCES += fcgi/proc/pool.c
libks_proc_a_SOURCES += fcgi/proc/privs.c
libks_proc_a_SOURCES += fcgi/proc/shm.c
libks_proc_a_SOURCES += fcgi/proc/start.c
libks_proc_a_SOURCES += fcgi/proc/worker.c

# Programs: a block is switched on by the commit that adds its source.
#prog_PROGRAMS += keystall-fcgi
#keystall_fcgi_SOURCES = fcgi/cmd/keystall_fcgi.c
#keystall_fcgi_CFLAGS = $(ks_cflags)
#keystall_fcgi_LDADD = $(ks_ldadd)
#prog_PROGRAMS += keystall-jobs
#keystall_jobs_SOURCES = fcgi/cmd/keystall_jobs.c
#keystall_jobs_CFLAGS = $(ks_cflags)
#keystall_jobs_LDADD = $(ks_ldadd)
#bin_PROGRAMS += keystallctl
#keystallctl_SOURCES = fcgi/cmd/keystallctl.c
#keystallctl_CFLAGS = $(ks_cflags)
#keystallctl_LDADD = $(ks_ldadd)
