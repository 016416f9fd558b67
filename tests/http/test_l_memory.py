# SPDX-License-Identifier: Apache-2.0
"""Ten thousand requests, or KEYSTALL_ROUNDS of them, of every kind: memory and
descriptors of every process stay what they were."""

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


def everybody(shop):
    """Every process of the shop and its name: masters, their workers and
    tills, the jobs and their second lane."""
    found = {}
    for name, proc in (*shop.pools.items(), ("jobs", shop.jobs)):
        found[proc.pid] = name
        with open(f"/proc/{proc.pid}/task/{proc.pid}/children",
                  encoding="ascii") as f:
            for i, pid in enumerate(f.read().split()):
                found[int(pid)] = f"{name} {i}"
    return found


def test_ten_thousand_requests(stack):
    if os.environ.get("KEYSTALL_FRONT") == "apache":
        return  # the pool is asked directly: there is none behind Apache
    shop = stack(workers=1, max_requests=0, settings={"till": True})
    sku = make_sku(shop, cards=ROUNDS // 100 + 60)
    buyer = shop.shopper()
    no, _ = buyer.buy(sku=sku.id)
    cookie = "; ".join(f"{c.name}={c.value}" for c in buyer.session.cookies)
    staff = shop.shopper()
    staff.login(*shop.admin_create())
    ours = "; ".join(f"{c.name}={c.value}" for c in staff.session.cookies)
    store, panel, notices = (f"{shop.dir}/run/{pool}.sock" for pool in
                             ("storefront", "admin", "notify"))
    asked = [(store, url, query, cookie) for url, query in (
        ("/", ""), (f"/p/{sku.slug}", ""), ("/search", "q=%E6%B5%8B"),
        ("/checkout", f"sku={sku.id}&qty=1"), ("/orders", ""),
        (f"/o/{no}", ""), (f"/o/{no}/status.json", ""),
        (f"/o/{no}/cards.txt", ""), ("/c/tests", ""), ("/nothing", ""),
        ("/metrics", ""))] * 4
    asked += [(panel, "/admin", "", ours), (panel, "/admin/orders", "", ours),
              (notices, f"/pay/notify/epay-demo/{no}", "pid=1&sign=2", ""),
              (notices, "/pay/notify/nobody", "", "")]
    seen = set()

    def run(n, purchases):
        for i in range(n):
            sock, url, query, who = asked[i % len(asked)]
            seen.add((url, fcgi.ask(sock, url=url, query=query,
                                    headers={"Cookie": who}).status))
            if i % (n // purchases) == 0:  # and what only these do
                assert len(shop.shopper().buy(sku=sku.id)[1]) == 1
        shop.wait_outbox()

    # tables that have an end are full by then
    run(ROUNDS // 12, ROUNDS // 200)
    people = everybody(shop)
    before = {pid: (private_kb(pid), descriptors(pid)) for pid in people}
    run(ROUNDS, ROUNDS // 400)
    assert everybody(shop) == people
    for pid, name in people.items():
        fds = before[pid][1]
        wait_until(lambda p=pid, n=fds: descriptors(p) <= n + 1, 60,
                   f"descriptors of {name}")
    assert {s for _, s in seen} == {200, 400, 404}, seen
    if "asan" not in shop.bin_dir:
        # a batch of messages comes and goes; the jobs may be looked at in one
        kb = {name: (before[pid][0], private_kb(pid))
              for pid, name in people.items()}
        grown = {name: (a, b) for name, (a, b) in kb.items()
                 if b - a >= (1000 if name == "jobs" else 300) or b >= 8192}
        assert not grown, grown
        print(kb)
