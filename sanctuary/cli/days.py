"""Days on the command line, and the three clocks that they are meant on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import click


def day(context: click.Context, option: click.Parameter, value: Any) -> Any:
    """Return a day that was typed, or several, as ISO 8601; anything else is a usage error."""
    if isinstance(value, tuple):
        return tuple(day(context, option, each) for each in value)
    try:
        return None if value is None else date.fromisoformat(value.strip()).isoformat()
    except ValueError:
        raise click.BadParameter(f"{value!r} is no day like 2025-06-01") from None


def three_clocks(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the options --as-of, --as-published-on and --as-known-on."""
    for name, text in (
        ("--as-known-on", "As this database knew it at the end of this day."),
        ("--as-published-on", "As it stood in public on this day, in UTC."),
        ("--as-of", "For the period that holds this day, in its newest revision."),
    ):
        command = click.option(name, callback=day, metavar="DAY", help=text)(command)
    return command
