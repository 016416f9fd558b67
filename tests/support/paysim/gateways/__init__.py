# SPDX-License-Identifier: Apache-2.0
"""The table of gateways: name -> class.  One file each.

A class has

    NAME, TITLE, COLOUR, FORGERIES     for the table, the page and the tests
    new_accounts()                     fresh accounts, as in the config file
    channel_settings()                 the shop's half of it
    handle(request) -> Response|None   its API and its browser entry
    buyer_pays(trade, amount)          what "paid" means here
    notice(trade, status, amount, forge) -> Notice
    return_link(trade) -> str          where the buyer goes back to
    accepts(answer) -> bool            is this what the gateway wants to hear?
"""

from .epay import EpayV1
from .epusdt import Epusdt
from .paypal import PayPal
from .stripe import Stripe

TABLE = {
    "epay": EpayV1,
    "stripe": Stripe,
    "paypal": PayPal,
    "epusdt": Epusdt,
}

try:
    from .alipay import Alipay
    from .epay2 import EpayV2
    from .wechatpay import WechatPay
    TABLE.update(epay2=EpayV2, alipay=Alipay, wechatpay=WechatPay)
except ImportError:
    # without python3-cryptography the gateways that sign with RSA are absent;
    # /paysim/gateways tells which there are
    pass


def build_gateways(config, engine):
    return [TABLE[name](account, engine)
            for name, accounts in config.items() for account in accounts]
