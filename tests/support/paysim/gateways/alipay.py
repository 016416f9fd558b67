# SPDX-License-Identifier: Apache-2.0
"""Alipay's gateway.do: page, wap and precreate, query, refund, close.

Three signed texts that look alike: requests keep sign_type and drop empty
values, notices drop sign_type and keep empty values, answers are the bytes of
one JSON node.
"""

import json
import time
import urllib.parse

from engine import Notice, Trade
from gateways.base import Gateway, minor_of, text_of
from page import message_page
from rsakey import Private, Public, new_pair
from web import Response

STATUS = {"paid": "TRADE_SUCCESS", "pending": "WAIT_BUYER_PAY",
          "closed": "TRADE_CLOSED", "failed": "TRADE_CLOSED",
          "finished": "TRADE_FINISHED", "refunded": "TRADE_CLOSED"}
TRADE = {"open": "WAIT_BUYER_PAY", "paid": "TRADE_SUCCESS",
         "closed": "TRADE_CLOSED", "refunded": "TRADE_CLOSED"}


def joined(p, leave_out, keep_empty):
    return "&".join(f"{k}={v}" for k, v in sorted(
        p.items(), key=lambda kv: kv[0].encode())
        if k not in leave_out and (v != "" or keep_empty)).encode(
            "utf-8", "surrogateescape")


def china(t=None):
    return time.strftime("%Y-%m-%d %H:%M:%S",
                         time.gmtime((t or time.time()) + 8 * 3600))


class Alipay(Gateway):
    NAME = "alipay"
    PART_REFUNDED = "paid"
    TITLE = "支付宝"
    COLOUR = "#1677ff"
    FORGERIES = ("sign", "key", "missing", "sha1", "sign_type", "amount",
                 "double", "app", "seller")

    def __init__(self, account, engine):
        super().__init__(account, engine)
        self.platform = Private(account["platform_private"])
        self.app = Public(account["app_public"])
        self.stranger = None

    @staticmethod
    def new_account():
        platform_private, platform_public = new_pair()
        app_private, app_public = new_pair()
        return {"channel": "alipay", "app_id": "2021000000000001",
                "seller_id": "2088000000000001",
                "platform_private": platform_private,
                "platform_public": platform_public,
                "app_private": app_private, "app_public": app_public}

    def channel_settings(self):
        return {"gateway": "alipay", "base_url": self.base + "/",
                "app_id": self.account["app_id"],
                "seller_id": self.account["seller_id"],
                "allow_http": "yes",
                "private_key": self.account["app_private"],
                "public_key": self.account["platform_public"]}

    # -- what the shop and the browser ask ----------------------------------

    def handle(self, rq):
        if rq.path != "/gateway.do":
            return None
        p = dict(rq.query)
        p.update(rq.form)
        method = p.get("method", "")
        if method in ("alipay.trade.page.pay", "alipay.trade.wap.pay"):
            return self.page_pay(p)
        call = {"alipay.trade.precreate": self.precreate,
                "alipay.trade.query": self.query,
                "alipay.trade.refund": self.refund,
                "alipay.trade.fastpay.refund.query": self.refund_query,
                "alipay.trade.close": self.close}.get(method)
        why = self.refusal(p)
        if why or not call:
            return self.answer(method, {"code": "40002",
                                        "msg": "Invalid Arguments",
                                        "sub_code": why or "isv.invalid-method",
                                        "sub_msg": why or "no such method"})
        try:
            biz = json.loads(p["biz_content"])
        except ValueError:
            return self.answer(method, {"code": "40002", "msg": "bad biz"})
        return self.answer(method, call(p, biz))

    def refusal(self, p):
        """Why a request is not taken, or None."""
        if p.get("app_id") != self.account["app_id"]:
            return "isv.invalid-app-id"
        if p.get("sign_type") != "RSA2" or p.get("charset") != "utf-8":
            return "isv.invalid-signature-type"
        text = joined({k: v for k, v in p.items()}, ("sign",), False)
        if not self.app.good(text, p.get("sign", "")):
            return "isv.invalid-signature"
        try:
            sent = time.mktime(time.strptime(p["timestamp"],
                                             "%Y-%m-%d %H:%M:%S"))
        except (KeyError, ValueError):
            return "isv.invalid-timestamp"
        now = time.mktime(time.strptime(china(), "%Y-%m-%d %H:%M:%S"))
        if abs(sent - now) > 900:
            return "isv.invalid-timestamp"
        return None

    def answer(self, method, node):
        name = method.replace(".", "_") + "_response" if method else \
            "error_response"
        # escaped slashes and no blanks, like the real one
        body = json.dumps(node, ensure_ascii=False,
                          separators=(",", ":")).replace("/", "\\/").encode()
        sign = self.platform.sign(body)
        return Response(200, b'{"%s":%s,"sign":"%s"}' %
                        (name.encode(), body, sign.encode()),
                        {"Content-Type": "text/html;charset=utf-8"})

    def ok(self, **fields):
        return dict(code="10000", msg="Success", **fields)

    def no(self, sub, words):
        return {"code": "40004", "msg": "Business Failed",
                "sub_code": "ACQ." + sub, "sub_msg": words}

    def open(self, p, biz):
        """(trade, None) or (None, why)"""
        amount = minor_of(biz.get("total_amount"))
        subject = biz.get("subject", "")
        if not amount or not biz.get("out_trade_no") or not subject or \
           any(c in subject for c in "/=&") or len(subject) > 256:
            return None, "INVALID_PARAMETER"
        old = self.engine.find(biz["out_trade_no"], self.channel)
        if old:
            if old.amount != amount:
                return None, "CONTEXT_INCONSISTENT"
            if old.state != "open":
                return None, "TRADE_HAS_SUCCESS"
            return old, None
        return self.engine.add(Trade(
            gateway=self.NAME, channel=self.channel,
            order_no=biz["out_trade_no"], trade_no=self.engine.new_trade_no(),
            amount=amount, currency="CNY", subject=subject,
            notify_url=p.get("notify_url", ""),
            return_url=p.get("return_url", ""))), None

    def page_pay(self, p):
        why = self.refusal(p)
        if why:
            return message_page(self.TITLE, why, self.COLOUR)
        try:
            biz = json.loads(p["biz_content"])
        except ValueError:
            return message_page(self.TITLE, "biz_content", self.COLOUR)
        if biz.get("product_code") not in ("FAST_INSTANT_TRADE_PAY",
                                           "QUICK_WAP_WAY"):
            return message_page(self.TITLE, "product_code", self.COLOUR)
        trade, why = self.open(p, biz)
        if not trade:
            return message_page(self.TITLE, why, self.COLOUR)
        return self.go_cashier(trade)

    def precreate(self, p, biz):
        trade, why = self.open(p, biz)
        if not trade:
            return self.no(why, why)
        return self.ok(out_trade_no=trade.order_no,
                       qr_code=self.cashier(trade))

    def trade_of(self, biz):
        if biz.get("trade_no"):
            return self.engine.trade(biz["trade_no"])
        return self.engine.find(biz.get("out_trade_no", ""), self.channel)

    def query(self, p, biz):
        t = self.trade_of(biz)
        if not t:
            return self.no("TRADE_NOT_EXIST", "交易不存在")
        return self.ok(trade_no=t.trade_no, out_trade_no=t.order_no,
                       trade_status=TRADE[t.state],
                       total_amount=text_of(t.paid or t.amount),
                       buyer_logon_id="sim***@example.com")

    def refund(self, p, biz):
        t, amount = self.trade_of(biz), minor_of(biz.get("refund_amount"))
        if not t:
            return self.no("TRADE_NOT_EXIST", "交易不存在")
        if not amount:
            return self.no("INVALID_PARAMETER", "refund_amount")
        moved = self.engine.refund(t, amount, biz.get("out_request_no", ""))
        if moved is None:
            return self.no("REFUND_AMT_NOT_EQUAL_TOTAL", "退款金额超限")
        return self.ok(trade_no=t.trade_no, out_trade_no=t.order_no,
                       fund_change="Y" if moved else "N",
                       refund_fee=text_of(t.refunded))

    def refund_query(self, p, biz):
        t = self.trade_of(biz)
        number = biz.get("out_request_no", "")
        if not t:
            return self.no("TRADE_NOT_EXIST", "交易不存在")
        if number not in t.refunds:
            return self.ok()
        return self.ok(trade_no=t.trade_no, out_trade_no=t.order_no,
                       out_request_no=number, refund_status="REFUND_SUCCESS",
                       refund_amount=text_of(t.refunds[number]))

    def close(self, p, biz):
        t = self.trade_of(biz)
        if not t:
            return self.no("TRADE_NOT_EXIST", "交易不存在")
        if not self.engine.close(t):
            return self.no("TRADE_STATUS_ERROR", "交易状态不合法")
        return self.ok(trade_no=t.trade_no, out_trade_no=t.order_no)

    # -- notices --------------------------------------------------------------

    def fields(self, trade, status, amount):
        money = amount if isinstance(amount, str) else text_of(amount)
        p = {"notify_time": china(), "notify_type": "trade_status_sync",
             "notify_id": f"sim{trade.trade_no}r{trade.refunded}", "charset": "utf-8",
             "version": "1.0", "app_id": self.account["app_id"],
             "auth_app_id": self.account["app_id"],
             "trade_no": trade.trade_no, "out_trade_no": trade.order_no,
             "buyer_id": "2088000000000099",
             "seller_id": self.account["seller_id"],
             "trade_status": STATUS.get(status, status),
             "total_amount": money, "receipt_amount": money,
             "gmt_create": china(trade.created), "subject": trade.subject,
             "body": ""}
        if status in ("paid", "finished"):
            p["gmt_payment"] = china(trade.paid_at or None)
        if trade.refunded:
            p["refund_fee"] = text_of(trade.refunded)
            p["gmt_refund"] = china()
            p["out_biz_no"] = list(trade.refunds)[-1]
        return p

    def notice(self, trade, status="paid", amount=None, forge=None):
        amount = trade.paid or trade.amount if amount is None else amount
        p = self.fields(trade, status, amount)
        if forge == "app":
            p["app_id"] = "2021000000000002"
        if forge == "seller":
            p["seller_id"] = "2088000000000002"
        key = self.platform
        if forge == "key":
            self.stranger = self.stranger or Private(new_pair()[0])
            key = self.stranger
        signed = {"a": "b"} if forge == "sign" else p
        sign = key.sign(joined(signed, (), True), sha1=forge in
                        ("sha1", "sign_type"))
        pairs = list(p.items())
        if forge == "amount":
            pairs = [(k, "0.01" if k == "total_amount" else v)
                     for k, v in pairs]
        if forge == "double":
            pairs.insert(0, ("total_amount", "0.01"))
        pairs.append(("sign_type", "RSA" if forge == "sign_type" else "RSA2"))
        if forge != "missing":
            pairs.append(("sign", sign))
        return Notice("POST", trade.notify_url, {
            "Content-Type": "application/x-www-form-urlencoded; charset=utf-8"
        }, urllib.parse.urlencode(pairs).encode())

    def return_link(self, trade):
        """No status in it: the browser proves nothing."""
        if not trade.return_url or trade.state == "open":
            return trade.return_url
        p = {"charset": "utf-8", "out_trade_no": trade.order_no,
             "method": "alipay.trade.page.pay.return",
             "total_amount": text_of(trade.paid or trade.amount),
             "trade_no": trade.trade_no, "version": "1.0",
             "app_id": self.account["app_id"],
             "seller_id": self.account["seller_id"], "timestamp": china()}
        p["sign"] = self.platform.sign(joined(p, (), True))
        p["sign_type"] = "RSA2"
        return trade.return_url + ("&" if "?" in trade.return_url else "?") + \
            urllib.parse.urlencode(p)

    def accepts(self, answer):
        return answer.get("status") == 200 and \
            answer.get("body") == "success"
