"""Expectations stand beside the documents, and none is taken on trust."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.parsers.golden import MARK, assert_expected


def test_a_missing_expectation_is_written_and_fails_until_it_is_reviewed(tmp_path: Path) -> None:
    fixture = tmp_path / "page.html"
    for _ in range(2):
        with pytest.raises(pytest.fail.Exception, match=MARK):
            assert_expected(fixture, {"rows": 1})
    path = tmp_path / "page.expected.json"
    reviewed = json.loads(path.read_text())
    del reviewed[MARK]
    path.write_text(json.dumps(reviewed))
    assert_expected(fixture, {"rows": 1})
    with pytest.raises(AssertionError):
        assert_expected(fixture, {"rows": 2})
