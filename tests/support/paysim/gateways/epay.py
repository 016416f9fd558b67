# SPDX-License-Identifier: Apache-2.0
"""EPay, the aggregator dialect, version 1: MD5 over sorted parameters.

Written from the gateway's side and on purpose not from the shop's code: two
readings of the same rules that have to agree.
"""

import hashlib
import hmac
import time
import urllib.parse

from engine import Notice, Trade
from gateways.base import Gateway, minor_of, random_key, text_of
from page import message_page
from web import Response, json_response

TYPES = {"alipay": "支付宝", "wxpay": "微信支付", "qqpay": "QQ钱包",
         "bank": "云闪付", "usdt": "USDT"}
STATUS = {"paid": "TRADE_SUCCESS", "closed": "TRADE_CLOSED",
          "pending": "WAIT_BUYER_PAY", "failed": "TRADE_FAILED",
          "refunded": "TRADE_REFUNDED"}


def signed_text(params):
    return "&".join(f"{k}={v}" for k, v in sorted(
        params.items(), key=lambda kv: kv[0].encode())
        if k not in ("sign", "sign_type") and v != "")


class EpayV1(Gateway):
    NAME = "epay"
    TITLE = "易支付 EPay"
    FORGERIES = ("sign", "key", "empty_key", "missing", "upper", "short",
                 "amount", "double", "pid")

    @staticmethod
    def new_account():
        return {"channel": "epay", "pid": "1001", "key": random_key()}

    def channel_settings(self):
        return {"gateway": "epay", "base_url": self.base + "/",
                "pid": self.account["pid"], "key": self.account["key"],
                "allow_http": "yes"}

    # -- signing ----------------------------------------------------------

    def sign(self, params, key=None):
        key = self.account["key"] if key is None else key
        join = "&key=" if self.account.get("key_join") == "amp" else ""
        return hashlib.md5((signed_text(params) + join + key)
                           .encode("utf-8", "surrogateescape")).hexdigest()

    def signature_good(self, params):
        return hmac.compare_digest(params.get("sign", "").encode(),
                                   self.sign(params).encode())

    # -- what the shop and the browser ask ----------------------------------

    def handle(self, rq):
        route = {
            ("GET", "/submit.php"): self.submit,
            ("POST", "/submit.php"): self.submit,
            ("POST", "/mapi.php"): self.mapi,
            ("GET", "/api.php"): self.api,
            ("POST", "/api.php"): self.api,
        }.get((rq.method, rq.path))
        return route(rq) if route else None

    def open(self, p):
        """(trade, None) or (None, why not)"""
        if p.get("pid") != self.account["pid"]:
            return None, "商户不存在"
        if not self.signature_good(p):
            return None, "签名校验失败，请返回重试"
        for name in ("out_trade_no", "notify_url", "return_url", "name",
                     "money"):
            if not p.get(name) and not (name == "return_url" and
                                        "clientip" in p):
                return None, f"参数缺失：{name}"
        amount = minor_of(p["money"])
        if not amount:
            return None, "金额不合法"
        if p.get("type") and p["type"] not in TYPES:
            return None, "支付方式不存在"
        old = self.engine.find(p["out_trade_no"], self.channel)
        if old:
            if old.amount != amount:
                return None, "订单金额与首次提交不一致"
            old.notify_url = p["notify_url"]
            old.return_url = p.get("return_url", "")
            return old, None
        return self.engine.add(Trade(
            gateway=self.NAME, channel=self.channel,
            order_no=p["out_trade_no"], trade_no=self.engine.new_trade_no(),
            amount=amount, currency="CNY", subject=p["name"][:127],
            notify_url=p["notify_url"], return_url=p.get("return_url", ""),
            extra={"type": p.get("type") or "alipay",
                   "param": p.get("param", "")})), None

    def submit(self, rq):
        trade, why = self.open(rq.query if rq.method == "GET" else rq.form)
        if not trade:
            return message_page(self.TITLE, why)
        return self.go_cashier(trade)

    def mapi(self, rq):
        p = rq.form
        if not p.get("clientip") or not p.get("type"):
            return json_response({"code": -1, "msg": "参数缺失"})
        trade, why = self.open(p)
        if not trade:
            return json_response({"code": -1, "msg": why})
        kind = self.account.get("mapi_answer", "payurl")
        if p.get("device") == "jump":
            kind = "payurl"
        return json_response({"code": 1, "msg": "", "trade_no": trade.trade_no,
                              kind: self.cashier(trade)})

    def api(self, rq):
        # the reference program reads the order query from the address and
        # the refund from the form, and looks nowhere else
        p = rq.query if rq.method == "GET" else \
            dict(rq.form, act=rq.query.get("act"))
        if p.get("pid") != self.account["pid"]:
            return json_response({"code": -3, "msg": "商户ID不存在"})
        # the classic form has the key in the request, newer forks a sign
        if not hmac.compare_digest(p.get("key", "").encode(),
                                   self.account["key"].encode()) and \
           not (p.get("sign") and self.signature_good(p)):
            return json_response({"code": -3, "msg": "商户密钥错误"})
        act = {"order": self.api_order, "refund": self.api_refund,
               "query": self.api_balance}.get(p.get("act"))
        if not act:
            return json_response({"code": -5, "msg": "No Act!"})
        return act(rq, p)

    def trade_of(self, p):
        if p.get("trade_no"):
            trade = self.engine.trade(p["trade_no"])
            return trade if trade and trade.channel == self.channel else None
        return self.engine.find(p.get("out_trade_no", ""), self.channel)

    def api_order(self, rq, p):
        if rq.method != "GET":
            return json_response({"code": -5, "msg": "No Act!"})
        t = self.trade_of(p)
        if not t:
            return json_response({"code": -1, "msg": "订单号不存在"})
        stamp = lambda s: time.strftime("%Y-%m-%d %H:%M:%S",
                                        time.localtime(s)) if s else None
        return json_response({
            "code": 1, "msg": "succ", "trade_no": t.trade_no,
            "out_trade_no": t.order_no, "api_trade_no": "sim" + t.trade_no,
            "type": t.extra["type"], "pid": int(self.account["pid"]),
            "addtime": stamp(t.created), "endtime": stamp(t.paid_at),
            "name": t.subject, "money": text_of(t.paid or t.amount),
            "status": {"open": 0, "closed": 0, "paid": 1,
                       "refunded": 2}[t.state],
            "param": t.extra.get("param", ""), "buyer": "sim***@example.com"})

    def api_refund(self, rq, p):
        if rq.method != "POST":
            return json_response({"code": -5, "msg": "No Act!"})
        t = self.trade_of(p)
        amount = minor_of(p.get("money"))
        if not t or not amount:
            return json_response({"code": -1, "msg": "当前订单不存在！"})
        # no idempotency key in this protocol: every call moves money
        moved = self.engine.refund(t, amount, f"#{len(t.refunds) + 1}")
        if not moved:
            return json_response({"code": -1, "msg": "退款失败：余额不足"})
        return json_response({"code": self.account.get("refund_ok_code", 1),
                              "msg": "退款成功"})

    def api_balance(self, rq, p):
        ours = [t for t in self.engine.trades() if t.channel == self.channel]
        return json_response({
            "code": 1, "pid": int(self.account["pid"]),
            "key": self.account["key"], "active": 1,
            "money": text_of(sum(t.paid - t.refunded for t in ours)),
            "orders": len(ours)})

    # -- what the gateway says ----------------------------------------------

    def fields(self, trade, status, amount):
        p = {"pid": self.account["pid"], "trade_no": trade.trade_no,
             "out_trade_no": trade.order_no, "type": trade.extra["type"],
             "name": trade.subject,
             "money": amount if isinstance(amount, str) else text_of(amount),
             "trade_status": STATUS.get(status, status)}
        if trade.extra.get("param"):
            p["param"] = trade.extra["param"]
        return p

    def forged(self, p, forge):
        """The list of (name, value) pairs with one thing wrong."""
        p = dict(p)
        if forge == "pid":
            p["pid"] = str(int(p["pid"]) + 1)
        sign = self.sign(p, {"key": random_key(), "empty_key": ""}.get(forge))
        if forge == "sign":
            sign = hashlib.md5(random_key().encode()).hexdigest()
        elif forge == "upper":
            sign = sign.upper()
        elif forge == "short":
            sign = sign[:-1]
        pairs = list(p.items())
        if forge == "amount":
            pairs = [(k, "0.01" if k == "money" else v) for k, v in pairs]
        if forge == "double":
            pairs.insert(0, ("money", "0.01"))
        if forge != "missing":
            pairs.append(("sign", sign))
        pairs.append(("sign_type", "MD5"))
        return pairs

    def notice(self, trade, status="paid", amount=None, forge=None):
        amount = trade.paid or trade.amount if amount is None else amount
        query = urllib.parse.urlencode(
            self.forged(self.fields(trade, status, amount), forge))
        if self.account.get("notify_method") == "POST":
            return Notice("POST", trade.notify_url,
                          {"Content-Type": "application/x-www-form-urlencoded"},
                          query.encode())
        return Notice("GET", with_query(trade.notify_url, query))

    def return_link(self, trade):
        """Signed like the notice; before paying the plain address."""
        if not trade.return_url or trade.state == "open":
            return trade.return_url
        return with_query(trade.return_url, urllib.parse.urlencode(
            self.forged(self.fields(trade, "paid", trade.paid), None)))

    def accepts(self, answer):
        return answer.get("status") == 200 and \
            answer.get("body") == "success"


def with_query(url, query):
    return url + ("&" if "?" in url else "?") + query
