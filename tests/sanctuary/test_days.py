"""A day is typed as ISO 8601; where one looks back, the last Friday by its name."""

from __future__ import annotations

import click
import pytest

from sanctuary.cli import days

SUNDAY = "2026-11-29T23:59:59Z"


@pytest.fixture(autouse=True)
def _a_sunday(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(days, "utc_now", lambda: SUNDAY)


def typed(value: str | None) -> object:
    command = click.Command("log")
    return days.recent_day(click.Context(command), click.Option(["--since"]), value)


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        ("2026-11-27", "2026-11-27"),
        ("friday", "2026-11-27"),
        (" Monday ", "2026-11-23"),
        ("sunday", "2026-11-22"),  # not the day that it is
        ("today", "2026-11-29"),
        ("yesterday", "2026-11-28"),
        (None, None),
    ],
)
def test_a_name_is_the_last_day_of_that_name(value: str | None, meant: str | None) -> None:
    assert typed(value) == meant


@pytest.mark.parametrize("value", ["fri", "last friday", "June", ""])
def test_anything_else_is_refused(value: str) -> None:
    with pytest.raises(click.BadParameter, match="is no day like 2025-06-01 or friday"):
        typed(value)
