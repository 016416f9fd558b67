# SPDX-License-Identifier: Apache-2.0
"""The master and its workers, asked over FastCGI without a web server and
without a database: what must hold before anything is sold."""

import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time

import pytest

import fcgi_client as fcgi
from procs import ROOT, Proc, can_connect, give, privileges, wait_until
from stack import bin_dir

GRACE = 60  # seconds: a machine may stand still for a while


class Pool:
    """keystall-fcgi on a socket of its own."""

    def __init__(self, **settings):
        self.dir = tempfile.mkdtemp(prefix="ks-proc-")
        os.chmod(self.dir, 0o755)
        self.run = give(self._mkdir("run"))
        self.sock, self.status = f"{self.run}/s.sock", f"{self.run}/status"
        self.conf, self.log = f"{self.dir}/k.conf", f"{self.dir}/log"
        keys = f"{self.dir}/keys"
        with open(os.open(keys, os.O_WRONLY | os.O_CREAT, 0o600), "w",
                  encoding="ascii") as f:
            f.write(f"mac {secrets.token_hex(32)}\n"
                    f"card 1 {secrets.token_hex(32)}\n")
        give(keys)
        self.settings = {
            "listen": self.sock, "workers": 2, "status_file": self.status,
            "key_file": keys, "templates_dir": f"{ROOT}/templates",
            "static_dir": f"{ROOT}/static", "rate_page": 0,
            "db_socket": f"{self.dir}/none.sock", **settings}
        self.write()
        self.proc = Proc("fcgi", [f"{bin_dir()}/keystall-fcgi", "-c",
                                  self.conf], self.log,
                         lambda: can_connect(self.sock))

    def _mkdir(self, name):
        path = f"{self.dir}/{name}"
        os.mkdir(path)
        return path

    def write(self, extra="", **settings):
        self.settings.update(settings)
        with open(self.conf, "w", encoding="utf-8") as f:
            f.writelines(f"{k} = {v}\n" for k, v in self.settings.items()
                         if v is not None)
            f.write(extra)

    def ask(self, url="/healthz", **more):
        return fcgi.ask(self.sock, url=url, **more)

    def pids(self):
        """(master, [workers]) of the status file."""
        with open(self.status, encoding="ascii") as f:
            lines = dict.fromkeys(f.read().splitlines())
        pairs = [line.split() for line in lines]
        return (int(next(p for k, p in pairs if k == "master")),
                [int(p) for k, p in pairs if k == "worker"])

    def workers(self, n=None):
        def enough():
            got = self.pids()[1]
            return got if n is None or len(got) == n else None
        return wait_until(enough, GRACE, f"{n} workers")

    def taken(self, n):
        """Until workers have taken n connections."""
        def accepted():
            with open("/proc/net/unix", encoding="utf-8") as f:
                rows = [line.split() for line in f]
            # St: 3 is connected, 2 stands in the queue
            return sum(r[-1] == self.sock and r[5] == "03" for r in rows)
        wait_until(lambda: accepted() == n, GRACE, f"{n} taken")

    def ended(self):
        """Why workers ended."""
        with open(self.log, encoding="utf-8") as f:
            return set(re.findall(
                r'"ev":"worker_ended".*"cause":"(\w+)"', f.read()))

    def logged(self, event):
        with open(self.log, encoding="utf-8") as f:
            return sum(f'"ev":"{event}"' in line for line in f)


@pytest.fixture
def pool():
    made = []

    def make(start=True, **settings):
        made.append(Pool(**settings))
        if start:
            made[-1].proc.start()
            made[-1].workers(made[-1].settings["workers"])
        return made[-1]

    yield make
    for one in made:
        one.proc.stop()
        shutil.rmtree(one.dir, ignore_errors=True)


def alive(pid):
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        with open(f"/proc/{pid}/stat", encoding="ascii") as f:
            return f.read().rsplit(")", 1)[1].split()[0] != "Z"
    return False


def test_answers(pool):
    p = pool()
    answer = p.ask()
    assert (answer.status, answer.body) == (200, b"ok\n")
    assert p.ask("/readyz").status == 503
    assert p.ask("/nothing").status == 404


def test_killed_workers_come_back(pool):
    p = pool()
    for _ in range(5):
        old = p.workers(2)
        os.kill(old[0], signal.SIGKILL)
        wait_until(lambda: old[0] not in p.pids()[1] and
                   len(p.pids()[1]) == 2, GRACE, "a new worker")
        assert p.ask().status == 200
    assert 'worker_deaths_total{cause="killed"} 5' in \
        p.ask("/metrics").body.decode()


def test_term_is_never_lost(pool):
    """SIGTERM in every moment of an idle or busy worker's life (F7).  One
    that missed it would be killed when the time to drain is up."""
    for i in range(20):
        p = pool(drain_ms=600000)
        for _ in range(i % 4):
            p.ask()
        master, workers = p.pids()
        os.kill(master, signal.SIGTERM)
        assert p.proc.child.wait(GRACE) == 0
        assert not any(alive(w) for w in workers)


def test_term_to_a_worker_alone(pool):
    """Somebody ends workers behind the master's back, once each: a signal
    between two moments must not be forgotten."""
    p = pool()
    for _ in range(30):
        old = p.workers(2)
        os.kill(old[0], signal.SIGTERM)
        wait_until(lambda: not alive(old[0]), GRACE, "the end of a worker")
        wait_until(lambda: len(p.pids()[1]) == 2 and
                   old[0] not in p.pids()[1], GRACE)
        assert p.ask().status == 200


def test_drain_finishes_the_request_in_hand(pool):
    p = pool(workers=1)
    whole = fcgi.request_bytes(path="/healthz")
    with fcgi.connect(p.sock) as s:
        s.sendall(whole[:40])
        p.taken(1)
        os.kill(p.pids()[0], signal.SIGTERM)
        time.sleep(0.3)
        s.sendall(whole[40:])
        assert fcgi.read_answer(s).body == b"ok\n"
    assert p.proc.child.wait(GRACE) == 0


def test_drain_ends_when_time_is_up(pool):
    p = pool(workers=1, drain_ms=500, request_deadline_ms=60000)
    with fcgi.connect(p.sock) as s:
        s.sendall(fcgi.request_bytes()[:40])
        p.taken(1)
        began = time.monotonic()
        os.kill(p.pids()[0], signal.SIGTERM)
        assert p.proc.child.wait(GRACE) == 0
        assert time.monotonic() - began > 0.4


def test_half_sent_request_holds_nobody_for_long(pool):
    """libfcgi cannot time out; the watchdog does (F4)."""
    p = pool(workers=2, request_deadline_ms=700)
    held = []
    for _ in range(2):
        s = fcgi.connect(p.sock)
        s.sendall(fcgi.request_bytes()[:30])
        held.append(s)
    assert p.ask(timeout=GRACE).status == 200
    wait_until(lambda: p.logged("worker_ended") >= 2, GRACE)
    for s in held:
        s.close()


def test_silent_connections_cost_little(pool):
    """Connections that send nothing are not requests (F5)."""
    p = pool(workers=2)
    for _ in range(20):
        fcgi.connect(p.sock).close()
    for _ in range(20):
        assert p.ask().status == 200
    # and a worker that had one is not taken for a stuck one afterwards
    p.write(request_deadline_ms=500)
    p.proc.signal(signal.SIGHUP)
    wait_until(lambda: p.logged("reloaded") == 1, GRACE)
    fcgi.connect(p.sock).close()
    time.sleep(1.5)
    assert p.ended() <= {"retired"}  # those of before the reload


def test_garbage_on_the_socket(pool):
    p = pool()
    for junk in (b"GET / HTTP/1.0\r\n\r\n", b"\x00" * 64, b"\xff" * 4096,
                 os.urandom(2000), b"\x01\x01\x00\x01\xff\xff\x00\x00",
                 fcgi.record(fcgi.PARAMS, b"\x80\x00\x00\x00"),
                 fcgi.record(9, fcgi.pairs({"FCGI_MAX_CONNS": ""}), 0),
                 fcgi.record(9, fcgi.pairs({"FCGI_MPXS_CONNS": ""}) * 500,
                             0)):
        with fcgi.connect(p.sock, timeout=1) as s, \
                contextlib.suppress(OSError):
            s.sendall(junk)
            s.shutdown(socket.SHUT_WR)
            s.recv(1000)
    wait_until(lambda: p.ask().status == 200, GRACE)


def test_client_that_hangs_up(pool):
    p = pool(workers=1)
    for cut in (10, 200, None):
        with fcgi.connect(p.sock) as s:
            s.sendall(fcgi.request_bytes(path="/nothing")[:cut])
    assert p.ask().status == 200


def test_master_dies_workers_follow(pool):
    p = pool()
    master, workers = p.pids()
    os.kill(master, signal.SIGKILL)
    p.proc.child.wait(GRACE)
    wait_until(lambda: not any(alive(w) for w in workers), GRACE,
               "the workers' end")
    p.proc.start()
    assert p.ask().status == 200
    wait_until(lambda: p.pids()[0] != master, GRACE, "the new status file")


def test_second_master_is_refused(pool):
    p = pool()
    done = subprocess.run(privileges() + p.proc.argv, capture_output=True,
                          text=True, timeout=GRACE, check=False)
    assert done.returncode == 78
    assert p.sock in done.stderr
    assert p.ask().status == 200


def test_retires_after_its_share(pool):
    p = pool(workers=1, max_requests=20)
    first = p.pids()[1]
    for _ in range(60):
        assert p.ask().status == 200
    wait_until(lambda: p.workers(1) != first, GRACE, "another worker")
    assert 'worker_deaths_total{cause="retired"}' in \
        p.ask("/metrics").body.decode()


def test_crash_loop_backs_off(pool):
    """A worker that dies young waits before its successor."""
    p = pool(workers=1)
    began, last = time.monotonic(), None
    for _ in range(6):
        (last,) = wait_until(lambda: [w for w in p.pids()[1] if w != last],
                             GRACE, "another worker")
        os.kill(last, signal.SIGABRT)
    # The first was old perhaps, and so had no pause after it; then they are
    # 50, 100, 200 and 400 ms.  One that grew up meanwhile took a second.
    assert time.monotonic() - began >= 0.75
    wait_until(lambda: p.ask().status == 200, GRACE)


def reload(p, n, **settings):
    p.write(**settings)
    p.proc.signal(signal.SIGHUP)
    wait_until(lambda: p.logged("reloaded") == n, GRACE, "the reload")


def test_reload_takes_new_settings(pool):
    p = pool(log_level="info")
    old = p.workers(2)
    reload(p, 1, language="en")
    wait_until(lambda: not set(old) & set(p.pids()[1]), GRACE)
    assert b'lang="en"' in p.ask("/nothing").body


def test_reload_drops_no_request(pool):
    p = pool(workers=2)
    bad, done, stop = [], [0], threading.Event()

    def buyer():
        while not stop.is_set():
            try:
                ok = p.ask().status == 200
            except OSError as e:
                ok = False
                bad.append(repr(e))
            if not ok:
                bad.append("bad")
            done[0] += 1

    threads = [threading.Thread(target=buyer) for _ in range(2)]
    for t in threads:
        t.start()
    for i in range(5):
        reload(p, i + 1)
        enough = done[0] + 50
        wait_until(lambda: bad or done[0] > enough, GRACE, "requests")
    stop.set()
    for t in threads:
        t.join()
    assert not bad, (bad[:3], done)


def test_reload_refuses_what_is_broken(pool):
    p = pool()
    old = p.workers(2)
    p.write(extra="no_such_setting = 1\n")
    p.proc.signal(signal.SIGHUP)
    wait_until(lambda: p.logged("reload_refused") == 1, GRACE)
    templates = f"{p.dir}/templates"
    shutil.copytree(f"{ROOT}/templates", templates)
    with open(f"{templates}/error/notfound.cs", "a", encoding="utf-8") as f:
        f.write("<?cs if:x ?>")
    p.write(templates_dir=templates)
    p.proc.signal(signal.SIGHUP)
    wait_until(lambda: p.logged("web_not_loaded") == 1, GRACE)
    time.sleep(0.3)
    assert p.workers(2) == old
    assert p.ask("/nothing").status == 404


@pytest.mark.parametrize("line, word", [
    ("workers = 1000", "workers"), ("nonsense = 1", "nonsense"),
    ("rate_page = -1", "rate_page"), ("site_url = javascript:x", "site_url"),
    ("workers = 1\nworkers = 2", "workers"),
    ("listen_mode = 0777", "mode")])
def test_bad_settings_refuse_to_start(pool, line, word):
    p = pool(start=False)
    drop = {k: None for k in (line.split(" ")[0],)}
    p.write(extra=line + "\n", **drop)
    done = subprocess.run(privileges() + p.proc.argv, capture_output=True,
                          text=True, timeout=GRACE, check=False)
    assert done.returncode == 78
    assert word in done.stderr and len(done.stderr.splitlines()) == 1
    assert not os.path.exists(p.sock)


@pytest.mark.parametrize("drop, word", [
    ("key_file", "key_file"), ("listen", "listen")])
def test_missing_settings_refuse_to_start(pool, drop, word):
    p = pool(start=False)
    p.write(**{drop: None})
    done = subprocess.run(privileges() + p.proc.argv, capture_output=True,
                          text=True, timeout=GRACE, check=False,
                          stdin=subprocess.DEVNULL)
    assert done.returncode == 78 and word in done.stderr


@pytest.mark.skipif(os.getuid() != 0, reason="needs root")
def test_does_not_serve_as_root(pool):
    p = pool(start=False)
    done = subprocess.run(p.proc.argv, capture_output=True, text=True,
                          timeout=GRACE, check=False)
    assert done.returncode == 78 and "root" in done.stderr


@pytest.mark.skipif(os.getuid() != 0, reason="needs root")
def test_root_becomes_the_user(pool):
    p = pool(start=False, user="nobody", group="nogroup")
    for path in (p.run, p.settings["key_file"]):
        shutil.chown(path, "nobody", "nogroup")
    child = subprocess.Popen(p.proc.argv, stderr=subprocess.PIPE)
    try:
        wait_until(lambda: p.workers(2), GRACE)
        for pid in (p.pids()[0], *p.pids()[1]):
            with open(f"/proc/{pid}/status", encoding="ascii") as f:
                text = f.read()
            assert re.search(r"^Uid:\t65534\t65534\t65534\t65534$", text,
                             re.M)
            assert re.search(r"^Groups:\t65534 $", text, re.M)
            assert re.search(r"^NoNewPrivs:\t1$", text, re.M)
            assert re.search(r"^CapEff:\t0+$", text, re.M)
        assert p.ask().status == 200
    finally:
        child.terminate()
        child.wait(GRACE)
        child.stderr.close()


class Alone:
    """workers = 0 on an inherited socket, as mod_fcgid starts it."""

    def __init__(self, p):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(p.sock)
        os.chmod(p.sock, 0o660)
        self.listener.listen(16)
        p.write(listen=None, workers=0)
        with open(p.log, "ab") as log:
            self.child = subprocess.Popen(
                privileges() + p.proc.argv, stdin=self.listener.fileno(),
                stdout=log, stderr=log)

    def stop(self):
        if self.child.poll() is None:
            self.child.kill()
        self.child.wait()
        self.listener.close()


@pytest.fixture
def alone(pool):
    made = []

    def make(**settings):
        p = pool(start=False, **settings)
        made.append(Alone(p))
        return p, made[-1].child

    yield make
    for one in made:
        one.stop()


def test_alone_serves_and_stops(alone):
    for _ in range(10):
        p, child = alone()
        assert p.ask().status == 200
        assert p.ask("/nothing").status == 404
        child.send_signal(signal.SIGTERM)
        assert child.wait(GRACE) == 0


def test_alone_has_its_own_watchdog(alone):
    p, child = alone(request_deadline_ms=500)
    assert p.ask().status == 200
    time.sleep(1)
    assert child.poll() is None  # waiting is not being stuck
    with fcgi.connect(p.sock) as s:
        s.sendall(fcgi.request_bytes()[:30])
        assert child.wait(GRACE) == 4


def test_alone_retires(alone):
    p, child = alone(max_requests=10)
    for _ in range(30):
        if child.poll() is not None:
            break
        with contextlib.suppress(OSError):
            p.ask(timeout=1)
    assert child.wait(GRACE) == 0


def test_master_on_an_inherited_socket(pool):
    """systemd and spawn-fcgi: fd 0 listens, the socket outlives us."""
    p = pool(start=False)
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(p.sock)
    listener.listen(16)
    p.write(listen=None)
    for _ in range(2):
        child = subprocess.Popen(privileges() + p.proc.argv,
                                 stdin=listener.fileno(),
                                 stderr=subprocess.DEVNULL)
        assert p.ask().status == 200
        child.terminate()
        assert child.wait(GRACE) == 0
    listener.close()


def private_kb(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as f:
        return sum(int(line.split()[1]) for line in f
                   if line.startswith("Private_"))


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def test_ten_thousand_requests_leave_nothing(pool):
    p = pool(workers=1, max_requests=0, rate_page=0)
    pid = p.pids()[1][0]
    urls = ("/healthz", "/nothing", "/lang/xx", "/orders", "/metrics")

    def round_of(n):
        for i in range(n):
            p.ask(urls[i % len(urls)], query=f"a={i}",
                  headers={"Cookie": "ks_lang=en; ks_theme=dark"})
        p.taken(0)  # the last connection is closed by now

    round_of(1000)
    before, fds = private_kb(pid), descriptors(pid)
    round_of(10000)
    assert p.pids()[1] == [pid]
    assert descriptors(pid) == fds
    after = private_kb(pid)
    if "asan" not in bin_dir():
        assert after - before < 200, (before, after)
        assert after < 8192
