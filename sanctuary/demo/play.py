"""Playing the demo: one real run a week, and what changed after each."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.text import Text

from db.log import Wanted, logged
from db.quotes import quotes_of
from sanctuary.claims import claims_in
from sanctuary.clock import in_utc
from sanctuary.demo.answers import NOTICE
from sanctuary.demo.site import LAST_WEEK, WHAT_HAPPENS, SpecimenSite
from sanctuary.outcome import Outcome
from sanctuary.pipeline import run
from sanctuary.quoted import print_claims
from sanctuary.safe_text import one_line
from sanctuary.shipped import shipped
from sanctuary.sources_file import load_sources
from sanctuary.terminal import console, print_changes
from sanctuary.workspace import Workspace

TEMPLATE = Path(__file__).parent / "sources.yml"
DECISIONS = Path(__file__).parent / "jurisdictions.yml"


def play(workspace: Workspace) -> None:
    """Run the pipeline over the specimen site once for each week, printing what changed.

    The history goes to ``workspace``, beside the sources file that the runs used and what is
    decided about its names. The last week is
    today; the clock of the runs is moved. In the end it says what was found of what lists quote.
    """
    out = console()
    out.print(Text(f"{NOTICE}.", style="bold"))
    out.print(
        f"A publisher on this machine shows specimens for {LAST_WEEK} weeks.\n"
        "After each of them `sanctuary run` looks at it; so that nobody has to wait, its clock is "
        "moved on a week."
    )
    workspace.folder.mkdir(parents=True, exist_ok=True)
    today = datetime.now(UTC)
    with SpecimenSite(shipped("specimens"), shipped("policies")) as site:
        sources_file = workspace.folder / "sources.yml"
        sources_file.write_text(TEMPLATE.read_text().replace("{site}", site.host))
        decisions = workspace.folder / "jurisdictions.yml"
        decisions.write_text(DECISIONS.read_text())
        sources = load_sources(sources_file)
        workspace = Workspace(workspace.folder, decisions, lambda: sources)
        told: set[str] = set()
        for week in range(1, LAST_WEEK + 1):
            site.week = week
            now = in_utc(today - timedelta(weeks=LAST_WEEK - week))
            heading = f"Week {week}, {now[:10]}: {WHAT_HAPPENS[week]}"
            out.print(Text(f"\n{heading}", style="bold underline"))
            with workspace.writing() as db:
                outcomes = run(
                    db,
                    workspace.archive,
                    sources.sources,
                    sources.settings,
                    lambda now=now: now,  # type: ignore[misc]
                    lambda _: None,
                )
                changes = [c for c in logged(db, Wanted()) if c.public_id not in told]
            _print_outcomes(out, outcomes)
            print_changes(out, changes)
            told |= {change.public_id for change in changes}
            if not changes:
                out.print("Nothing changed.")
        heading = "What lists quote of these laws, and what was found (`sanctuary quotes`)"
        out.print(Text(f"\n{heading}", style="bold underline"))
        with workspace.looking() as db:
            print_claims(out, claims_in(each for each in quotes_of(db) if each.searched))


def _print_outcomes(out: Console, outcomes: list[Outcome]) -> None:
    for outcome in outcomes:
        for message in outcome.messages:
            out.print(Text(one_line(f"{outcome.source_id}: {message}"), style="red"))
