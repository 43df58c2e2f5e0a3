"""Days on the command line, and the three clocks that they are meant on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, TypeVar

import click

_Command = TypeVar("_Command", bound=Callable[..., Any])


def day(context: click.Context, option: click.Parameter, value: Any) -> Any:
    """Return a day that was typed, or several, as ISO 8601; anything else is a usage error."""
    if isinstance(value, tuple):
        return tuple(day(context, option, each) for each in value)
    try:
        return None if value is None else date.fromisoformat(value.strip()).isoformat()
    except ValueError:
        raise click.BadParameter(f"{value!r} is no day like 2025-06-01") from None


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
