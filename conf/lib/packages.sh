# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# Debian packages, and the build.  Sourced after common.sh.
#
# shellcheck disable=SC2034  # the lists are read by those who source this

# What a build and a running shop need; DEPENDENCIES of the tests are in
# tests/run.sh.  The -core packages of MariaDB carry no system service.
build_packages='gcc make autoconf automake pkgconf libc6-dev libfcgi-dev
    clearsilver-dev default-libmysqlclient-dev libmemcached-dev libssl-dev
    libcurl4-openssl-dev libjansson-dev libqrencode-dev uthash-dev
    libargon2-dev libcmark-gfm-dev libcmark-gfm-extensions-dev zlib1g-dev
    brotli'
server_packages='mariadb-server-core mariadb-client-core memcached nginx
    python3 python3-cryptography util-linux'


# install_packages NAME...: nothing to do costs no network
install_packages() {
    have dpkg-query || die "this is no Debian: install $* and use --no-install"
    _missing=
    for _package in "$@"; do
        case $(dpkg-query -W -f='${db:Status-Status}' "$_package" \
            2>/dev/null) in
        installed) ;;
        *) _missing="$_missing $_package" ;;
        esac
    done
    [ -n "$_missing" ] || return 0
    [ "$(id -u)" = 0 ] || die \
        "as root: apt-get install --no-install-recommends$_missing"
    step "installing$_missing"
    # Packages only: their services are not started.  The file is Debian's
    # way to say so; one that is there already is the operator's.
    _policy=/usr/sbin/policy-rc.d
    if [ -e "$_policy" ]; then
        _policy=
    else
        printf '#!/bin/sh\nexit 101\n' >"$_policy"
        chmod 755 "$_policy"
        trap 'rm -f "$_policy"' EXIT
        trap 'rm -f "$_policy"; exit 130' INT TERM HUP
    fi
    _log=${TMPDIR:-/tmp}/keystall-apt.$$
    _ok=yes
    # shellcheck disable=SC2086
    {
        DEBIAN_FRONTEND=noninteractive apt-get -q -y \
            -o DPkg::Lock::Timeout=300 install --no-install-recommends \
            $_missing || {
            apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q -y \
                -o DPkg::Lock::Timeout=300 install --no-install-recommends \
                $_missing
        }
    } </dev/null >"$_log" 2>&1 || _ok=no
    if [ -n "$_policy" ]; then
        rm -f "$_policy"
        trap - EXIT INT TERM HUP
    fi
    if [ $_ok = no ]; then
        tail -n 15 "$_log" >&2
        die "apt-get failed, see $_log"
    fi
    rm -f "$_log"
}

# need_tools NAME...: one line that names all that is missing
need_tools() {
    _absent=
    for _tool in "$@"; do
        have "$_tool" || _absent="$_absent $_tool"
    done
    [ -z "$_absent" ] || die "missing programs:$_absent"
}

# build SOURCE BUILD LOG CONFIGURE-OPTION...: programs in BUILD, up to date
build() {
    _source=$1 _build=$2 _log=$3
    shift 3
    mkdir -p "$_build"
    : >"$_log"
    (
        set -e
        cd "$_source"
        # what changed since is make's business: it runs configure anew
        if [ ! -x configure ] || [ ! -f Makefile.in ]; then
            autoreconf -fi
        fi
        cd "$_build"
        if [ ! -f Makefile ] ||
            [ "$(cat .configured 2>/dev/null)" != "$_source $*" ]; then
            "$_source/configure" "$@"
            printf '%s' "$_source $*" >.configured
        fi
        make -j"$(nproc)"
    ) >>"$_log" 2>&1 || {
        tail -n 25 "$_log" >&2
        die "the build failed, see $_log"
    }
}
