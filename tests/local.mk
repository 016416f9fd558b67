# SPDX-License-Identifier: Apache-2.0
# cmocka programs, one per line, sorted; tests/unit/test_x is built from
# tests/unit/test_x.c.  Programs of tests/db start a private server.
TEST_LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) \
	$(top_srcdir)/conf/build-aux/tap-driver.sh
LOG_DRIVER = $(TEST_LOG_DRIVER)
SH_LOG_DRIVER = $(TEST_LOG_DRIVER)
TEST_EXTENSIONS = .sh
AM_TESTS_ENVIRONMENT = \
	CMOCKA_MESSAGE_OUTPUT=TAP; export CMOCKA_MESSAGE_OUTPUT; \
	KS_SRCDIR='$(abs_top_srcdir)'; export KS_SRCDIR; \
	KS_BUILDDIR='$(abs_top_builddir)'; export KS_BUILDDIR; \
	ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:abort_on_error=1; \
	export ASAN_OPTIONS; \
	KS_DB_TESTS='$(KS_DB_TESTS)'; export KS_DB_TESTS; \
	KS_CC='$(CC)'; export KS_CC; \
	KS_CPPFLAGS='$(KS_CPPFLAGS)'; export KS_CPPFLAGS;

# The default of programs that say nothing: tests.
LDADD = libks_test.a $(ks_ldadd) $(CMOCKA_LIBS)

# Test programs link this before the layers: private servers, readers.
check_LIBRARIES += libks_test.a
libks_test_a_SOURCES =
libks_test_a_SOURCES += tests/support/cachebox.c
libks_test_a_SOURCES += tests/support/cutline.c
libks_test_a_SOURCES += tests/support/dbserver.c
libks_test_a_SOURCES += tests/support/goods.c
libks_test_a_SOURCES += tests/support/matrix.c
libks_test_a_SOURCES += tests/support/rsakey.c
libks_test_a_SOURCES += tests/support/test.c

unit_tests =
unit_tests += tests/unit/test_addr
unit_tests += tests/unit/test_address
unit_tests += tests/unit/test_arena
unit_tests += tests/unit/test_breaker
unit_tests += tests/unit/test_bloom
unit_tests += tests/unit/test_buf
unit_tests += tests/unit/test_cache
unit_tests += tests/unit/test_cache_server
unit_tests += tests/unit/test_cookie
unit_tests += tests/unit/test_crypt
unit_tests += tests/unit/test_digest
unit_tests += tests/unit/test_csv
unit_tests += tests/unit/test_email
unit_tests += tests/unit/test_fcgi
unit_tests += tests/unit/test_fcgi_listen
unit_tests += tests/unit/test_field
unit_tests += tests/unit/test_form
unit_tests += tests/unit/test_gate
unit_tests += tests/unit/test_guard
unit_tests += tests/unit/test_hdf
unit_tests += tests/unit/test_hex
unit_tests += tests/unit/test_hot
unit_tests += tests/unit/test_httpc
unit_tests += tests/unit/test_import
unit_tests += tests/unit/test_json
unit_tests += tests/unit/test_kept
unit_tests += tests/unit/test_keyring
unit_tests += tests/unit/test_log
unit_tests += tests/unit/test_mail
unit_tests += tests/unit/test_markdown
unit_tests += tests/unit/test_metric
unit_tests += tests/unit/test_multipart
unit_tests += tests/unit/test_notice_slot
unit_tests += tests/unit/test_num
unit_tests += tests/unit/test_password
unit_tests += tests/unit/test_pay_alipay_cert
unit_tests += tests/unit/test_pay_alipay_notice
unit_tests += tests/unit/test_pay_epay
unit_tests += tests/unit/test_pay_epay_notice
unit_tests += tests/unit/test_pay_epusdt_notice
unit_tests += tests/unit/test_pay_fields
unit_tests += tests/unit/test_pay_params
unit_tests += tests/unit/test_pay_paypal_notice
unit_tests += tests/unit/test_pay_stripe_notice
unit_tests += tests/unit/test_pay_wechatpay_cert
unit_tests += tests/unit/test_pay_wechatpay_notice
unit_tests += tests/unit/test_piece
unit_tests += tests/unit/test_pressure
unit_tests += tests/unit/test_price
unit_tests += tests/unit/test_qr
unit_tests += tests/unit/test_rate
unit_tests += tests/unit/test_rc
unit_tests += tests/unit/test_response
unit_tests += tests/unit/test_router
unit_tests += tests/unit/test_rsa
unit_tests += tests/unit/test_seed_key
unit_tests += tests/unit/test_seen
unit_tests += tests/unit/test_settings
unit_tests += tests/unit/test_slots
unit_tests += tests/unit/test_statement
unit_tests += tests/unit/test_static_url
unit_tests += tests/unit/test_shop_pieces
unit_tests += tests/unit/test_str
unit_tests += tests/unit/test_till
unit_tests += tests/unit/test_ticket
unit_tests += tests/unit/test_time
unit_tests += tests/unit/test_tmpl
unit_tests += tests/unit/test_totp
unit_tests += tests/unit/test_turn
unit_tests += tests/unit/test_url
unit_tests += tests/unit/test_utf8
unit_tests += tests/unit/test_web
unit_tests += tests/unit/test_winters
unit_tests += tests/unit/test_webhook
unit_tests += tests/unit/test_words
unit_tests += tests/unit/test_work

# The HTTP layer with literals in the place of io/fcgi.c.
tests_unit_test_guard_SOURCES = tests/unit/test_guard.c tests/support/webtest.c
tests_unit_test_piece_SOURCES = tests/unit/test_piece.c tests/support/webtest.c
tests_unit_test_response_SOURCES = tests/unit/test_response.c tests/support/webtest.c
tests_unit_test_router_SOURCES = tests/unit/test_router.c tests/support/webtest.c
tests_unit_test_web_SOURCES = tests/unit/test_web.c tests/support/webtest.c
tests_unit_test_work_SOURCES = tests/unit/test_work.c tests/support/webtest.c

# The boxes that several programs of one subject share.
tests_unit_test_cache_SOURCES = tests/unit/test_cache.c tests/support/cachebox.c
tests_unit_test_cache_server_SOURCES = tests/unit/test_cache_server.c tests/support/cachebox.c
tests_unit_test_fcgi_SOURCES = tests/unit/test_fcgi.c tests/support/fcgiwire.c
tests_db_test_channel_keys_SOURCES = tests/db/test_channel_keys.c tests/support/counter.c
tests_db_test_close_SOURCES = tests/db/test_close.c tests/support/counter.c
tests_db_test_db_dies_SOURCES = tests/db/test_db_dies.c tests/support/dberr.c
tests_db_test_db_errors_SOURCES = tests/db/test_db_errors.c tests/support/dberr.c
tests_db_test_forecast_SOURCES = tests/db/test_forecast.c tests/support/counter.c
tests_db_test_hold_SOURCES = tests/db/test_hold.c tests/support/counter.c
tests_db_test_purchase_SOURCES = tests/db/test_purchase.c tests/support/counter.c
tests_db_test_policy_SOURCES = tests/db/test_policy.c tests/support/counter.c
tests_db_test_cut_SOURCES = tests/db/test_cut.c tests/support/counter.c
tests_db_test_race_SOURCES = tests/db/test_race.c tests/support/counter.c tests/support/slowline.c
tests_db_test_refund_SOURCES = tests/db/test_refund.c tests/support/counter.c tests/support/refunder.c
tests_db_test_refund_people_SOURCES = tests/db/test_refund_people.c tests/support/counter.c tests/support/refunder.c
tests_db_test_refund_proof_SOURCES = tests/db/test_refund_proof.c tests/support/counter.c tests/support/refunder.c
tests_db_test_reseal_SOURCES = tests/db/test_reseal.c tests/support/counter.c
tests_db_test_settle_SOURCES = tests/db/test_settle.c tests/support/counter.c
tests_db_test_offer_SOURCES = tests/db/test_offer.c tests/support/counter.c
tests_db_test_till_SOURCES = tests/db/test_till.c tests/support/counter.c
tests_db_test_till_cut_SOURCES = tests/db/test_till_cut.c tests/support/counter.c
tests_db_test_shortage_SOURCES = tests/db/test_shortage.c tests/support/counter.c
tests_db_test_verify_SOURCES = tests/db/test_verify.c tests/support/counter.c

# Run by tests/db/run.sh, which starts one pair of servers for all of them.
db_tests =
db_tests += tests/db/test_catalogue
db_tests += tests/db/test_channel_keys
db_tests += tests/db/test_close
db_tests += tests/db/test_cut
db_tests += tests/db/test_db
db_tests += tests/db/test_forecast
db_tests += tests/db/test_goods_edit
db_tests += tests/db/test_hold
db_tests += tests/db/test_import
db_tests += tests/db/test_offer
db_tests += tests/db/test_purchase
db_tests += tests/db/test_policy
db_tests += tests/db/test_shortage
db_tests += tests/db/test_race
db_tests += tests/db/test_db_cut
db_tests += tests/db/test_db_dies
db_tests += tests/db/test_db_errors
db_tests += tests/db/test_db_ints
db_tests += tests/db/test_db_tls
db_tests += tests/db/test_quote
db_tests += tests/db/test_refund
db_tests += tests/db/test_refund_people
db_tests += tests/db/test_refund_proof
db_tests += tests/db/test_replica
db_tests += tests/db/test_reseal
db_tests += tests/db/test_schema
db_tests += tests/db/test_seed
db_tests += tests/db/test_stmt
db_tests += tests/db/test_settle
db_tests += tests/db/test_staff
db_tests += tests/db/test_till
db_tests += tests/db/test_till_cut
db_tests += tests/db/test_tx
db_tests += tests/db/test_verify
KS_DB_TESTS = $(db_tests)

# Plays gateway vectors; `make` builds it, not only `make check`.
noinst_PROGRAMS += tests/vector_run
tests_vector_run_LDADD = $(ks_ldadd)
tests_vector_run_SOURCES = tests/vector/run.c $(vector_sources)
vector_sources =
vector_sources += tests/support/rsakey.c
vector_sources += tests/vector/alipay.c
vector_sources += tests/vector/differ.c
vector_sources += tests/vector/epay.c
vector_sources += tests/vector/epusdt.c
vector_sources += tests/vector/file.c
vector_sources += tests/vector/key.c
vector_sources += tests/vector/kinds.c
vector_sources += tests/vector/notify.c
vector_sources += tests/vector/paypal.c
vector_sources += tests/vector/rsa.c
vector_sources += tests/vector/stripe.c
vector_sources += tests/vector/wechatpay.c
# One adapter, one call, for tests that let it talk to the simulator.
check_PROGRAMS += tests/gateway_call
tests_gateway_call_SOURCES = tests/support/gateway_call.c
tests_gateway_call_LDADD = $(ks_ldadd)
TESTS += tests/vector/check.sh
TESTS += tests/support/paysim/check.sh
TESTS += tests/support/paysim/cross.sh

# Cheap ones run with each check; `make lint` runs all.
lint_fast =
lint_fast += tests/lint/bans.sh
lint_fast += tests/lint/lang.sh
lint_fast += tests/lint/layers.sh
lint_fast += tests/lint/mysql8.sh
lint_fast += tests/lint/query.sh
lint_fast += tests/lint/shell.sh
lint_fast += tests/lint/size.sh
lint_fast += tests/lint/stmt_awk.sh
lint_fast += tests/lint/tmpl.sh
lint_fast += tests/lint/units.sh

lint_tests = $(lint_fast)
lint_tests += tests/lint/analyze.sh
lint_tests += tests/lint/cppcheck.sh
lint_tests += tests/lint/format.sh
lint_tests += tests/lint/headers.sh
lint_tests += tests/lint/metrics.sh
lint_tests += tests/lint/tidy.sh
TESTS += $(lint_fast)

# The saved corpus of the fuzz targets; needs no fuzzer.
check_PROGRAMS += tests/fuzz/replay
tests_fuzz_replay_SOURCES = tests/fuzz/replay.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_bloom.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_cookie.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_csv.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_email.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_form.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_import.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_markdown.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_money.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_multipart.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_pay_node.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_pay_notice.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_pay_params.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_settings.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_sql.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_till.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_statement.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_url.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_utf8.c
tests_fuzz_replay_SOURCES += tests/fuzz/fuzz_words.c
tests_fuzz_replay_SOURCES += tests/support/rsakey.c
tests_fuzz_replay_LDADD = $(ks_ldadd)
TESTS += tests/fuzz/replay

if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests) $(db_tests)
TESTS += $(unit_tests) tests/db/run.sh
endif

# ---- targets

.PHONY: lint format asan cover fuzz bench bench-programs example

lint: $(BUILT_SOURCES)
	@$(AM_TESTS_ENVIRONMENT) srcdir='$(srcdir)' \
		$(SHELL) $(srcdir)/tests/lint/run.sh $(lint_tests)

# Changed files; all of them with ALL=1.
format:
	cd $(srcdir) && { if test -n "$(ALL)"; then \
		find fcgi tests -name '*.[ch]'; \
	else \
		git diff --name-only --diff-filter=d HEAD -- '*.c' '*.h' && \
		git ls-files --others --exclude-standard -- '*.c' '*.h'; \
	fi; } | xargs -r clang-format-14 -i

# The same suite in a build of its own.
asan:
	$(MKDIR_P) asan && cd asan && { test -f Makefile || \
		$(abs_srcdir)/configure -q --enable-devel --enable-asan CC='$(CC)'; }
	$(MAKE) -C asan check

# The floor is on shop and pay only: there a line that no test runs is a rule
# that nobody has checked.
cover_floor = 70
cover:
	$(MKDIR_P) cover && cd cover && { test -f Makefile || \
		$(abs_srcdir)/configure -q --enable-cover CC='$(CC)'; }
	$(MAKE) -C cover check
	gcovr -r $(srcdir) --object-directory cover -e '.*/tests/.*' --txt
	gcovr -r $(srcdir) --object-directory cover \
		-f '.*/fcgi/(shop|pay)/.*' --fail-under-line $(cover_floor) >/dev/null

# make fuzz FUZZ=form T=60: one target; without FUZZ each of them for T seconds.
fuzz: $(BUILT_SOURCES)
	FUZZ='$(FUZZ)' T='$(T)' KS_CPPFLAGS='$(KS_CPPFLAGS)' KS_LIBS='$(KS_LIBS)' \
		$(SHELL) $(srcdir)/tests/fuzz/run.sh

# Programs of make bench only: neither `make` nor `make check` needs them.
EXTRA_PROGRAMS = tests/bench/bare_fcgi tests/bench/bare_sql \
	tests/bench/bare_import tests/bench/buyers tests/bench/notice_cpu \
	tests/bench/render_loop tests/bench/storm
tests_bench_bare_fcgi_SOURCES = tests/bench/bare_fcgi.c
tests_bench_bare_fcgi_LDADD = $(KS_LIBS)
tests_bench_bare_sql_SOURCES = tests/bench/bare_sql.c
tests_bench_bare_sql_LDADD = $(KS_LIBS)
tests_bench_bare_import_SOURCES = tests/bench/bare_import.c
tests_bench_bare_import_LDADD = $(KS_LIBS)
tests_bench_buyers_SOURCES = tests/bench/buyers.c tests/bench/load.c
tests_bench_buyers_LDADD = $(KS_LIBS)
tests_bench_notice_cpu_SOURCES = tests/bench/notice_cpu.c $(vector_sources)
tests_bench_notice_cpu_LDADD = $(ks_ldadd)
tests_bench_storm_SOURCES = tests/bench/storm.c tests/bench/load.c
tests_bench_storm_LDADD = $(KS_LIBS)
# For a profiler: rendering alone (its LDADD is the tests').
tests_bench_render_loop_SOURCES = tests/bench/render_loop.c tests/support/webtest.c
CLEANFILES += $(EXTRA_PROGRAMS) tests/bench/dbcpu.so tests/bench/report.json

# Preloaded into one worker, hence no program and no libtool for it.
tests/bench/dbcpu.so: $(srcdir)/tests/bench/dbcpu.c
	$(MKDIR_P) tests/bench
	$(CC) $(KS_CPPFLAGS) -O2 -fPIC -shared -o $@ $(srcdir)/tests/bench/dbcpu.c

bench-programs: $(EXTRA_PROGRAMS) tests/bench/dbcpu.so

# make bench BENCH=--short
bench: all bench-programs
	BIN_DIR='$(abs_top_builddir)' \
		$(SHELL) $(srcdir)/tests/bench/run.sh $(BENCH)

# After a change of settings.def; a unit test fails while it is stale.
example: keystallctl
	./keystallctl settings --example >$(srcdir)/conf/keystall.conf.example

compile_commands.json:
	@command -v bear >/dev/null || { echo 'apt-get install bear' >&2; exit 1; }
	$(MAKE) clean
	bear --output $@ -- $(MAKE) all $(check_LIBRARIES) $(check_PROGRAMS)
	$(MAKE) all
CLEANFILES += compile_commands.json

distclean-local:
	-rm -rf asan cover fuzz
