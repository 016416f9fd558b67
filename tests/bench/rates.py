# SPDX-License-Identifier: Apache-2.0
"""How long an answer takes while requests come at a fixed rate, whatever the
shop makes of them: h2load."""

import collections
import os

from market import run

CONNS = 32


def percentiles(rig, port, path, seconds):
    """At half of what a closed loop gets through just before."""
    most = rig.wrk(port, path, 1)
    each = max(1, round(most / 2 / CONNS))
    log = f"{rig.shop.dir}/tmp/h2load.log"
    if os.path.exists(log):
        os.unlink(log)
    run(["h2load", "--h1", f"--rps={each}", f"-D{seconds}", "-t1",
         f"-c{CONNS}", f"--log-file={log}",
         f"http://127.0.0.1:{port}{path}"])
    with open(log, encoding="ascii") as f:
        rows = [tuple(map(int, line.split("\t")[:3])) for line in f]
    codes = collections.Counter(code for _, code, _ in rows)
    assert set(codes) == {200}, f"{path}: answers by status: {codes}"
    ms = sorted(took / 1e3 for _, _, took in rows)
    got = {"asked_per_s": each * CONNS, "answers": len(ms),
           "got_per_s": round(len(ms) / seconds, 1),
           "closed_loop_per_s": round(most, 1)}
    for name, part in (("p50", 0.5), ("p90", 0.9), ("p99", 0.99),
                       ("p999", 0.999)):
        got[f"{name}_ms"] = ms[int(len(ms) * part)]
    got["max_ms"] = ms[-1]
    return got
