# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# Common to quickstart.sh and tests/run.sh: messages, templates, privileges,
# processes.  Sourced; POSIX sh only.  The caller sets $log_dir and $pid_dir.
#
# shellcheck disable=SC2154  # those two

say() { printf '%s\n' "$*"; }
step() { printf '%s\n' "== $*"; }
die() {
    printf 'keystall: %s\n' "$*" >&2
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# random N: N lower-case hex digits
random() {
    od -An -v -tx1 -N$((($1 + 1) / 2)) /dev/urandom | tr -d ' \n' | cut -c1-"$1"
}

# render SOURCE TARGET NAME=VALUE...: @NAME@ becomes VALUE.  A name that is
# left over is an error: no server shall start with half a configuration.
render() {
    _source=$1 _target=$2
    shift 2
    _script=
    for _pair in "$@"; do
        _value=$(printf '%s' "${_pair#*=}" | sed 's/[\\&|]/\\&/g')
        _script="$_script
s|@${_pair%%=*}@|$_value|g"
    done
    sed "$_script" "$_source" >"$_target.new"
    # comments may speak of @NAME@ itself
    if sed 's/@NAME@//g' "$_target.new" | grep -q '@[A-Z][A-Z0-9_]*@'; then
        die "$_source: no value for $(sed 's/@NAME@//g' "$_target.new" |
            grep -o '@[A-Z][A-Z0-9_]*@' | sort -u | tr '\n' ' ')"
    fi
    mv "$_target.new" "$_target"
}

# -- privileges ------------------------------------------------------------
# Started as root, every server runs as $service_user: the workers refuse to
# serve as root, and so does MariaDB.  A checkout that this user cannot read
# (in /root, say) is made readable to the servers by one capability.

service_user=
service_caps=

choose_service_user() { # $1: a folder whose owner is the first choice
    [ "$(id -u)" = 0 ] || { service_user=$(id -un); return; }
    service_user=$(stat -c %U "$1")
    case $service_user in root | UNKNOWN) service_user=www-data ;; esac
    id -u "$service_user" >/dev/null 2>&1 || service_user=nobody
    service_group=$(id -gn "$service_user")
    have setpriv || die "setpriv is missing (package util-linux)"
    service_caps=
    # read it: test -r asks access(2), which knows nothing of capabilities
    as_service cat "$1/conf/quickstart.sh" >/dev/null 2>&1 && return
    service_caps='--inh-caps=+dac_read_search --ambient-caps=+dac_read_search'
    as_service cat "$1/conf/quickstart.sh" >/dev/null 2>&1 || die \
        "user $service_user cannot read $1: move the checkout, e.g. to /srv"
}

# The command, as the service user.  Replaces the shell when it runs in one
# of its own, so that the pid of "as_service x &" is that of x.
as_service() {
    if [ "$(id -u)" = 0 ]; then
        # shellcheck disable=SC2086
        set -- setpriv --reuid="$service_user" --regid="$service_group" \
            --clear-groups $service_caps "$@"
    fi
    "$@"
}

own() { # files and folders that a server must write or alone may read
    [ "$(id -u)" != 0 ] || chown -R "$service_user:$service_group" "$@"
}

# -- ports -----------------------------------------------------------------

port_free() {
    _hex=$(printf ':%04X' "$1")
    ! awk -v p="$_hex" '
        $4 == "0A" && substr($2, length($2) - 4) == p { found = 1 }
        END { exit !found }' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}

next_free_port() { # the first free one from $1 on
    _port=$1
    while ! port_free "$_port"; do
        _port=$((_port + 1))
        [ "$_port" -lt 65536 ] || die "no free port above $1"
    done
    printf '%s\n' "$_port"
}

# -- processes -------------------------------------------------------------
# $pid_dir/NAME holds pid, start time and boot id: a number that was given to
# another process since then is never signalled.

start_time() {
    [ -r "/proc/$1/stat" ] || return 1
    sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d' ' -f20
}

# daemon NAME COMMAND...: start it with its output in $log_dir/NAME.log
daemon() {
    _name=$1
    shift
    if [ "$(id -u)" = 0 ]; then
        # shellcheck disable=SC2086
        set -- setpriv --reuid="$service_user" --regid="$service_group" \
            --clear-groups $service_caps "$@"
    fi
    # a session of its own: neither Ctrl-C nor the end of the terminal
    # reaches it; the script ends it in its turn.  9 is the script's lock.
    (cd / && exec setsid "$@") </dev/null >>"$log_dir/$_name.log" 2>&1 9>&- &
    _pid=$!
    printf '%s %s %s\n' "$_pid" "$(start_time "$_pid")" \
        "$(cat /proc/sys/kernel/random/boot_id)" >"$pid_dir/$_name.new"
    mv "$pid_dir/$_name.new" "$pid_dir/$_name"
}

# running NAME: is it ours and alive?  Leaves its pid in $found_pid.
running() {
    found_pid=
    [ -r "$pid_dir/$1" ] || return 1
    read -r _pid _start _boot <"$pid_dir/$1" || return 1
    [ "$_boot" = "$(cat /proc/sys/kernel/random/boot_id)" ] || return 1
    [ -n "$_start" ] && [ "$(start_time "$_pid")" = "$_start" ] || return 1
    # a zombie is not running
    case $(sed 's/.*) //' "/proc/$_pid/stat" 2>/dev/null) in
    Z* | '') return 1 ;;
    esac
    found_pid=$_pid
}

# end NAME SECONDS: ask, wait, insist
end() {
    if running "$1"; then
        kill -TERM "$found_pid" 2>/dev/null || :
        _left=$(($2 * 10))
        while running "$1"; do
            _left=$((_left - 1))
            if [ "$_left" -le 0 ]; then
                # the group: what a killed master leaves is in its session
                kill -s KILL -- "-$found_pid" 2>/dev/null ||
                    kill -KILL "$found_pid" 2>/dev/null || :
                sleep 0.2
                break
            fi
            sleep 0.1
        done
    fi
    rm -f "$pid_dir/$1"
}

# wait_for SECONDS NAME COMMAND...: until the command succeeds; a process
# NAME that ends meanwhile is the reason.
wait_for() {
    _left=$(($1 * 10)) _name=$2
    shift 2
    until "$@" >/dev/null 2>&1; do
        running "$_name" || {
            tail -n 15 "$log_dir/$_name.log" >&2 || :
            die "$_name did not start, see $log_dir/$_name.log"
        }
        _left=$((_left - 1))
        [ "$_left" -gt 0 ] || {
            tail -n 15 "$log_dir/$_name.log" >&2 || :
            die "$_name does not answer, see $log_dir/$_name.log"
        }
        sleep 0.1
    done
}
