# SPDX-License-Identifier: Apache-2.0
"""TAP test of the simulator itself, against a shop of twenty lines.

A simulator that quietly sends one notice where it says fifty would make the
shop's tests worthless, so what arrives is counted on the receiving side.
"""

import hashlib
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.parse
import urllib.request
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HERE = os.path.dirname(os.path.abspath(__file__))


class Shop(BaseHTTPRequestHandler):
    seen, open_now, most_open, reply = [], 0, 0, b"success"
    lock = threading.Lock()

    def do_GET(self):
        with Shop.lock:
            Shop.open_now += 1
            Shop.most_open = max(Shop.most_open, Shop.open_now)
        time.sleep(0.25)
        with Shop.lock:
            Shop.open_now -= 1
            Shop.seen.append(self.path)
        self.send_response(200)
        self.send_header("Content-Length", str(len(Shop.reply)))
        self.end_headers()
        self.wfile.write(Shop.reply)

    def log_message(self, *a):
        pass


class Server(ThreadingHTTPServer):
    request_queue_size = 128
    daemon_threads = True


def fetch(url, data=None, method=None):
    if isinstance(data, dict):
        data = urllib.parse.urlencode(data).encode()
    rq = urllib.request.Request(url, data, method=method)
    with urllib.request.urlopen(rq, timeout=30) as r:
        return r.read().decode()


class Paysim(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.shop = Server(("127.0.0.1", 0), Shop)
        threading.Thread(target=cls.shop.serve_forever, daemon=True).start()
        cls.dir = tempfile.TemporaryDirectory()
        cls.start()

    @classmethod
    def start(cls):
        port_file = os.path.join(cls.dir.name, "port")
        if os.path.exists(port_file):
            os.unlink(port_file)
        cls.proc = subprocess.Popen(
            [sys.executable, HERE, "--port", "0", "--port-file", port_file,
             "--dir", cls.dir.name, "--quiet"])
        for _ in range(200):
            if os.path.exists(port_file):
                break
            time.sleep(0.05)
        with open(port_file, encoding="ascii") as f:
            cls.url = f"http://127.0.0.1:{int(f.read())}"
        cls.account = {}
        with open(f"{cls.dir.name}/channels/epay.hdf", encoding="utf-8") as f:
            for line in f:
                name, _, value = line.rstrip("\n").partition(" = ")
                cls.account[name] = value

    @classmethod
    def tearDownClass(cls):
        cls.proc.terminate()
        cls.proc.wait(10)
        cls.shop.shutdown()
        cls.dir.cleanup()

    def setUp(self):
        Shop.seen.clear()
        Shop.most_open = 0
        Shop.reply = b"success"
        fetch(self.url + "/paysim/faults", method="DELETE")

    def sign(self, p):
        text = "&".join(f"{k}={p[k]}" for k in sorted(p)
                        if p[k] and k not in ("sign", "sign_type"))
        return hashlib.md5((text + self.account["key"]).encode()).hexdigest()

    def signed(self, p):
        return dict(p, sign=self.sign(p), sign_type="MD5")

    def open(self, no, money="10.00", **more):
        shop = f"http://127.0.0.1:{self.shop.server_address[1]}"
        p = {"pid": self.account["pid"], "type": "alipay", "out_trade_no": no,
             "notify_url": f"{shop}/pay/notify/epay/{no}",
             "return_url": f"{shop}/o/{no}/return", "name": "VIP会员 & <b>",
             "money": money}
        p.update(more)
        return fetch(self.account["base_url"] + "submit.php", self.signed(p))

    def pay(self, no, **options):
        return json.loads(fetch(f"{self.url}/paysim/pay/{no}", options or b""))

    def api(self, **p):
        p["pid"] = self.account["pid"]
        p["key"] = self.account["key"]
        if p["act"] == "refund":
            return json.loads(fetch(self.account["base_url"] +
                                    "api.php?act=refund", p))
        return json.loads(fetch(self.account["base_url"] + "api.php?" +
                                urllib.parse.urlencode(p)))

    def test_page_has_button_and_escapes(self):
        page = self.open("PAGE1")
        self.assertIn("data-sim-pay", page)
        self.assertIn("data-sim-return", page)
        self.assertIn("VIP会员 &amp; &lt;b&gt;", page)
        self.assertNotIn("<b>", page)

    def test_bad_signature_opens_nothing(self):
        page = fetch(self.account["base_url"] + "submit.php?" +
                     urllib.parse.urlencode(
                         {"pid": "1001", "out_trade_no": "BAD1", "name": "x",
                          "notify_url": "http://x/", "return_url": "http://x/",
                          "money": "1.00", "sign": "0" * 32}))
        self.assertIn("data-sim-error", page)
        self.assertEqual(fetch(self.url + "/paysim/trades/BAD1"), "[]")

    def test_notice_is_signed(self):
        self.open("PAY1", param="p=1")
        r = self.pay("PAY1")
        self.assertEqual((r["sent"], r["accepted"], r["state"]),
                         (1, 1, "paid"))
        path, _, query = Shop.seen[0].partition("?")
        self.assertEqual(path, "/pay/notify/epay/PAY1")
        p = dict(urllib.parse.parse_qsl(query))
        self.assertEqual(p["sign"], self.sign(p))
        self.assertEqual((p["money"], p["trade_status"], p["param"]),
                         ("10.00", "TRADE_SUCCESS", "p=1"))
        self.assertIn("/o/PAY1/return?", r["return_url"])

    def test_fifty_really_parallel(self):
        self.open("PAR1")
        r = self.pay("PAR1", times=50, parallel=50)
        self.assertEqual((r["sent"], r["accepted"]), (50, 50))
        self.assertEqual(len(Shop.seen), 50)
        self.assertGreater(Shop.most_open, 40)

    def test_one_after_another(self):
        self.open("SEQ1")
        self.pay("SEQ1", times=3)
        self.assertEqual((len(Shop.seen), Shop.most_open), (3, 1))

    def test_forged_does_not_pay(self):
        self.open("FORGE1")
        kinds = [g for g in json.loads(fetch(self.url + "/paysim/gateways"))
                 if g["gateway"] == "epay"][0]["forgeries"]
        for kind in kinds:
            Shop.seen.clear()
            r = self.pay("FORGE1", forge=kind)
            self.assertEqual(r["state"], "open", kind)
            pairs = urllib.parse.parse_qsl(Shop.seen[0].partition("?")[2])
            p = dict(pairs)
            if kind in ("double", "pid"):
                self.assertTrue(len(pairs) > len(p) or
                                p["pid"] != self.account["pid"])
            else:
                self.assertNotEqual(p.get("sign"), self.sign(p), kind)

    def test_lost_then_queried_then_refunded(self):
        self.open("LOST1", money="12.34")
        self.assertEqual(self.api(act="order", out_trade_no="LOST1")["status"],
                         0)
        r = self.pay("LOST1", lose=1)
        self.assertEqual((r["sent"], Shop.seen), (0, []))
        a = self.api(act="order", out_trade_no="LOST1")
        self.assertEqual((a["code"], a["status"], a["money"]), (1, 1, "12.34"))
        self.assertEqual(self.api(act="refund", out_trade_no="LOST1",
                                  money="12.35")["code"], -1)
        self.assertEqual(self.api(act="refund", out_trade_no="LOST1",
                                  money="12.34")["code"], 1)
        self.assertEqual(self.api(act="order", out_trade_no="LOST1")["status"],
                         2)

    def test_amount_status_reorder(self):
        self.open("MIX1")
        r = self.pay("MIX1", amount="0.01", status="paid,closed", reorder=1)
        self.assertEqual(r["paid_minor"], 1)
        words = [dict(urllib.parse.parse_qsl(s))["trade_status"]
                 for s in Shop.seen]
        self.assertEqual(words, ["TRADE_CLOSED", "TRADE_SUCCESS"])
        self.pay("MIX1", amount="1e2")
        self.assertIn("money=1e2", Shop.seen[-1])

    def test_not_the_success_word(self):
        self.open("NO1")
        Shop.reply = b"success\n"
        self.assertEqual(self.pay("NO1")["accepted"], 0)

    def test_mapi(self):
        p = {"pid": self.account["pid"], "type": "wxpay", "name": "x",
             "out_trade_no": "MAPI1", "notify_url": "http://127.0.0.1:1/",
             "money": "1", "clientip": "192.0.2.1"}
        a = json.loads(fetch(self.account["base_url"] + "mapi.php",
                             self.signed(p)))
        self.assertEqual(a["code"], 1)
        self.assertIn("data-sim-pay", fetch(a["payurl"]))
        self.assertIn("error", self.pay("MAPI1")["replies"][0])

    def test_faults(self):
        fetch(self.url + "/paysim/faults",
              {"match": "api.php", "mode": "status", "status": 502,
               "count": 1})
        with self.assertRaises(urllib.error.HTTPError):
            self.api(act="query")
        self.assertEqual(self.api(act="query")["code"], 1)
        fetch(self.url + "/paysim/faults",
              {"match": "api.php", "mode": "slow", "seconds": 0.5})
        begun = time.monotonic()
        self.api(act="query")
        self.assertGreater(time.monotonic() - begun, 0.45)

    def test_refund_with_unclear_answer(self):
        self.open("UNCLEAR1")
        self.pay("UNCLEAR1")
        fetch(self.url + "/paysim/faults",
              {"match": "api.php", "mode": "reset", "count": 1, "after": 1})
        with self.assertRaises(OSError):
            self.api(act="refund", out_trade_no="UNCLEAR1", money="10")
        self.assertEqual(
            self.api(act="order", out_trade_no="UNCLEAR1")["status"], 2)

    def test_log_and_restart(self):
        self.open("KEEP1")
        self.pay("KEEP1")
        rows = [json.loads(x)
                for x in fetch(self.url + "/paysim/log").splitlines()]
        self.assertEqual(sum(r["amount_minor"] for r in rows
                             if r["what"] == "paid" and
                             r["order_no"] == "KEEP1"), 1000)
        key = self.account["key"]
        self.proc.kill()
        self.proc.wait()
        self.start()
        self.assertEqual(self.account["key"], key)
        self.assertEqual(
            self.api(act="order", out_trade_no="KEEP1")["status"], 1)


class Tap(unittest.TextTestResult):
    n = 0

    def line(self, ok, test, why=""):
        Tap.n += 1
        print(("ok" if ok else "not ok"), Tap.n, "-", test._testMethodName)
        if why:
            print("# " + why.replace("\n", "\n# "))

    def addSuccess(self, test):
        self.line(True, test)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.line(False, test, self._exc_info_to_string(err, test))

    def addError(self, test, err):
        super().addError(test, err)
        self.line(False, test, self._exc_info_to_string(err, test))


if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Paysim)
    print(f"1..{suite.countTestCases()}", flush=True)
    with open(os.devnull, "w", encoding="utf-8") as sink:
        run = unittest.TextTestRunner(stream=sink, resultclass=Tap)
        sys.exit(not run.run(suite).wasSuccessful())
