# SPDX-License-Identifier: Apache-2.0
"""The till: purchases and payments of several workers in one transaction; and
what a sale is like when it dies, hangs or was never there."""

import concurrent.futures
import os
import re
import signal
import threading
import time

import pytest

from goods import free_cards, make_sku
from procs import wait_until

ON = {"till": True}


def till_pid(shop, pool="storefront"):
    found = re.search(r"^till (\d+)$", shop.status(pool), re.M)
    return int(found.group(1)) if found else None


def has_master(shop):
    """mod_fcgid is the process manager there, and there is no till."""
    return bool(shop.pools)


def batches(shop):
    """Of till_batch_size: how many, and how many claims in them."""
    m = shop.metrics()
    return (m.get("keystall_till_batch_size_count", 0),
            m.get("keystall_till_batch_size_sum", 0))


def buy_all(shop, sku, buyers, at_once):
    def buy(i):
        buyer = shop.shopper()
        return buyer, buyer.order(sku=sku.id, check=False,
                                  contact=f"b{i}@example.test")

    with concurrent.futures.ThreadPoolExecutor(at_once) as pool:
        return list(pool.map(buy, range(buyers)))


def check_sale(shop, sku, done, cards):
    won = [(b, a.headers["Location"].split("/")[2]) for b, a in done
           if a.status_code == 303]
    others = {a.status_code for _, a in done} - {303}
    assert len(won) == cards, others
    assert others <= {409}, others
    assert len({no for _, no in won}) == cards
    assert free_cards(shop, sku) == 0
    assert shop.value("SELECT COUNT(*) FROM card WHERE sku_id = %s AND "
                      "state = 'held'", (sku.id,)) == cards
    return won


def test_a_kept_offer_sells_nothing_old(stack):
    """With a till a worker keeps what it has just sold; an edit within that
    second decides all the same, for who pays and for who is refused."""
    shop = stack(seed=True, workers=1, settings=ON)
    if not has_master(shop):
        pytest.skip("mod_fcgid is the process manager there")
    wait_until(lambda: till_pid(shop), 60, "a till")
    sku = make_sku(shop, cards=6, price=1000)

    def form():
        buyer = shop.shopper()
        buyer.checkout(sku=sku.id)
        return buyer, buyer.form("/order", "post")

    def send(buyer, form, **fields):
        answer = buyer.submit(form, follow=False, contact="k@example.test",
                              **fields)
        return answer.status_code

    old = [form() for _ in range(3)]
    assert send(*old[0]) == 303  # and the offer is kept
    shop.sql("UPDATE sku SET price_minor = 2000 WHERE id = %s", (sku.id,))
    new = [form() for _ in range(2)]
    assert send(*old[1]) == 409, "a price that is no more"
    assert send(*new[0]) == 303, "refused for a price that is no more"
    shop.sql("UPDATE sku SET min_qty = 2 WHERE id = %s", (sku.id,))
    assert send(*new[1], qty="1") == 422
    shop.sql("UPDATE sku SET min_qty = 1, max_qty = 1 WHERE id = %s",
             (sku.id,))
    assert send(*form()) == 303
    shop.sql("UPDATE sku SET active = 0 WHERE id = %s", (sku.id,))
    assert send(*old[2]) in (404, 409)
    got = shop.sql("SELECT o.total_minor AS t FROM orders o JOIN order_item "
                    "i ON i.order_id = o.id WHERE i.sku_id = %s ORDER BY o.id",
                    (sku.id,))
    assert [r["t"] for r in got] == [1000, 2000, 2000]


def test_a_sale_through_the_till(stack):
    shop = stack(seed=True, workers=6,
                 settings={**ON, "till_wait_ms": 10000})
    if not has_master(shop):
        pytest.skip("mod_fcgid is the process manager there")
    sku = make_sku(shop, cards=40)
    wait_until(lambda: till_pid(shop), 60, "a till")
    mode = os.stat(f"{shop.dir}/spool/till-storefront.sock").st_mode
    assert mode & 0o777 == 0o600
    n0, sum0 = batches(shop)
    # it sleeps for a while: whoever comes then is one batch, not by chance
    sleeper = till_pid(shop)
    os.kill(sleeper, signal.SIGSTOP)
    waker = threading.Timer(2, os.kill, (sleeper, signal.SIGCONT))
    waker.start()
    done = buy_all(shop, sku, 80, 16)
    waker.join()
    n1, sum1 = batches(shop)
    assert sum1 - sum0 >= 40
    assert n1 - n0 < sum1 - sum0, "no two claims ever met in one batch"
    won = check_sale(shop, sku, done, 40)
    # payments go through the till of the notify pool
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda w: w[0].pay(w[1]), won[:20]))
    cards = [c for b, no in won[:20] for c in b.cards(no)]
    assert len(cards) == len(set(cards)) == 20
    # a second notice of each changes nothing
    for buyer, no in won[:5]:
        shop.pay(no)
        assert len(buyer.cards(no)) == 1
    # the same form again is the same order
    buyer = shop.shopper()
    other = make_sku(shop, cards=3)
    buyer.checkout(sku=other.id)
    form = buyer.form("/order", "post")
    fields = dict(form.fields, contact="twice@example.test")
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        got = {a.headers["Location"] for a in pool.map(
            lambda _: buyer.post("/order", fields, follow=False),
            range(4))}
    assert len(got) == 1
    assert free_cards(shop, other) == 2
    assert shop.metrics()['keystall_breaker_state{name="till"}'] == 0
    shop.verify()


def test_the_till_dies_three_times_in_a_sale(stack):
    shop = stack(seed=True, workers=4, settings=ON)
    if not has_master(shop):
        pytest.skip("mod_fcgid is the process manager there")
    sku = make_sku(shop, cards=50)
    wait_until(lambda: till_pid(shop), 60, "a till")
    killed = []

    def kill():
        """Each time when some more have been sold, so in the middle."""
        for left in (42, 28, 12):
            while free_cards(shop, sku) > left:
                time.sleep(0.002)
            pid = till_pid(shop)
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)
            wait_until(lambda: till_pid(shop) not in (None, pid), 60,
                       "another till")

    killer = threading.Thread(target=kill, daemon=True)
    killer.start()
    done = buy_all(shop, sku, 200, 50)
    killer.join(200)
    assert len(set(killed)) == 3
    won = check_sale(shop, sku, done, 50)
    for buyer, no in won[:10]:
        buyer.pay(no)
    cards = [c for b, no in won[:10] for c in b.cards(no)]
    assert len(cards) == len(set(cards)) == 10
    log = shop.logs()
    assert log.count('"cause":"killed"') >= 3
    shop.verify()


def test_a_till_that_hangs_costs_time_only(stack):
    shop = stack(seed=True, workers=3, settings=dict(ON, till_wait_ms=50))
    if not has_master(shop):
        pytest.skip("mod_fcgid is the process manager there")
    sku = make_sku(shop, cards=6)
    pids = {pool: wait_until(lambda p=pool: till_pid(shop, p), 60, "a till")
            for pool in ("storefront", "notify")}
    for pid in pids.values():
        os.kill(pid, signal.SIGSTOP)
    try:
        for i in range(3):
            buyer = shop.shopper()
            no = buyer.order(sku=sku.id, contact=f"h{i}@example.test")
            buyer.pay(no)
            assert len(buyer.cards(no)) == 1
        assert shop.metrics()['keystall_breaker_state{name="till"}'] == 2
    finally:
        for pid in pids.values():
            os.kill(pid, signal.SIGCONT)
    # what it finds waiting is too old: nothing is made twice
    buy_all(shop, sku, 3, 3)
    assert shop.value("SELECT COUNT(*) FROM orders") == 6
    assert free_cards(shop, sku) == 0
    shop.verify()


@pytest.mark.parametrize("why", ["socket", "off"])
def test_without_a_till_the_shop_sells(stack, why):
    shop = stack(seed=True, workers=2, settings={
        "till": why == "socket", "till_socket": "/nowhere/till.sock"})
    if not has_master(shop):
        pytest.skip("mod_fcgid is the process manager there")
    assert till_pid(shop) is None
    sku = make_sku(shop, cards=2)
    check_sale(shop, sku, buy_all(shop, sku, 4, 4), 2)
    assert ("till_socket" in shop.logs()) == (why == "socket")
    shop.verify()
