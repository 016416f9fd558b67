# SPDX-License-Identifier: Apache-2.0
"""Requests and answers as the gateway files see them."""

import json
import urllib.parse
from dataclasses import dataclass, field


@dataclass
class Request:
    method: str
    target: str               # as sent: path and query, for signatures
    path: str                 # below the account's own prefix
    query: dict
    headers: dict             # names in lower case
    body: bytes
    client: str = ""

    @property
    def form(self):
        return flat(self.body.decode("utf-8", "surrogateescape")) \
            if self.method == "POST" else {}

    def json(self):
        """The body as JSON, or None."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None


@dataclass
class Response:
    status: int
    body: bytes
    headers: dict = field(default_factory=dict)


def flat(text):
    """Names to their last value, as PHP does it."""
    return dict(urllib.parse.parse_qsl(text, keep_blank_values=True,
                                       errors="surrogateescape"))


def json_response(value, status=200, headers=None):
    h = {"Content-Type": "application/json; charset=utf-8"}
    h.update(headers or {})
    return Response(status, json.dumps(value, ensure_ascii=False)
                    .encode("utf-8", "surrogateescape"), h)


def html_response(text, status=200):
    return Response(status, text.encode("utf-8", "replace"),
                    {"Content-Type": "text/html; charset=utf-8",
                     "Cache-Control": "no-store"})
