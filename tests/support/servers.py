# SPDX-License-Identifier: Apache-2.0
"""The servers a shop stands on, each private to a test: MariaDB primary and
replica, memcached, nginx, Apache with mod_fcgid, the gateway simulator and a
mail sink.  Configuration comes from conf/, the files an operator uses."""

import asyncio
import contextlib
import email
import email.policy
import os
import shutil
import socket
import subprocess
import sys
import threading

import pymysql
from aiosmtpd.controller import Controller

from procs import ROOT, Proc, can_connect, free_port, give, privileges, \
    wait_until
from render import render, write_file

CONF = os.path.join(ROOT, "conf")
# Root is known by the socket.  Another user's name is not "root", so there
# the folder of the sockets, closed to all others, is the lock.
ROOT_BY = "unix_socket" if os.getuid() == 0 else \
    "mysql_native_password USING PASSWORD('')"

# Small files: a datadir is copied for each stack.  Nothing here touches what
# a COMMIT means; that is in conf/mariadb-*.cnf and stays as shipped.
SMALL = """\
innodb_log_file_size = 16M
innodb_buffer_pool_size = 96M
innodb_buffer_pool_load_at_startup = 0
innodb_buffer_pool_dump_at_shutdown = 0
"""


class Mariadb(Proc):
    """A private mariadbd; `role` is primary or replica."""

    def __init__(self, folder, role, extra=""):
        self.role = role
        self.datadir = os.path.join(folder, "data", role)
        self.socket = os.path.join(folder, "run", f"{role}.sock")
        self.port = free_port()
        self.config = os.path.join(folder, "etc", f"mariadb-{role}.cnf")
        log = os.path.join(folder, "log", f"mariadb-{role}.log")
        init = os.path.join(folder, "etc", f"mariadb-{role}-init.sql")
        write_file(init, "SET sql_log_bin = 0;\n"
                   f"ALTER USER root@localhost IDENTIFIED VIA {ROOT_BY};\n",
                   0o644)
        write_file(self.config, f"""\
!include {CONF}/mariadb-{role}.cnf
[mariadbd]
datadir = {self.datadir}
socket = {self.socket}
pid_file = {folder}/run/{role}.pid
tmpdir = {folder}/tmp
bind_address = 127.0.0.1
port = {self.port}
init_file = {init}
{SMALL}{extra}""", 0o644)
        super().__init__(f"mariadb-{role}",
                         ["mariadbd", f"--defaults-file={self.config}"],
                         log, self._answers)

    def install(self):
        """Make an empty datadir."""
        done = subprocess.run(
            privileges() + ["mariadb-install-db",
                            f"--defaults-file={self.config}",
                            "--auth-root-authentication-method=socket",
                            "--skip-test-db", "--force"],
            capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr

    def _answers(self):
        try:
            self.connect().close()
            return True
        except pymysql.err.MySQLError as e:
            raise OSError(str(e)) from e

    def connect(self, database=None, **options):
        """As root over the socket; or as whoever `options` name."""
        options.setdefault("user", "root")
        return pymysql.connect(
            unix_socket=self.socket, database=database, charset="utf8mb4",
            autocommit=True, cursorclass=pymysql.cursors.DictCursor,
            connect_timeout=30, **options)

    def sql(self, text, args=None, database=None):
        """Rows as dicts, or the count of changed rows."""
        with contextlib.closing(self.connect(database)) as db, \
                db.cursor() as cur:
            count = cur.execute(text, args)
            return cur.fetchall() if cur.description else count

    def script(self, text, database=None):
        """Several statements, through the command line client."""
        argv = ["mariadb", "--no-defaults", "-u", "root",
                f"--socket={self.socket}", "--default-character-set=utf8mb4"]
        subprocess.run(argv + ([database] if database else []), input=text,
                       text=True, check=True, capture_output=True)


class Replica(Mariadb):
    def __init__(self, folder, primary, user, password, extra=""):
        super().__init__(folder, "replica", extra)
        self.primary, self.user, self.password = primary, user, password

    def follow(self):
        """Point it at the primary; the port is new in each run."""
        self.sql("STOP SLAVE")
        self.sql("CHANGE MASTER TO MASTER_HOST = '127.0.0.1', "
                 f"MASTER_PORT = {self.primary.port}, "
                 f"MASTER_USER = '{self.user}', "
                 f"MASTER_PASSWORD = '{self.password}', "
                 "MASTER_CONNECT_RETRY = 1, MASTER_USE_GTID = slave_pos")
        self.sql("START SLAVE")

    def status(self):
        rows = self.sql("SHOW SLAVE STATUS")
        return rows[0] if rows else {}

    def catch_up(self, seconds=60):
        """Wait until everything the primary has committed is here."""
        want = self.primary.sql("SELECT @@gtid_binlog_pos AS pos")[0]["pos"]
        def there():
            got = self.sql("SELECT MASTER_GTID_WAIT(%s, 1) AS r", (want,))
            return got[0]["r"] == 0
        wait_until(there, seconds, f"replica at {want}: {self.status()}")


class Memcached(Proc):
    def __init__(self, folder, megabytes=16):
        self.socket = os.path.join(folder, "run", "memcached.sock")
        super().__init__(
            "memcached",
            ["memcached", "-s", self.socket, "-a", "0600", "-U", "0",
             "-m", str(megabytes), "-t", "2", "-c", "256"],
            os.path.join(folder, "log", "memcached.log"),
            lambda: can_connect(self.socket))

    def start(self, wait=True):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(self.socket)
        return super().start(wait)

    def command(self, line):
        """One text command; the reply up to its last line."""
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as s:
            s.settimeout(30)
            s.connect(self.socket)
            s.sendall(line.encode() + b"\r\n")
            got = b""
            ends = (b"END\r\n", b"OK\r\n", b"ERROR\r\n", b"RESET\r\n")
            while not got.endswith(ends):
                piece = s.recv(65536)
                if not piece:
                    break
                got += piece
            return got.decode("utf-8", "replace")

    def values(self):
        """Every stored key and value, for "is there a secret in here?"."""
        keys = [line.split()[0][4:] for line in
                self.command("lru_crawler metadump all").splitlines()
                if line.startswith("key=")]
        return {k: self.command(f"get {k}") for k in keys}


class Nginx(Proc):
    def __init__(self, folder, values):
        self.port = values["PORT"]
        etc = os.path.join(folder, "etc")
        render(f"{CONF}/nginx-site.conf.in", f"{etc}/nginx-site.conf", values)
        config = render(f"{CONF}/nginx.conf.in", f"{etc}/nginx.conf", values)
        super().__init__(
            "nginx", ["nginx", "-p", folder, "-c", config,
                      "-e", f"{folder}/log/nginx-error.log"],
            os.path.join(folder, "log", "nginx-stderr.log"), self._answers)

    def _answers(self):
        socket.create_connection(("127.0.0.1", self.port), 1).close()
        return True


class Apache(Proc):
    """A shared host: the shop is a document root with .htaccess in it."""

    MODULES = "/usr/lib/apache2/modules"

    def __init__(self, folder, values):
        self.port = values["PORT"]
        self.docroot = os.path.join(folder, "docroot")
        os.makedirs(self.docroot, exist_ok=True)
        values = dict(values, APACHE_MODULES=self.MODULES,
                      DOCROOT=self.docroot)
        config = render(f"{CONF}/apache-fcgid.conf.in",
                        f"{folder}/etc/apache.conf", values)
        shutil.copy(f"{CONF}/htaccess.example", f"{self.docroot}/.htaccess")
        render(f"{CONF}/keystall.fcgi.in", f"{self.docroot}/keystall.fcgi",
               values, 0o755)
        give(self.docroot)
        give(f"{self.docroot}/keystall.fcgi")
        shutil.copytree(values["STATIC_DIR"], f"{self.docroot}/static",
                        dirs_exist_ok=True)
        # graceful-stop would wait for mod_fcgid's processes: TERM ends them
        super().__init__(
            "apache", ["apache2", "-f", config, "-D", "FOREGROUND"],
            os.path.join(folder, "log", "apache-stderr.log"), self._answers)

    _answers = Nginx._answers


class ApacheProxy(Proc):
    """An Apache that its operator owns: mod_proxy_fcgi to the pools."""

    MODULES = ("mpm_event", "authz_core", "mime", "alias", "headers",
               "proxy", "proxy_fcgi", "setenvif", "filter", "deflate", "cache",
               "cache_socache", "socache_shmcb")

    def __init__(self, folder, values):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        site = render(f"{CONF}/apache-proxy.conf.in",
                      f"{folder}/etc/apache-site.conf", values)
        config = f"{folder}/etc/apache-proxy.conf"
        write_file(config, "".join(
            f'LoadModule {m}_module "{Apache.MODULES}/mod_{m}.so"\n'
            for m in self.MODULES) + f"""ServerRoot "{folder}/tmp"
ServerName 127.0.0.1
Listen 127.0.0.1:{self.port}
PidFile "{folder}/run/apache-proxy.pid"
ErrorLog "{folder}/log/apache-proxy.log"
TypesConfig /dev/null
AddType text/css css
Include "{site}"
""", 0o644)
        super().__init__("apache-proxy", ["apache2", "-f", config,
                                          "-D", "FOREGROUND"],
                         f"{folder}/log/apache-proxy.err", self._answers)

    _answers = Nginx._answers


class Paysim(Proc):
    """tests/support/paysim: the gateways' side."""

    def __init__(self, folder):
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.folder = os.path.join(folder, "paysim")
        os.mkdir(self.folder, 0o700)
        give(self.folder)
        super().__init__(
            "paysim", ["/usr/bin/python3", f"{ROOT}/tests/support/paysim",
                       "--port", str(self.port), "--dir", self.folder,
                       "--quiet"],
            os.path.join(folder, "log", "paysim.log"), self._answers)

    def _answers(self):
        # it listens before it has written the channels
        return Nginx._answers(self) and os.path.exists(self.channel_file())

    def channel_file(self, gateway="epay"):
        return os.path.join(self.folder, "channels", f"{gateway}.hdf")


class SmtpSink:
    """Takes every mail and delivers none."""

    def __init__(self):
        self.mails, self._lock = [], threading.Lock()
        self.fail_with = None
        self.held, self.waiting = False, 0  # takes a mail and says nothing
        self.port = free_port()
        self._controller = None

    async def handle_DATA(self, _server, _session, envelope):
        if self.fail_with:
            return self.fail_with
        self.waiting += 1
        while self.held:
            await asyncio.sleep(0.02)
        self.waiting -= 1
        message = email.message_from_bytes(envelope.content,
                                           policy=email.policy.default)
        with self._lock:
            self.mails.append({"from": envelope.mail_from,
                               "to": list(envelope.rcpt_tos),
                               "raw": envelope.content, "message": message})
        return "250 taken"

    def start(self):
        self._controller = Controller(self, hostname="127.0.0.1",
                                      port=self.port, ready_timeout=60)
        self._controller.start()
        return self

    def stop(self):
        if self._controller:
            self._controller.stop()
            self._controller = None

    def alive(self):
        return self._controller is not None

    def to(self, address):
        with self._lock:
            return [m for m in self.mails if address in m["to"]]

    def clear(self):
        with self._lock:
            self.mails.clear()


if sys.version_info < (3, 9):
    raise SystemExit("Python 3.9 or newer is needed")
