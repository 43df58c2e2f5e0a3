"""Where the documents are, and moving them: ``archive``."""

from __future__ import annotations

import click

from sanctuary.archive_place import note_address
from sanctuary.cli.app import App
from sanctuary.cli.output import print_json
from sanctuary.clock import utc_now
from sanctuary.errors import NothingThere
from sanctuary.safe_text import one_line
from sanctuary.terminal import progress_bar
from sanctuary.withholding import Withholder
from sanctuary.wording import counted
from sanctuary.workspace import Workspace
from scraper.archive import Archive


@click.command()
@click.option("--move", is_flag=True, help="Move them to the address of the settings.")
@click.option("--json", "as_json", is_flag=True, help="Where they are then, for machines.")
@click.pass_obj
def archive(app: App, move: bool, as_json: bool) -> None:
    """Say where the documents are, or move them.

    They are in the folder archive/ of the data directory, or where `archive` of the settings said
    when the first one came. --move copies every file to the address that the settings say now,
    reads it back there, and keeps the documents there from then on. One that is whole
    there is left as it is. The files at the old address stay until you delete them.

    \b
    Examples:
      sanctuary archive
      sanctuary archive --json
      sanctuary archive --move
    """
    moved = _move(app) if move else []
    if moved and not as_json:
        for line in moved:
            click.echo(one_line(line))
        return
    kept = app.workspace.archive
    documents, size = sum(1 for _ in kept.hashes()), kept.size()
    if as_json:
        print_json({"address": kept.address, "documents": documents, "bytes": size})
        return
    said = f"{counted(documents, 'document')} at {kept.address}"
    click.echo(one_line(f"{said}, {counted(size, 'byte')} as stored"))


def _move(app: App) -> list[str]:
    """Move the documents, and return in lines what was done."""
    wanted = app.sources().settings.archive
    if wanted is None:
        raise click.UsageError("the settings say no archive to move to: see docs/archive.md")
    if not app.workspace.database.exists():
        raise NothingThere(app.data_dir)
    # One who holds the settings to where the documents are would not let this begin.
    workspace = Workspace(app.data_dir)
    with workspace.writing() as db, progress_bar() as bar:
        here, there = workspace.archive, Archive.at(wanted)
        if _is_one_place(here, there):
            note_address(app.data_dir, wanted)
            return [f"The documents are at {here.address} already."]
        task = bar.add_task("copying the archive", total=None)
        count = 0
        for _ in here.copy_to(there):
            count += 1
            bar.advance(task)
        note_address(app.data_dir, wanted)
        # Documents can have been there since before they were withheld.
        Withholder(db, there, utc_now).put_away()
    return [
        f"{counted(count, 'document')} moved to {there.address}",
        f"The files at {here.address} stay until you delete them.",
    ]


def _is_one_place(here: Archive, there: Archive) -> bool:
    """Say whether two archives are one: a folder can have several names."""
    if here.folder is not None and there.folder is not None:
        return here.folder.resolve() == there.folder.resolve()
    return here.address == there.address
