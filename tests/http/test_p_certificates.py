# SPDX-License-Identifier: Apache-2.0
"""WeChat Pay's platform certificates: when the gateway takes a new one, the
shop gets it by itself; whoever names certificates that do not exist makes it
ask no more often; and an answer that is not believed costs nothing."""

import re

import pytest
import requests

from procs import wait_until
from test_p_every import opened

PAUSE_US = 300 * 1000000


@pytest.fixture
def shop(worlds):
    one = worlds.get("CNY")
    file = one.paysim.channel_file("wechatpay")
    with open(file, encoding="utf-8") as f:
        text = f.read()
    pem = rotate(one)["pem"]
    mine = f"{one.dir}/wechatpay-certificate.hdf"
    with open(mine, "w", encoding="utf-8") as f:
        f.write(re.sub(r"platform_keys << EOM\n.*?\nEOM\n",
                       lambda _: f"platform_keys << EOM\n{pem.strip()}\nEOM\n",
                       text, flags=re.S))
    one.downloads_before = downloads(one)
    one.channel_set("wechatpay", mine)
    yield one
    rotate(one, "public")
    one.channel_set("wechatpay", file)
    one.verify()


def rotate(shop, how="new"):
    r = requests.post(shop.paysim.url + "/paysim/rotate", timeout=10,
                      data={"channel": "wechatpay", "how": how})
    assert r.status_code == 200, r.text
    return r.json()


def downloads(shop):
    log = requests.get(shop.paysim.url + "/paysim/log", timeout=10).text
    return log.count('/wechatpay/v3/certificates"')


def since(shop):
    return downloads(shop) - shop.downloads_before


def kept(shop):
    """What was fetched, how often in vain, and how long after the last time
    it is asked for again."""
    rows = shop.sql(
        "SELECT COALESCE(k.fetched, '') AS fetched, k.failed_n, "
        "k.due_us - k.tried_us AS pause_us, c.version FROM channel c "
        "JOIN channel_keys k ON k.channel_id = c.id "
        "WHERE c.name = 'wechatpay'")
    return rows[0] if rows else None


def asked(shop, times, failed=0):
    """Until the jobs have asked so often, and know what came of it."""
    return wait_until(
        lambda: since(shop) == times and kept(shop)["failed_n"] == failed
        and kept(shop), 60, f"{times} downloads, {failed} in vain")


def forged(shop):
    return shop.metrics().get('keystall_gateway_keys_total{result="forged"}', 0)


def statuses(answer):
    return {r["status"] for r in answer["replies"]}


def test_gateway_takes_a_new_certificate(shop):
    first = asked(shop, 1)
    assert first["fetched"] == ""  # what it has is a setting
    assert first["pause_us"] == 12 * 3600 * 1000000
    _, buyer, no = opened(shop, "wechatpay")
    new = rotate(shop)

    # a name that the shop has not heard of, genuine or not, is a wish
    def wished():
        assert shop.pay(no)["accepted"] == 0
        return kept(shop)["pause_us"] == PAUSE_US
    wait_until(wished, 60, "a wish")
    assert statuses(shop.pay(no, forge="serial", times=9)) == {400}
    assert buyer.state(no)["state"] == "pending"
    assert kept(shop)["pause_us"] == PAUSE_US
    assert since(shop) == 1
    shop.sql("UPDATE channel_keys SET tried_us = tried_us - %s, "
             "due_us = due_us - %s", (PAUSE_US, PAUSE_US))
    second = asked(shop, 2)
    assert new["serial"] in second["fetched"]
    assert second["version"] == first["version"] + 1
    # the gateway repeats its notice
    wait_until(lambda: shop.pay(no)["accepted"] == 1, 60, "it is heard")
    assert buyer.state(no)["state"] == "delivered"
    assert len(buyer.cards(no)) == 1

    # half a day later the list is spoilt: nothing changes, and the shop sells
    before = forged(shop)
    rotate(shop, "cipher")
    shop.sql("UPDATE channel_keys SET due_us = 1")
    wait_until(lambda: forged(shop) > before, 60, "an answer that is refused")
    failed = asked(shop, 3, failed=1)
    assert failed["fetched"] == second["fetched"]
    assert failed["version"] == second["version"]
    assert failed["pause_us"] >= PAUSE_US
    _, buyer, no = opened(shop, "wechatpay")
    assert shop.pay(no)["accepted"] == 1
    assert buyer.state(no)["state"] == "delivered"
