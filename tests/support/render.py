# SPDX-License-Identifier: Apache-2.0
"""The templates of conf/, filled in as conf/lib/render.sh does it.

Two readings of one small rule: @NAME@ becomes the value, and a name without
a value is an error, never an empty string in a server's configuration.
"""

import os
import re

PLACE = re.compile(r"@([A-Z][A-Z0-9_]*)@")


def render(source, target, values, mode=0o644):
    with open(source, encoding="utf-8") as f:
        text = f.read()
    # comments may speak of @NAME@ itself
    text = PLACE.sub(lambda m: _value(source, m.group(1), values), text)
    write_file(target, text, mode)
    return target


def _value(source, name, values):
    if name == "NAME":
        return "@NAME@"
    if name not in values:
        raise KeyError(f"{source}: no value for @{name}@")
    return str(values[name])


def write_file(path, text, mode=0o600):
    """All of it or nothing, and never readable by more than `mode` says."""
    fd = os.open(path + ".new", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(fd, "w", encoding="utf-8") as f:
        os.fchmod(fd, mode)
        f.write(text)
    os.replace(path + ".new", path)


def hdf(values):
    """Settings as the programs read them: `name = value` lines."""
    lines = []
    for name, value in values.items():
        if value is None:
            continue
        if isinstance(value, bool):
            value = "on" if value else "off"
        if "\n" in str(value):
            raise ValueError(f"setting {name} has a line break")
        lines.append(f"{name} = {value}\n")
    return "".join(lines)
