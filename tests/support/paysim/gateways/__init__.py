# SPDX-License-Identifier: Apache-2.0
"""The table of gateways: name -> class.  One file each.

A class has

    NAME, TITLE, COLOUR, FORGERIES     for the table, the page and the tests
    new_account()                      a fresh account, as in the config file
    channel_settings()                 the shop's half of it
    handle(request) -> Response|None   its API and its browser entry
    notice(trade, status, amount, forge) -> Notice
    return_link(trade) -> str          where the buyer goes back to
    accepts(answer) -> bool            is this what the gateway wants to hear?
"""

from .epay import EpayV1
from .epay2 import EpayV2

TABLE = {
    "epay": EpayV1,
    "epay2": EpayV2,
}


def build_gateways(config, engine):
    return [TABLE[name](account, engine)
            for name, accounts in config.items() for account in accounts]
