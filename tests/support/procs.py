# SPDX-License-Identifier: Apache-2.0
"""Processes of a test, which end with it whatever happens.

Three nets: stop() in the fixture, atexit for what a fixture forgot, and
setpriv --pdeathsig for a test run that was killed.

Started as root, everything runs as www-data, because that is how it runs in
life: the workers refuse to serve as root and so does MariaDB.  A checkout in
/root is then out of reach, so the one capability to read is kept; none to
write is.
"""

import atexit
import contextlib
import os
import pwd
import random
import shutil
import signal
import socket
import subprocess
import time

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
SERVICE_USER = "www-data" if os.getuid() == 0 else \
    pwd.getpwuid(os.getuid()).pw_name

_running = []


def privileges():
    """The command prefix: who a server runs as, and when it must end."""
    tool = ["setpriv", "--pdeathsig", "TERM"]
    if os.getuid() != 0:
        return tool
    user = pwd.getpwnam(SERVICE_USER)
    return tool + [f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}",
                   "--clear-groups", "--inh-caps=+dac_read_search",
                   "--ambient-caps=+dac_read_search"]


def give(path):
    """Make the service user the owner of what a server must write."""
    if os.getuid() == 0:
        shutil.chown(path, SERVICE_USER, SERVICE_USER)
    return path


_given = set()


def free_port():
    """A port that nobody is given twice and that no outgoing call takes.

    What bind(0) finds comes from the range of outgoing connections, and may
    come again before its first owner has bound it.
    """
    with open("/proc/sys/net/ipv4/ip_local_port_range",
              encoding="ascii") as f:
        below = int(f.read().split()[0])
    first = max(1024, below - 16384)
    for _ in range(1000):
        port = random.randrange(first, below)
        if port in _given:
            continue
        with contextlib.closing(socket.socket()) as s:
            try:
                s.bind(("127.0.0.1", port))
            except OSError:
                continue
        _given.add(port)
        return port
    raise RuntimeError(f"no free port from {first} to {below}")


def wait_until(check, seconds=60, what="condition", pause=0.02):
    """Call check() until it returns something true; return that.  The limit
    is for what never comes: a machine may stand still for a while."""
    end = time.monotonic() + seconds
    error = None
    while True:
        try:
            got = check()
            if got:
                return got
        except (OSError, AssertionError) as e:
            error = e
        if time.monotonic() > end:
            raise TimeoutError(f"{what}: not within {seconds} s ({error})")
        time.sleep(pause)


def can_connect(path):
    with contextlib.closing(socket.socket(socket.AF_UNIX)) as s:
        s.settimeout(1)
        s.connect(path)
    return True


class Proc:
    """One server.  A subclass or its maker gives the command and a probe."""

    def __init__(self, name, argv, log, ready=None, env=None, cwd="/",
                 stop_signal=signal.SIGTERM, start_seconds=60):
        self.name, self.argv, self.log = name, argv, log
        self.ready, self.env, self.cwd = ready, env or {}, cwd
        self.stop_signal, self.start_seconds = stop_signal, start_seconds
        self.child = None
        self.exit_codes = []

    def start(self, wait=True):
        assert not self.alive(), f"{self.name} runs already"
        env = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8",
               "HOME": "/nonexistent", "PYTHONDONTWRITEBYTECODE": "1"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"):
            if name in os.environ:
                env[name] = os.environ[name]
        env.update(self.env)
        with open(self.log, "ab") as out:
            self.child = subprocess.Popen(
                privileges() + self.argv, stdin=subprocess.DEVNULL,
                stdout=out, stderr=out, env=env, cwd=self.cwd,
                start_new_session=True)
        _running.append(self)
        if wait:
            self.wait_ready()
        return self

    def wait_ready(self):
        if self.ready is None:
            return
        def probe():
            if self.child.poll() is not None:
                raise RuntimeError(f"{self.name} ended with "
                                   f"{self.child.returncode}\n{self.tail()}")
            return self.ready()
        try:
            wait_until(probe, self.start_seconds, f"start of {self.name}")
        except TimeoutError as e:
            raise RuntimeError(f"{e}\n{self.tail()}") from e

    def alive(self):
        return self.child is not None and self.child.poll() is None

    def died(self):
        """Started, not stopped by anybody, and yet gone?"""
        return self in _running and not self.alive()

    @property
    def pid(self):
        return self.child.pid

    def signal(self, number):
        os.kill(self.child.pid, number)

    def stop(self, seconds=60):
        """Ask, wait, insist.  Returns the exit status, None if not running."""
        if self.child is None:
            return None
        if self.alive():
            with contextlib.suppress(ProcessLookupError):
                self.signal(signal.SIGCONT)
                self.signal(self.stop_signal)
            try:
                self.child.wait(seconds)
            except subprocess.TimeoutExpired:
                self._end_group()
        return self._reap()

    def kill(self):
        """As power loss does it; children of the server die with it."""
        if self.alive():
            self._end_group()
        return self._reap()

    def _end_group(self):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.child.pid, signal.SIGKILL)
        self.child.wait(10)

    def _reap(self):
        code = self.child.wait(10)
        # what a killed master left behind is in its process group
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.child.pid, signal.SIGKILL)
        if self in _running:
            _running.remove(self)
            self.exit_codes.append(code)
        return code

    def restart(self):
        self.stop()
        return self.start()

    def pause(self):
        """The process hangs: it accepts connections and answers nothing."""
        os.killpg(self.child.pid, signal.SIGSTOP)

    def resume(self):
        os.killpg(self.child.pid, signal.SIGCONT)

    def tail(self, lines=30):
        with contextlib.suppress(OSError), \
                open(self.log, encoding="utf-8", errors="replace") as f:
            return f"-- end of {self.log}:\n" + "".join(
                f.readlines()[-lines:])
        return ""


@atexit.register
def end_all():
    for proc in reversed(list(_running)):
        with contextlib.suppress(Exception):
            proc.kill()
