"""Scraped text is hostile: making it harmless in a terminal, a spreadsheet and Markdown."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from collections.abc import Iterable

_FORMULA = tuple("=+-@＝＋－＠\t\r\n")


def terminal_safe(text: str) -> str:
    """Return ``text`` without control characters, which could drive the terminal.

    Line feeds and tabs stay; others, bidirectional overrides among them, become ``\\ufffd``.
    """
    # Which no control character is, and most texts are.
    if text.replace("\n", "").replace("\t", "").isprintable():
        return text
    return "".join(
        char
        if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")
        else "\ufffd"
        for char in text
    )


def one_line(text: str) -> str:
    """Return ``text`` without control characters, on one line: it cannot fake another line."""
    return " ".join(terminal_safe(text).split())


def json_safe(text: str) -> str:
    """Return a JSON text with the control characters in it escaped; what it says is the same."""
    return re.sub(r"[^\x20-\x7e\n\t]", lambda match: _escaped(match[0]), text)


def _escaped(char: str) -> str:
    return char if terminal_safe(char) == char else json.dumps(char)[1:-1]


def cell_safe(text: str) -> str:
    """Return ``text`` as a cell of a CSV file: without control characters, and no formula."""
    return formula_safe(terminal_safe(text))


def csv_safe(columns: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a CSV file of these columns and rows, with every cell made safe."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows(map(cell_safe, row) for row in rows)
    return out.getvalue()


def formula_safe(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula: with an apostrophe before it.

    The rule is OWASP's on CSV injection: a cell that begins with ``= + - @``, also in their full
    width, with a tab, return or line feed.
    """
    return f"'{text}" if text.startswith(_FORMULA) else text


def markdown_safe(text: str) -> str:
    """Return ``text`` with all that Markdown or HTML would take for markup escaped, on one line.

    Signs that are markup only at the beginning of a line are escaped only there.
    """
    return re.sub(r"^(\d*)([-+.)=])", r"\1\\\2", markdown_safe_within(text))


def markdown_safe_within(text: str) -> str:
    """Return ``text`` as ``markdown_safe`` does, for a place that no line begins with."""
    return re.sub(r"([\\`*_{}\[\]#|<>~&])", r"\\\1", one_line(text))
