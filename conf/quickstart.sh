#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# A whole shop on this machine, for looking at, developing and testing.
#
#   sh conf/quickstart.sh [--port 8080] [--dir var] [--no-install] [--no-demo]
#                         [--detach] [--stop]
#
# It installs Debian packages (as root; --no-install leaves that out), builds
# out of tree, and runs under --dir a private MariaDB primary and replica,
# memcached, nginx, the gateway simulator and the shop, on UNIX sockets and
# 127.0.0.1 only.  Nothing else on the machine is touched.  Ctrl-C ends it;
# --detach leaves it running until --stop.  A second run finds its data again.
#
# In the environment: BUILD_DIR, where to build (default DIR/build), and
# CONFIGURE_ARGS for its ./configure.
set -eu

# servers live in sbin, and the distribution's python3 has what we installed
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH
export PATH

root=$(cd "$(dirname "$0")/.." && pwd -P)
. "$root/conf/lib/common.sh"
. "$root/conf/lib/packages.sh"
. "$root/conf/lib/servers.sh"
. "$root/conf/lib/shop.sh"

usage() { sed -n '3,/^set -eu/{/^set -eu/d; s/^# \{0,1\}//p;}' "$0"; }

port=8080 dir=$root/var stop_hint='sh conf/quickstart.sh --stop'
install=yes demo=yes detach=no stop=no
while [ $# -gt 0 ]; do
    case $1 in
    --port=*) port=${1#*=} ;;
    --port) port=${2:?--port needs a number} && shift ;;
    --dir=*) dir=${1#*=} stop_hint="$stop_hint --dir ${1#*=}" ;;
    --dir) dir=${2:?--dir needs a folder} stop_hint="$stop_hint --dir $2" &&
        shift ;;
    --no-install) install=no ;;
    --no-demo) demo=no ;;
    --detach) detach=yes ;;
    --stop) stop=yes ;;
    -h | --help) usage && exit 0 ;;
    *) die "unknown option $1 (try --help)" ;;
    esac
    shift
done
case $port in '' | *[!0-9]* | ??????*) die "--port $port is no port" ;; esac
if [ "$port" -lt 1 ] || [ "$port" -gt 65000 ]; then
    die "--port $port is no port (1-65000)"
fi

# -- folders ---------------------------------------------------------------

# started first, ended last
parts='primary replica memcached paysim storefront admin notify jobs nginx'

set_folders() {
    case $dir in /*) ;; *) dir=$PWD/$dir ;; esac
    # what neither make nor the servers' configuration can hold
    case $dir$root in *[[:space:]\"\'\\\$\`\&\|\;\#\@\*\?\<\>\(\)]*)
        die "the path $dir or $root has a blank or a special character" ;;
    esac
    if [ $stop = no ]; then
        mkdir -p "$dir" || die "cannot make $dir"
    elif [ ! -d "$dir" ]; then
        say "nothing runs in $dir"
        exit 0
    fi
    dir=$(cd "$dir" && pwd -P)
    build_dir=${BUILD_DIR:-$dir/build}
    case $build_dir in /*) ;; *) build_dir=$PWD/$build_dir ;; esac
    bin_dir=$build_dir
    etc_dir=$dir/etc data_dir=$dir/data log_dir=$dir/log tmp_dir=$dir/tmp
    pid_dir=$dir/pids env_file=$dir/quickstart.env
    store_url=http://127.0.0.1:$port
    # The path of a UNIX socket has 107 bytes.
    run_dir=$dir/run
    if [ ${#run_dir} -gt 85 ]; then
        run_dir=/tmp/keystall-$(id -u)-$(printf '%s' "$dir" | cksum |
            cut -d' ' -f1)
    fi
}

make_folders() {
    [ -w "$dir" ] || die "cannot write to $dir"
    mkdir -p "$etc_dir" "$data_dir" "$log_dir" "$tmp_dir" "$pid_dir" "$run_dir"
    [ -O "$run_dir" ] || [ "$(stat -c %U "$run_dir")" = "$service_user" ] ||
        die "$run_dir belongs to somebody else"
    chmod 700 "$etc_dir" "$data_dir" "$log_dir" "$tmp_dir" "$run_dir"
    # the folders only: what is in them has its owner already
    [ "$(id -u)" != 0 ] || chown "$service_user:$service_group" "$etc_dir" \
        "$data_dir" "$log_dir" "$tmp_dir" "$run_dir"
    rm -f "$log_dir/setup.log"
}

# -- stopping --------------------------------------------------------------

backwards() {
    _list=
    for _part in $parts; do _list="$_part $_list"; done
    printf '%s\n' "$_list"
}

stop_all() {
    for _each in $(backwards); do
        case $_each in
        primary | replica) end "$_each" 60 ;;
        *) end "$_each" 15 ;;
        esac
    done
    rm -f "$run_dir"/*.sock "$run_dir"/*.pid "$run_dir"/*.status
    [ "$run_dir" = "$dir/run" ] || rmdir "$run_dir" 2>/dev/null || :
}

any_running() {
    for _each in $parts; do
        ! running "$_each" || return 0
    done
    return 1
}

all_running() {
    for _each in $parts; do
        running "$_each" || return 1
    done
}

set_folders
if [ $stop = yes ]; then
    if any_running; then
        stop_all
        say "stopped"
    else
        say "nothing runs in $dir"
    fi
    exit 0
fi

# -- starting --------------------------------------------------------------

if all_running; then
    say "already running"
    summary
    exit 0
fi
choose_service_user "$root"
if [ $install = yes ]; then
    # shellcheck disable=SC2086
    install_packages $build_packages $server_packages
fi
need_tools gcc make autoreconf mariadbd mariadb-install-db mariadb memcached \
    nginx python3 setsid flock
make_folders

# one start at a time; servers do not inherit the lock
exec 9>"$dir/lock"
flock -n 9 || die "another quickstart.sh is starting in $dir"
# what an earlier start has left
! any_running || stop_all
port_free "$port" || die "port $port is in use: choose another with --port"

step "building in $build_dir"
# shellcheck disable=SC2086
build "$root" "$build_dir" "$log_dir/build.log" ${CONFIGURE_ARGS:-}

trap 'stop_all' EXIT
trap 'exit 130' INT TERM HUP
step "starting the servers"
start_databases
start_memcached
start_paysim
configure_shop
fill_shop
check_replica
start_shop
start_nginx
wait_for 15 nginx answers "$store_url/readyz"
write_env
exec 9>&-
summary

if [ $detach = yes ]; then
    trap - EXIT INT TERM HUP
    exit 0
fi

say "  Ctrl-C ends it"
gone=
while any_running; do
    for part in $parts; do
        running "$part" && continue
        case " $gone " in *" $part "*) continue ;; esac
        # --stop from elsewhere takes the pid file along
        [ ! -e "$pid_dir/$part" ] ||
            say "$part has ended, see $log_dir/$part.log"
        gone="$gone $part"
    done
    sleep 1 &
    wait $! || :
done
