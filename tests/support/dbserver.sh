#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A private MariaDB primary and replica for tests, with the shipped settings
# (conf/mariadb-*.cnf: durable, row based, GTID, semi-sync) on UNIX sockets in
# a folder of their own; TCP on 127.0.0.1 only, for replication and TLS tests.
#
#   dbserver.sh start DIR        the facts go to DIR/env as KEY=VALUE
#   dbserver.sh stop DIR
#   dbserver.sh remove DIR                    the folder, once stopped
#   dbserver.sh restart DIR primary|replica
#   dbserver.sh kill DIR primary|replica      SIGKILL; start again by restart
#
# The user who runs it is root@localhost over the socket.  Test users: shop
# (what the program needs), admin (everything).
set -eu
umask 077

here=$(cd "$(dirname "$0")" && pwd)
conf=${KS_CONF_DIR:-$here/../../conf}
what=$1 dir=$2
name=${3:-}
me=$(id -un)

sql() { mariadb --no-defaults -uroot -S "$dir/$1/sock" --batch --skip-column-names; }

wait_for() { # name: until it answers; ends when the server has died
	i=0
	until echo 'SELECT 1' | sql "$1" >/dev/null 2>&1; do
		i=$((i + 1))
		if [ $i -gt 600 ] || ! kill -0 "$(cat "$dir/$1/pid")" 2>/dev/null; then
			tail -n 20 "$dir/$1/log" >&2
			exit 1
		fi
		sleep 0.05
	done
}
launch() { # name: the server without waiting
	mariadbd --defaults-file="$dir/$1/my.cnf" >>"$dir/$1/log" 2>&1 &
	echo $! >"$dir/$1/pid"
}
end() { # name signal
	[ -s "$dir/$1/pid" ] || return 0
	pid=$(cat "$dir/$1/pid")
	kill "-$2" "$pid" 2>/dev/null || :
	i=0
	while kill -0 "$pid" 2>/dev/null && [ $i -lt 400 ]; do
		i=$((i + 1))
		sleep 0.05
	done
	rm -f "$dir/$1/pid"
}
configure() { # name port
	mkdir -p "$dir/$1/tmp"
	cp -a "$dir/template" "$dir/$1/data"
	{
		echo "!include $conf/mariadb-$1.cnf"
		echo "[mariadbd]"
		echo "user = $me"
		echo "datadir = $dir/$1/data"
		echo "socket = $dir/$1/sock"
		echo "pid_file = $dir/$1/data/pid"
		echo "tmpdir = $dir/$1/tmp"
		echo "bind_address = 127.0.0.1"
		echo "port = $2"
		# small: several of these share a test machine
		echo "innodb_buffer_pool_size = 64M"
		echo "innodb_log_file_size = 32M"
		echo "key_buffer_size = 1M"
		echo "aria_pagecache_buffer_size = 1M"
		echo "performance_schema = OFF"
		echo "max_connections = 60"
		if [ "$1" = primary ] && [ -s "$dir/tls/server.pem" ]; then
			echo "ssl_ca = $dir/tls/ca.pem"
			echo "ssl_cert = $dir/tls/server.pem"
			echo "ssl_key = $dir/tls/server.key"
		fi
	} >"$dir/$1/my.cnf"
}
# A CA, a server certificate for 127.0.0.1 from it, and a CA of somebody else.
certificates() {
	mkdir -p "$dir/tls"
	cd "$dir/tls"
	for ca in ca other; do
		openssl req -x509 -newkey rsa:2048 -nodes -days 30 -subj "/CN=$ca" \
			-keyout $ca.key -out $ca.pem 2>/dev/null
	done
	openssl req -newkey rsa:2048 -nodes -subj "/CN=127.0.0.1" \
		-keyout server.key -out server.csr 2>/dev/null
	echo 'subjectAltName = IP:127.0.0.1' >ext
	openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial \
		-days 30 -extfile ext -out server.pem 2>/dev/null
	cd "$here"
}
# Two ports that no outgoing connection takes (procs.py knows which).
two_ports() {
	PYTHONPATH=$here PYTHONDONTWRITEBYTECODE=1 python3 -c '
from procs import free_port
print(free_port(), free_port())'
}

case $what in
start)
	mkdir -p "$dir"
	mariadb-install-db --no-defaults --datadir="$dir/template" --user="$me" \
		--auth-root-authentication-method=normal --skip-test-db \
		--innodb-log-file-size=32M >"$dir/install.log" 2>&1 ||
		{ tail -n 20 "$dir/install.log" >&2; exit 1; }
	certificates
	ports=$(two_ports)
	p=${ports% *} r=${ports#* }
	configure primary "$p"
	configure replica "$r"
	rm -rf "$dir/template"
	launch primary
	launch replica
	wait_for primary
	wait_for replica
	sql primary <<-X
		CREATE USER shop@localhost IDENTIFIED BY 'shop-secret';
		CREATE USER shop@127.0.0.1 IDENTIFIED BY 'shop-secret';
		CREATE USER admin@localhost IDENTIFIED BY 'admin-secret';
		CREATE USER repl@127.0.0.1 IDENTIFIED BY 'repl-secret';
		GRANT SELECT, INSERT, UPDATE, DELETE ON *.* TO shop@localhost;
		GRANT SELECT, INSERT, UPDATE, DELETE ON *.* TO shop@127.0.0.1;
		GRANT ALL ON *.* TO admin@localhost;
		GRANT REPLICATION SLAVE ON *.* TO repl@127.0.0.1;
	X
	sql replica <<-X
		CHANGE MASTER TO MASTER_HOST='127.0.0.1', MASTER_PORT=$p,
		  MASTER_USER='repl', MASTER_PASSWORD='repl-secret',
		  MASTER_CONNECT_RETRY=1, MASTER_USE_GTID=slave_pos;
		START SLAVE;
	X
	{
		echo "KS_DB_DIR=$dir"
		echo "KS_DB_SOCKET=$dir/primary/sock"
		echo "KS_DB_PORT=$p"
		echo "KS_DB_REPLICA_SOCKET=$dir/replica/sock"
		echo "KS_DB_REPLICA_PORT=$r"
		echo "KS_DB_TLS=$dir/tls"
	} >"$dir/env"
	;;
restart)
	end "$name" TERM
	launch "$name"
	wait_for "$name"
	;;
kill)
	end "$name" KILL
	;;
remove)
	rm -rf "$dir"
	;;
stop)
	# first the replica: the primary would wait for its acknowledgement
	end replica TERM
	end primary TERM
	;;
esac
