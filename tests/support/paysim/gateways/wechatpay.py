# SPDX-License-Identifier: Apache-2.0
"""WeChat Pay API v3: Native and H5, query, close, refunds, signed and
encrypted notices.  Requests are checked line by line as the documents say:
the signed path is the one that was sent, with this account's prefix.

It signs with its public key until it is told to rotate(): from then on with a
platform certificate, which a shop gets from /v3/certificates."""

import base64
import json
import re
import secrets
import time

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from engine import Notice, Trade
from gateways.base import Gateway, random_key
from rsakey import Private, Public, certificate, new_pair
from web import Response

STATE = {"open": "NOTPAY", "paid": "SUCCESS", "closed": "CLOSED",
         "refunded": "REFUND"}
NO = re.compile(r"[0-9A-Za-z_\-*]{6,32}\Z")


def china(t=None):
    return time.strftime("%Y-%m-%dT%H:%M:%S+08:00",
                         time.gmtime((t or time.time()) + 8 * 3600))


class WechatPay(Gateway):
    NAME = "wechatpay"
    TITLE = "微信支付"
    COLOUR = "#07a35a"
    FORGERIES = ("sign", "key", "missing", "body", "serial", "stale",
                 "future", "cipher", "mchid", "appid", "probe")

    def __init__(self, account, engine):
        super().__init__(account, engine)
        self.platform = Private(account["platform_private"])
        self.merchant = Public(account["merchant_public"])
        self.stranger = None
        self.certificates = []  # (serial, PEM), the newest last
        self.spoil = ""         # what is wrong with /v3/certificates
        self.signer = (account["platform_id"], self.platform)

    @staticmethod
    def new_account():
        platform_private, platform_public = new_pair()
        merchant_private, merchant_public = new_pair()
        return {"channel": "wechatpay", "mchid": "1900000001",
                "appid": "wx0000000000000001",
                "merchant_serial": secrets.token_hex(20).upper(),
                "platform_id": "PUB_KEY_ID_01190000000120260101",
                "apiv3_key": random_key(32),
                "platform_private": platform_private,
                "platform_public": platform_public,
                "merchant_private": merchant_private,
                "merchant_public": merchant_public}

    def channel_settings(self):
        a = self.account
        return {"gateway": "wechatpay", "base_url": self.base + "/",
                "mchid": a["mchid"], "appid": a["appid"],
                "merchant_serial": a["merchant_serial"],
                "apiv3_key": a["apiv3_key"], "allow_http": "yes",
                "product": "auto",
                "private_key": a["merchant_private"],
                "platform_keys": a["platform_id"] + "\n" +
                a["platform_public"]}

    # -- signatures -----------------------------------------------------------

    def signed(self, body, key=None, at=None):
        """The four headers over a body."""
        stamp = str(int(at or time.time()))
        nonce = secrets.token_hex(16).upper()
        text = b"%s\n%s\n%s\n" % (stamp.encode(), nonce.encode(), body)
        return {"Wechatpay-Timestamp": stamp, "Wechatpay-Nonce": nonce,
                "Wechatpay-Serial": self.signer[0],
                "Wechatpay-Signature": (key or self.signer[1]).sign(text),
                "Wechatpay-Signature-Type": "WECHATPAY2-SHA256-RSA2048"}

    def good(self, value, status=200):
        body = b"" if value is None else json.dumps(
            value, ensure_ascii=False, separators=(",", ":")).encode()
        headers = self.signed(body)
        headers["Content-Type"] = "application/json; charset=utf-8"
        return Response(status, body, headers)

    def bad(self, status, code, message):
        return Response(status, json.dumps(
            {"code": code, "message": message},
            ensure_ascii=False).encode(),
            {"Content-Type": "application/json; charset=utf-8"})

    def request_good(self, rq):
        scheme, _, rest = rq.headers.get("authorization", "").partition(" ")
        p = dict(re.findall(r'([a-z_]+)="([^"]*)"', rest))
        if scheme != "WECHATPAY2-SHA256-RSA2048" or \
           p.get("mchid") != self.account["mchid"] or \
           p.get("serial_no") != self.account["merchant_serial"] or \
           not p.get("timestamp", "").isdigit() or \
           abs(int(p["timestamp"]) - time.time()) > 300:
            return False
        text = b"%s\n%s\n%s\n%s\n%s\n" % (
            rq.method.encode(), rq.target.encode(), p["timestamp"].encode(),
            p.get("nonce_str", "").encode(), rq.body)
        return self.merchant.good(text, p.get("signature", ""))

    # -- certificates ---------------------------------------------------------

    def rotate(self, how):
        """how: "new" is a new certificate, "public" no certificates any more;
        all else is what is wrong with the list of them from now on."""
        self.spoil = ""
        if how == "public":
            self.certificates = []
            self.signer = (self.account["platform_id"], self.platform)
        elif how == "new":
            private = new_pair()[0]
            self.certificates.append(certificate(private))
            self.signer = (self.certificates[-1][0], Private(private))
        elif how in ("cipher", "sign"):
            self.spoil = how
        else:
            return None
        return dict(zip(("serial", "pem"), self.certificates[-1]
                        if self.certificates else ("", "")))

    def certificate_list(self):
        key = random_key(32) if self.spoil == "cipher" else \
            self.account["apiv3_key"]
        rows = []
        for serial, pem in self.certificates:
            nonce = secrets.token_hex(6)
            sealed = AESGCM(key.encode()).encrypt(
                nonce.encode(), pem.encode(), b"certificate")
            rows.append({
                "serial_no": serial, "effective_time": china(),
                "expire_time": china(time.time() + 30 * 86400),
                "encrypt_certificate": {
                    "algorithm": "AEAD_AES_256_GCM", "nonce": nonce,
                    "associated_data": "certificate",
                    "ciphertext": base64.b64encode(sealed).decode()}})
        answer = self.good({"data": rows})
        if self.spoil == "sign":
            answer.body += b" "
        return answer

    # -- calls ------------------------------------------------------------------

    def handle(self, rq):
        if not rq.path.startswith("/v3/"):
            return None
        if not self.request_good(rq):
            return self.bad(401, "SIGN_ERROR", "签名错误")
        if not rq.headers.get("user-agent") or \
           "json" not in rq.headers.get("accept", ""):
            return self.bad(400, "PARAM_ERROR", "User-Agent, Accept")
        part = rq.path.split("/")[2:]
        if part == ["certificates"] and rq.method == "GET" and \
           self.certificates:
            return self.certificate_list()
        if part[:2] == ["pay", "transactions"] and len(part) == 3 and \
           rq.method == "POST" and part[2] in ("native", "h5"):
            return self.create(rq, part[2])
        if part[:3] == ["pay", "transactions", "out-trade-no"]:
            trade = self.engine.find(part[3], self.channel)
            if len(part) == 5 and part[4] == "close" and rq.method == "POST":
                return self.close(rq, trade)
            if len(part) == 4 and rq.method == "GET":
                return self.query(rq, trade)
        if part[:3] == ["refund", "domestic", "refunds"]:
            if len(part) == 3 and rq.method == "POST":
                return self.refund(rq)
            if len(part) == 4 and rq.method == "GET":
                return self.refund_query(part[3])
        return self.bad(404, "RESOURCE_NOT_EXISTS", "no such path")

    def create(self, rq, kind):
        j = rq.json()
        if not isinstance(j, dict) or j.get("mchid") != self.account["mchid"] \
           or j.get("appid") != self.account["appid"] or \
           not NO.match(str(j.get("out_trade_no"))) or \
           not j.get("description") or not j.get("notify_url") or \
           not isinstance(j.get("amount", {}).get("total"), int) or \
           j["amount"]["total"] <= 0 or \
           j["amount"].get("currency", "CNY") != "CNY":
            return self.bad(400, "PARAM_ERROR", "参数错误")
        if kind == "h5" and not j.get("scene_info", {}).get("h5_info"):
            return self.bad(400, "PARAM_ERROR", "scene_info")
        old = self.engine.find(j["out_trade_no"], self.channel)
        if old and old.state != "open":
            return self.bad(400, "ORDERPAID" if old.paid else "ORDER_CLOSED",
                            "订单已支付")
        if old and old.amount != j["amount"]["total"]:
            return self.bad(400, "INVALID_REQUEST", "商户订单号重复")
        trade = old or self.engine.add(Trade(
            gateway=self.NAME, channel=self.channel,
            order_no=j["out_trade_no"],
            trade_no="42" + self.engine.new_trade_no(),
            amount=j["amount"]["total"], currency="CNY",
            subject=j["description"], notify_url=j["notify_url"],
            extra={"kind": kind}))
        if kind == "h5":
            # the shop appends &redirect_url=, so there is a query already
            return self.good({"h5_url": self.cashier(trade) + "?from=h5"})
        return self.good({"code_url": self.cashier(trade)})

    def transaction(self, t, state=None, amount=None):
        total = t.paid or t.amount if amount is None else amount
        j = {"mchid": self.account["mchid"], "appid": self.account["appid"],
             "out_trade_no": t.order_no,
             "trade_state": state or STATE[t.state],
             "trade_state_desc": "模拟",
             "amount": {"total": total, "payer_total": total,
                        "currency": "CNY", "payer_currency": "CNY"}}
        if state == "SUCCESS" or t.paid:
            j.update(transaction_id=t.trade_no, bank_type="OTHERS",
                     trade_type="MWEB" if t.extra.get("kind") == "h5"
                     else "NATIVE",
                     success_time=china(t.paid_at or None), attach="",
                     payer={"openid": "sim-openid"})
        return j

    def query(self, rq, t):
        if rq.query.get("mchid") != self.account["mchid"]:
            return self.bad(400, "PARAM_ERROR", "mchid")
        if not t:
            return self.bad(404, "ORDER_NOT_EXIST", "订单不存在")
        return self.good(self.transaction(t))

    def close(self, rq, t):
        if (rq.json() or {}).get("mchid") != self.account["mchid"]:
            return self.bad(400, "PARAM_ERROR", "mchid")
        if not t:
            return self.bad(404, "ORDER_NOT_EXIST", "订单不存在")
        if not self.engine.close(t) and t.state != "closed":
            return self.bad(400, "ORDERPAID", "订单已支付")
        return self.good(None, 204)

    def refund_body(self, t, number):
        return {"refund_id": "50" + t.trade_no[-20:], "out_refund_no": number,
                "transaction_id": t.trade_no, "out_trade_no": t.order_no,
                "channel": "ORIGINAL", "status": "SUCCESS",
                "user_received_account": "支付用户零钱",
                "create_time": china(),
                "amount": {"total": t.paid, "refund": t.refunds[number],
                           "currency": "CNY"}}

    def refund(self, rq):
        j = rq.json()
        if not isinstance(j, dict):
            return self.bad(400, "PARAM_ERROR", "body")
        t = self.engine.find(j.get("out_trade_no", ""), self.channel)
        a = j.get("amount", {})
        number = j.get("out_refund_no")
        if not t:
            return self.bad(404, "RESOURCE_NOT_EXISTS", "订单号不存在")
        if not number or a.get("total") != t.paid or \
           a.get("currency") != "CNY" or not isinstance(a.get("refund"), int):
            return self.bad(400, "PARAM_ERROR", "amount")
        if self.engine.refund(t, a["refund"], number) is None:
            return self.bad(403, "NOT_ENOUGH", "退款金额超过可退金额")
        return self.good(self.refund_body(t, number))

    def refund_query(self, number):
        for t in self.engine.trades():
            if t.channel == self.channel and number in t.refunds:
                return self.good(self.refund_body(t, number))
        return self.bad(404, "RESOURCE_NOT_EXISTS", "退款单不存在")

    # -- notices --------------------------------------------------------------

    def contents(self, trade, status, amount):
        """(event type, original type, object)"""
        if status == "refunded":
            number = list(trade.refunds)[-1] if trade.refunds else "none"
            return "REFUND.SUCCESS", "refund", {
                "mchid": self.account["mchid"],
                "transaction_id": trade.trade_no,
                "out_trade_no": trade.order_no, "refund_id": "50sim",
                "out_refund_no": number, "refund_status": "SUCCESS",
                "success_time": china(),
                "amount": {"total": trade.paid or trade.amount,
                           "refund": trade.refunds.get(number, 0),
                           "payer_total": trade.paid,
                           "payer_refund": trade.refunded}}
        state = {"paid": "SUCCESS", "pending": "NOTPAY", "closed": "CLOSED",
                 "failed": "PAYERROR"}.get(status, status)
        return "TRANSACTION.SUCCESS", "transaction", \
            self.transaction(trade, state, amount)

    def notice(self, trade, status="paid", amount=None, forge=None):
        event, kind, inner = self.contents(trade, status, amount)
        if forge in ("mchid", "appid"):
            inner[forge] = inner[forge][:-1] + "9"
        nonce = secrets.token_hex(6)
        v3_key = random_key(32) if forge == "cipher" else \
            self.account["apiv3_key"]
        sealed = AESGCM(v3_key.encode()).encrypt(
            nonce.encode(), json.dumps(inner, ensure_ascii=False).encode(),
            kind.encode())
        body = json.dumps({
            "id": "EV-sim-" + trade.trade_no, "create_time": china(),
            "resource_type": "encrypt-resource", "event_type": event,
            "summary": "模拟", "resource": {
                "original_type": kind, "algorithm": "AEAD_AES_256_GCM",
                "ciphertext": base64.b64encode(sealed).decode(),
                "associated_data": kind, "nonce": nonce}},
            ensure_ascii=False).encode()
        if forge == "key":
            self.stranger = self.stranger or Private(new_pair()[0])
        at = time.time() + {"stale": -301, "future": 301}.get(forge, 0)
        headers = self.signed(b"{}" if forge == "sign" else body,
                              self.stranger if forge == "key" else None, at)
        if forge == "missing":
            del headers["Wechatpay-Signature"]
        if forge == "serial":
            headers["Wechatpay-Serial"] = "PUB_KEY_ID_0"
        if forge == "probe":
            headers["Wechatpay-Signature"] = "WECHATPAY/SIGNTEST/" + \
                headers["Wechatpay-Signature"]
        if forge == "body":
            body += b" "
        headers["Content-Type"] = "application/json"
        return Notice("POST", trade.notify_url, headers, body)

    def return_link(self, trade):
        return trade.return_url

    def accepts(self, answer):
        return answer.get("status") in (200, 204)
