# SPDX-License-Identifier: Apache-2.0
"""/metrics as Prometheus reads it, and what the jobs put there."""

import subprocess

from goods import make_sku
from procs import wait_until


def read(shop):
    answer = shop.shopper().get("/metrics")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith(
        "text/plain; version=0.0.4")
    return answer.text


def value(text, name):
    for line in text.split("\n"):
        if line.startswith(name + " ") or line.startswith(name + "{"):
            return float(line.rsplit(" ", 1)[1])
    return None


def test_promtool_finds_nothing_wrong(shop):
    buyer = shop.shopper()
    assert buyer.status("/") == 200
    buyer.buy(sku=make_sku(shop, cards=1).id)
    done = subprocess.run(["promtool", "check", "metrics"], input=read(shop),
                          text=True, capture_output=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


def test_a_paid_order_that_waits_is_a_gauge(shop):
    sku = make_sku(shop, kind="manual")
    shop.shopper().buy(sku=sku.id, contact="waits@example.test")
    wait_until(lambda: 'keystall_orders_open{state="manual"} ' in read(shop) and
               value(read(shop), 'keystall_orders_open{state="manual"}') >= 1,
               60, "the gauge")
    assert value(read(shop), 'keystall_orders_open{state="paid"}') == 0
