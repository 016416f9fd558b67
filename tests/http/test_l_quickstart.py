# SPDX-License-Identifier: Apache-2.0
"""`sh conf/quickstart.sh`, as a stranger runs it."""

import os
import signal
import socket
import subprocess
import time

import pymysql
import pytest
import requests

from procs import ROOT, free_port, wait_until
from shopper import Shopper
from stack import bin_dir

QUICKSTART = f"{ROOT}/conf/quickstart.sh"


class Quick:
    """One quickstart folder."""

    def __init__(self, folder):
        self.dir = str(folder)
        self.port = free_port()
        self.env = {k: v for k, v in os.environ.items()
                    if not k.startswith(("ASAN", "UBSAN", "KEYSTALL"))}
        self.env.update(BUILD_DIR=bin_dir(), CONFIGURE_ARGS="--enable-devel")
        self.facts = {}

    def run(self, *args, check=True):
        done = subprocess.run(
            ["sh", QUICKSTART, "--port", str(self.port), "--dir", self.dir,
             "--no-install", *args],
            env=self.env, text=True, stdin=subprocess.DEVNULL, timeout=300,
            capture_output=True, check=False)
        if check:
            assert done.returncode == 0, done.stdout + done.stderr
            self.read_facts()
        return done

    def read_facts(self):
        path = f"{self.dir}/quickstart.env"
        assert os.stat(path).st_mode & 0o077 == 0
        with open(path, encoding="utf-8") as f:
            self.facts = dict(line.rstrip("\n").split("=", 1) for line in f)

    def stop(self):
        return self.run("--stop", check=False)

    def processes(self):
        """Command lines that name this folder."""
        found = []
        for pid in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{pid}/cmdline", "rb") as f:
                    line = f.read().replace(b"\0", b" ").decode()
            except OSError:
                continue
            if self.dir + "/" in line and "quickstart.sh" not in line:
                found.append(line)
        return found

    @property
    def url(self):
        return self.facts["STORE_URL"]

    def pay(self, no, **options):
        r = requests.post(f"{self.facts['PAYSIM_URL']}/paysim/pay/{no}",
                          data=options, timeout=60)
        assert r.status_code == 200, r.text
        return r.json()

    def ctl(self, *args):
        return subprocess.run(
            [f"{self.facts['BIN_DIR']}/keystallctl", "-c",
             self.facts["CONFIG"], *args], text=True, capture_output=True,
            timeout=60, check=False)


@pytest.fixture
def quick(tmp_path_factory):
    if os.environ.get("KEYSTALL_FRONT") == "apache" or \
            os.environ.get("KEYSTALL_ASAN"):
        pytest.skip("once is enough")
    folder = tmp_path_factory.mktemp("q")
    # pytest's folders are closed to others, and so to the service user
    for path in (folder, folder.parent, folder.parent.parent):
        path.chmod(0o755)
    quick = Quick(folder)
    yield quick
    quick.stop()


def test_from_nothing_to_a_key_and_back(quick):
    done = quick.run("--detach")
    assert "loading the demo shop" in done.stdout
    assert set(quick.facts) == {
        "STORE_URL", "ADMIN_URL", "ADMIN_USER", "ADMIN_PASSWORD", "CONFIG",
        "MYSQL_SOCKET", "MYSQL_REPLICA_SOCKET", "MYSQL_DATABASE",
        "MEMCACHED_SOCKET", "PAYSIM_URL", "BIN_DIR", "BUILD_DIR"}
    for fact in ("STORE_URL", "ADMIN_URL", "ADMIN_PASSWORD"):
        assert quick.facts[fact] in done.stdout

    # buy
    buyer = Shopper(quick)
    slug = buyer.first_on_sale()
    no, cards = buyer.buy(slug=slug)
    assert len(cards) == 1 and cards[0]
    # log in
    staff = Shopper(quick)
    staff.login(quick.facts["ADMIN_USER"], quick.facts["ADMIN_PASSWORD"])
    assert staff.get("/admin", follow=False).status_code == 200
    # the database lets who ran this in as root, on both servers
    for fact in ("MYSQL_SOCKET", "MYSQL_REPLICA_SOCKET"):
        # no transaction: the second look would see what the first one saw
        db = pymysql.connect(unix_socket=quick.facts[fact], user="root",
                             autocommit=True,
                             database=quick.facts["MYSQL_DATABASE"])
        with db.cursor() as cur:
            wait_until(lambda: cur.execute(
                "SELECT 1 FROM orders WHERE no = %s AND state = 'delivered'",
                (no,)), 60, f"{fact}: the order")
        db.close()
    assert quick.ctl("verify").returncode == 0
    # the mail is a file
    wait_until(lambda: os.listdir(f"{quick.dir}/mail"), 60, "mail")

    # again, while it runs: nothing new
    assert "already running" in quick.run("--detach").stdout
    before = dict(quick.facts)

    # stop, and again: quick, with the same data and login
    assert quick.stop().returncode == 0
    assert not quick.processes()
    assert not [f for f in os.listdir(f"{quick.dir}/run")
                if f.endswith(".sock")]
    with pytest.raises(OSError):
        socket.create_connection(("127.0.0.1", quick.port), 1)
    assert "loading the demo shop" not in quick.run("--detach").stdout
    assert quick.facts == before
    assert buyer.cards(no) == cards
    assert quick.ctl("verify").returncode == 0


def test_stop_ends_only_its_own(quick):
    quick.run("--detach", "--no-demo")
    # a pid file that names somebody else's process
    other = subprocess.Popen(["sleep", "600"])
    try:
        with open(f"{quick.dir}/pids/jobs", encoding="ascii") as f:
            _, start, boot = f.read().split()
        with open(f"{quick.dir}/pids/jobs", encoding="ascii") as f:
            jobs = int(f.read().split()[0])
        with open(f"{quick.dir}/pids/jobs", "w", encoding="ascii") as f:
            f.write(f"{other.pid} {start} {boot}\n")
        quick.stop()
        assert other.poll() is None
        os.kill(jobs, signal.SIGTERM)
        wait_until(lambda: not quick.processes(), 60, str(quick.processes()))
    finally:
        other.kill()
        other.wait()


def test_foreground_ends_with_ctrl_c(quick):
    shell = subprocess.Popen(
        ["sh", QUICKSTART, "--port", str(quick.port), "--dir", quick.dir,
         "--no-install", "--no-demo"], env=quick.env, text=True,
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, start_new_session=True)
    try:
        wait_until(lambda: os.path.exists(f"{quick.dir}/quickstart.env"), 120,
                   "quickstart.env")
        quick.read_facts()
        wait_until(lambda: Shopper(quick).status("/readyz") == 200, 60,
                   "ready")
        time.sleep(0.5)
        os.killpg(shell.pid, signal.SIGINT)
        said, _ = shell.communicate(timeout=60)
        assert shell.returncode == 130, said
        assert not quick.processes()
    finally:
        shell.kill()


def test_a_port_in_use_is_one_clear_line(quick):
    with socket.socket() as s:
        s.bind(("127.0.0.1", quick.port))
        s.listen()
        done = quick.run("--detach", check=False)
    assert done.returncode != 0
    assert done.stderr == f"keystall: port {quick.port} is in use: choose " \
                          "another with --port\n"
    assert not quick.processes()


@pytest.mark.parametrize("args,word", [
    (["--port", "http"], "--port"), (["--port", "70000"], "--port"),
    (["--colour"], "--colour"), (["--dir", "/tmp/a b"], "blank")])
def test_wrong_options(args, word):
    done = subprocess.run(["sh", QUICKSTART, "--no-install", *args],
                          text=True, capture_output=True, timeout=20,
                          check=False)
    assert done.returncode != 0 and word in done.stderr
    assert done.stderr.count("\n") == 1
