# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
#
# The shop of the quickstart: settings, schema, goods, owner, processes.
# Sourced after servers.sh.
#
# shellcheck disable=SC2154  # folders and ports, set by quickstart.sh
# shellcheck disable=SC2034  # and read there

pools='storefront admin notify'

# write_settings FILE NAME=VALUE...: the common settings, then these
write_settings() {
    _file=$1
    shift
    (
        umask 077
        cat >"$_file.new" <<END
# written by quickstart.sh at every start; all settings are described in
# conf/keystall.conf.example
templates_dir = $root/templates
static_dir = $dir/static
schema_dir = $root/sql/schema
seed_dir = $root/sql/seed
key_file = $etc_dir/keys
spool_dir = $dir/spool
db_socket = $run_dir/primary.sock
db_name = keystall
db_user = keystall
db_password_file = $etc_dir/db-password
db_admin_user = keystall_admin
db_admin_password_file = $etc_dir/db-admin-password
replica_sockets = $run_dir/replica.sock
memcached = $run_dir/memcached.sock
site_url = $store_url
mail_transport = file
mail_from = shop@example.invalid
# the simulator is a gateway on this machine
gateway_private_hosts = on
# every visitor is 127.0.0.1 here: caps and limits of one address are those
# of all visitors
hold_cap_address = 500
hold_cap_contact = 10
rate_page = 100000
rate_order = 10000
rate_lookup = 1000
rate_login = 100
END
        # root's keystallctl becomes the shop's user, where that one can
        # reach the files at all
        if [ "$(id -u)" = 0 ] && [ -z "$service_caps" ]; then
            printf 'user = %s\ngroup = %s\n' "$service_user" "$service_group"
        fi >>"$_file.new"
        printf '%s\n' "$@" | sed 's/=/ = /' >>"$_file.new"
    )
    mv "$_file.new" "$_file"
    own "$_file"
}

configure_shop() {
    mkdir -p "$dir/spool/mail"
    chmod 700 "$dir/spool"
    ln -sfn spool/mail "$dir/mail"
    own "$dir/spool" "$etc_dir/db-password" "$etc_dir/db-admin-password"
    config=$etc_dir/keystall.conf
    write_settings "$config" pool=all workers=0 \
        log_file="$log_dir/keystall.log"
    for _pool in $pools; do
        case $_pool in storefront) _workers=4 ;; *) _workers=2 ;; esac
        write_settings "$etc_dir/$_pool.conf" pool="$_pool" \
            workers="$_workers" till=on listen="$run_dir/$_pool.sock" \
            status_file="$run_dir/$_pool.status" \
            log_file="$log_dir/keystall.log"
    done
    sh "$root/conf/install-static.sh" "$root/static" "$dir/static" ||
        die "static files"
}

ctl() { as_service "$bin_dir/keystallctl" -c "$config" "$@"; }

# ctl_or_die WHAT ARGUMENT...: its output into the log, or its last words
ctl_or_die() {
    _what=$1
    shift
    ctl "$@" >>"$log_dir/setup.log" 2>&1 </dev/null || {
        tail -n 10 "$log_dir/setup.log" >&2
        die "$_what failed: keystallctl $*"
    }
}

fill_shop() {
    [ -s "$etc_dir/keys" ] || ctl_or_die "the key file" key create
    # root's own keystallctl shall read it too
    if [ "$(id -u)" = 0 ] && [ -n "$service_caps" ]; then
        chown root: "$etc_dir/keys"
    fi
    ctl_or_die "migration" migrate
    if [ "$demo" = yes ]; then
        if [ ! -e "$etc_dir/seeded" ]; then
            step "loading the demo shop"
            ctl_or_die "the demo shop" seed demo
            : >"$etc_dir/seeded"
        fi
        # the simulator's address may have changed since the last run
        demo_channel epay-demo epay '易支付' 'EPay'
        demo_channel alipay-demo alipay '支付宝' 'Alipay'
        demo_channel wechat-demo wechatpay '微信支付' 'WeChat Pay'
        demo_channel usdt-demo bepusdt 'USDT' 'USDT'
    fi
    create_owner
}

# demo_channel NAME ACCOUNT TITLE TITLE_EN: a channel at the simulator, whose
# half of the account lies in paysim/channels.  The file holds keys.
demo_channel() {
    _file=$etc_dir/channel.hdf
    (
        umask 077
        {
            printf 'title = %s\ntitle_en = %s\n' "$3" "$4"
            cat "$dir/paysim/channels/$2.hdf"
        } >"$_file"
    )
    own "$_file"
    ctl_or_die "the demo channel $1" channel set "$1" "$_file"
    rm -f "$_file"
}

# The owner is made once.  Its password is kept in quickstart.env only; when
# that is gone, a new one is set.
create_owner() {
    admin_user=owner
    admin_password=$(sed -n 's/^ADMIN_PASSWORD=//p' "$env_file" 2>/dev/null) ||
        :
    if [ -e "$etc_dir/owner" ]; then
        [ -z "$admin_password" ] || return 0
        _verb=reset-password
    else
        _verb=create
    fi
    admin_password=$(random 20)
    printf '%s\n' "$admin_password" |
        ctl admin $_verb owner >>"$log_dir/setup.log" 2>&1 || {
        tail -n 5 "$log_dir/setup.log" >&2
        die "the owner's login"
    }
    : >"$etc_dir/owner"
}

start_shop() {
    for _pool in $pools; do
        daemon "$_pool" "$bin_dir/keystall-fcgi" -c "$etc_dir/$_pool.conf"
    done
    daemon jobs "$bin_dir/keystall-jobs" -c "$config"
    for _pool in $pools; do
        wait_for 20 "$_pool" test -S "$run_dir/$_pool.sock"
    done
}

answers() { # does URL answer 200?
    python3 - "$1" <<'END'
import sys, urllib.request
opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
sys.exit(opener.open(sys.argv[1], timeout=5).status != 200)
END
}

write_env() {
    (
        umask 077
        cat >"$env_file.new" <<END
STORE_URL=$store_url
ADMIN_URL=$store_url/admin
ADMIN_USER=$admin_user
ADMIN_PASSWORD=$admin_password
CONFIG=$config
MYSQL_SOCKET=$run_dir/primary.sock
MYSQL_REPLICA_SOCKET=$run_dir/replica.sock
MYSQL_DATABASE=keystall
MEMCACHED_SOCKET=$run_dir/memcached.sock
PAYSIM_URL=http://127.0.0.1:$paysim_port
BIN_DIR=$bin_dir
BUILD_DIR=$build_dir
END
    )
    mv "$env_file.new" "$env_file"
}

summary() {
    cat <<END

  store   $(sed -n 's/^STORE_URL=//p' "$env_file")
  panel   $(sed -n 's/^ADMIN_URL=//p' "$env_file")
  login   $(sed -n 's/^ADMIN_USER=//p' "$env_file")  $(sed -n 's/^ADMIN_PASSWORD=//p' "$env_file")

  facts   $env_file
  mail    $dir/mail
  logs    $log_dir
  end     $stop_hint
END
}
