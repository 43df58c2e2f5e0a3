"""What the test kit says of a parser before it has read anything."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from pydantic import BaseModel

from parsers.records import RECORD_TYPES
from parsers.registry import Parser
from sanctuary.contract.finding import Finding
from sanctuary.sources import Source
from scraper.bodies import Kind

_STRANGERS = frozenset(
    {
        *(
            "aiohttp",
            "asyncio",
            "http",
            "httpcore",
            "httpx",
            "requests",
            "socket",
            "ssl",
            "urllib3",
        ),
        *("random", "secrets", "sqlite3", "sqlite_utils", "subprocess", "time", "uuid"),
    }
)
"""Modules by which a parser would come to know more than its bytes."""
_REQUEST = "urllib.request"
_CLOCKS = frozenset({"now", "today", "utcnow"})


def check_entry(source: Source, parser: Parser) -> list[Finding]:
    """Return what holds of a parser and of the entry that uses it; the entry itself is valid."""
    return [
        _revision(parser),
        _kind(parser, source),
        _tables(parser),
        *_options(parser, source),
        _purity(parser),
    ]


def _revision(parser: Parser) -> Finding:
    point = "revision"
    try:
        version = parser.version
    except Exception as error:  # noqa: BLE001 - whatever the package of somebody else raises
        return Finding(point, False, f"its version cannot be told: {error}")
    if type(parser.revision) is not int or parser.revision < 1:
        return Finding(point, False, f"its revision is {parser.revision!r}, no number from 1 on")
    return Finding(point, True, f"it is version {version}")


def _kind(parser: Parser, source: Source) -> Finding:
    wanted = parser.wants(source.options)
    if wanted not in list(Kind):
        kinds = ", ".join(Kind)
        return Finding("reads", False, f"it reads {wanted!r}; allowed: {kinds}")
    return Finding("reads", True, f"it reads {wanted.upper()}")


def _tables(parser: Parser) -> Finding:
    strange = [each for each in parser.tables if each not in RECORD_TYPES]
    if strange or not parser.tables:
        said = ", ".join(getattr(each, "__name__", repr(each)) for each in strange) or "none"
        known = ", ".join(record.__name__ for record in RECORD_TYPES)
        return Finding("tables", False, f"it declares {said}; allowed: {known}")
    return Finding("tables", True, f"it fills {', '.join(each.table for each in parser.tables)}")


def _options(parser: Parser, source: Source) -> Iterator[Finding]:
    point = "options"
    if parser.options is None:
        if source.options:
            said = "the entry gives it options, and it declares none (Parser.options)"
            yield Finding(point, False, said)
        else:
            yield Finding(point, True, "it has no options")
        return
    silent = list(_undescribed(parser.options))
    if silent:
        yield Finding(point, False, f"options without a description: {', '.join(silent)}")
    else:
        yield Finding(point, True, f"its options: {', '.join(parser.options.model_fields)}")


def _undescribed(model: type[BaseModel]) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if not field.description:
            yield name


def _purity(parser: Parser) -> Finding:
    """Look through the source of the modules that the parser's package has loaded."""
    top = parser.read.__module__.partition(".")[0]
    found = []
    looked_at = 0
    for name, module in sorted(sys.modules.items()):
        file = getattr(module, "__file__", None)
        if name.partition(".")[0] != top or not file or not file.endswith(".py"):
            continue
        looked_at += 1
        found += [f"{name} {what}" for what in _impure(Path(file))]
    if found:
        return Finding("purity", False, f"what it reads may not hang on this: {'; '.join(found)}")
    if not looked_at:
        return Finding("purity", None, "its source cannot be looked at")
    return Finding("purity", True, "its source names no network, database, clock or chance")


def _impure(file: Path) -> Iterator[str]:
    try:
        tree = ast.parse(file.read_text("utf-8"))
    except (OSError, SyntaxError, ValueError):
        return
    for node in ast.walk(tree):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        elif isinstance(node, ast.Attribute) and node.attr in _CLOCKS:
            yield f"asks the clock ({node.attr}, line {node.lineno})"
        strange = [n for n in names if n.partition(".")[0] in _STRANGERS or n == _REQUEST]
        if strange:
            yield f"imports {strange[0]}"
