# SPDX-License-Identifier: Apache-2.0
"""A shop in which one product is rushed: the stack, the product, and the
buyers of buyers.c, who are believed only after a look at the database."""

import json
import os
import re
import subprocess

from goods import make_sku
from stack import Stack

# As shipped, but for the caps and limits of tests/support/stack.py (one
# address buys everything here) and the mail, whose receiver would be this
# very program.
SETTINGS = {"page_max_age_s": 2, "cache_page_s": 1, "jobs_interval_ms": 500,
            "mail_transport": "off", "till": True}
CHANNEL = "epay-demo"
# What millions of rows need; without them the small caches of the tests do.
ROOMY = ("SET GLOBAL innodb_log_file_size = 1024 * 1024 * 1024",
         "SET GLOBAL innodb_buffer_pool_size = 1024 * 1024 * 1024")


class Market:
    def __init__(self, conns, cards, roomy):
        self.conns, self.cards, self.roomy = conns, cards, roomy
        self.shop = Stack(front="nginx", settings=SETTINGS, workers=conns)
        self.prog = os.path.join(self.shop.bin_dir, "tests", "bench")

    def start(self):
        s = self.shop
        s.start()
        for server in (s.primary, s.replica) if self.roomy else ():
            for text in ROOMY:
                server.sql(text)
        s.ctl("seed", "demo")
        self.hot = make_sku(s, cards=self.cards)
        with open(s.paysim.channel_file("epay"), encoding="utf-8") as f:
            self.channel = dict(re.findall(r"(?m)^(\w+)\s*=\s*(.*?)\s*$",
                                           f.read()))
        s.replica.catch_up(120)

    def place_pay(self, orders):
        """The buyers' report, after a look at what they really got."""
        before = self.delivered()
        got = json.loads(run(self.buyers(orders),
                             stdin=self.channel["key"] + "\n"))
        done = self.delivered() - before
        assert done == orders, f"{done} of {orders} orders delivered"
        got["rate"] = orders / (got["place_s"] + got["pay_s"])
        return got

    def buyers(self, orders):
        """The command; it reads the channel's key."""
        return [f"{self.prog}/buyers", str(self.shop.port), str(self.conns),
                str(orders), str(self.hot.id), CHANNEL, self.channel["pid"]]

    def delivered(self):
        return self.shop.value(
            "SELECT COUNT(*) FROM card WHERE sku_id = %s AND state = 'sold'",
            (self.hot.id,))


def run(argv, stdin=""):
    done = subprocess.run(argv, input=stdin, text=True, capture_output=True,
                          timeout=600, check=False)
    assert done.returncode == 0, \
        f"{argv[0]}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout
