# SPDX-License-Identifier: Apache-2.0
"""Pulled plugs: replica, memcached, both, the primary."""

import time

import pytest

from goods import make_sku
from procs import wait_until


@pytest.fixture
def shop(stack):
    one = stack(seed=True)
    yield one
    one.verify()


def sells(shop, sku):
    no, cards = shop.shopper().buy(sku=sku.id)
    return len(cards) == 1 and shop.shopper().status("/") == 200


def test_sells_without_replica_and_memcached(shop):
    sku = make_sku(shop, cards=10)
    assert sells(shop, sku)
    shop.replica.stop()
    assert sells(shop, sku)
    shop.memcached.stop()
    assert sells(shop, sku)
    shop.replica.start()
    assert sells(shop, sku)
    shop.memcached.start()
    assert sells(shop, sku)


def test_frozen_memcached_costs_speed_only(shop):
    sku = make_sku(shop, cards=2)
    shop.memcached.pause()
    try:
        started = time.monotonic()
        assert sells(shop, sku)
        assert time.monotonic() - started < 60
    finally:
        shop.memcached.resume()


def test_primary_down_is_said_and_comes_back(shop):
    sku = make_sku(shop, cards=2)
    shop.primary.stop()
    buyer = shop.shopper()
    answer = buyer.get(f"/checkout?sku={sku.id}&qty=1")
    assert answer.status_code == 503
    assert "Retry-After" in answer.headers
    assert "html" in answer.headers["Content-Type"]
    assert buyer.get("/healthz").status_code == 200
    assert buyer.get("/readyz").status_code == 503
    shop.primary.start()
    wait_until(lambda: buyer.get("/readyz").status_code == 200, 10, "ready")
    wait_until(lambda: buyer.checkout(sku=sku.id).status_code == 200, 10,
               "the shop sells again")
    assert sells(shop, sku)


def test_lagging_replica_never_says_not_paid(shop):
    """R07: after the buyer was told "paid", nothing says otherwise."""
    sku = make_sku(shop, cards=3)
    shop.replica.sql("STOP SLAVE SQL_THREAD")
    try:
        for _ in range(3):
            buyer = shop.shopper()
            no, cards = buyer.buy(sku=sku.id)
            assert len(cards) == 1
            for _ in range(5):
                assert buyer.state(no)["state"] == "delivered"
    finally:
        shop.replica.sql("START SLAVE SQL_THREAD")
