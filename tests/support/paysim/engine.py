# SPDX-License-Identifier: Apache-2.0
"""What all gateways share: trades, the log, faults, and sending notices.

A gateway file knows its protocol; it does not know threads, sockets or the
control interface.  This file is the other half.
"""

import http.client
import itertools
import json
import os
import ssl
import threading
import time
import urllib.parse
from dataclasses import asdict, dataclass, field


@dataclass
class Trade:
    """One payment as the gateway sees it."""
    gateway: str
    channel: str
    order_no: str
    trade_no: str
    amount: int               # what the shop asked for, minor units
    currency: str
    subject: str = ""
    notify_url: str = ""
    return_url: str = ""
    state: str = "open"       # open paid closed refunded
    paid: int = 0             # what the buyer gave, minor units
    paid_at: int = 0
    refunded: int = 0
    refunds: dict = field(default_factory=dict)   # refund no -> minor units
    created: int = field(default_factory=lambda: int(time.time()))
    extra: dict = field(default_factory=dict)     # protocol fields of its own


@dataclass
class Notice:
    """One HTTP request from the gateway to the shop."""
    method: str
    url: str
    headers: dict = field(default_factory=dict)
    body: bytes = b""


class Engine:
    def __init__(self, journal=None):
        self.lock = threading.RLock()
        self.public = ""
        self.gateways = []
        self.faults = []
        self.log = []
        self._serial = itertools.count(1)
        self._journal_path = journal
        self._journal = None
        self._by_trade = {}
        self._by_order = {}

    # -- trades ----------------------------------------------------------

    def new_trade_no(self):
        return time.strftime("%Y%m%d%H%M%S") + \
            f"{int(time.time() * 1e6) % 1000000:06d}" + \
            f"{next(self._serial) % 100000:05d}"

    def add(self, trade):
        with self.lock:
            self._by_trade[trade.trade_no] = trade
            self._by_order.setdefault(trade.order_no, []).append(trade)
            self.save(trade)
        return trade

    def trade(self, trade_no):
        return self._by_trade.get(trade_no)

    def trades(self):
        with self.lock:
            return list(self._by_trade.values())

    def find(self, order_no, channel=None, gateway=None):
        """The newest trade of an order, since a buyer may change channels."""
        with self.lock:
            for t in reversed(self._by_order.get(order_no, ())):
                if channel in (None, t.channel) and gateway in (None,
                                                                t.gateway):
                    return t
        return None

    def gateway_of(self, trade):
        for gw in self.gateways:
            if gw.NAME == trade.gateway and gw.channel == trade.channel:
                return gw
        return None

    def mark_paid(self, trade, amount):
        with self.lock:
            if trade.state == "open":
                trade.state = "paid"
                trade.paid = amount
                trade.paid_at = int(time.time())
                self.save(trade)
                self.note("paid", order_no=trade.order_no,
                          trade_no=trade.trade_no, channel=trade.channel,
                          amount_minor=amount, currency=trade.currency)

    def close(self, trade):
        with self.lock:
            if trade.state != "open":
                return False
            trade.state = "closed"
            self.save(trade)
            self.note("closed", order_no=trade.order_no,
                      trade_no=trade.trade_no)
            return True

    def refund(self, trade, amount, refund_no):
        """Minor units moved by this call: 0 for a repeat of refund_no, None
        if the trade has not that much left."""
        with self.lock:
            if refund_no in trade.refunds:
                return 0
            if trade.state not in ("paid", "refunded") or amount <= 0 or \
               trade.refunded + amount > trade.paid:
                return None
            trade.refunds[refund_no] = amount
            trade.refunded += amount
            if trade.refunded == trade.paid:
                trade.state = "refunded"
            self.save(trade)
            self.note("refunded", order_no=trade.order_no,
                      trade_no=trade.trade_no, refund_no=refund_no,
                      amount_minor=amount, currency=trade.currency)
            return amount

    # -- journal: one line per change, the last line of a trade wins ------

    def save(self, trade):
        if self._journal:
            self._journal.write(json.dumps(asdict(trade)) + "\n")
            self._journal.flush()

    def replay_journal(self):
        if not self._journal_path:
            return
        if os.path.exists(self._journal_path):
            last = {}
            with open(self._journal_path, encoding="utf-8") as f:
                for line in f:
                    try:
                        row = json.loads(line)
                    except ValueError:
                        continue    # a line cut short by kill -9
                    last[row["trade_no"]] = row
            for row in last.values():
                self.add(Trade(**row))
        self._journal = open(self._journal_path, "a", encoding="utf-8")
        os.chmod(self._journal_path, 0o600)

    # -- log --------------------------------------------------------------

    def note(self, what, **fields):
        row = {"at": round(time.time(), 6), "what": what}
        row.update(fields)
        with self.lock:
            row["n"] = len(self.log) + 1
            self.log.append(row)

    # -- faults -----------------------------------------------------------

    def fault_for(self, path):
        """The first fault whose text is part of the path; counts it down."""
        with self.lock:
            for f in self.faults:
                if f["match"] in path and f["count"] != 0:
                    if f["count"] > 0:
                        f["count"] -= 1
                    return f
        return None

    # -- notices ----------------------------------------------------------

    def send_all(self, notices, parallel, delay):
        """Send notices, `parallel` at a time; the answers in the order of
        sending.  The senders of one group start on one barrier, so that
        "50 in parallel" is 50 open connections and not a fast queue."""
        if delay:
            time.sleep(delay)
        answers = [None] * len(notices)
        parallel = max(1, parallel)
        for first in range(0, len(notices), parallel):
            group = range(first, min(first + parallel, len(notices)))
            if len(group) == 1:
                answers[first] = self.send(notices[first])
                continue
            barrier = threading.Barrier(len(group))
            threads = [threading.Thread(target=self._send_at,
                                        args=(barrier, notices, answers, i))
                       for i in group]
            for t in threads:
                t.start()
            for t in threads:
                t.join()
        return answers

    def _send_at(self, barrier, notices, answers, i):
        barrier.wait()
        answers[i] = self.send(notices[i])

    def send(self, notice, timeout=60):
        """One request.  Redirects are not followed: for every gateway they
        count as a failure."""
        begun = time.monotonic()
        answer = {"url": notice.url, "method": notice.method}
        try:
            u = urllib.parse.urlsplit(notice.url)
            if u.scheme == "https":
                # a test server has a certificate of its own making
                conn = http.client.HTTPSConnection(
                    u.hostname, u.port, timeout=timeout,
                    context=ssl._create_unverified_context())
            else:
                conn = http.client.HTTPConnection(u.hostname, u.port,
                                                  timeout=timeout)
            target = (u.path or "/") + ("?" + u.query if u.query else "")
            headers = {"User-Agent": "paysim/1", "Connection": "close"}
            headers.update(notice.headers)
            conn.request(notice.method, target, notice.body or None, headers)
            r = conn.getresponse()
            answer["status"] = r.status
            answer["headers"] = dict(r.getheaders())
            answer["body"] = r.read(65536).decode("utf-8", "replace")
            conn.close()
        except (OSError, http.client.HTTPException, ValueError) as e:
            answer["error"] = f"{type(e).__name__}: {e}"
        answer["seconds"] = round(time.monotonic() - begun, 4)
        self.note("notice", **answer,
                  sent=notice.body.decode("utf-8", "replace"))
        return answer
