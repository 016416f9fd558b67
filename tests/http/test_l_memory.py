# SPDX-License-Identifier: Apache-2.0
"""Ten thousand requests through one worker, or KEYSTALL_ROUNDS of them: its
memory and its descriptors stay what they were, whatever was asked."""

import os

import fcgi_client as fcgi
from goods import make_sku
from procs import wait_until

ROUNDS = int(os.environ.get("KEYSTALL_ROUNDS", "10000"))


def private_kb(pid):
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as f:
        return sum(int(line.split()[1]) for line in f
                   if line.startswith("Private_"))


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def test_ten_thousand_requests(stack):
    if os.environ.get("KEYSTALL_FRONT") == "apache":
        return  # the pool is asked directly: there is none behind Apache
    shop = stack(workers=1, max_requests=0)
    sku = make_sku(shop, cards=2)
    buyer = shop.shopper()
    no, _ = buyer.buy(sku=sku.id)
    cookie = "; ".join(f"{c.name}={c.value}" for c in buyer.session.cookies)
    sock = f"{shop.dir}/run/storefront.sock"
    pid = shop.worker_pids()[0]
    asked = [("/", ""), (f"/p/{sku.slug}", ""), ("/search", "q=%E6%B5%8B"),
             ("/checkout", f"sku={sku.id}&qty=1"), ("/orders", ""),
             (f"/o/{no}", ""), (f"/o/{no}/status.json", ""),
             (f"/o/{no}/cards.txt", ""), ("/c/tests", ""), ("/nothing", ""),
             ("/metrics", "")]
    seen = set()

    def run(n):
        for i in range(n):
            url, query = asked[i % len(asked)]
            seen.add((url, fcgi.ask(sock, url=url, query=query,
                                    headers={"Cookie": cookie}).status))

    run(1000)
    before, fds = private_kb(pid), descriptors(pid)
    run(ROUNDS)
    wait_until(lambda: descriptors(pid) <= fds + 1, 60, "descriptors")
    assert shop.worker_pids() == [pid]
    assert {s for _, s in seen} == {200, 404}, seen
    if "asan" not in shop.bin_dir:
        after = private_kb(pid)
        assert after - before < 300, (before, after)
        assert after < 8192, after
