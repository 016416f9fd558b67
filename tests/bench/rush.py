# SPDX-License-Identifier: Apache-2.0
"""A sale: one hot product, many connections at once; and on the same server,
with as many cards, the least SQL that sells them (bare_sql.c)."""

import json

from market import Market, run
from stack import DB_NAME

BARE_DB = "bench_bare"
RUNS = 4  # of bare_sql, beside each of the shop


class Rush:
    def __init__(self, conns, runs, orders, roomy):
        self.conns, self.orders = conns, orders
        # both use them up at the same pace; some are left, so that the
        # checkout stays open
        self.cards = RUNS * (orders * runs + conns * 4)
        self.market = Market(conns, self.cards, roomy)
        self.shop = self.market.shop
        self.bare_next = 1

    def __enter__(self):
        try:
            self.market.start()
            self._bare()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc):
        self.shop.stop()

    def _bare(self):
        """The same tables with the same indexes and as many cards."""
        db = self.shop.primary
        db.sql(f"CREATE DATABASE {BARE_DB}")
        for table in ("card", "orders", "delivery"):
            db.sql(f"CREATE TABLE {BARE_DB}.{table} LIKE {DB_NAME}.{table}")
        db.sql(f"""
            INSERT INTO {BARE_DB}.card (id, merchant_id, sku_id, batch_id,
              state, key_id, fingerprint, sealed, created_us)
            SELECT seq, 1, 1, 1, 'free', 1, UNHEX(LPAD(HEX(seq), 32, '0')),
              REPEAT('s', 49), 1
              FROM {BARE_DB}.seq_1_to_{self.cards}""")
        self.shop.replica.catch_up()

    def warm_up(self):
        self.place_pay(self.conns * 3)
        self.bare_sql(self.conns * 2)

    def place_pay(self, orders=None):
        return self.market.place_pay(orders or self.orders)

    def bare_sql(self, orders=None, conns=None, commits="one"):
        """Orders a second in one transaction an order, or in two."""
        orders = orders or self.orders
        got = json.loads(run(
            [f"{self.market.prog}/bare_sql", self.shop.primary.socket,
             BARE_DB, str(conns or self.conns), str(orders),
             str(self.bare_next), commits]))
        self.bare_next += orders
        sold = self.shop.primary.sql(
            "SELECT COUNT(*) AS n FROM card WHERE state = 'sold'",
            database=BARE_DB)[0]["n"]
        assert sold == self.bare_next - 1, sold
        return orders / got["seconds"]
