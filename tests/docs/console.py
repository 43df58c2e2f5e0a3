"""The examples of a page: files to save, commands to type, and what they print."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from sanctuary.cli import cli
from sanctuary.cli.errors import exit_code_of

PROMPT = "$ "
MORE = "…"
"""At the end of a shown line: the rest is left out. Alone on a line: lines are left out."""

_OURS_TO_TYPE = ("serve", "demo", "watch", "run", "backfill")
"""What serves, fetches or asks is not called: that such a command is there is tested elsewhere."""

_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_SAVED = re.compile(r"[Ss]ave (?:it|this) as `([^`]+)`")
# Moments, days of this century's twenties, and ids depend on when and where an example runs.
_VARIES = re.compile(r"\b202\d-\d\d-\d\d(?:[ T]\d\d:\d\d(?::\d\dZ)?)?|\b[0-9a-f]{12}\b")


@dataclass(frozen=True)
class Typed:
    """A command of a page, and the lines that the page shows of what it prints."""

    words: list[str]
    shown: list[str]


@dataclass(frozen=True)
class Saved:
    """A file that a page says to save."""

    name: str
    text: str


def steps_of(page: str) -> Iterator[Typed | Saved]:
    """Yield what a reader does who follows the Markdown of a page, in order."""
    for block in _BLOCK.finditer(page):
        language, text = block.groups()
        before = page[: block.start()].rstrip().rpartition("\n\n")[2]
        name = _SAVED.search(before)
        if language == "console":
            yield from _typed(text)
        elif name:
            yield Saved(name.group(1), text)


def _typed(text: str) -> Iterator[Typed]:
    for part in re.split(rf"^{re.escape(PROMPT)}", text.replace("\\\n", " "), flags=re.MULTILINE)[
        1:
    ]:
        command, *shown = part.rstrip("\n").split("\n")
        yield Typed(shlex.split(command), shown)


def follow(page: str) -> list[str]:
    """Do what a page says in the folder of the process, and return what does not come out as shown.

    Only ``sanctuary`` is called, in this process, and not with what serves or fetches.
    """
    wrong: list[str] = []
    for step in steps_of(page):
        if isinstance(step, Saved):
            Path(step.name).write_text(step.text, "utf-8")
        elif step.words[0] == "sanctuary" and step.words[1] not in _OURS_TO_TYPE:
            missing = not_printed(step.shown, printed_by(step.words[1:]))
            if missing is not None:
                wrong.append(f"{' '.join(step.words)}: {missing}")
    return wrong


def printed_by(words: list[str]) -> str:
    """Return what a command prints, with the line that says why it failed."""
    result = CliRunner().invoke(cli, words, standalone_mode=False)
    if result.exception is None:
        return result.output
    return f"{result.output}{exit_code_of(result.exception)[1]}"


def not_printed(shown: list[str], printed: str) -> str | None:
    """Return the first line that is shown and not printed in this order, None if there is none.

    A line that was printed may be left out where a line of its own says so with ``…``.
    """
    lines = iter(_same(line) for line in printed.splitlines())
    skip = False
    for line in map(_same, shown):
        if line.strip() == MORE:
            skip = True
            continue
        begins = line.endswith(MORE)
        wanted = line.removesuffix(MORE).rstrip()
        for each in lines:
            if each == wanted or (begins and each.startswith(wanted)):
                break
            if not skip:
                return f"{line!r}, where {each!r} is printed"
        else:
            return repr(line)
        skip = False
    return None


def _same(line: str) -> str:
    return _VARIES.sub("…?", line).rstrip()
