"""Looking at everything that a history depends on: ``doctor``."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import click
from rich.text import Text

from sanctuary.cli.app import App
from sanctuary.cli.errors import EXIT_FAILED
from sanctuary.cli.output import print_json
from sanctuary.clock import utc_now
from sanctuary.safe_text import one_line
from sanctuary.secrets import without_secrets
from sanctuary.terminal import console, progress_of_steps
from sanctuary.wording import counted

if TYPE_CHECKING:
    from sanctuary.doctor import Finding

_STYLE = {"ok": "green", "note": "cyan", "warning": "yellow", "broken": "bold red"}


@click.command()
@click.option("--offline", is_flag=True, help="Ask no host.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_obj
def doctor(app: App, offline: bool, as_json: bool) -> None:
    """Look at all that the history depends on, and say what to do.

    That is the machine, the data directory, what is watched, what calls the tool, and whether each
    host answers, which is asked once and as politely as by a run. Nothing is written into the
    history. Works before there is one. docs/doctor.md explains each finding.

    Exit code 1 if something is broken.

    \b
    Examples:
      sanctuary doctor
      sanctuary doctor --offline
      sanctuary doctor --json | jq '.findings[] | select(.state != "ok")'
    """
    # Loading what only this command needs takes a while.
    from sanctuary.doctor import Examination, State

    found: list[Finding] = []
    with progress_of_steps() as begin:
        examination = Examination(
            app.workspace,
            app.sources_path,
            utc_now,
            offline,
            lambda total: begin("asking hosts", total),
        )
        for finding in examination.findings():
            found.append(finding)
            if not as_json:
                _print(finding)
    is_broken = any(each.state is State.BROKEN for each in found)
    if as_json:
        findings = [
            replace(each, said=without_secrets(each.said), remedy=without_secrets(each.remedy))
            for each in found
        ]
        print_json({"ok": not is_broken, "findings": [asdict(each) for each in findings]})
    else:
        counts = Counter(each.state for each in found)
        click.echo(", ".join(_how_many(counts[state], state) for state in State if counts[state]))
    sys.exit(EXIT_FAILED if is_broken else 0)


def _how_many(count: int, state: str) -> str:
    return counted(count, state) if state in ("note", "warning") else f"{count} {state}"


def _print(finding: Finding) -> None:
    line = Text()
    line.append(f"{finding.state:<8} ", style=_STYLE[finding.state])
    line.append(f"{finding.check:<12} ", style="bold")
    line.append(_told(finding.said))
    out = console()
    out.print(line)
    if finding.remedy:
        out.print(Text(f"{'':22}-> {_told(finding.remedy)}"))


def _told(text: str) -> str:
    return one_line(without_secrets(text))
