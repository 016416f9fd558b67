# SPDX-License-Identifier: Apache-2.0
"""paysim: the payment gateways' side of the protocols, for tests and the demo.

    python3 tests/support/paysim --port 8090 --dir /tmp/paysim

It checks what a shop sends it like the real gateways do, shows the buyer a
page with a Pay button, and signs and sends notices.  It can also repeat,
delay, reorder, forge and lose them, and its API can hang or fail on request.
README.md beside this file has the control interface.

The product contains nothing of this: it is a program of its own that talks to
the shop over HTTP only.
"""

import argparse
import json
import os
import signal
import sys
import threading

from config import load_config, write_channels
from engine import Engine
from gateways import build_gateways
from server import make_server


def main():
    ap = argparse.ArgumentParser(prog="paysim", description=__doc__,
                                 formatter_class=argparse.RawTextHelpFormatter)
    ap.add_argument("--host", default="127.0.0.1")
    ap.add_argument("--port", type=int, default=8090,
                    help="0 takes a free port; --port-file tells which")
    ap.add_argument("--public", metavar="URL",
                    help="address the shop and browsers reach this at "
                         "(default http://HOST:PORT)")
    ap.add_argument("--config", metavar="FILE",
                    help="JSON: the merchants' accounts at each gateway")
    ap.add_argument("--dir", metavar="DIR",
                    help="keep accounts, keys and trades here; made on first "
                         "use together with DIR/channels/NAME.hdf for the shop")
    ap.add_argument("--port-file", metavar="FILE")
    ap.add_argument("--pid-file", metavar="FILE")
    ap.add_argument("--quiet", action="store_true")
    args = ap.parse_args()

    if args.dir:
        os.makedirs(args.dir, mode=0o700, exist_ok=True)
    config = load_config(args.config, args.dir)
    engine = Engine(journal=os.path.join(args.dir, "trades.jsonl")
                    if args.dir else None)
    server = make_server(args.host, args.port, engine, quiet=args.quiet)
    port = server.server_address[1]
    engine.public = (args.public or f"http://{args.host}:{port}").rstrip("/")
    engine.gateways = build_gateways(config, engine)
    engine.replay_journal()
    if args.dir:
        write_channels(os.path.join(args.dir, "channels"), engine)
    for path, text in ((args.port_file, port), (args.pid_file, os.getpid())):
        if path:
            with open(path + ".new", "w", encoding="ascii") as f:
                f.write(f"{text}\n")
            os.replace(path + ".new", path)

    # serve_forever() must not be stopped from the thread that runs it
    stop = lambda *_: threading.Thread(target=server.shutdown).start()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if not args.quiet:
        names = sorted({g.NAME for g in engine.gateways})
        print(json.dumps({"paysim": engine.public, "gateways": names}),
              flush=True)
    server.serve_forever(poll_interval=0.2)
    server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
