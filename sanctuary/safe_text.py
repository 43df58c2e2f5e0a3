"""Scraped text is hostile: making it harmless in a terminal, a spreadsheet and Markdown."""

from __future__ import annotations

import re
import unicodedata


def terminal_safe(text: str) -> str:
    """Return ``text`` without control characters, which could drive the terminal.

    Line feeds and tabs stay; others, bidirectional overrides among them, become ``\\ufffd``.
    """
    return "".join(
        char
        if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")
        else "\ufffd"
        for char in text
    )


def formula_safe(text: str) -> str:
    """Return ``text`` so that no spreadsheet takes it for a formula: with an apostrophe before it.

    The rule is OWASP's on CSV injection: a cell that begins with ``= + - @``, tab or return.
    """
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def markdown_safe(text: str) -> str:
    """Return ``text`` with all that Markdown or HTML would take for markup escaped, on one line."""
    flat = " ".join(terminal_safe(text).split())
    return re.sub(r"([\\`*_{}\[\]()#+\-.!|<>~&])", r"\\\1", flat)
