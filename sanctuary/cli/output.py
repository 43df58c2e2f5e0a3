"""What commands print in the same way: plain data as JSON, and what came of each source."""

from __future__ import annotations

import json

import click

from sanctuary.cli.errors import EXIT_FAILED, EXIT_HELD
from sanctuary.logs import is_quiet
from sanctuary.outcome import Outcome
from sanctuary.safe_text import json_safe, one_line


def print_json(data: object) -> None:
    """Print plain data as JSON."""
    click.echo(json_safe(json.dumps(data, ensure_ascii=False, indent=2)))


def print_outcomes(outcomes: list[Outcome]) -> None:
    """Print a line for each source, and one for each document that is held or failed.

    Where only what fails is to be told, what else came of a source is not.
    """
    for outcome in outcomes:
        if is_quiet() and not outcome.failed:
            continue
        counts = {
            "new": outcome.new,
            "unchanged": outcome.unchanged,
            "gone": outcome.gone,
            "never found": outcome.never_found,
            "held": outcome.held,
            "failed": outcome.failed,
        }
        said = ", ".join(f"{count} {word}" for word, count in counts.items() if count)
        if not is_quiet():
            click.echo(f"{outcome.source_id}: {said or 'nothing to do'}")
        for message in outcome.messages:
            click.echo(one_line(f"{outcome.source_id}: {message}"), err=True)


def exit_code(outcomes: list[Outcome]) -> int:
    """Return 1 if anything failed, else 3 if anything is held for review, else 0."""
    if any(outcome.failed for outcome in outcomes):
        return EXIT_FAILED
    return EXIT_HELD if any(outcome.held for outcome in outcomes) else 0
