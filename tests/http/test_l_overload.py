# SPDX-License-Identifier: Apache-2.0
"""More than the workers can serve: who waited for too long is told so at
once, and nobody sees a 502."""

import concurrent.futures
import os
import re
import signal
import time

import pytest

import fcgi_client
from procs import wait_until

PEOPLE = 60


def test_who_waited_for_too_long_gets_a_light_503(stack):
    shop = stack(workers=2, replica=False, queue_wait_ms=300,
                 cache_page_s=0, page_max_age_s=0)
    if not shop.pools:
        pytest.skip("Apache manages its processes itself")
    wait_until(lambda: len(shop.worker_pids()) == 2, 60, "two workers")
    pids = shop.worker_pids()
    before = shop.metrics().get("keystall_overload_total", 0)

    def look(_):
        answer = shop.shopper().get("/orders")
        return answer.status_code, answer.headers.get("Retry-After"), \
            answer.text

    with concurrent.futures.ThreadPoolExecutor(PEOPLE) as pool:
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
        try:
            asked = [pool.submit(look, i) for i in range(PEOPLE)]
            # they stand in the queue, and the master has seen it
            wait_until(lambda: queue_length(shop) >= PEOPLE, 60, "a queue")
            time.sleep(1)  # what they have waited for: more than 0.3 s
            # the other pools are not concerned
            assert shop.shopper().status("/admin/login") == 200
        finally:
            for pid in pids:
                os.kill(pid, signal.SIGCONT)
        got = [f.result() for f in asked]
    codes = [g[0] for g in got]
    assert set(codes) <= {200, 503}, codes
    assert codes.count(503) > 0
    for code, retry, text in got:
        if code == 503:
            assert 1 <= int(retry) <= 30
            assert "<html" in text and "503" in text
    assert shop.metrics()["keystall_overload_total"] - before == \
        codes.count(503)
    # the queue is gone: everybody is served again
    wait_until(lambda: look(0)[0] == 200, 60, "an open door")


def queue_length(shop):
    """The pool itself cannot be asked: its workers stand still."""
    text = fcgi_client.ask(f"{shop.dir}/run/admin.sock", url="/metrics").raw
    found = re.search(
        rb'keystall_listen_queue\{pool="storefront"\} (\d+)', text)
    return int(found.group(1)) if found else 0
