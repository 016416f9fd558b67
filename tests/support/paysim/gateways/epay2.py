# SPDX-License-Identifier: Apache-2.0
"""EPay version 2: the fields of version 1, RSA in both directions."""

import time

from gateways.base import minor_of, text_of
from gateways.epay import EpayV1, signed_text
from page import message_page
from rsakey import Private, Public, new_pair
from web import json_response

STATUS = {"open": 0, "closed": 0, "paid": 1, "refunded": 2}


class EpayV2(EpayV1):
    NAME = "epay2"
    TITLE = "易支付 V2"
    COLOUR = "#0f766e"
    FORGERIES = ("sign", "key", "missing", "sha1", "amount", "double", "pid",
                 "stale", "future")

    def __init__(self, account, engine):
        super().__init__(account, engine)
        self.platform = Private(account["platform_private"])
        self.stranger = None
        self.merchant = Public(account["merchant_public"])

    @staticmethod
    def new_account():
        private, public = new_pair()
        merchant_private, merchant_public = new_pair()
        return {"channel": "epay2", "pid": "2001",
                "platform_private": private, "platform_public": public,
                "merchant_private": merchant_private,
                "merchant_public": merchant_public}

    def channel_settings(self):
        return {"gateway": "epay2", "base_url": self.base + "/",
                "pid": self.account["pid"], "allow_http": "yes",
                "private_key": self.account["merchant_private"],
                "public_key": self.account["platform_public"]}

    # -- signing ------------------------------------------------------------

    def signature_good(self, p):
        return self.merchant.good(
            signed_text(p).encode("utf-8", "surrogateescape"),
            p.get("sign", ""))

    def signed_answer(self, p):
        p = dict(p, timestamp=str(int(time.time())))
        text = signed_text({k: str(v) for k, v in p.items()})
        return json_response(dict(p, sign=self.platform.sign(text.encode()),
                                  sign_type="RSA"))

    def time_good(self, p):
        stamp = p.get("timestamp", "")
        return stamp.isdigit() and abs(int(stamp) - time.time()) < 300

    # -- calls ----------------------------------------------------------------

    def handle(self, rq):
        route = {
            ("GET", "/api/pay/submit"): self.submit,
            ("POST", "/api/pay/submit"): self.submit,
            ("POST", "/api/pay/create"): self.create,
            ("POST", "/api/pay/query"): self.query,
            ("POST", "/api/pay/refund"): self.refund,
            ("POST", "/api/pay/refundquery"): self.refund_query,
            ("POST", "/api/pay/close"): self.close,
        }.get((rq.method, rq.path))
        return route(rq) if route else None

    def submit(self, rq):
        p = rq.query if rq.method == "GET" else rq.form
        if not self.time_good(p):
            return message_page(self.TITLE, "时间戳错误", self.COLOUR)
        trade, why = self.open(p)
        if not trade:
            return message_page(self.TITLE, why, self.COLOUR)
        return self.go_cashier(trade)

    def asked(self, rq):
        """(parameters, None) or (None, answer)"""
        p = rq.form
        if p.get("pid") != self.account["pid"]:
            return None, json_response({"code": -1, "msg": "商户不存在"})
        if not self.time_good(p):
            return None, json_response({"code": -1, "msg": "时间戳错误"})
        if not self.signature_good(p):
            return None, json_response({"code": -1, "msg": "签名校验失败"})
        return p, None

    def create(self, rq):
        p, no = self.asked(rq)
        if no:
            return no
        trade, why = self.open(p)
        if not trade:
            return json_response({"code": -1, "msg": why})
        kind = self.account.get("create_answer", "jump")
        return self.signed_answer({
            "code": 0, "trade_no": trade.trade_no, "pay_type": kind,
            "pay_info": self.cashier(trade)})

    def query(self, rq):
        p, no = self.asked(rq)
        if no:
            return no
        t = self.trade_of(p)
        if not t:
            return json_response({"code": -1, "msg": "订单号不存在"})
        return self.signed_answer({
            "code": 0, "trade_no": t.trade_no, "out_trade_no": t.order_no,
            "type": t.extra["type"], "pid": int(self.account["pid"]),
            "name": t.subject, "money": text_of(t.paid or t.amount),
            "refundmoney": text_of(t.refunded), "status": STATUS[t.state]})

    def refund(self, rq):
        p, no = self.asked(rq)
        if no:
            return no
        t, amount = self.trade_of(p), minor_of(p.get("money"))
        number = p.get("out_refund_no")
        if not t or not amount or not number:
            return json_response({"code": -1, "msg": "当前订单不存在"})
        if self.engine.refund(t, amount, number) is None:
            return json_response({"code": -1, "msg": "退款金额大于订单金额"})
        return self.signed_answer({
            "code": 0, "refund_no": "R" + number, "out_refund_no": number,
            "trade_no": t.trade_no, "money": text_of(t.refunds[number]),
            "reducemoney": text_of(t.refunds[number])})

    def refund_query(self, rq):
        p, no = self.asked(rq)
        if no:
            return no
        number = p.get("out_refund_no", "")
        for t in self.engine.trades():
            if t.channel == self.channel and number in t.refunds:
                return self.signed_answer({
                    "code": 0, "refund_no": "R" + number,
                    "out_refund_no": number, "trade_no": t.trade_no,
                    "money": text_of(t.refunds[number]), "status": 1})
        return json_response({"code": -1, "msg": "退款单号不存在"})

    def close(self, rq):
        p, no = self.asked(rq)
        if no:
            return no
        t = self.trade_of(p)
        if not t or (t.state != "closed" and not self.engine.close(t)):
            return json_response({"code": -1, "msg": "订单状态不可关闭"})
        return self.signed_answer({"code": 0})

    # -- notices ----------------------------------------------------------------

    def fields(self, trade, status, amount):
        p = super().fields(trade, status, amount)
        p["api_trade_no"] = "sim" + trade.trade_no
        p["buyer"] = "sim-buyer"
        p["timestamp"] = str(int(time.time()))
        return p

    def forged(self, p, forge):
        p = dict(p)
        if forge == "pid":
            p["pid"] = str(int(p["pid"]) + 1)
        if forge in ("stale", "future"):
            p["timestamp"] = str(int(p["timestamp"]) +
                                 (-301 if forge == "stale" else 301))
        key = self.platform
        if forge == "key":
            self.stranger = self.stranger or Private(new_pair()[0])
            key = self.stranger
        text = signed_text(p if forge != "sign" else {"a": "b"})
        sign = key.sign(text.encode("utf-8", "surrogateescape"),
                        sha1=forge == "sha1")
        pairs = list(p.items())
        if forge == "amount":
            pairs = [(k, "0.01" if k == "money" else v) for k, v in pairs]
        if forge == "double":
            pairs.insert(0, ("money", "0.01"))
        if forge != "missing":
            pairs.append(("sign", sign))
        pairs.append(("sign_type", "RSA"))
        return pairs
