# SPDX-License-Identifier: Apache-2.0
"""PayPal Orders v2: the buyer approves, the shop captures.

So "the buyer pays" means an approved order and a CHECKOUT.ORDER.APPROVED
webhook; money has moved when the shop captured.  Webhooks can be verified by
asking back (verify-webhook-signature): a certificate would have to come from
PayPal's own host."""

import base64
import hashlib
import hmac
import json
import re
import secrets
import time
import urllib.parse
import zlib

from engine import Notice, Trade
from gateways.base import Gateway, minor_of, random_key, text_of
from web import json_response

NO_DECIMALS = ("JPY", "HUF", "TWD")
EVENTS = {"paid": "CHECKOUT.ORDER.APPROVED",
          "captured": "PAYMENT.CAPTURE.COMPLETED",
          "pending": "PAYMENT.CAPTURE.PENDING",
          "failed": "PAYMENT.CAPTURE.DENIED",
          "refunded": "PAYMENT.CAPTURE.REFUNDED"}


class PayPal(Gateway):
    NAME = "paypal"
    TITLE = "PayPal"
    COLOUR = "#0b5cad"
    FORGERIES = ("sign", "missing", "algo", "cert_url", "body", "webhook_id")

    def __init__(self, account, engine):
        super().__init__(account, engine)
        self.tokens = {}
        self.replays = {}

    @staticmethod
    def new_account():
        return {"channel": "paypal", "client_id": "sim-" + random_key(40),
                "client_secret": "sim-" + random_key(40),
                "webhook_id": secrets.token_hex(8).upper() + "G",
                "merchant_id": "SIM" + secrets.token_hex(5).upper(),
                "webhook_key": secrets.token_hex(16)}

    def channel_settings(self):
        a = self.account
        return {"gateway": "paypal", "base_url": self.base + "/",
                "environment": "sandbox", "verify": "postback",
                "allow_http": "yes", "client_id": a["client_id"],
                "client_secret": a["client_secret"],
                "webhook_id": a["webhook_id"],
                "merchant_id": a["merchant_id"]}

    # -- calls ------------------------------------------------------------------

    def error(self, status, name, issue=None):
        body = {"name": name, "message": name, "debug_id": "sim"}
        if issue:
            body["details"] = [{"issue": issue, "description": issue}]
        return json_response(body, status)

    def handle(self, rq):
        if rq.path == "/v1/oauth2/token" and rq.method == "POST":
            return self.token(rq)
        if not rq.path.startswith(("/v1/", "/v2/")):
            return None
        kind, _, token = rq.headers.get("authorization", "").partition(" ")
        if kind != "Bearer" or self.tokens.get(token, 0) < time.time():
            return self.error(401, "AUTHENTICATION_FAILURE")
        key = rq.headers.get("paypal-request-id")
        if rq.method == "POST" and key:
            with self.engine.lock:
                if key not in self.replays:
                    self.replays[key] = self.route(rq)
                return self.replays[key]
        return self.route(rq)

    def token(self, rq):
        kind, _, pair = rq.headers.get("authorization", "").partition(" ")
        want = f"{self.account['client_id']}:{self.account['client_secret']}"
        if kind != "Basic" or base64.b64decode(pair) != want.encode() or \
           rq.form.get("grant_type") != "client_credentials":
            return json_response({"error": "invalid_client"}, 401)
        token = "A21AA" + secrets.token_urlsafe(40)
        self.tokens[token] = time.time() + 32400
        return json_response({"access_token": token, "token_type": "Bearer",
                              "expires_in": 32400})

    def route(self, rq):
        part = rq.path.split("/")[1:]
        if rq.path == "/v1/notifications/verify-webhook-signature":
            return self.verify(rq)
        if rq.path == "/v2/checkout/orders" and rq.method == "POST":
            return self.create(rq)
        if part[:3] == ["v2", "checkout", "orders"] and len(part) >= 4:
            t = self.by("order", part[3])
            if not t:
                return self.error(404, "RESOURCE_NOT_FOUND",
                                  "INVALID_RESOURCE_ID")
            if len(part) == 4 and rq.method == "GET":
                return json_response(self.order(t))
            if part[4:] == ["capture"] and rq.method == "POST":
                return self.capture(t)
        if part[:3] == ["v2", "payments", "captures"] and len(part) >= 4:
            t = self.by("capture", part[3])
            if not t or not t.paid:
                return self.error(404, "RESOURCE_NOT_FOUND",
                                  "INVALID_RESOURCE_ID")
            if len(part) == 4 and rq.method == "GET":
                return json_response(self.capture_object(t))
            if part[4:] == ["refund"] and rq.method == "POST":
                return self.refund(rq, t)
        if part[:3] == ["v2", "payments", "refunds"] and len(part) == 4 and \
           rq.method == "GET":
            return self.refund_get(part[3])
        return self.error(404, "RESOURCE_NOT_FOUND")

    def refund_get(self, wanted):
        for t in self.engine.trades():
            for number, rid in t.extra.get("refund_ids", {}).items():
                if t.channel == self.channel and rid == wanted:
                    return json_response(self.refund_object(t, number))
        return self.error(404, "RESOURCE_NOT_FOUND", "INVALID_RESOURCE_ID")

    def by(self, name, value):
        return next((t for t in self.engine.trades()
                     if t.channel == self.channel and
                     t.extra.get(name) == value), None)

    def amount(self, minor, currency):
        value = str(minor) if currency in NO_DECIMALS else text_of(minor)
        return {"currency_code": currency, "value": value}

    def minor(self, a):
        value = str(a.get("value"))
        if a.get("currency_code") in NO_DECIMALS:
            return int(value) if value.isdigit() else None
        return minor_of(value) if re.search(r"\.[0-9]{2}$", value) else None

    def create(self, rq):
        j = rq.json() or {}
        unit = (j.get("purchase_units") or [{}])[0]
        amount = self.minor(unit.get("amount", {}))
        context = j.get("payment_source", {}).get("paypal", {}).get(
            "experience_context", {})
        if j.get("intent") != "CAPTURE" or not amount or \
           not unit.get("custom_id") or not context.get("return_url") or \
           not rq.headers.get("paypal-request-id"):
            return self.error(400, "INVALID_REQUEST", "MISSING_PARAMETER")
        u = urllib.parse.urlsplit(context["return_url"])
        hook = self.account.get("webhook_url") or \
            f"{u.scheme}://{u.netloc}/pay/notify/{self.channel}"
        t = self.engine.add(Trade(
            gateway=self.NAME, channel=self.channel,
            order_no=unit["custom_id"], trade_no=self.engine.new_trade_no(),
            amount=amount, currency=unit["amount"]["currency_code"],
            subject=unit.get("description", ""), notify_url=hook,
            return_url=context["return_url"],
            extra={"order": secrets.token_hex(8).upper() + "T",
                   "capture": secrets.token_hex(8).upper() + "F",
                   "approved": 0, "invoice": unit.get("invoice_id", ""),
                   "refund_ids": {}}))
        return json_response(self.order(t), 201)

    def capture_object(self, t):
        status = "COMPLETED" if not t.refunded else \
            "REFUNDED" if t.refunded == t.paid else "PARTIALLY_REFUNDED"
        return {"id": t.extra["capture"], "status": status,
                "amount": self.amount(t.paid, t.currency),
                "final_capture": True, "custom_id": t.order_no,
                "invoice_id": t.extra["invoice"],
                "supplementary_data": {"related_ids": {
                    "order_id": t.extra["order"]}},
                "payee": {"merchant_id": self.account["merchant_id"]}}

    def refund_object(self, t, number):
        return {"id": t.extra["refund_ids"].get(number, "SIMREFUND"),
                "status": "COMPLETED", "invoice_id": number,
                "amount": self.amount(t.refunds.get(number, t.paid),
                                      t.currency),
                "custom_id": t.order_no,
                "links": [{"rel": "up", "method": "GET", "href":
                           f"{self.base}/v2/payments/captures/"
                           f"{t.extra['capture']}"}]}

    def order(self, t):
        status = "COMPLETED" if t.paid else \
            "APPROVED" if t.extra["approved"] else \
            "VOIDED" if t.state == "closed" else "PAYER_ACTION_REQUIRED"
        unit = {"reference_id": "default", "custom_id": t.order_no,
                "invoice_id": t.extra["invoice"],
                "amount": self.amount(t.amount, t.currency),
                "payee": {"merchant_id": self.account["merchant_id"]}}
        if t.paid:
            unit["payments"] = {
                "captures": [self.capture_object(t)],
                "refunds": [self.refund_object(t, n) for n in t.refunds]}
        return {"id": t.extra["order"], "intent": "CAPTURE",
                "status": status, "purchase_units": [unit],
                "links": [{"rel": "payer-action", "method": "GET",
                           "href": self.cashier(t)}]}

    def capture(self, t):
        if t.paid:
            return self.error(422, "UNPROCESSABLE_ENTITY",
                              "ORDER_ALREADY_CAPTURED")
        if not t.extra["approved"]:
            return self.error(422, "UNPROCESSABLE_ENTITY",
                              "ORDER_NOT_APPROVED")
        self.engine.mark_paid(t, t.extra["approved"])
        return json_response(self.order(t), 201)

    def refund(self, rq, t):
        j = rq.json() or {}
        amount = self.minor(j["amount"]) if j.get("amount") else \
            t.paid - t.refunded
        number = j.get("invoice_id") or secrets.token_hex(4)
        if not amount or not self.engine.refund(t, amount, number):
            return self.error(422, "UNPROCESSABLE_ENTITY",
                              "REFUND_AMOUNT_EXCEEDED")
        self.console_refunded(t, number)
        return json_response(self.refund_object(t, number), 201)

    def console_refunded(self, t, number):
        t.extra["refund_ids"][number] = secrets.token_hex(8).upper() + "R"
        self.engine.save(t)

    # -- webhooks -----------------------------------------------------------------

    def signature(self, tid, stamp, webhook_id, body):
        text = f"{tid}|{stamp}|{webhook_id}|{zlib.crc32(body)}"
        return base64.b64encode(hmac.new(
            self.account["webhook_key"].encode(), text.encode(),
            hashlib.sha256).digest()).decode()

    def verify(self, rq):
        j = rq.json()
        head, found, rest = rq.body.partition(b'"webhook_event":')
        if not j or not found:
            return self.error(400, "VALIDATION_ERROR")
        raw = rest[:-1]     # as it was delivered, up to our closing brace
        good = j.get("auth_algo") == "SHA256withRSA" and \
            j.get("webhook_id") == self.account["webhook_id"] and \
            hmac.compare_digest(
                str(j.get("transmission_sig")),
                self.signature(j.get("transmission_id"),
                               j.get("transmission_time"),
                               j.get("webhook_id"), raw))
        return json_response({"verification_status":
                              "SUCCESS" if good else "FAILURE"})

    def buyer_pays(self, trade, amount):
        trade.extra["approved"] = amount
        self.engine.save(trade)
        self.engine.note("approved", order_no=trade.order_no,
                         amount_minor=amount)

    def resource(self, t, event):
        if event.startswith("CHECKOUT."):
            return "checkout-order", self.order(t)
        if event.endswith("REFUNDED"):
            number = list(t.refunds)[-1] if t.refunds else "none"
            return "refund", self.refund_object(t, number)
        capture = self.capture_object(t)
        if not t.paid:
            capture["amount"] = self.amount(t.amount, t.currency)
            capture["status"] = event.rsplit(".", 1)[1]
        return "capture", capture

    def notice(self, trade, status="paid", amount=None, forge=None):
        event = EVENTS.get(status, status)
        kind, resource = self.resource(trade, event)
        body = json.dumps({
            "id": f"WH-{trade.trade_no}-{event}", "event_version": "1.0",
            "create_time": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "resource_type": kind, "resource_version": "2.0",
            "event_type": event, "summary": "simulated",
            "resource": resource}).encode()
        tid = secrets.token_hex(16)
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        hook = "0WRONG" if forge == "webhook_id" else \
            self.account["webhook_id"]
        sign = self.signature(tid, stamp, hook,
                              b"{}" if forge == "sign" else body)
        headers = {"Content-Type": "application/json",
                   "PAYPAL-TRANSMISSION-ID": tid,
                   "PAYPAL-TRANSMISSION-TIME": stamp,
                   "PAYPAL-TRANSMISSION-SIG": sign,
                   "PAYPAL-CERT-URL": "https://api.sandbox.paypal.com"
                   "/v1/notifications/certs/CERT-sim",
                   "PAYPAL-AUTH-ALGO": "SHA256withRSA"}
        if forge == "missing":
            del headers["PAYPAL-TRANSMISSION-SIG"]
        if forge == "algo":
            headers["PAYPAL-AUTH-ALGO"] = "none"
        if forge == "cert_url":
            headers["PAYPAL-TRANSMISSION-SIG"] = "AAAA"
            headers["PAYPAL-CERT-URL"] = "https://evil.example/cert"
        if forge == "body":
            body = body[:-1] + b" }"
        return Notice("POST", trade.notify_url, headers, body)

    def return_link(self, trade):
        if not trade.extra["approved"]:
            return trade.return_url
        return trade.return_url + ("&" if "?" in trade.return_url else "?") + \
            urllib.parse.urlencode({"token": trade.extra["order"],
                                    "PayerID": "SIMPAYER"})

    def accepts(self, answer):
        return 200 <= answer.get("status", 0) < 300
