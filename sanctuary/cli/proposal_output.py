"""A proposal of ``sources add``, printed for people and for machines."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click

from sanctuary.adding.entry_text import entry_text
from sanctuary.adding.first_reading import FirstReading
from sanctuary.adding.proposing import Proposal
from sanctuary.cli.output import print_json
from sanctuary.outcome import Outcome
from sanctuary.safe_text import one_line


def print_proposal(what: str, proposal: Proposal) -> None:
    """Print what ``what`` is, the entry, and what a first reading gives."""
    click.echo(one_line(f"{what}: {proposal.what}"))
    if proposal.refusal is not None:
        click.echo(one_line(f"It refuses: {proposal.refusal}. That does not say that it is gone."))
    for other in proposal.others:
        click.echo(one_line(f"  or: {other}"))
    click.echo("\nThe entry:\n")
    click.echo(entry_text(proposal.entry, proposal.comments))
    for line in _of_reading(proposal.reading):
        click.echo(line)


def _of_reading(reading: FirstReading | None) -> Iterator[str]:
    if reading is None:
        yield "First reading: none, since nothing came"
        return
    if reading.fault is not None:
        yield f"First reading: none; {reading.fault}"
        return
    rows = ", ".join(f"{table}: {count:,}" for table, count in reading.counts.items())
    problems = ", ".join(f"{kind}: {count}" for kind, count in sorted(reading.problems.items()))
    yield f"First reading: {rows or 'nothing'}; problems: {one_line(problems) or 'none'}"
    if reading.notice is not None:
        yield f"It says of itself: {reading.notice}"
    yield from (f"  {row}" for row in reading.first)
    if reading.held:
        yield f"It would be held for review: {' '.join(reading.held)}"
    else:
        yield "It would be accepted."


def print_proposal_json(proposal: Proposal, outcomes: list[Outcome] | None) -> None:
    """Print a proposal as JSON; ``outcomes`` of its first run, None if it is not added."""
    reading = proposal.reading
    print_json(
        {
            "what": proposal.what,
            "refusal": proposal.refusal,
            "others": list(proposal.others),
            "entry": dict(proposal.entry),
            "first_reading": reading.to_json() if reading else None,
            "added": outcomes is not None,
            "outcomes": [asdict(outcome) for outcome in outcomes or ()],
        }
    )


def print_next(proposal: Proposal, file: Path | None) -> None:
    """Print the commands that come next; ``file`` is what was looked at in place of the address."""
    source_id = proposal.entry["id"]
    click.echo("\nNext:")
    name = one_line(shlex.quote(str(file))) if file else ""
    if file is not None:
        click.echo(f"  sanctuary import {name} --source {source_id} --captured-at WHEN")
    click.echo(f"  sanctuary sources check {source_id} {name}".rstrip())
    click.echo("  sanctuary serve")
