# SPDX-License-Identifier: Apache-2.0
"""What notices cost: the CPU of verifying one, per gateway, and how many real
ones get through while forged ones come at a fixed rate."""

import contextlib
import glob
import json
import subprocess

from market import CHANNEL, run
from procs import ROOT

RATE = 2000      # forged notices a second
SECONDS = 300    # when a storm ends by itself
CALLS = 1000     # of one vector
# Of the rate, or the storm was none.  What was due and not sent yet at the end
# is missing: of a second on a busy machine that is a hundredth or two.
KEPT = 0.95
VECTORS = f"{ROOT}/tests/vectors"


def notice_cpu(prog):
    """Each gateway's dearest delivery, genuine or with a wrong signature:
    {gateway: the line of notice_cpu.c}."""
    out = run([f"{prog}/notice_cpu", str(CALLS), *deliveries()])
    dearest = {}
    for line in out.splitlines():
        one = json.loads(line)
        was = dearest.get(one["gateway"])
        if was is None or was["p50_us"] < one["p50_us"]:
            dearest[one["gateway"]] = one
    return dearest


def deliveries():
    """Vectors of notices whose signature has to be computed to be judged."""
    found = []
    for path in sorted(glob.glob(f"{VECTORS}/*/*.json")):
        with open(path, encoding="utf-8") as f:
            vector = json.load(f)
        want = vector["expect"]
        if vector["kind"].endswith("_notify") and "canonical" in vector and \
                isinstance(want.get("signature_valid"), bool) and \
                not {"timestamp_ok", "cert_ok"} & set(want):
            found.append(path)
    assert len({p.split("/")[-2] for p in found}) == 6, found
    return found


class Storm:
    """Real notices alone and in a storm, in turns.  The storm is about an
    order that nobody pays, and must not touch it."""

    def __init__(self, market, orders):
        self.market, self.orders, self.round = market, orders, 0
        self.shop, self.prog = market.shop, market.prog

    def measure(self):
        """Notices a second with the storm and without, and the storm's own
        report."""
        self.round += 1
        self.victim = self.shop.shopper().order(sku=self.market.hot.id)
        blown = {}

        def stormy():
            with self._blowing(blown):
                return go()

        def go():
            buyers.stdin.write("go\n")
            return json.loads(_end(buyers))
        found = {}
        order = [("alone", go), ("storm", stormy)]
        for name, send in order[::1 if self.round % 2 else -1]:
            before = self.market.delivered()
            with self._ready() as buyers:
                got = send()
            done = self.market.delivered() - before
            assert done == self.orders, f"{done} of {self.orders} delivered"
            got["rate"] = self.orders / got["pay_s"]
            found[name] = got
        self._look(blown)
        return dict(found, forged=blown)

    @contextlib.contextmanager
    def _ready(self):
        """Buyers who have ordered; their notices go off on a word."""
        m = self.market
        argv = m.buyers(self.orders) + ["wait"]
        with _Child(argv) as child:
            child.stdin.write(m.channel["key"] + "\n")
            child.stdin.flush()
            word = child.stdout.readline()
            assert word == "ready\n", word + child.stdout.read()
            yield child

    @contextlib.contextmanager
    def _blowing(self, report):
        m = self.market
        money = self.shop.value("SELECT total_minor FROM orders WHERE no = %s",
                                (self.victim,))
        argv = [f"{self.prog}/storm", str(self.shop.port), str(RATE),
                str(SECONDS), CHANNEL, m.channel["pid"], self.victim,
                f"{money // 100}.{money % 100:02d}"]
        with _Child(argv) as child:
            word = child.stdout.readline()
            assert word == "on\n", word + child.stdout.read()
            yield
            report.update(json.loads(_end(child)))

    def _look(self, blown):
        """It was the storm it had to be, and nothing came of it."""
        assert blown["sent_per_s"] >= RATE * KEPT, blown
        assert blown["held_back"] == 0, blown
        row = self.shop.sql(
            "SELECT o.state, COUNT(n.id) AS notices FROM orders o LEFT JOIN "
            "notice n ON n.order_id = o.id WHERE o.no = %s GROUP BY o.id",
            (self.victim,))[0]
        assert row == {"state": "pending", "notices": 0}, row


class _Child:
    def __init__(self, argv):
        self.argv = argv

    def __enter__(self):
        self.child = subprocess.Popen(self.argv, text=True,
                                      stdin=subprocess.PIPE,
                                      stdout=subprocess.PIPE)
        return self.child

    def __exit__(self, *exc):
        if self.child.poll() is None:
            self.child.kill()
        self.child.communicate()


def _end(child):
    """What it has printed when nothing more comes from us."""
    out, _ = child.communicate(timeout=600)
    assert child.returncode == 0, f"{child.args[0]}: {child.returncode} {out}"
    return out
