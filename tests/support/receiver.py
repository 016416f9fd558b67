# SPDX-License-Identifier: Apache-2.0
"""A receiver of webhooks: it keeps what it is sent, checks signatures as
standardwebhooks.com says, and answers what a test wants."""

import base64
import hashlib
import hmac
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Receiver:
    """What it answers to a call is decided as the call arrives: who has seen
    the call may change its mind about the next one."""

    def __init__(self, status=200, body=b"thanks"):
        self.status, self.body, self.headers = status, body, {}
        self.wait = threading.Event()  # set: answers; clear: hangs
        self.wait.set()
        self.calls, self._lock = [], threading.Lock()
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                size = int(self.headers.get("Content-Length", 0))
                body = self.rfile.read(size)
                with owner._lock:
                    owner.calls.append({"path": self.path,
                                        "headers": dict(self.headers),
                                        "body": body})
                    status, headers, answer = (owner.status, owner.headers,
                                               owner.body)
                owner.wait.wait(60)
                try:
                    self.send_response(status)
                    for name, value in headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(answer)))
                    self.end_headers()
                    self.wfile.write(answer)
                except OSError:
                    pass  # the caller did not wait

            def log_message(self, *_args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}/hook"
        threading.Thread(target=self.server.serve_forever,
                         daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_exc):
        self.wait.set()
        self.server.shutdown()
        self.server.server_close()

    def events(self, event=None):
        """What arrived, in order: id and parsed body."""
        with self._lock:
            calls = list(self.calls)
        found = [(c["headers"]["webhook-id"], json.loads(c["body"]))
                 for c in calls]
        return [f for f in found if event is None or f[1]["event"] == event]

    def ids(self, event=None):
        return [i for i, _ in self.events(event)]


def signed_by(call, secret):
    """Is one of the signatures made with this secret?"""
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    head = call["headers"]
    text = b".".join([head["webhook-id"].encode(),
                      head["webhook-timestamp"].encode(), call["body"]])
    want = base64.b64encode(
        hmac.new(key, text, hashlib.sha256).digest()).decode()
    return f"v1,{want}" in head["webhook-signature"].split(" ")
