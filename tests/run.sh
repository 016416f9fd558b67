#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# sh tests/run.sh [unit|db|http|browser|lint|all|long]...
#
# Installs what the tests need from Debian packages (nothing when it is all
# there), builds with --enable-devel, runs the suites and prints what they
# say.  The last line is "N passed, N failed" over everything; the exit status
# is that of the sum.  A suite that runs no test has failed.
#
# The http suite runs three times: behind nginx, behind Apache with mod_fcgid
# (workers = 0), and behind nginx with the ASan+UBSan build.  The browser buys
# behind both, and does all else behind nginx.
#
# long is not in all: what the suites do in small numbers, in large ones (2,000
# races of one order, 100,000 junk addresses, 100,000 requests for the memory).
#
# Environment: BUILD_DIR (default build-test), ASAN_DIR (build-asan),
# PYTEST_ARGS for the Python suites, NO_INSTALL=1 to leave packages alone.
set -eu

# the distribution's tools and its python3, whatever else is in PATH
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
LC_ALL=C.UTF-8
export PATH LC_ALL

root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/conf/lib/common.sh"
. "$root/conf/lib/packages.sh"

# nothing here is decided by what a user has set up
unset KEYSTALL_FRONT BIN_DIR CONFIGURE_ARGS MAKEFLAGS PYTEST_ADDOPTS 2>/dev/null || :

build_dir=${BUILD_DIR:-$root/build-test}
asan_dir=${ASAN_DIR:-$root/build-asan}
case $build_dir in /*) ;; *) build_dir=$PWD/$build_dir ;; esac
case $asan_dir in /*) ;; *) asan_dir=$PWD/$asan_dir ;; esac

# Memory instead of a disk, where there is room and programs may run there:
# the same settings, the same calls, without the wait for a spinning machine.
# (What a crash of the machine loses is not what these tests are about.)
roomy() {
    [ "$(df -Pk "$1" 2>/dev/null | awk 'NR == 2 { print $4 }')" -gt 6000000 ] &&
        [ -w "$1" ] &&
        ! grep -q "^[^ ]* $1 [^ ]* [^ ]*noexec" /proc/mounts
} 2>/dev/null
if [ -z "${TMPDIR:-}" ] && roomy /dev/shm; then
    TMPDIR=/dev/shm
fi
work=$(mktemp -d "${TMPDIR:-/tmp}/keystall-tests.XXXXXX")
# as root, the servers of the tests run as another user
chmod 755 "$work"
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM HUP

passed=0 failed=0

# count NAME PASSED FAILED: adds up, and says so
count() {
    if [ $(($2 + $3)) -eq 0 ]; then
        say "$1: no test ran"
        failed=$((failed + 1))
        return
    fi
    say "$1: $2 passed, $3 failed"
    passed=$((passed + $2))
    failed=$((failed + $3))
}

# -- suites ----------------------------------------------------------------

# tap NAME LIST: the cmocka and TAP programs of a list in tests/local.mk
tap() {
    step "$1"
    _log=$work/$1.log
    rm -f "$build_dir/test-suite.log"
    # shellcheck disable=SC2016  # make expands it
    make -C "$build_dir" -k -j"$(nproc)" check TESTS="$2" >"$_log" 2>&1 || :
    if ! grep -q '^# PASS:' "$_log"; then
        tail -n 40 "$_log"
        count "$1" 0 1
        return
    fi
    _good=$(sed -n 's/^# PASS: *//p' "$_log" | tail -n 1)
    _bad=$(sed -n 's/^# \(FAIL\|ERROR\|XPASS\): *//p' "$_log" | tail -n 3 |
        awk '{ n += $1 } END { print n + 0 }')
    if [ "$_bad" != 0 ]; then
        grep -E '^(FAIL|ERROR|XPASS):' "$_log" || :
        tail -n 200 "$build_dir/test-suite.log" 2>/dev/null || :
    fi
    count "$1" "$_good" "$_bad"
}

# python NAME FOLDER PROGRAMS [NAME=VALUE...]: a pytest suite
python() {
    step "$1"
    _name=$1 _folder=$2 _programs=$3
    shift 3
    _xml=$work/$_name.xml
    # shellcheck disable=SC2086
    env BIN_DIR="$_programs" KEYSTALL_TEST_TMP="$work" \
        PYTHONDONTWRITEBYTECODE=1 "$@" \
        python3 -m pytest -q -p no:cacheprovider --durations=5 \
        --basetemp="$work/$_name.tmp" \
        --junitxml="$_xml" ${PYTEST_ARGS:-} "$_folder" 2>&1 || :
    if [ ! -s "$_xml" ]; then
        count "$_name" 0 1
        return
    fi
    # shellcheck disable=SC2046
    count "$_name" $(python3 - "$_xml" <<'END'
import sys
from xml.etree import ElementTree
good = bad = 0
for s in ElementTree.parse(sys.argv[1]).iter("testsuite"):
    n = {k: int(s.get(k, 0)) for k in ("tests", "failures", "errors",
                                       "skipped")}
    bad += n["failures"] + n["errors"]
    good += n["tests"] - n["failures"] - n["errors"] - n["skipped"]
print(max(good, 0), bad)
END
    )
}

# The hashed static files are made beside the programs, as the tests want them.
ready_to_serve() { # BUILD-DIR
    sh "$root/conf/install-static.sh" "$root/static" "$1/static"
}

# shellcheck disable=SC2016  # make expands the list
unit() {
    tap unit '$(unit_tests) tests/fuzz/replay tests/vector/check.sh
        tests/support/paysim/check.sh tests/support/paysim/cross.sh'
}
db() { tap db tests/db/run.sh; }

lint() {
    step lint
    make -C "$build_dir" lint >"$work/lint.log" 2>&1 || :
    grep -E '(not ok|# SKIP|\.sh [0-9]+ ms$)' "$work/lint.log" || :
    # a lint whose tool is missing has found nothing, and that is not enough
    _skipped=$(grep -c '# SKIP' "$work/lint.log") || :
    _counts=$(sed -n 's/^lint: \([0-9]*\) passed, \([0-9]*\) failed$/\1 \2/p' \
        "$work/lint.log")
    if [ -z "$_counts" ]; then
        tail -n 40 "$work/lint.log"
        _counts='0 0'
    fi
    count lint "${_counts% *}" $((${_counts#* } + _skipped))
}

http() {
    ready_to_serve "$build_dir"
    python http-nginx "$root/tests/http" "$build_dir" KEYSTALL_FRONT=nginx
    python http-apache "$root/tests/http" "$build_dir" KEYSTALL_FRONT=apache
    http_asan
}

http_asan() {
    step "building with ASan and UBSan in $asan_dir"
    build "$root" "$asan_dir" "$work/build-asan.log" \
        --enable-devel --enable-asan
    ready_to_serve "$asan_dir"
    mkdir -m 777 "$work/asan"
    python http-asan "$root/tests/http" "$asan_dir" KEYSTALL_FRONT=nginx \
        KEYSTALL_ASAN="$work/asan" \
        ASAN_OPTIONS="detect_stack_use_after_return=1:strict_string_checks=1:abort_on_error=1:log_path=$work/asan/report" \
        UBSAN_OPTIONS="print_stacktrace=1:log_path=$work/asan/report"
    # a finding in a process that no test looked at is a finding
    _reports=$(find "$work/asan" -type f -size +0 | wc -l)
    find "$work/asan" -type f -size +0 -exec head -n 60 {} + || :
    if [ "$_reports" -eq 0 ]; then
        count asan-reports 1 0
    else
        count asan-reports 0 "$_reports"
    fi
}

# axe-core is the one thing that Debian does not package.  Without npm its
# tests are skipped, and that is said.
axe() {
    axe_js=
    if have npm && (cd "$work" && npm pack --silent axe-core@4.14.1 &&
        tar xzf axe-core-*.tgz package/axe.min.js) >/dev/null 2>&1; then
        axe_js=$work/package/axe.min.js
    else
        say "browser: no axe-core (npm); the accessibility tests are skipped"
    fi
}

browser() {
    ready_to_serve "$build_dir"
    axe
    python browser "$root/tests/browser" "$build_dir" KEYSTALL_AXE="$axe_js"
    # once more where a rented directory is: a purchase, with and without script
    python browser-apache "$root/tests/browser/test_c_buy.py" "$build_dir" \
        KEYSTALL_FRONT=apache PYTEST_ADDOPTS="-k 'buy_pay and 360'"
}

long() {
    KS_RACE_ROUNDS=2000 tap long-db tests/db/run.sh
    ready_to_serve "$build_dir"
    python long-junk "$root/tests/http/test_l_junk.py" "$build_dir" \
        KEYSTALL_FRONT=nginx KEYSTALL_JUNK=100000
    python long-memory "$root/tests/http/test_l_memory.py" "$build_dir" \
        KEYSTALL_FRONT=nginx KEYSTALL_ROUNDS=100000
}

# -- main ------------------------------------------------------------------

[ $# -gt 0 ] || set -- all
suites=
for suite in "$@"; do
    case $suite in
    all) suites="lint unit db http browser" ;;
    unit | db | http | browser | lint | long) suites="$suites $suite" ;;
    *) die "no suite $suite: unit db http browser lint all long" ;;
    esac
done

packages="$build_packages libcmocka-dev memcached python3
    python3-cryptography"
for suite in $suites; do
    case $suite in
    db) packages="$packages mariadb-server-core mariadb-client-core" ;;
    http | browser | long)
        packages="$packages $server_packages apache2-bin libapache2-mod-fcgid
            python3-pytest python3-pymysql python3-requests
            python3-aiosmtpd mariadb-client prometheus"
        ;;
    lint)
        packages="$packages shellcheck clang-format-14 clang-tidy-14 cppcheck
            systemd prometheus"
        ;;
    esac
    case $suite in
    browser)
        packages="$packages python3-selenium chromium chromium-driver
            fonts-wqy-microhei zbar-tools"
        ;;
    esac
done
# shellcheck disable=SC2086
[ -n "${NO_INSTALL:-}" ] || install_packages $packages

step "building in $build_dir"
build "$root" "$build_dir" "$work/build.log" --enable-devel

for suite in $suites; do
    $suite
done

say "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
