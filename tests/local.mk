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
	KS_DB_TESTS='$(KS_DB_TESTS)'; export KS_DB_TESTS;

# The default of programs that say nothing: tests.
LDADD = libks_test.a $(ks_ldadd) $(CMOCKA_LIBS)

# Test programs link this before the layers: private servers, readers.
check_LIBRARIES += libks_test.a
libks_test_a_SOURCES =
libks_test_a_SOURCES += tests/support/dbserver.c
libks_test_a_SOURCES += tests/support/goods.c
libks_test_a_SOURCES += tests/support/test.c

unit_tests =
unit_tests += tests/unit/test_address
unit_tests += tests/unit/test_arena
unit_tests += tests/unit/test_buf
unit_tests += tests/unit/test_cache
unit_tests += tests/unit/test_cookie
unit_tests += tests/unit/test_crypt
unit_tests += tests/unit/test_email
unit_tests += tests/unit/test_fcgi
unit_tests += tests/unit/test_field
unit_tests += tests/unit/test_fcgi
unit_tests += tests/unit/test_form
unit_tests += tests/unit/test_hdf
unit_tests += tests/unit/test_hex
unit_tests += tests/unit/test_import
unit_tests += tests/unit/test_json
unit_tests += tests/unit/test_keyring
unit_tests += tests/unit/test_log
unit_tests += tests/unit/test_metric
unit_tests += tests/unit/test_multipart
unit_tests += tests/unit/test_num
unit_tests += tests/unit/test_password
unit_tests += tests/unit/test_price
unit_tests += tests/unit/test_rate
unit_tests += tests/unit/test_rc
unit_tests += tests/unit/test_rsa
unit_tests += tests/unit/test_settings
unit_tests += tests/unit/test_str
unit_tests += tests/unit/test_time
unit_tests += tests/unit/test_tmpl
unit_tests += tests/unit/test_url
unit_tests += tests/unit/test_utf8
unit_tests += tests/unit/test_words

# The HTTP layer with literals in the place of io/fcgi.c.
#tests_unit_test_guard_SOURCES = tests/unit/test_guard.c tests/support/webtest.c
#tests_unit_test_response_SOURCES = tests/unit/test_response.c tests/support/webtest.c
#tests_unit_test_router_SOURCES = tests/unit/test_router.c tests/support/webtest.c
#tests_unit_test_web_SOURCES = tests/unit/test_web.c tests/support/webtest.c

# Run by tests/db/run.sh, which starts one pair of servers for all of them.
db_tests =
db_tests += tests/db/test_catalogue
db_tests += tests/db/test_db
db_tests += tests/db/test_import
db_tests += tests/db/test_purchase
db_tests += tests/db/test_db_errors
db_tests += tests/db/test_db_tls
db_tests += tests/db/test_replica
db_tests += tests/db/test_schema
db_tests += tests/db/test_stmt
db_tests += tests/db/test_tx
KS_DB_TESTS = $(db_tests)

lint_tests =
lint_tests += tests/lint/lang.sh
lint_tests += tests/lint/shell.sh
lint_tests += tests/lint/stmt_awk.sh
lint_tests += tests/lint/units.sh
TESTS += $(lint_tests)

if HAVE_CMOCKA
check_PROGRAMS += $(unit_tests) $(db_tests)
TESTS += $(unit_tests) tests/db/run.sh
endif
