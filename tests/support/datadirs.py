# SPDX-License-Identifier: Apache-2.0
"""Data folders made once in a test run and copied for each stack: an empty
one (mariadb-install-db costs more than the rest of a start) and one with the
demo shop in it (a pair of servers that agree, and the keys of its cards)."""

import atexit
import os
import shutil
import subprocess
import tempfile

from procs import give
from servers import Mariadb

_empty = _seeded = None


def fill(stack, seed):
    """Give the stopped servers of a stack their data.  True: the demo shop
    and the key file are in place."""
    global _empty, _seeded
    servers = [s for s in (stack.primary, stack.replica) if s]
    if any(os.path.isdir(s.datadir) for s in servers):
        return seed  # it ran before
    if seed and _seeded is None:
        _seeded = _make_seeded(type(stack))
    if seed:
        for server in servers:
            _copy(f"{_seeded}/data/{server.role}", server.datadir)
        _copy(f"{_seeded}/etc/keys", stack.settings["key_file"])
        return True
    if _empty is None:
        _empty = _make_empty()
    for server in servers:
        _copy(f"{_empty}/data/primary", server.datadir)
    return False


def _copy(source, target):
    subprocess.run(["cp", "-a", "--reflink=auto", source, target], check=True)


def _make_empty():
    folder = tempfile.mkdtemp(
        prefix="ks-empty-", dir=os.environ.get("KEYSTALL_TEST_TMP", "/tmp"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.chmod(folder, 0o755)
    for name in ("etc", "data", "run", "log", "tmp"):
        path = os.path.join(folder, name)
        os.mkdir(path)
        give(path)
    Mariadb(folder, "primary").install()
    return folder


def _make_seeded(kind):
    """Seed a shop, stop it, keep its folder."""
    shop = kind(front="nginx")
    atexit.register(shutil.rmtree, shop.dir, ignore_errors=True)
    shop.start()
    try:
        # what seeding left to do is done, so that every copy starts at rest
        shop.ctl("seed", "demo")
        shop.wait_outbox()
        shop.replica.catch_up()
    finally:
        shop.stop(keep=True)
    return shop.dir
