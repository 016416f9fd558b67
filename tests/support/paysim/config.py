# SPDX-License-Identifier: Apache-2.0
"""Accounts and keys.

The file is JSON, one list of accounts a gateway:

    {"epay": [{"channel": "epay", "pid": "1001", "key": "..."}]}

Without a file every gateway gets one account with fresh random keys, so that
no key has to be kept in the source tree.  With --dir they are kept there, and
the shop's half of each is written as DIR/channels/NAME.hdf.
"""

import json
import os

from gateways import TABLE


def load_config(path, keep_dir):
    if path:
        with open(path, encoding="utf-8") as f:
            config = json.load(f)
        unknown = set(config) - set(TABLE)
        if unknown:
            raise SystemExit(f"paysim: unknown gateway {sorted(unknown)}")
        return config
    kept = os.path.join(keep_dir, "accounts.json") if keep_dir else None
    config = {}
    if kept and os.path.exists(kept):
        with open(kept, encoding="utf-8") as f:
            config = json.load(f)
    # a gateway added by an update gets its account beside the kept ones
    missing = [name for name in TABLE if name not in config]
    for name in missing:
        config[name] = TABLE[name].new_accounts()
    if kept and missing:
        _write_private(kept, json.dumps(config, indent=1) + "\n")
    return config


def write_channels(folder, engine):
    """One HDF file a channel: what `keystallctl channel set` reads."""
    os.makedirs(folder, mode=0o700, exist_ok=True)
    for gw in engine.gateways:
        lines = []
        for name, value in gw.channel_settings().items():
            if "\n" in value:
                lines.append(f"{name} << EOM\n{value.rstrip()}\nEOM")
            else:
                lines.append(f"{name} = {value}")
        _write_private(os.path.join(folder, gw.channel + ".hdf"),
                       "\n".join(lines) + "\n")


def _write_private(path, text):
    fd = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(fd, "w", encoding="utf-8") as f:
        f.write(text)
    os.replace(path + ".new", path)
