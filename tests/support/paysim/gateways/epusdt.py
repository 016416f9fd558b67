# SPDX-License-Identifier: Apache-2.0
"""The epusdt family: epusdt, BEpusdt and GMPay, one account each.

The signature covers the JSON values in Go's shortest print; amounts travel as
JSON numbers."""

import hashlib
import hmac
import json
import time

from engine import Notice, Trade
from gateways.base import Gateway, random_key
from web import json_response

PATH = {"epusdt": "/api/v1/order/create-transaction",
        "bepusdt": "/api/v1/order/create-transaction",
        "gmpay": "/payments/gmpay/v1/order/create-transaction"}
STATUS = {"pending": 1, "paid": 2, "closed": 3, "cancelled": 4,
          "confirming": 5, "failed": 6, "refunded": 3}
TRADE = {"open": 1, "paid": 2, "closed": 3, "refunded": 2}
WALLET = "TSimulatedWalletDoNotSendCoinsHere"


def printed(v):
    """As Go prints a JSON value."""
    if isinstance(v, bool):
        return "true" if v else "false"
    if isinstance(v, (int, float)):
        return f"{v:.10f}".rstrip("0").rstrip(".")
    return str(v)


def signed_text(p):
    return "&".join(f"{k}={printed(v)}" for k, v in sorted(p.items())
                    if k != "signature" and v is not None and v != "")


class Epusdt(Gateway):
    NAME = "epusdt"
    TITLE = "USDT"
    COLOUR = "#0d8f6f"
    FORGERIES = ("sign", "key", "empty_key", "missing", "upper", "number",
                 "amount", "double", "trade")

    @property
    def dialect(self):
        return self.account["dialect"]

    @classmethod
    def new_accounts(cls):
        return [dict({"channel": d, "dialect": d, "key": random_key(32)},
                     **({"pid": "1000"} if d == "gmpay" else {}))
                for d in ("epusdt", "bepusdt", "gmpay")]

    def channel_settings(self):
        s = {"gateway": "epusdt", "base_url": self.base + "/",
             "dialect": self.dialect, "key": self.account["key"],
             "allow_http": "yes"}
        if "pid" in self.account:
            s["pid"] = self.account["pid"]
        return s

    def sign(self, p, key=None):
        key = self.account["key"] if key is None else key
        return hashlib.md5((signed_text(p) + key).encode()).hexdigest()

    def no(self, code, message):
        return json_response({"status_code": code, "message": message,
                              "data": None, "request_id": "sim"})

    # -- calls ------------------------------------------------------------------

    def handle(self, rq):
        if rq.method == "POST" and rq.path == PATH[self.dialect]:
            return self.create(rq)
        if rq.method == "POST" and self.dialect == "bepusdt" and \
           rq.path == "/api/v1/order/cancel-transaction":
            return self.cancel(rq)
        if rq.method == "GET" and rq.path.startswith("/pay/check-status/"):
            return self.check(rq.path.rsplit("/", 1)[1])
        return None

    def signed_json(self, rq):
        """(object, None) or (None, answer)"""
        j = rq.json()
        if not isinstance(j, dict):
            return None, self.no(400, "json")
        if not hmac.compare_digest(str(j.get("signature")).encode(),
                                   self.sign(j).encode()):
            return None, self.no(401, "签名验证失败")
        return j, None

    def create(self, rq):
        j, no = self.signed_json(rq)
        if no:
            return no
        amount = j.get("amount")
        if isinstance(amount, bool) or not isinstance(amount, (int, float)) \
           or amount <= 0.01 or not j.get("order_id") or \
           len(j["order_id"]) > 32 or not j.get("notify_url"):
            return self.no(10009, "参数错误")
        if self.dialect == "gmpay" and (
                j.get("pid") != self.account["pid"] or
                not j.get("currency")):
            return self.no(10009, "pid, currency")
        if self.dialect == "bepusdt" and not j.get("redirect_url"):
            return self.no(400, "redirect_url")
        minor = round(amount * 100)
        t = self.engine.find(j["order_id"], self.channel)
        if t and (self.dialect != "bepusdt" or t.state != "open"):
            return self.no(10002, "交易订单已存在")
        if not t:
            t = self.engine.add(Trade(
                gateway=self.NAME, channel=self.channel,
                order_no=j["order_id"], trade_no=self.engine.new_trade_no(),
                amount=minor,
                currency=(j.get("fiat") or j.get("currency") or "CNY").upper(),
                subject=j.get("name") or "USDT", notify_url=j["notify_url"],
                return_url=j.get("redirect_url", "")))
        t.amount = minor
        text = self.dialect == "bepusdt"
        data = {"trade_id": t.trade_no, "order_id": t.order_no,
                "amount": printed(amount) if text else amount,
                "actual_amount": f"{minor / 720:.2f}" if text
                else round(minor / 720, 4), "token": WALLET,
                "expiration_time": 600 if text else int(time.time()) + 600,
                "payment_url": self.cashier(t)}
        if self.dialect == "gmpay":
            data.update(token="USDT", receive_address=WALLET,
                        currency=j["currency"], status=1)
        return json_response({"status_code": 200, "message": "success",
                              "data": data, "request_id": "sim"})

    def cancel(self, rq):
        j, no = self.signed_json(rq)
        if no:
            return no
        t = self.engine.trade(j.get("trade_id", ""))
        if not t or not self.engine.close(t):
            return self.no(400, "当前订单状态不允许取消")
        return json_response({"status_code": 200, "message": "success",
                              "data": {"trade_id": t.trade_no}})

    def check(self, trade_no):
        t = self.engine.trade(trade_no)
        if not t or t.channel != self.channel:
            return self.no(400, "订单不存在")
        data = {"trade_id": t.trade_no, "status": TRADE[t.state]}
        if self.dialect == "bepusdt":
            return json_response(dict(data, trade_hash="", return_url=""))
        return json_response({"status_code": 200, "message": "success",
                              "data": data, "request_id": "sim"})

    # -- notices --------------------------------------------------------------

    def notice(self, trade, status="paid", amount=None, forge=None):
        amount = trade.paid or trade.amount if amount is None else amount
        if not isinstance(amount, str):
            amount = int(amount // 100) if amount % 100 == 0 else \
                amount / 100
        actual = round(trade.amount / 720, 4)
        p = {"trade_id": trade.trade_no, "order_id": trade.order_no,
             "amount": amount,
             "actual_amount": printed(actual) if self.dialect == "bepusdt"
             else actual, "token": WALLET,
             "block_transaction_id": hashlib.sha256(
                 trade.trade_no.encode()).hexdigest(),
             "status": STATUS.get(status, status)}
        if self.dialect == "gmpay":
            p.update(pid=self.account["pid"], receive_address=WALLET,
                     token="USDT")
        if forge == "trade":
            p["trade_id"] = "9" + trade.trade_no[1:]
        sign = self.sign({"a": "b"} if forge == "sign" else p,
                         {"key": random_key(), "empty_key": ""}.get(forge))
        if forge == "upper":
            sign = sign.upper()
        if forge == "amount":
            p["amount"] = 0.01
        if forge != "missing":
            p["signature"] = 0 if forge == "number" else sign
        body = json.dumps(p)
        if forge == "double":
            body = '{"amount": 0.01, ' + body[1:]
        return Notice("POST", trade.notify_url,
                      {"Content-Type": "application/json"}, body.encode())

    def return_link(self, trade):
        return trade.return_url

    def accepts(self, answer):
        return answer.get("status") == 200 and answer.get("body") == "ok"
