"""Playing the demo: one real run a week, and what changed after each."""

from __future__ import annotations

from pathlib import Path

from rich.text import Text

from db.log import Wanted, logged
from sanctuary.clock import utc_now
from sanctuary.demo.site import LAST_WEEK, NOTICE, WHAT_HAPPENS, SpecimenSite
from sanctuary.pipeline import run
from sanctuary.sources import load_sources
from sanctuary.terminal import console, print_change
from sanctuary.workspace import Workspace

TEMPLATE = Path(__file__).parent / "sources.yml"


def play(workspace: Workspace, specimens: Path) -> None:
    """Run the pipeline over the specimen site once for each week, printing what changed.

    ``specimens`` is the folder of the specimen PDFs; the history goes to ``workspace``, beside the
    sources file that the runs used.
    """
    out = console()
    out.print(Text(f"{NOTICE}. All places and rows of this demo are specimens.", style="bold"))
    workspace.folder.mkdir(parents=True, exist_ok=True)
    with SpecimenSite(specimens) as site:
        sources_file = workspace.folder / "sources.yml"
        sources_file.write_text(TEMPLATE.read_text().replace("{site}", site.host))
        sources = load_sources(sources_file)
        told: set[str] = set()
        for week in range(1, LAST_WEEK + 1):
            site.week = week
            out.print(Text(f"\nWeek {week}: {WHAT_HAPPENS[week]}", style="bold underline"))
            with workspace.writing() as db:
                run(
                    db,
                    workspace.archive,
                    sources.sources,
                    sources.settings,
                    utc_now,
                    lambda _: None,
                )
                changes = [c for c in logged(db, Wanted()) if c.public_id not in told]
            for change in reversed(changes):
                print_change(out, change)
            told |= {change.public_id for change in changes}
            if not changes:
                out.print("Nothing changed.")
