# SPDX-License-Identifier: Apache-2.0
"""I16: what must never be found in clear, looked for where it would lie."""

import secrets
import subprocess

from goods import make_sku


def dump(server, database="keystall"):
    return subprocess.run(
        ["mariadb-dump", "--no-defaults", f"--socket={server.socket}",
         "--user=root", "--hex-blob", "--skip-extended-insert", database],
        capture_output=True, check=True).stdout


def test_no_card_no_password_no_key_in_clear(stack):
    shop = stack(seed=True)
    texts = [f"PLAIN-{secrets.token_hex(10)}" for _ in range(1000)]
    sku = make_sku(shop, texts=texts)
    lookup = "lookup-" + secrets.token_hex(8)
    name, password = shop.admin_create()
    shop.shopper().login(name, password)
    sold = []
    for _ in range(3):
        no, cards = shop.shopper().buy(sku=sku.id, qty=5, password=lookup)
        sold += cards
    assert len(sold) == 15
    for path in ("/", f"/p/{sku.slug}", "/c/tests", f"/o/{no}"):
        shop.shopper().get(path)
    shop.replica.catch_up()
    places = {
        "primary": dump(shop.primary),
        "replica": dump(shop.replica),
        "logs": shop.logs().encode(),
        "memcached": b"".join(v if isinstance(v, bytes) else str(v).encode()
                              for v in shop.memcached.values()),
    }
    with open(shop.paysim.channel_file(), encoding="utf-8") as f:
        text = f.read()
    key = [line.split("=", 1)[1].strip() for line in text.splitlines()
           if line.strip().startswith("key ") or
           line.strip().startswith("key=")][0]
    wanted = [t.encode() for t in texts] + [
        lookup.encode(), password.encode(), key.encode()]
    wanted += [t.encode().hex().upper().encode() for t in texts[:50]]
    for place, content in places.items():
        assert content, place
        for secret in wanted:
            assert secret not in content, f"{secret!r} in {place}"
