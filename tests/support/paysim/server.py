# SPDX-License-Identifier: Apache-2.0
"""The HTTP server: finds the account a request is for, logs, breaks on cue."""

import socket
import threading
import time
import traceback
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import control
from web import Request, Response, flat, json_response

BODY_MAX = 1 << 20


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512    # the default of 5 drops a burst of buyers
    stopping = threading.Event()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "paysim"
    sys_version = ""
    timeout = 60

    def do(self):
        length = self.headers.get("Content-Length", "0")
        if not length.isdigit() or int(length) > BODY_MAX:
            self.answer(Response(413, b"too large\n"))
            self.close_connection = True
            return
        body = self.rfile.read(int(length))
        path, _, query = self.path.partition("?")
        head, _, rest = path.lstrip("/").partition("/")
        engine = self.server.engine
        rq = Request(self.command, self.path, "/" + rest, flat(query),
                     {k.lower(): v for k, v in self.headers.items()}, body,
                     self.client_address[0])
        if head == "paysim":
            self.answer(self.guarded(control.handle, engine, rq))
            return
        fault = engine.fault_for(path)
        if fault and not fault["after"] and not self.spoil(fault):
            self.log_request_row(rq, None, fault)
            return
        response = None
        for gw in engine.gateways:
            if gw.channel == urllib.parse.unquote(head):
                response = self.guarded(gw.handle, rq)
                break
        if response is None:
            response = json_response({"error": "no such path"}, 404)
        if fault and fault["after"] and not self.spoil(fault):
            self.log_request_row(rq, None, fault)
            return
        self.log_request_row(rq, response, fault)
        self.answer(response)

    do_GET = do_POST = do_DELETE = do_PUT = do_PATCH = do

    def guarded(self, fn, *args):
        try:
            return fn(*args) or json_response({"error": "no such path"}, 404)
        except Exception:
            # a broken simulator must not look like a broken shop
            traceback.print_exc()
            return Response(500, traceback.format_exc().encode(),
                            {"Content-Type": "text/plain; charset=utf-8"})

    def spoil(self, fault):
        """False: the answer was spoilt; True: only late, go on."""
        mode = fault["mode"]
        if mode in ("hang", "slow"):
            self.server.stopping.wait(fault["seconds"])
            if mode == "slow":
                return True
        if mode in ("hang", "reset"):
            self.close_connection = True
            self.connection.setsockopt(
                socket.SOL_SOCKET, socket.SO_LINGER,
                b"\1\0\0\0\0\0\0\0")    # close with a reset
        elif mode == "status":
            self.answer(Response(fault["status"], fault["body"].encode()))
        elif mode == "garbage":
            self.answer(Response(200, (fault["body"] or
                                       "<html>\0{\"code\":").encode()))
        elif mode == "empty":
            self.answer(Response(200, b""))
        return False

    def answer(self, response):
        try:
            self.send_response(response.status)
            for name, value in response.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(response.body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(response.body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_request_row(self, rq, response, fault):
        row = {"method": rq.method, "path": rq.target,
               "body": rq.body.decode("utf-8", "replace"),
               "headers": rq.headers}
        if response is not None:
            row["status"] = response.status
            row["answer"] = response.body[:4096].decode("utf-8", "replace")
        if fault:
            row["fault"] = fault["mode"]
        self.server.engine.note("request", **row)

    def log_message(self, fmt, *args):
        if not self.server.quiet:
            print(time.strftime("%H:%M:%S"), fmt % args, flush=True)


def make_server(host, port, engine, quiet=False):
    server = Server((host, port), Handler)
    server.engine = engine
    server.quiet = quiet
    return server
