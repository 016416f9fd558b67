# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# The private servers of the quickstart: MariaDB primary and replica,
# memcached, nginx, the gateway simulator.  Sourced after common.sh; the
# folders ($data_dir $run_dir $log_dir $etc_dir $tmp_dir) and $root are set.
#
# shellcheck disable=SC2154  # those

# kept NAME COMMAND...: what the command printed the first time
kept() {
    [ -s "$etc_dir/$1" ] || (
        umask 077
        _file=$etc_dir/$1
        shift
        "$@" >"$_file"
    )
    cat "$etc_dir/$1"
}

# kept_port NAME FROM: the port of the last run, or the next free one
kept_port() {
    _kept=$(cat "$etc_dir/$1" 2>/dev/null) || _kept=
    if [ -z "$_kept" ] || ! port_free "$_kept"; then
        _kept=$(next_free_port "$2")
        printf '%s\n' "$_kept" >"$etc_dir/$1"
    fi
    printf '%s\n' "$_kept"
}

# -- MariaDB ---------------------------------------------------------------

mariadb_config() { # ROLE NETWORK-LINE
    cat >"$etc_dir/mariadb-$1.cnf" <<END
# written by quickstart.sh; the settings that matter are in the included file
!include $root/conf/mariadb-$1.cnf
[mariadbd]
datadir = $data_dir/$1
socket = $run_dir/$1.sock
pid_file = $run_dir/$1.pid
tmpdir = $tmp_dir
$2
init_file = $etc_dir/mariadb-init.sql
innodb_buffer_pool_size = 128M
END
    # MariaDB does not read a configuration that anybody may write
    chmod 640 "$etc_dir/mariadb-$1.cnf"
}

# Who ran this may log in as root over the sockets, and nobody else.  MariaDB
# compares the account's name with the user's, so root is known by the socket;
# for another user the folder of the sockets, closed to all others, is the lock.
mariadb_init_file() {
    if [ "$(id -u)" = 0 ]; then
        _how='VIA unix_socket'
    else
        _how="VIA mysql_native_password USING PASSWORD('')"
    fi
    cat >"$etc_dir/mariadb-init.sql" <<END
SET sql_log_bin = 0;
ALTER USER root@localhost IDENTIFIED $_how;
END
    chmod 644 "$etc_dir/mariadb-init.sql"
}

# --force: a machine that cannot look up its own name has a shop too.
mariadb_install() { # ROLE: an empty data folder, whole or not at all
    [ -d "$data_dir/$1/mysql" ] && return
    rm -rf "$data_dir/$1.new" "${data_dir:?}/$1"
    if [ "$1" = replica ] && [ -d "$data_dir/empty/mysql" ]; then
        mv "$data_dir/empty" "$data_dir/replica"
        return
    fi
    as_service mariadb-install-db \
        --defaults-file="$etc_dir/mariadb-$1.cnf" \
        --datadir="$data_dir/$1.new" --skip-test-db --force \
        --auth-root-authentication-method=socket \
        >"$log_dir/mariadb-install.log" 2>&1 </dev/null || {
        tail -n 5 "$log_dir/mariadb-install.log" >&2
        die "no database in $data_dir, see $log_dir/mariadb-install.log"
    }
    # copying an empty folder is quicker than making a second one
    [ "$1" != primary ] || cp -a "$data_dir/$1.new" "$data_dir/empty"
    mv "$data_dir/$1.new" "$data_dir/$1"
}

sql() { # ROLE [OPTION...]: statements from standard input, as root
    _role=$1
    shift
    mariadb --no-defaults --default-character-set=utf8mb4 -u root \
        --socket="$run_dir/$_role.sock" --batch --skip-column-names "$@"
}

sql_alive() { # ROLE
    printf 'SELECT 1;\n' | sql "$1"
}

start_mariadb() { # ROLE NETWORK-LINE
    mariadb_config "$1" "$2"
    own "$etc_dir/mariadb-$1.cnf" "$etc_dir/mariadb-init.sql"
    mariadb_install "$1"
    daemon "$1" mariadbd --defaults-file="$etc_dir/mariadb-$1.cnf"
}

start_databases() {
    mariadb_init_file
    _port=$(kept_port primary.port $((port + 100)))
    # the replica comes over loopback; nobody else needs the network
    start_mariadb primary "bind_address = 127.0.0.1
port = $_port"
    start_mariadb replica "skip_networking = 1"
    wait_for 60 primary sql_alive primary
    wait_for 60 replica sql_alive replica

    (
        umask 077
        render "$root/conf/mariadb-accounts.sql.in" "$etc_dir/accounts.sql" \
            DB_NAME=keystall DB_USER=keystall DB_ADMIN_USER=keystall_admin \
            DB_PASSWORD="$(kept db-password random 32)" \
            DB_ADMIN_PASSWORD="$(kept db-admin-password random 32)" \
            REPL_USER=keystall_repl \
            REPL_PASSWORD="$(kept repl-password random 32)"
    )
    sql primary <"$etc_dir/accounts.sql" || die "the database accounts"
    sql replica <<END || die "the replica does not follow"
STOP SLAVE;
CHANGE MASTER TO MASTER_HOST = '127.0.0.1', MASTER_PORT = $_port,
  MASTER_USER = 'keystall_repl', MASTER_PASSWORD = '$(cat "$etc_dir/repl-password")',
  MASTER_CONNECT_RETRY = 2, MASTER_USE_GTID = slave_pos;
START SLAVE;
END
}

# The replica has everything: said once, because the shop works without.
check_replica() {
    _gtid=$(echo 'SELECT @@gtid_binlog_pos;' | sql primary)
    _got=$(echo "SELECT MASTER_GTID_WAIT('$_gtid', 20);" | sql replica) ||
        _got=error
    [ "$_got" = 0 ] || say "warning: the replica does not follow, see" \
        "$log_dir/replica.log"
}

# -- the others ------------------------------------------------------------

start_memcached() {
    rm -f "$run_dir/memcached.sock"
    daemon memcached memcached -s "$run_dir/memcached.sock" -a 0600 -U 0 \
        -m 64 -t 2 -c 512
    wait_for 10 memcached test -S "$run_dir/memcached.sock"
}

# The simulator keeps its account and key, so orders of the last run can
# still be paid; its port is fixed at the first run for the same reason.
start_paysim() {
    mkdir -p "$dir/paysim"
    chmod 700 "$dir/paysim"
    own "$dir/paysim"
    paysim_port=$(kept_port paysim.port $((port + 10)))
    rm -f "$run_dir/paysim.port"
    daemon paysim env PYTHONDONTWRITEBYTECODE=1 python3 \
        "$root/tests/support/paysim" --port "$paysim_port" \
        --dir "$dir/paysim" --port-file "$run_dir/paysim.port" --quiet
    wait_for 20 paysim test -s "$run_dir/paysim.port"
}

start_nginx() {
    for _part in nginx nginx-site; do
        render "$root/conf/$_part.conf.in" "$etc_dir/$_part.conf" \
            RUN_DIR="$run_dir" LOG_DIR="$log_dir" TMP_DIR="$tmp_dir" \
            ETC_DIR="$etc_dir" CONF_DIR="$root/conf" \
            ERROR_DIR="$root/conf/error" STATIC_DIR="$dir/static" \
            EDGE_DIR="$tmp_dir/nginx-edge" \
            LISTEN="127.0.0.1:$port" SERVER_NAME=127.0.0.1 \
            UNCOUNTED='127.0.0.0/8 0;' NGINX_WORKERS=auto ADMIN_PREFIX=/admin
    done
    own "$etc_dir/nginx.conf" "$etc_dir/nginx-site.conf"
    daemon nginx nginx -p "$dir" -c "$etc_dir/nginx.conf" \
        -e "$log_dir/nginx-error.log"
    wait_for 10 nginx test -s "$run_dir/nginx.pid"
}
