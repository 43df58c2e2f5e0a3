"""Data flows one way: sanctuary to the other four; db and places to parsers.records alone."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
OURS = ("db", "parsers", "places", "sanctuary", "scraper")
ALLOWED = {
    "parsers": {"parsers"},
    "scraper": {"scraper"},
    "db": {"db", "parsers.records"},
    "places": {"places", "parsers.records"},
    "sanctuary": {"sanctuary", "scraper", "parsers", "places", "db"},
}
LONGEST_MODULE = 400


def imported(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "a relative import hides where it leads"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return {name for name in names if name.split(".")[0] in OURS}


def forbidden(package: str, source: str) -> set[str]:
    allowed = ALLOWED[package]
    return {
        name
        for name in imported(source)
        if not any(name == each or name.startswith(f"{each}.") for each in allowed)
    }


@pytest.mark.parametrize("package", OURS)
def test_a_folder_imports_only_what_it_may_know(package: str) -> None:
    modules = sorted((ROOT / package).rglob("*.py"))
    assert modules
    for module in modules:
        assert not forbidden(package, module.read_text()), module


@pytest.mark.parametrize(
    ("package", "source"),
    [
        ("parsers", "import sqlite3\nfrom db.rows import load_rows"),
        ("scraper", "import parsers.records"),
        ("db", "from parsers.ddor import PARSER"),
        ("db", "from sanctuary import words"),
        ("db", "from places.names import resolve"),
        ("places", "import db.names"),
    ],
)
def test_an_arrow_that_should_not_be_is_seen(package: str, source: str) -> None:
    assert forbidden(package, source)


@pytest.mark.parametrize("package", OURS)
def test_a_module_can_be_read_in_one_sitting(package: str) -> None:
    for module in (ROOT / package).rglob("*.py"):
        assert len(module.read_text().splitlines()) <= LONGEST_MODULE, module


def test_parsers_know_no_network_no_database_and_no_clock() -> None:
    strangers = {
        *("asyncio", "http", "http.client", "httpcore", "httpx", "socket", "ssl", "urllib.request"),
        *("sqlite3", "sqlite_utils", "time"),
    }
    for module in (ROOT / "parsers").rglob("*.py"):
        tree = ast.parse(module.read_text())
        names = {
            alias.name
            for node in ast.walk(tree)
            if isinstance(node, ast.Import)
            for alias in node.names
        } | {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not names & strangers, module
        asked = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        assert not asked & {"now", "today", "utcnow"}, module
