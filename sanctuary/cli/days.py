"""Days on the command line, and the three clocks that they are meant on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, TypeVar

import click

from sanctuary.clock import utc_now

_Command = TypeVar("_Command", bound=Callable[..., Any])
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def day(context: click.Context, option: click.Parameter, value: Any) -> Any:
    """Return a day that was typed, or several, as ISO 8601; anything else is a usage error."""
    if isinstance(value, tuple):
        return tuple(day(context, option, each) for each in value)
    try:
        return None if value is None else date.fromisoformat(value.strip()).isoformat()
    except ValueError:
        raise click.BadParameter(f"{value!r} is no day like 2025-06-01") from None


def recent_day(context: click.Context, option: click.Parameter, value: Any) -> Any:
    """Return a day that was typed as ISO 8601, also one like ``friday``: the last before today.

    ``today`` and ``yesterday`` are days, too, all in UTC; anything else is a usage error.
    """
    word = value.strip().casefold() if value is not None else None
    today = date.fromisoformat(utc_now()[:10])
    if word in ("today", "yesterday"):
        return (today - timedelta(days=word == "yesterday")).isoformat()
    if word in _WEEKDAYS:
        ago = (today.weekday() - _WEEKDAYS.index(word) - 1) % 7 + 1
        return (today - timedelta(days=ago)).isoformat()
    try:
        return day(context, option, value)
    except click.BadParameter as error:
        raise click.BadParameter(f"{error.message} or friday") from None


def three_clocks(*, both_sides: bool = False) -> Callable[[_Command], _Command]:
    """Give a command the options --as-of, --as-published-on and --as-known-on.

    With ``both_sides`` the first two can be given twice, and are tuples.
    """

    def add(command: _Command) -> _Command:
        for name, text in (
            ("--as-known-on", "As this database knew it at the end of this day."),
            ("--as-published-on", "As it stood in public on this day, in UTC."),
            ("--as-of", "For the period that holds this day, in its newest revision."),
        ):
            several = both_sides and name != "--as-known-on"
            option = click.option(name, callback=day, metavar="DAY", multiple=several, help=text)
            command = option(command)
        return command

    return add
