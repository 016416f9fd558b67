# SPDX-License-Identifier: Apache-2.0
"""Stripe: Checkout Sessions, refunds, signed webhooks, idempotency keys.

Stripe has one webhook address per account, not one per payment; it is taken
from the account ("webhook_url"), or learnt from the shop's success_url."""

import hashlib
import hmac
import json
import re
import secrets
import time
import urllib.parse

from engine import Notice, Trade
from gateways.base import Gateway
from web import json_response

INT = re.compile(r"[0-9]{1,12}\Z")


class Stripe(Gateway):
    NAME = "stripe"
    TITLE = "Stripe"
    COLOUR = "#635bff"
    FORGERIES = ("sign", "key", "missing", "v0", "upper", "short", "body",
                 "stale", "future", "livemode", "session")

    def __init__(self, account, engine):
        super().__init__(account, engine)
        self.replays = {}

    @staticmethod
    def new_account():
        return {"channel": "stripe",
                "secret_key": "sk_test_" + secrets.token_hex(16),
                "webhook_secret": "whsec_" + secrets.token_hex(16)}

    def channel_settings(self):
        return {"gateway": "stripe", "base_url": self.base + "/",
                "mode": "test", "allow_http": "yes",
                "secret_key": self.account["secret_key"],
                "webhook_secrets": self.account["webhook_secret"]}

    # -- calls ------------------------------------------------------------------

    def error(self, status, kind, code, message):
        return json_response({"error": {"type": kind, "code": code,
                                        "message": message}}, status)

    def handle(self, rq):
        if not rq.path.startswith("/v1/"):
            return None
        if rq.headers.get("authorization") != \
           "Bearer " + self.account["secret_key"]:
            return self.error(401, "invalid_request_error", "api_key",
                              "Invalid API Key provided")
        if not rq.headers.get("stripe-version"):
            return self.error(400, "invalid_request_error", "version",
                              "pin the version")
        key = rq.headers.get("idempotency-key")
        if rq.method != "POST" or not key:
            return self.route(rq)
        with self.engine.lock:
            if key in self.replays:
                body, answer = self.replays[key]
                if body != rq.body:
                    return self.error(400, "idempotency_error", "",
                                      "other parameters under the same key")
                return answer
            answer = self.route(rq)
            self.replays[key] = (rq.body, answer)
            return answer

    def route(self, rq):
        part = rq.path.split("/")[2:]
        if part == ["checkout", "sessions"] and rq.method == "POST":
            return self.create(rq.form)
        if part[:2] == ["checkout", "sessions"] and len(part) in (3, 4):
            t = next((t for t in self.engine.trades()
                      if t.channel == self.channel and
                      t.extra.get("session") == part[2]), None)
            if not t:
                return self.error(404, "invalid_request_error",
                                  "resource_missing", "No such session")
            if len(part) == 3 and rq.method == "GET":
                return json_response(self.session(t))
            if len(part) == 4 and part[3] == "expire" and rq.method == "POST":
                if not self.engine.close(t):
                    return self.error(400, "invalid_request_error", "",
                                      "Only open sessions can be expired")
                return json_response(self.session(t))
        if part == ["refunds"] and rq.method == "POST":
            return self.refund(rq.form)
        if part == ["refunds"] and rq.method == "GET":
            return self.refund_list(rq.query)
        return self.error(404, "invalid_request_error", "", "no such path")

    def create(self, p):
        price = "line_items[0][price_data]"
        amount = p.get(price + "[unit_amount]", "")
        for name in ("success_url", "client_reference_id",
                     price + "[currency]", price + "[product_data][name]",
                     "line_items[0][quantity]"):
            if not p.get(name):
                return self.error(400, "invalid_request_error",
                                  "parameter_missing", name)
        end = int(p.get("expires_at") or time.time() + 86400)
        if p.get("mode") != "payment" or not INT.match(amount) or \
           not int(amount) or p[price + "[currency]"].upper() == \
           p[price + "[currency]"] or \
           not 1800 - 5 <= end - time.time() <= 86400:
            return self.error(400, "invalid_request_error", "",
                              "mode, amount, currency or expires_at")
        number = self.engine.new_trade_no()
        t = self.engine.add(Trade(
            gateway=self.NAME, channel=self.channel,
            order_no=p["client_reference_id"], trade_no=number,
            amount=int(amount), currency=p[price + "[currency]"].upper(),
            subject=p[price + "[product_data][name]"],
            notify_url=self.webhook_url(p), return_url=p["success_url"],
            extra={"session": "cs_test_" + secrets.token_hex(12),
                   "intent": "pi_" + secrets.token_hex(10),
                   "end": end, "ids": {}}))
        return json_response(self.session(t))

    def webhook_url(self, p):
        if self.account.get("webhook_url"):
            return self.account["webhook_url"]
        u = urllib.parse.urlsplit(p["success_url"])
        return f"{u.scheme}://{u.netloc}/pay/notify/{self.channel}"

    def session(self, t):
        return {"id": t.extra["session"], "object": "checkout.session",
                "amount_subtotal": t.paid or t.amount,
                "amount_total": t.paid or t.amount,
                "client_reference_id": t.order_no,
                "currency": t.currency.lower(), "expires_at": t.extra["end"],
                "livemode": False, "metadata": {"order_no": t.order_no},
                "mode": "payment",
                "payment_intent": t.extra["intent"] if t.paid else None,
                "payment_status": "paid" if t.paid else "unpaid",
                "status": {"open": "open", "closed": "expired"}.get(
                    t.state, "complete"),
                "url": self.cashier(t) if t.state == "open" else None}

    def refund_object(self, t, number):
        return {"id": t.extra["ids"].get(number), "object": "refund",
                "amount": t.refunds[number],
                "currency": t.currency.lower(), "status": "succeeded",
                "payment_intent": t.extra["intent"],
                "metadata": {"refund_no": t.extra.get("numbers", {})
                             .get(number, number)}}

    def by_intent(self, intent):
        return next((t for t in self.engine.trades()
                     if t.channel == self.channel and
                     t.extra.get("intent") == intent), None)

    def refund(self, p):
        t = self.by_intent(p.get("payment_intent"))
        if not t:
            return self.error(404, "invalid_request_error",
                              "resource_missing", "No such payment_intent")
        left = t.paid - t.refunded
        amount = p.get("amount", str(left))
        # no number of the merchant's in this protocol: two calls with two
        # idempotency keys are two refunds, whatever the metadata says
        own = p.get("metadata[refund_no]", "")
        number = f"{own}#{len(t.refunds)}"
        if not INT.match(amount) or \
           not self.engine.refund(t, int(amount), number):
            return self.error(400, "invalid_request_error",
                              "charge_already_refunded",
                              "greater than unrefunded amount")
        t.extra.setdefault("numbers", {})[number] = own
        self.console_refunded(t, number)
        return json_response(self.refund_object(t, number))

    def console_refunded(self, t, number):
        t.extra["ids"][number] = "re_" + secrets.token_hex(10)
        self.engine.save(t)

    def refund_list(self, q):
        t = self.by_intent(q.get("payment_intent"))
        return json_response({
            "object": "list", "has_more": False,
            "data": [self.refund_object(t, n) for n in t.refunds] if t else []})

    # -- webhooks -----------------------------------------------------------------

    def event(self, trade, status, amount):
        if status == "refunded":
            return "charge.refunded", {
                "id": "ch_" + trade.trade_no, "object": "charge",
                "amount": trade.paid, "amount_captured": trade.paid,
                "amount_refunded": trade.refunded,
                "currency": trade.currency.lower(),
                "payment_intent": trade.extra["intent"],
                "refunded": trade.refunded == trade.paid,
                "status": "succeeded", "metadata": {}}
        session = self.session(trade)
        session["amount_total"] = amount
        kind = {"paid": "checkout.session.completed",
                "pending": "checkout.session.completed",
                "failed": "checkout.session.async_payment_failed",
                "closed": "checkout.session.expired"}.get(status, status)
        if status == "paid":
            session.update(payment_status="paid", status="complete",
                           payment_intent=trade.extra["intent"])
        else:
            session.update(payment_status="unpaid",
                           status="expired" if status == "closed"
                           else "complete")
        return kind, session

    def notice(self, trade, status="paid", amount=None, forge=None):
        amount = trade.paid or trade.amount if amount is None else amount
        kind, obj = self.event(trade, status, amount)
        if forge == "session":
            obj["id"] = "cs_test_" + secrets.token_hex(12)
        live = forge == "livemode"
        if "livemode" in obj:
            obj["livemode"] = live
        body = json.dumps({
            "id": f"evt_{trade.trade_no}_{kind.replace('.', '_')}",
            "object": "event", "api_version": "2026-07-29.dahlia",
            "created": int(time.time()), "livemode": live, "type": kind,
            "pending_webhooks": 1, "data": {"object": obj},
            "request": {"id": None, "idempotency_key": None}},
            indent=2).encode()
        t = int(time.time()) + {"stale": -302, "future": 302}.get(forge, 0)
        key = "whsec_" + secrets.token_hex(16) if forge == "key" else \
            self.account["webhook_secret"]
        signed = b"{}" if forge == "sign" else body
        v1 = hmac.new(key.encode(), b"%d." % t + signed,
                      hashlib.sha256).hexdigest()
        if forge == "upper":
            v1 = v1.upper()
        elif forge == "short":
            v1 = v1[:-1]
        headers = {"Content-Type": "application/json; charset=utf-8",
                   "Stripe-Signature":
                   f"t={t},{'v0' if forge == 'v0' else 'v1'}={v1}"}
        if forge == "missing":
            del headers["Stripe-Signature"]
        if forge == "body":
            body += b" "
        return Notice("POST", trade.notify_url, headers, body)

    def return_link(self, trade):
        return trade.return_url.replace("{CHECKOUT_SESSION_ID}",
                                        trade.extra["session"])

    def accepts(self, answer):
        return 200 <= answer.get("status", 0) < 300
