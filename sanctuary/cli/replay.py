"""Reading the archive anew with today's parsers: ``replay``."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any

import click
from rich.text import Text

from db.sources import source_ids
from parsers.registry import Way
from sanctuary.cli.app import App
from sanctuary.cli.cluster_option import cluster_option
from sanctuary.cli.errors import EXIT_FAILED, EXIT_HELD
from sanctuary.cli.output import print_json
from sanctuary.clock import utc_now
from sanctuary.difference import counts_of
from sanctuary.difference_formats import as_data
from sanctuary.errors import NothingThere
from sanctuary.readers import open_readers
from sanctuary.replaying import Replayed, Reread
from sanctuary.replaying import replay as read_anew
from sanctuary.safe_text import one_line
from sanctuary.terminal import console, print_tables, progress_bar

_ROWS = 20
"""Rows of one table that are printed; a new parser can change all of them."""
_STYLE = {"same": "dim", "differs": "yellow", "readable": "green"}
Told = Callable[[Reread], None]


@click.command()
@click.argument("source", nargs=-1)
@click.option("--accept", "keep", is_flag=True, help="Let the new readings stand.")
@click.option("--fast", "is_fast", is_flag=True, help="Read PDFs by the faster engine alone.")
@cluster_option
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_obj
def replay(
    app: App,
    source: tuple[str, ...],
    keep: bool,
    is_fast: bool,
    cluster: str | None,
    as_json: bool,
) -> None:
    """Read the archived documents anew with today's parsers.

    Those of all sources, or of each SOURCE. Shows what would differ, and writes nothing. With
    --accept the new readings stand from now on, but for those that fail a check, which are held;
    the old ones are kept. What differs is marked as our reading, and the log leaves it out.
    What was read with --fast is read again without it.

    \b
    Examples:
      sanctuary replay ddor-weekly
      sanctuary replay ddor-weekly --accept
      sanctuary replay ddor-weekly --fast
      sanctuary replay --cluster tcp://10.0.0.5:8786
    """
    chosen = [app.source(name) for name in dict.fromkeys(source)] or app.sources().sources
    done: list[dict[str, Any]] = []
    codes = set()
    way = Way.FAST if is_fast else Way.VERIFIED
    limits = app.sources().settings.reading.limits()
    if not app.workspace.database.exists():
        raise NothingThere(app.workspace.folder)
    archive = app.workspace.archive
    with app.workspace.writing() as db, open_readers(archive, limits, way, cluster) as readers:
        known = source_ids(db)
        for each in chosen:
            if each.id not in known:
                continue
            documents: list[dict[str, Any]] = []
            with _bar(each.id) as (begins, outside):
                told = _collecting(documents) if as_json else _printing(each.id, outside)
                replayed = read_anew(db, archive, each, readers, utc_now, begins, told, keep=keep)
            codes.add(_code(replayed))
            done.append({**asdict(replayed), "accepted": keep, "documents": documents})
            if not as_json:
                for line in _totals(replayed, keep=keep):
                    click.echo(one_line(line))
    if as_json:
        print_json(done)
    elif not done:
        click.echo("The archive has no document of these sources.")
    sys.exit(next((code for code in (EXIT_FAILED, EXIT_HELD) if code in codes), 0))


def _code(replayed: Replayed) -> int:
    if replayed.outcomes["missing"]:
        return EXIT_FAILED
    return EXIT_HELD if replayed.needs_a_person else 0


def _collecting(documents: list[dict[str, Any]]) -> Told:
    def told(reread: Reread) -> None:
        difference = as_data(reread.difference) if reread.difference else None
        documents.append({**vars(reread), "difference": difference})

    return told


def _printing(source_id: str, outside: Callable[[], Any]) -> Told:
    out = console()

    def told(reread: Reread) -> None:
        with outside():
            where = ", ".join(reread.editions) or "no edition yet"
            said = f"{source_id} {where}, {reread.name}: {reread.outcome}"
            if reread.difference:
                said += f", {counts_of(reread.difference)}"
            if reread.reasons:
                said += f" ({'; '.join(reread.reasons)})"
            out.print(Text(one_line(said), style=_STYLE.get(reread.outcome, "red")))
            if reread.difference:
                for notice in reread.difference.notices():
                    out.print(Text(one_line(f"[{notice}]"), style="dim"))
                print_tables(out, reread.difference, _ROWS)
                out.print()

    return told


def _totals(replayed: Replayed, *, keep: bool) -> Iterator[str]:
    """Yield what became of a source, or would, a line a thought."""
    name = replayed.source_id
    read = ", ".join(f"{count} {word}" for word, count in replayed.outcomes.items() if count)
    if not read:
        yield f"{name}: today's parser has read every document already"
    else:
        yield f"{name}: {read}"
        editions = f"{replayed.editions_before} before, {replayed.editions_after} after"
        changes = f"{replayed.written} new, {replayed.closed} told no more"
        yield f"{name}: editions: {editions}; changes: {changes}"
    if replayed.waiting:
        yield f"{name}: waiting for a decision: {replayed.waiting}; see `sanctuary held`"
    if read and not keep:
        yield f"{name}: nothing was written; --accept lets the new readings stand"


@contextmanager
def _bar(source_id: str) -> Iterator[tuple[Callable[[int], None], Callable[[], Any]]]:
    """Show a bar on standard error while the context lasts, on a terminal only.

    Yields what sets its length, and a context in which others may print; each moves it on by one.
    """
    with progress_bar() as bar:
        task = bar.add_task(source_id, total=None)

        @contextmanager
        def outside() -> Iterator[None]:
            bar.stop()
            try:
                yield
            finally:
                bar.advance(task)
                bar.start()

        yield lambda total: bar.update(task, total=total), outside
