# SPDX-License-Identifier: Apache-2.0
"""A private shop for a test: every server it stands on, started in a
temporary directory and gone with the test.

    with Stack(settings={"order_ttl_s": 30}) as shop:
        page = shop.shopper().get("/")
        shop.primary.stop()
        ...
        shop.verify()

From the environment: BIN_DIR, where the programs are (the ASan build runs the
same suite); KEYSTALL_FRONT, nginx or apache (mod_fcgid, workers = 0);
KEYSTALL_TEST_TMP, where the temporary directory is made.
"""

import glob
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import tempfile

import datadirs
from procs import ROOT, Proc, can_connect, free_port, give, privileges, \
    wait_until
from render import hdf, render, write_file
from servers import CONF, Apache, Mariadb, Memcached, Nginx, Paysim, \
    Replica, SmtpSink
from shopper import Shopper

POOLS = ("storefront", "admin", "notify")
DB_NAME, DB_USER, DB_ADMIN = "keystall", "keystall", "keystall_admin"
REPL_USER = "keystall_repl"

# Tests come from one address and do not wait: caps and limits are wide here,
# and the tests of caps and limits set their own.
WIDE = {
    "hold_cap_address": 0, "hold_cap_contact": 0,
    "hold_cap_network": 0, "rate_page": 0,
    "rate_order": 0, "rate_lookup": 0, "rate_login": 0, "queue_wait_ms": 0,
    "jobs_interval_ms": 100, "gateway_private_hosts": True,
    "page_max_age_s": 0, "log_level": "info",
}


def bin_dir():
    found = os.environ.get("BIN_DIR") or os.path.join(ROOT, "build")
    if not os.access(os.path.join(found, "keystallctl"), os.X_OK):
        raise RuntimeError(f"no keystallctl in {found}: build first or set "
                           "BIN_DIR")
    return os.path.realpath(found)


class Stack:
    def __init__(self, front=None, settings=None, workers=2, replica=True,
                 memcached=True, front_values=None):
        self.front_kind = front or os.environ.get("KEYSTALL_FRONT", "nginx")
        assert self.front_kind in ("nginx", "apache"), self.front_kind
        self.bin_dir = bin_dir()
        self.dir = tempfile.mkdtemp(
            prefix="ks-", dir=os.environ.get("KEYSTALL_TEST_TMP", "/tmp"))
        os.chmod(self.dir, 0o755)
        for name in ("etc", "data", "run", "log", "tmp", "spool"):
            os.chmod(give(self._mkdir(name)), 0o700)
        self.log_dir = os.path.join(self.dir, "log")
        self.password, self.admin_password = (secrets.token_hex(12)
                                              for _ in range(2))
        self.repl_password = secrets.token_hex(12)

        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.primary = Mariadb(self.dir, "primary")
        self.replica = Replica(self.dir, self.primary, REPL_USER,
                               self.repl_password) if replica else None
        self.memcached = Memcached(self.dir) if memcached else None
        self.smtp = SmtpSink()
        self.paysim = Paysim(self.dir)
        self.workers = workers
        self.settings = dict(self._base_settings(), **(settings or {}))
        self.config = self.configure()
        self.static_dir = self.settings["static_dir"]
        values = {
            "PORT": self.port, "LISTEN": f"127.0.0.1:{self.port}",
            "SERVER_NAME": "127.0.0.1", "NGINX_WORKERS": 1,
            "RUN_DIR": f"{self.dir}/run", "LOG_DIR": self.log_dir,
            "TMP_DIR": f"{self.dir}/tmp", "ETC_DIR": f"{self.dir}/etc",
            "CONF_DIR": CONF, "ERROR_DIR": f"{CONF}/error",
            "EDGE_DIR": f"{self.dir}/tmp/nginx-edge",
            "STATIC_DIR": self.static_dir, "UNCOUNTED": "127.0.0.0/8 0;",
            "ADMIN_PREFIX": self.settings["admin_prefix"],
            "BIN_DIR": self.bin_dir, "CONFIG": self.config,
            "FCGID_PROCESSES": max(4, 2 * workers),
        }
        values.update(front_values or {})
        self.values = values
        kind = Apache if self.front_kind == "apache" else Nginx
        self.front = kind(self.dir, values)
        self.pools = {} if self.front_kind == "apache" else \
            {name: self._pool(name) for name in POOLS}
        self.jobs = Proc("jobs", [f"{self.bin_dir}/keystall-jobs", "-c",
                                  self.config],
                         f"{self.log_dir}/jobs.log", self._jobs_started)

    # -- making it ---------------------------------------------------------

    def _mkdir(self, *parts):
        path = os.path.join(self.dir, *parts)
        os.makedirs(path, exist_ok=True)
        return path

    def _base_settings(self):
        def private(name, text):
            path = os.path.join(self.dir, "etc", name)
            write_file(path, text + "\n")
            return give(path)
        built = {"templates_dir": f"{ROOT}/templates",
                 "static_dir": self._static_dir(),
                 "schema_dir": f"{ROOT}/sql/schema",
                 "seed_dir": f"{ROOT}/sql/seed"}
        return dict(built, **{
            "pool": "all", "workers": 0,
            "key_file": f"{self.dir}/etc/keys",
            "spool_dir": f"{self.dir}/spool",
            "log_file": f"{self.log_dir}/keystall.log",
            "db_socket": self.primary.socket, "db_name": DB_NAME,
            "db_user": DB_USER,
            "db_password_file": private("db-password", self.password),
            "db_admin_user": DB_ADMIN,
            "db_admin_password_file": private("db-admin-password",
                                              self.admin_password),
            "replica_sockets": self.replica.socket if self.replica else "",
            "memcached": self.memcached.socket if self.memcached else "",
            "site_url": self.url, "admin_prefix": "/admin",
            "mail_transport": "smtp",
            "smtp_url": f"smtp://127.0.0.1:{self.smtp.port}",
            "mail_from": "shop@example.test",
        }, **WIDE)

    def _static_dir(self):
        """The hashed names are made by the build, beside the programs."""
        made = os.path.join(self.bin_dir, "static")
        return made if os.path.isdir(made) else f"{ROOT}/static"

    def configure(self):
        """One file a pool, and keystall.conf for everything else."""
        etc = os.path.join(self.dir, "etc")
        for pool in POOLS:
            write_file(f"{etc}/{pool}.conf", hdf(dict(
                self.settings, pool=pool, workers=self.workers,
                listen=f"{self.dir}/run/{pool}.sock",
                status_file=f"{self.dir}/run/{pool}.status")))
            give(f"{etc}/{pool}.conf")
        write_file(f"{etc}/keystall.conf", hdf(self.settings))
        return give(f"{etc}/keystall.conf")

    def _pool(self, name):
        sock = f"{self.dir}/run/{name}.sock"
        return Proc(name, [f"{self.bin_dir}/keystall-fcgi", "-c",
                           f"{self.dir}/etc/{name}.conf"],
                    f"{self.log_dir}/{name}.log", lambda: can_connect(sock))

    def _jobs_started(self):
        """It has said so; a signal before that would just end it."""
        if self.settings["log_level"] not in ("info", "debug"):
            return True
        with open(self.settings["log_file"], encoding="utf-8") as f:
            return any('"started"' in line and f'"pid":{self.jobs.pid}' in line
                       for line in f)

    # -- life --------------------------------------------------------------

    def start(self, seed=False):
        """Everything up; with seed, the demo shop is in it."""
        try:
            return self._start(seed)
        except BaseException:
            self.stop()
            raise

    def _start(self, seed):
        self._databases(seed)
        if self.memcached:
            self.memcached.start()
        self.smtp.start()
        self.paysim.start()
        if not os.path.exists(self.settings["key_file"]):
            self.ctl("key", "create")
        self.ctl("migrate")
        self.channel_set("epay-demo", self.paysim.channel_file("epay"))
        for pool in self.pools.values():
            pool.start()
        self.jobs.start()
        self.front.start()
        wait_until(lambda: self.shopper().status("/healthz") == 200, 60,
                   f"{self.url}/healthz\n" + self.front.tail())
        return self

    def _databases(self, seed):
        datadirs.fill(self, seed)
        self.primary.start()
        self.primary.script(_accounts(self))
        if self.replica:
            self.replica.start()
            self.replica.follow()
            self.replica.catch_up()

    def __enter__(self):
        return self if self.primary.alive() else self.start()

    def __exit__(self, *exc):
        self.stop()

    def parts(self):
        """Everything that runs, the first to stop first."""
        return [p for p in (self.front, self.jobs, *self.pools.values(),
                            self.paysim, self.memcached, self.replica,
                            self.primary) if p is not None]

    def stop(self, keep=False):
        for part in self.parts():
            part.stop()
        self.smtp.stop()
        self._keep_findings()
        if keep:
            return
        if os.environ.get("KEYSTALL_KEEP"):
            print(f"kept: {self.dir}")
        else:
            shutil.rmtree(self.dir, ignore_errors=True)

    def _keep_findings(self):
        """gcc's UBSan knows no log_path beside ASan: what it found lies in
        the logs, which go with the shop."""
        folder = os.environ.get("KEYSTALL_ASAN")
        if not folder:
            return
        for path in glob.glob(f"{self.log_dir}/*"):
            with open(path, encoding="utf-8", errors="replace") as f:
                found = [ln for ln in f if "runtime error: " in ln]
            if found:
                name = os.path.basename(path)
                with open(f"{folder}/ubsan.{os.getpid()}.{name}", "a",
                          encoding="utf-8") as f:
                    f.writelines(found)

    def reload(self, **settings):
        """Change settings of the running shop; RESTART ones need more."""
        self.settings.update(settings)
        self.configure()
        for part in (*self.pools.values(), self.jobs):
            if part.alive():
                part.signal(signal.SIGHUP)

    def restart(self, **settings):
        """New settings, new processes of the shop; the servers stay."""
        self.settings.update(settings)
        self.configure()
        for part in (*self.pools.values(), self.jobs):
            part.stop()
            part.start()
        if not self.pools:
            self.front.restart()

    # -- asking it ---------------------------------------------------------

    def sql(self, text, args=None):
        return self.primary.sql(text, args, DB_NAME)

    def value(self, text, args=None):
        """The first column of the first row."""
        rows = self.sql(text, args)
        return next(iter(rows[0].values())) if rows else None

    def ctl(self, *args, stdin=None, check=True):
        """keystallctl; its standard output unless check=False."""
        done = self.run("keystallctl", "-c", self.config, *args, stdin=stdin,
                        seconds=300)
        if not check:
            return done
        assert done.returncode == 0, \
            f"keystallctl {' '.join(args)}: {done.returncode}\n" \
            f"{done.stdout}{done.stderr}"
        return done.stdout

    def run(self, program, *args, stdin=None, seconds=60):
        """A program of the shop, as the service user; whatever it returns."""
        return subprocess.run(
            privileges() + [f"{self.bin_dir}/{program}", *args],
            input="" if stdin is None else stdin,
            text=True, capture_output=True, timeout=seconds, check=False,
            cwd="/")

    def verify(self):
        """Every invariant holds and nothing died unasked, or the test fails
        and says what."""
        for part in self.parts():
            assert not part.died(), \
                f"{part.name} ended with {part.child.returncode}\n" \
                f"{part.tail()}"
        done = self.ctl("verify", check=False)
        broken = [line for line in done.stdout.splitlines()
                  if not line.endswith(" ok")]
        assert done.returncode == 0 and not broken, \
            f"verify: {done.returncode}\n{done.stdout}{done.stderr}"
        assert re.search(r"^I1 ok$", done.stdout, re.M), done.stdout

    def channel_set(self, name, file):
        path = f"{self.dir}/etc/channel-{name}.hdf"
        shutil.copyfile(file, path)
        os.chmod(path, 0o600)
        self.ctl("channel", "set", name, give(path))

    def import_cards(self, sku, texts, batch=None):
        path = f"{self.dir}/tmp/cards-{secrets.token_hex(4)}.txt"
        write_file(path, "".join(t + "\n" for t in texts))
        batch = ["--batch", batch] if batch else []
        out = self.ctl("cards", "import", "--sku", sku, *batch, give(path))
        os.unlink(path)
        return out

    def shopper(self, **options):
        return Shopper(self, **options)

    def admin_create(self, name="owner", password=None):
        password = password or secrets.token_urlsafe(12)
        self.ctl("admin", "create", name, stdin=password + "\n")
        return name, password

    def logs(self):
        """Every log line of every process, for "is there a secret in it?"."""
        text = []
        for path in sorted(glob.glob(f"{self.log_dir}/*")):
            with open(path, encoding="utf-8", errors="replace") as f:
                text.append(f.read())
        return "".join(text)

    def status(self, pool="storefront"):
        """What the master says about itself and its workers."""
        with open(f"{self.dir}/run/{pool}.status", encoding="utf-8") as f:
            return f.read()

    def worker_pids(self, pool="storefront"):
        master = self.pools[pool].pid
        with open(f"/proc/{master}/task/{master}/children",
                  encoding="ascii") as f:
            return [int(p) for p in f.read().split()]

    def metrics(self):
        """{"name{labels}": value} of /metrics."""
        text = self.shopper().get("/metrics").text
        return {name: float(value) for name, value in
                re.findall(r"^([^#\s]\S*) (\S+)$", text, re.M)}

    def wait_outbox(self, seconds=60):
        """Until keystall-jobs has sent all that is due."""
        wait_until(lambda: self.value("SELECT COUNT(*) FROM outbox "
                                      "WHERE state = 'due'") == 0,
                   seconds, "an empty outbox")

    def wait_mail(self, address, count=1, seconds=60):
        return wait_until(lambda: (lambda m: m if len(m) >= count else None)(
            self.smtp.to(address)), seconds, f"{count} mail to {address}")

    def pay(self, order_no, **options):
        """The buyer pays at the gateway; its answer, notices and all."""
        import requests
        r = requests.post(f"{self.paysim.url}/paysim/pay/{order_no}",
                          data=options, timeout=60)
        assert r.status_code == 200, r.text
        return json.loads(r.text)

    def console_refund(self, order_no, **options):
        """The merchant gives money back at the gateway's own console."""
        import requests
        r = requests.post(f"{self.paysim.url}/paysim/refund/{order_no}",
                          data=options, timeout=60)
        assert r.status_code == 200, r.text
        return json.loads(r.text)


def _accounts(stack):
    path = f"{stack.dir}/etc/accounts.sql"
    render(f"{CONF}/mariadb-accounts.sql.in", path, {
        "DB_NAME": DB_NAME, "DB_USER": DB_USER,
        "DB_PASSWORD": stack.password, "DB_ADMIN_USER": DB_ADMIN,
        "DB_ADMIN_PASSWORD": stack.admin_password, "REPL_USER": REPL_USER,
        "REPL_PASSWORD": stack.repl_password}, 0o600)
    with open(path, encoding="utf-8") as f:
        return f.read()
