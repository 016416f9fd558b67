# SPDX-License-Identifier: Apache-2.0
"""/paysim/...: what tests tell the simulator, and the buyer's page."""

import json
from dataclasses import asdict

from gateways.base import minor_of
from page import cashier_page, done_page, message_page
from web import Response, json_response

YES = ("1", "true", "yes", "on")
NO = ("", "0", "false", "no", "off")
FAULT_MODES = ("hang", "slow", "status", "garbage", "reset", "empty")
LIMIT = 5000


def handle(engine, rq):
    head, _, rest = rq.path.lstrip("/").partition("/")
    table = {
        ("POST", "pay"): pay,
        ("POST", "refund"): refund,
        ("GET", "cashier"): cashier_show,
        ("POST", "cashier"): cashier_pay,
        ("GET", "log"): log,
        ("DELETE", "log"): log_clear,
        ("GET", "trades"): trades,
        ("GET", "faults"): faults,
        ("POST", "faults"): fault_add,
        ("DELETE", "faults"): fault_clear,
        ("GET", "gateways"): gateways,
        ("POST", "webhook"): webhook,
        ("POST", "rotate"): rotate,
        ("GET", "healthz"): lambda e, r, s: Response(200, b"ok\n"),
    }
    found = table.get((rq.method, head))
    return found(engine, rq, rest) if found else None


def options(rq):
    """Query, form and JSON body are the same to a test."""
    p = dict(rq.query)
    if "json" in rq.headers.get("content-type", "") or \
       rq.body[:1] == b"{":
        p.update(rq.json() or {})
    else:
        p.update(rq.form)
    return p


class Bad(Exception):
    pass


def as_flag(p, name):
    v = str(p.get(name, "")).lower()
    if v in NO:
        return False
    return True


def as_int(p, name, default):
    try:
        n = int(p.get(name, default))
    except (TypeError, ValueError):
        raise Bad(f"{name} is not a number") from None
    if not 0 <= n <= LIMIT:
        raise Bad(f"{name} is out of range")
    return n


def as_parallel(p, times):
    """A count, or yes: all of them at once."""
    v = str(p.get("parallel", "")).lower()
    if v in NO:
        return 1
    if v in YES:
        return times
    return as_int(p, "parallel", 1)


def pay(engine, rq, order_no):
    try:
        return json_response(pay_order(engine, order_no, options(rq)))
    except Bad as e:
        return json_response({"error": str(e)}, 400)
    except KeyError as e:
        return json_response({"error": e.args[0]}, 404)


def pay_order(engine, order_no, p):
    trade = engine.find(order_no, p.get("channel"), p.get("gateway"))
    if trade is None:
        raise KeyError("no such order here: the pay page was not opened yet")
    gw = engine.gateway_of(trade)
    parallel_given = str(p.get("parallel", "")).isdigit()
    times = as_int(p, "times", p["parallel"] if parallel_given and
                   int(p["parallel"]) > 1 else 1)
    parallel = as_parallel(p, times)
    forge = p.get("forge") if as_flag(p, "forge") else None
    if forge is not None and str(forge).lower() in YES:
        forge = gw.FORGERIES[0]
    if forge is not None and forge not in gw.FORGERIES:
        raise Bad(f"forge is one of {', '.join(gw.FORGERIES)}")
    try:
        delay = min(float(p.get("delay") or 0), 600.0)
    except ValueError:
        raise Bad("delay is not a number of seconds") from None

    statuses = p.get("status") or "paid"
    if isinstance(statuses, str):
        statuses = [s.strip() for s in statuses.split(",")]
    amount = amount_of(p.get("amount"), trade)
    if forge is None:
        # a forger does not pay
        if "paid" in statuses:
            gw.buyer_pays(trade, amount if isinstance(amount, int)
                          else trade.amount)
        elif "closed" in statuses:
            engine.close(trade)

    notices = [gw.notice(trade, s, amount, forge)
               for _ in range(times) for s in statuses]
    if as_flag(p, "reorder"):
        notices.reverse()
    if p.get("to"):
        # a good notice, delivered to somebody else's address
        for n in notices:
            n.url = n.url.replace(trade.notify_url, p["to"], 1)
    if as_flag(p, "lose"):
        notices = []
    answers = engine.send_all(notices, parallel * len(statuses)
                              if parallel > 1 else 1, delay)
    for a in answers:
        a["accepted"] = gw.accepts(a)
    return {"order_no": order_no, "trade_no": trade.trade_no,
            "gateway": trade.gateway, "channel": trade.channel,
            "state": trade.state, "amount_minor": trade.amount,
            "paid_minor": trade.paid, "currency": trade.currency,
            "sent": len(answers),
            "accepted": sum(a["accepted"] for a in answers),
            "return_url": gw.return_link(trade), "replies": answers}


def refund(engine, rq, order_no):
    try:
        return json_response(refund_order(engine, order_no, options(rq)))
    except Bad as e:
        return json_response({"error": str(e)}, 400)
    except KeyError as e:
        return json_response({"error": e.args[0]}, 404)


def refund_order(engine, order_no, p):
    """The merchant gives money back at the gateway's console; or, without an
    amount, only the notices of what went back before are sent."""
    trade = engine.find(order_no, p.get("channel"), p.get("gateway"))
    if trade is None:
        raise KeyError("no such order here")
    gw = engine.gateway_of(trade)
    if p.get("amount"):
        amount = minor_of(str(p["amount"]))
        number = f"console{len(trade.refunds) + 1}"
        if not amount or not engine.refund(trade, amount, number):
            raise Bad("not that much is left")
        gw.console_refunded(trade, number)
    times = as_int(p, "times", 1)
    notices = []
    if not as_flag(p, "lose"):
        # Alipay says of a part that the trade is still a success
        status = gw.PART_REFUNDED if trade.refunded < trade.paid else \
            "refunded"
        notices = [gw.notice(trade, status) for _ in range(times)]
    answers = engine.send_all(notices, as_parallel(p, times), 0)
    for a in answers:
        a["accepted"] = gw.accepts(a)
    return {"order_no": order_no, "refunded_minor": trade.refunded,
            "sent": len(answers),
            "accepted": sum(a["accepted"] for a in answers),
            "replies": answers}


def amount_of(value, trade):
    """Minor units; text that is no money goes into the notice as it is,
    because that is what the tests of strict parsers need."""
    if value is None or value == "":
        return trade.paid or trade.amount
    text = str(value)
    minor = minor_of(text)
    return text if minor is None else minor


# -- the buyer's page -------------------------------------------------------

def cashier_show(engine, rq, trade_no):
    trade = engine.trade(trade_no)
    if trade is None:
        return message_page("paysim", "交易不存在 · no such trade", status=404)
    gw = engine.gateway_of(trade)
    if rq.query.get("redirect_url"):
        # the only way in which WeChat Pay learns it
        trade.return_url = rq.query["redirect_url"]
    if trade.state != "open":
        return done_page(gw, trade, [])
    return cashier_page(gw, trade)


def cashier_pay(engine, rq, trade_no):
    trade = engine.trade(trade_no)
    if trade is None:
        return message_page("paysim", "交易不存在 · no such trade", status=404)
    how = rq.form.get("how", "pay")
    p = {"twice": {"times": 2}, "lose": {"lose": "yes"},
         "late": {"delay": 5}, "forge": {"forge": "yes"},
         "under": {"amount": f"{(trade.amount - 1) // 100}."
                             f"{(trade.amount - 1) % 100:02d}"},
         "close": {"status": "closed"}}.get(how, {})
    if trade.state == "open":
        p.update(channel=trade.channel)
        answers = pay_order(engine, trade.order_no, p)["replies"]
    else:
        answers = []
    return done_page(engine.gateway_of(trade), trade, answers)


# -- looking, and breaking things ---------------------------------------------

def log(engine, rq, rest):
    since = int(rq.query.get("since", 0))
    with engine.lock:
        rows = engine.log[since:]
    text = "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
    return Response(200, text.encode("utf-8", "replace"),
                    {"Content-Type": "application/x-ndjson"})


def log_clear(engine, rq, rest):
    with engine.lock:
        engine.log.clear()
    return Response(204, b"")


def trades(engine, rq, rest):
    rows = [asdict(t) for t in engine.trades()
            if rest in ("", t.order_no, t.trade_no)]
    return json_response(rows)


def gateways(engine, rq, rest):
    return json_response([{"gateway": g.NAME, "channel": g.channel,
                           "base_url": g.base + "/",
                           "forgeries": list(g.FORGERIES)}
                          for g in engine.gateways])


def webhook(engine, rq, rest):
    """Where a gateway with one address per account sends everything."""
    p = options(rq)
    for gw in engine.gateways:
        if gw.channel == p.get("channel"):
            gw.account["webhook_url"] = p.get("url", "")
            return Response(204, b"")
    return json_response({"error": "no such channel"}, 404)


def rotate(engine, rq, rest):
    """The gateway signs with another key from now on."""
    p = options(rq)
    for gw in engine.gateways:
        if gw.channel == p.get("channel") and hasattr(gw, "rotate"):
            done = gw.rotate(p.get("how", "new"))
            if done is not None:
                return json_response(done)
    return json_response({"error": "no such channel or way"}, 400)


def faults(engine, rq, rest):
    return json_response(engine.faults)


def fault_add(engine, rq, rest):
    p = options(rq)
    mode = p.get("mode", "hang")
    if mode not in FAULT_MODES or not p.get("match"):
        return json_response({"error": "needs match, and mode of " +
                              " ".join(FAULT_MODES)}, 400)
    fault = {"match": p["match"], "mode": mode,
             "seconds": float(p.get("seconds", 30 if mode == "hang" else 1)),
             "status": int(p.get("status", 500)),
             "body": p.get("body", ""), "count": int(p.get("count", -1)),
             # after: do the work, then spoil the answer, which is how a
             # refund becomes unclear
             "after": as_flag(p, "after")}
    with engine.lock:
        engine.faults.append(fault)
    return json_response(fault)


def fault_clear(engine, rq, rest):
    with engine.lock:
        engine.faults.clear()
    return Response(204, b"")
