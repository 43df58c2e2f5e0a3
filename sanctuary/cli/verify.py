"""Checking everything that is kept: ``verify``."""

from __future__ import annotations

import sys
from dataclasses import asdict

import click

from sanctuary.cli.app import App
from sanctuary.cli.errors import EXIT_FAILED
from sanctuary.cli.output import print_json
from sanctuary.safe_text import one_line
from sanctuary.terminal import progress_of_steps
from sanctuary.verifying import Report
from sanctuary.verifying import verify as verify_workspace
from sanctuary.wording import counted


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_obj
def verify(app: App, as_json: bool) -> None:
    """Check that all that is kept is what it was.

    Every document is read and hashed anew; the database is checked as a file and for what it says:
    references, search, rows, the chain of runs, and a document for every row. Nothing is written,
    and nobody who writes has to wait. Exit code 1 if anything is wrong; each line says what to do.

    \b
    Examples:
      sanctuary verify
      sanctuary verify --json
    """
    with progress_of_steps() as begin:
        report = verify_workspace(
            app.workspace, lambda part, steps: begin(f"checking the {part}", steps)
        )
    if as_json:
        print_json(asdict(report))
    else:
        _print(report)
    if report.findings:
        sys.exit(EXIT_FAILED)


def _print(report: Report) -> None:
    for finding in report.findings:
        click.echo(one_line(f"{finding.kind}: {finding.message}"))
    for note in report.notes:
        click.echo(one_line(f"note: {note}"))
    wrong = len(report.findings)
    said = f"{counted(wrong, 'thing')} wrong" if wrong else "all is as it was"
    withheld = f"; {counted(report.withheld, 'document')} withheld" if report.withheld else ""
    click.echo(
        f"{said}: {counted(report.documents, 'document')}, {counted(report.bytes, 'byte')}, "
        f"{counted(report.readings, 'reading')}, {counted(report.runs, 'run')}{withheld}"
    )
    if report.newest_manifest and not wrong:
        click.echo(f"the newest manifest is {report.newest_manifest}")
