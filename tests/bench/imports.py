# SPDX-License-Identifier: Apache-2.0
"""Cards into stock: keystallctl beside a bare client with the same rows."""

import json
import os
import random
import re
import subprocess
import time

from goods import make_sku
from market import run
from procs import give, privileges

BARE_DB = "bench_import"
# nonce and tag of AES-256-GCM, around a text like "A1B2C-..." of 23 letters
SEALED = 12 + 23 + 16
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"


class Imports:
    def __init__(self, market, rows):
        self.shop, self.prog, self.rows = market.shop, market.prog, rows
        self.sku = make_sku(self.shop)
        self.round = 0
        self.path = f"{self.shop.dir}/tmp/import.txt"
        db = self.shop.primary
        db.sql(f"CREATE DATABASE {BARE_DB}")
        # the same rows lie in both tables: those of the shop from before, too
        db.sql(f"CREATE TABLE {BARE_DB}.card LIKE keystall.card")
        db.sql(f"INSERT INTO {BARE_DB}.card SELECT * FROM keystall.card")
        self.bare_next = 1 + self._value("MAX(id)", BARE_DB)

    def keystallctl(self):
        """Rows a second, and the most memory it had, over the whole life of
        the process."""
        self._write()
        before = self._value("COUNT(*)")
        t0 = time.monotonic()
        with subprocess.Popen(
                [*privileges(), f"{self.shop.bin_dir}/keystallctl", "-c",
                 self.shop.config, "cards", "import", "--sku", self.sku.code,
                 self.path], stdout=subprocess.PIPE, cwd="/",
                text=True) as child:
            peak = _peak_kb(child)
            out = child.stdout.read()
        seconds = time.monotonic() - t0
        os.unlink(self.path)
        assert child.returncode == 0, out
        added = int(re.search(r"(?m)^added (\d+)$", out).group(1))
        here = self._value("COUNT(*)") - before
        assert added == here == self.rows, f"{here}, {out}"
        self.shop.replica.catch_up(600)
        return {"rate": added / seconds, "seconds": seconds, "rows": added,
                "peak_rss_mb": round(peak / 1024, 1)}

    def bare(self):
        got = json.loads(run(
            [f"{self.prog}/bare_import", self.shop.primary.socket, BARE_DB,
             str(self.rows), str(self.bare_next), str(SEALED),
             str(self.sku.id)]))
        self.bare_next += self.rows
        self.shop.replica.catch_up(600)
        return got["rows"] / got["seconds"]

    def _write(self):
        """Texts that no run had before; the same in every bench."""
        self.round += 1
        dice = random.Random(self.round)
        with open(self.path, "w", encoding="ascii") as f:
            for i in range(self.rows):
                text = "".join(dice.choices(LETTERS, k=20 - 8))
                text = f"{self.round:02d}{i:06d}{text}"
                f.write("-".join(text[k:k + 5] for k in range(0, 20, 5)))
                f.write("\n")
        give(self.path)

    def _value(self, what, database="keystall"):
        return self.shop.primary.sql(
            f"SELECT {what} AS n FROM {database}.card")[0]["n"]


def _peak_kb(child):
    """VmHWM only grows: the last look before the end is the peak."""
    peak = 0
    while child.poll() is None:
        try:
            with open(f"/proc/{child.pid}/status", encoding="ascii") as f:
                text = f.read()
        except OSError:
            break
        # before it is keystallctl it is a copy of this program
        if text.startswith("Name:\tkeystallctl"):
            found = re.search(r"VmHWM:\s+(\d+) kB", text)
            peak = max(peak, int(found.group(1)) if found else 0)
        time.sleep(0.01)
    child.wait()
    assert peak > 0, "the memory of keystallctl was not seen"
    return peak
