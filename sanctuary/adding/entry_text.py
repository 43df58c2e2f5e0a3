"""An entry of ``sources.yml`` as text: every value written by a YAML library, comments ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from sanctuary.safe_text import terminal_safe

_LIST = "tag:yaml.org,2002:seq"
_WIDTH = 92
"""Letters of a line, its indentation not counted."""


def entry_text(entry: Mapping[str, Any], comments: Mapping[str, str], indent: int = 2) -> str:
    """Return an entry as an item of the list ``sources``, ``indent`` blanks from the left.

    ``comments`` stand above the keys that they are about, one line each; they must not hold what
    somebody else wrote. A value can: it is quoted as YAML wants it, control characters escaped.
    """
    lines: list[str] = []
    for key, value in entry.items():
        if key in comments:
            lines.append(f"# {comments[key]}")
        lines += _dumped({key: value}).splitlines()
    before = " " * indent
    return "".join(
        (f"{before}{'- ' if number == 0 else '  '}{line}" if line else "") + "\n"
        for number, line in enumerate(lines)
    )


class _Dumper(yaml.SafeDumper):
    """Writes mappings with a line for each key, and lists on one line."""


_Dumper.add_representer(
    list, lambda dumper, items: dumper.represent_sequence(_LIST, items, flow_style=True)
)


def _dumped(pair: Mapping[str, Any]) -> str:
    def dump(*, allow_unicode: bool) -> str:
        text: str = yaml.dump(
            dict(pair), Dumper=_Dumper, sort_keys=False, allow_unicode=allow_unicode, width=_WIDTH
        )
        return text

    text = dump(allow_unicode=True)
    # What turns the direction of a line, or cannot be seen, is written by its number. PyYAML breaks
    # lines at U+0085 and U+2028, which splitlines does, too.
    is_plain = terminal_safe(text) == text and text.splitlines() == text.split("\n")[:-1]
    return text if is_plain else dump(allow_unicode=False)
