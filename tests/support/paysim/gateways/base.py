# SPDX-License-Identifier: Apache-2.0
"""Bits that more than one gateway needs."""

import re
import secrets

from web import Response

MONEY = re.compile(r"[0-9]{1,10}(?:\.[0-9]{1,2})?\Z")


def minor_of(text):
    """Yuan text -> fen, or None.  As strict as the gateways are."""
    if not isinstance(text, str) or not MONEY.match(text):
        return None
    whole, _, frac = text.partition(".")
    return int(whole) * 100 + int((frac + "00")[:2])


def text_of(minor):
    return f"{minor // 100}.{minor % 100:02d}"


def random_key(n=32):
    alphabet = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789"
    return "".join(secrets.choice(alphabet) for _ in range(n))


class Gateway:
    NAME = ""
    TITLE = ""
    COLOUR = "#1677ff"
    FORGERIES = ()
    PART_REFUNDED = "refunded"  # the status that tells of a part

    def __init__(self, account, engine):
        self.account = account
        self.engine = engine
        self.channel = account.get("channel", self.NAME)

    @classmethod
    def new_accounts(cls):
        return [cls.new_account()]

    def buyer_pays(self, trade, amount):
        """The buyer gives the money; some gateways only hear a promise."""
        self.engine.mark_paid(trade, amount)

    def console_refunded(self, trade, number):
        """A refund got this number; some gateways give one of their own."""

    @property
    def base(self):
        """Every account has a path of its own, as a gateway has a host."""
        return f"{self.engine.public}/{self.channel}"

    def cashier(self, trade):
        return f"{self.engine.public}/paysim/cashier/{trade.trade_no}"

    def go_cashier(self, trade):
        return Response(302, b"", {"Location": self.cashier(trade)})
