# SPDX-License-Identifier: Apache-2.0
"""Many at once: nobody gets what another has, nothing is lost when workers
die in the middle."""

import concurrent.futures
import os
import random
import signal
import threading
import time

import pytest
import requests

from goods import free_cards, make_sku
from procs import wait_until

SECONDS = int(os.environ.get("KEYSTALL_KILL_SECONDS", "30"))


def test_two_hundred_buyers_fifty_keys(stack):
    shop = stack(seed=True, workers=4)
    sku = make_sku(shop, cards=50)

    def buy(i):
        buyer = shop.shopper()
        answer = buyer.order(sku=sku.id, contact=f"b{i}@example.test",
                             check=False)
        return buyer, answer

    with concurrent.futures.ThreadPoolExecutor(200) as pool:
        done = list(pool.map(buy, range(200)))
    won = [(b, a) for b, a in done if a.status_code == 303]
    lost = [a for _, a in done if a.status_code != 303]
    assert len(won) == 50
    assert {a.status_code for a in lost} == {409}
    assert all("售罄" in a.text for a in lost)  # and nothing else is said
    assert free_cards(shop, sku) == 0
    numbers = [a.headers["Location"].split("/")[2] for _, a in won]
    assert len(set(numbers)) == 50
    for (buyer, _), no in zip(won[:30], numbers[:30]):
        buyer.pay(no)
    cards = [c for (b, _), no in zip(won[:30], numbers[:30])
             for c in b.cards(no)]
    assert len(cards) == len(set(cards)) == 30
    shop.sql("UPDATE orders SET expires_us = 1 WHERE state = 'pending'")
    wait_until(lambda: free_cards(shop, sku) == 20, 60, "expiry")
    shop.verify()


def test_killing_workers_loses_no_acknowledged_order(stack):
    """R01: a random worker dies every 200 ms while people buy.  The driver
    keeps its own list of what it was told (I15)."""
    shop = stack(seed=True, workers=4)
    if not shop.pools:
        pytest.skip("mod_fcgid is the process manager there")
    sku = make_sku(shop, cards=3000)
    stop = threading.Event()
    told, lock = {"placed": set(), "delivered": {}}, threading.Lock()

    def kill():
        while not stop.wait(0.2):
            pids = [p for name in ("storefront", "notify")
                    for p in shop.worker_pids(name)]
            if pids:
                try:
                    os.kill(random.choice(pids), signal.SIGKILL)
                except ProcessLookupError:
                    pass

    def buy(i):
        n = 0
        while not stop.is_set():
            n += 1
            try:
                buyer = shop.shopper()
                answer = buyer.order(sku=sku.id, check=False,
                                     contact=f"k{i}-{n}@example.test")
                if answer.status_code != 303:
                    continue
                no = answer.headers["Location"].split("/")[2]
                with lock:
                    told["placed"].add(no)
                buyer.pay(no)
                cards = buyer.cards(no)
                if cards:
                    with lock:
                        told["delivered"][no] = cards
            except (AssertionError, requests.RequestException, ValueError):
                continue  # what a person would try again

    killer = threading.Thread(target=kill)
    buyers = [threading.Thread(target=buy, args=(i,)) for i in range(8)]
    for t in [killer, *buyers]:
        t.start()
    time.sleep(SECONDS)
    stop.set()
    for t in [killer, *buyers]:
        t.join()
    assert len(told["delivered"]) > 5
    there = {r["no"]: r["state"] for r in
             shop.sql("SELECT no, state FROM orders")}
    assert told["placed"] <= set(there)
    assert all(there[no] == "delivered" for no in told["delivered"])
    cards = [c for got in told["delivered"].values() for c in got]
    assert len(cards) == len(set(cards))
    shop.verify()
