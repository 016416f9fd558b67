# SPDX-License-Identifier: Apache-2.0
"""A raw FastCGI client (FastCGI specification 1.0): what a web server says to
a pool, without a web server between, and what a broken one might say.

    answer = ask("/run/x.sock", path="/healthz")
    answer.status, answer.headers, answer.body
"""

import socket
import struct

BEGIN, ABORT, END, PARAMS, STDIN, STDOUT, STDERR = 1, 2, 3, 4, 5, 6, 7
KEEP_CONN = 1


def record(kind, data=b"", request=1):
    return struct.pack("!BBHHBx", 1, kind, request, len(data), 0) + data


def _length(n):
    return bytes([n]) if n < 128 else struct.pack("!I", n | 1 << 31)


def pairs(params):
    out = b""
    for name, value in params.items():
        name, value = (x if isinstance(x, bytes) else x.encode()
                       for x in (name, value))
        out += _length(len(name)) + _length(len(value)) + name + value
    return out


def stream(kind, data):
    """Records of one stream, with the empty one that ends it."""
    out = b""
    for i in range(0, len(data), 65535):
        out += record(kind, data[i:i + 65535])
    return out + record(kind)


def request_bytes(path="/", method="GET", query="", body=b"", headers=None,
                  params=None, flags=0):
    env = {"REQUEST_METHOD": method, "PATH_INFO": path, "SCRIPT_NAME": "",
           "QUERY_STRING": query, "REMOTE_ADDR": "127.0.0.1",
           "SERVER_PROTOCOL": "HTTP/1.1", "HTTP_HOST": "127.0.0.1"}
    if method == "POST":
        env["CONTENT_LENGTH"] = str(len(body))
        env["CONTENT_TYPE"] = "application/x-www-form-urlencoded"
    for name, value in (headers or {}).items():
        env["HTTP_" + name.upper().replace("-", "_")] = value
    env.update(params or {})
    env = {k: v for k, v in env.items() if v is not None}
    return (record(BEGIN, struct.pack("!HB5x", 1, flags)) +
            stream(PARAMS, pairs(env)) + stream(STDIN, body))


class Answer:
    def __init__(self, out, err, ended):
        self.raw, self.stderr, self.ended = out, err, ended
        head, _, self.body = out.partition(b"\r\n\r\n")
        lines = head.decode("utf-8").split("\r\n")
        self.header_list = [tuple(x.split(": ", 1)) for x in lines if x]
        self.headers = dict(self.header_list)
        self.status = int(self.headers.get("Status", "0").split()[0])


def connect(path, timeout=60):
    s = socket.socket(socket.AF_UNIX)
    s.settimeout(timeout)
    s.connect(path)
    return s


def read_answer(s):
    """Until END_REQUEST or the end of the connection."""
    data, out, err, ended = b"", b"", b"", False
    while not ended:
        more = s.recv(65536)
        if not more:
            break
        data += more
        while len(data) >= 8:
            _, kind, _, n, pad = struct.unpack("!BBHHBx", data[:8])
            if len(data) < 8 + n + pad:
                break
            payload, data = data[8:8 + n], data[8 + n + pad:]
            if kind == STDOUT:
                out += payload
            elif kind == STDERR:
                err += payload
            elif kind == END:
                ended = True
    return Answer(out, err, ended)


def ask(path, timeout=60, **request):
    """One request on a connection of its own.  path: of the socket; the
    request's path is `url`."""
    request["path"] = request.pop("url", "/")
    with connect(path, timeout) as s:
        s.sendall(request_bytes(**request))
        return read_answer(s)
