"""What a parser makes of a fixture, in the form of the ``.expected.json`` beside it.

An expectation that is missing is written with a mark, and the test fails until somebody has read
it, compared it with the document and taken the mark out.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from parsers.errors import ReadingError
from parsers.registry import Parser

FIXTURES = Path(__file__).parent.parent / "fixtures"
MARK = "not reviewed yet"
_HOW = "compare this with the document, then delete this line"


def outcome(parser: Parser, document: bytes, options: Mapping[str, Any]) -> Any:
    """Return a reading as plain data, or which error refused the document and what it says."""
    try:
        plain: Any = parser.read(document, options).to_json()
    except ReadingError as error:
        plain = {"refused": type(error).__name__, "message": str(error)}
    return json.loads(json.dumps(plain))


def assert_expected(fixture: Path, came: Any) -> None:
    """Compare what came of a fixture with the expectation beside it."""
    path = fixture.with_name(f"{fixture.stem}.expected.json")
    if not path.exists():
        path.write_text(
            json.dumps({MARK: _HOW, **came}, ensure_ascii=False, indent=1) + "\n", "utf-8"
        )
    expected = json.loads(path.read_text("utf-8"))
    if MARK in expected:
        pytest.fail(f"{path.name} is {MARK}: {_HOW}")
    assert came == expected
