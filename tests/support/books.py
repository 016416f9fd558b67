# SPDX-License-Identifier: Apache-2.0
"""Three books of the same money: what the simulator's gateways moved, what the
ledger has booked, what the panel shows."""

import json
import time

import requests

from shopper import parse
from worlds import account


def gateway_moved(shop):
    """{(channel, currency): minor units} paid, and given back."""
    paid, back = {}, {}
    text = requests.get(shop.paysim.url + "/paysim/log", timeout=30).text
    for line in text.splitlines():
        entry = json.loads(line)
        into = {"paid": paid, "refunded": back}.get(entry["what"])
        if into is not None:
            channel = entry.get("channel") or account(shop.value(
                "SELECT c.name FROM channel c JOIN orders o ON o.channel_id = "
                "c.id WHERE o.no = %s", (entry["order_no"],)))
            key = (channel, entry["currency"])
            into[key] = into.get(key, 0) + entry["amount_minor"]
    return paid, back


def _booked(shop, where):
    """The same of the ledger; an account may have several channels."""
    booked = {}
    for r in shop.sql(
            "SELECT c.name, l.currency, SUM(ABS(l.amount_minor)) AS s FROM "
            "ledger_entry l JOIN channel c ON c.id = l.channel_id WHERE "
            f"l.account = 'receivable' AND {where} GROUP BY c.name, "
            "l.currency"):
        key = (account(r["name"]), r["currency"])
        booked[key] = booked.get(key, 0) + int(r["s"])
    return booked


def _account(shop, currency, *names):
    marks = ", ".join(["%s"] * len(names))
    return int(shop.value(
        "SELECT COALESCE(SUM(amount_minor), 0) FROM ledger_entry WHERE "
        f"currency = %s AND account IN ({marks})", (currency, *names)))


def _today_us(shop):
    """When the day of the shop began."""
    zone = shop.settings.get("zone_minutes", 480) * 60
    return ((int(time.time()) + zone) // 86400 * 86400 - zone) * 10**6


def desk_today(shop, clerk):
    """The desk, which shows the day of the shop, and what has been paid on
    that day: a day may end while a test runs."""
    while True:
        day = _today_us(shop)
        desk = parse(clerk.get("/").text)
        if _today_us(shop) == day:
            return desk, int(shop.value(
                "SELECT COALESCE(SUM(paid_minor), 0) FROM orders WHERE "
                "paid_us >= %s", (day,)))


def same_books(shop, clerk, currency):
    """All three agree to the last unit; what the gateways moved."""
    paid, back = gateway_moved(shop)
    here = _booked(shop, "l.tx LIKE 'pay:%'")
    assert here == paid, f"ledger {here}, gateways {paid}"
    here = _booked(shop, "l.refund_id > 0")
    assert here == back, f"ledger {here}, gateways {back}"

    revenue = -_account(shop, currency, "sales", "fee_income")
    refunds = _account(shop, currency, "refunds")
    owed = -_account(shop, currency, "liability")
    assert revenue == int(shop.value("SELECT SUM(paid_minor) FROM orders"))
    assert sum(paid.values()) - sum(back.values()) == revenue - refunds + owed

    desk, today = desk_today(shop, clerk)
    assert f"{today / 100:.2f}" in desk.one("p", class_="till-main").text
    total = parse(clerk.get("/finance").text).one(data_total=True)
    assert f"{revenue / 100:.2f}" in total.one(data_revenue=True).text
    assert f"{refunds / 100:.2f}" in total.one(data_refunds=True).text
    return paid, back
