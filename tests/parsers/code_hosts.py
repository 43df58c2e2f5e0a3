"""What the tests of the hosts of codes share: their fixtures, read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from parsers.records import Policy, PolicySection, Reading
from parsers.registry import parser_named
from tests.parsers.golden import FIXTURES
from tests.parsers.host_walk import walk_in


def documents(host: str) -> list[Path]:
    """Return the fixtures of a host, without the expectations beside them."""
    files = (path for path in (FIXTURES / host).iterdir() if path.is_file())
    return sorted(path for path in files if not path.name.endswith(".expected.json"))


def answers(host: str, name: str) -> dict[str, bytes]:
    """Return what a host answers, by the name of each part, of a fixture in its folder steps."""
    return dict(walk_in(FIXTURES / host / "steps" / f"{name}.json").answers)


def read(host: str, name: str, **options: Any) -> Reading:
    """Read a fixture of a host."""
    return parser_named(host).read((FIXTURES / host / name).read_bytes(), options)


def sections(reading: Reading) -> dict[str | None, PolicySection]:
    """Return the sections by number."""
    return {s.number: s for s in reading.rows(PolicySection) if isinstance(s, PolicySection)}


def policy(reading: Reading) -> Policy:
    """Return the one policy of a reading."""
    (row,) = reading.rows(Policy)
    assert isinstance(row, Policy)
    return row


def failed(reading: Reading) -> list[str]:
    """Return the names of the checks that hold a reading."""
    return [check.name for check in reading.failed_required()]
