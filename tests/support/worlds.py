# SPDX-License-Identifier: Apache-2.0
"""One shop in yuan and one in dollars, with every channel that the simulator
speaks: a gateway that takes dollars only has no place in a shop in yuan."""

from stack import Stack

# epay-demo is there in every shop of the tests
CNY = ("epay-demo", "epay2", "alipay", "wechatpay", "epusdt", "bepusdt", "gmpay")
USD = ("stripe", "paypal")


def account(channel):
    """The simulator's name of it."""
    return channel.split("-")[0]


class Worlds:
    def __init__(self):
        self.made = {}

    def of(self, channel):
        return self.get("USD" if channel in USD else "CNY")

    def get(self, currency):
        if currency not in self.made:
            one = Stack(replica=False)
            one.start()
            self.made[currency] = one
            one.ctl("seed", "demo")
            one.sql("UPDATE merchant SET currency = %s", (currency,))
            for name in CNY[1:] if currency == "CNY" else USD:
                one.channel_set(name, one.paysim.channel_file(name))
        return self.made[currency]

    def end(self):
        for one in self.made.values():
            one.verify()
            one.stop()
