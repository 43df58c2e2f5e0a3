"""Copying the whole history: ``backup``."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

import click

from sanctuary.backup import BESIDE, Copied, back_up
from sanctuary.cli.app import App
from sanctuary.cli.errors import EXIT_FAILED
from sanctuary.cli.output import print_json
from sanctuary.safe_text import one_line
from sanctuary.terminal import progress_of_steps
from sanctuary.wording import counted


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_obj
def backup(app: App, folder: Path, as_json: bool) -> None:
    """Copy the whole history into a folder.

    A backup that is in it is brought up to date. The database is copied as it stands at one
    moment, while others write to it; every document that it names is copied, if it is not
    there yet, read and hashed. The folder is a data directory itself: `sanctuary --data-dir
    FOLDER status` looks at it, `sanctuary restore FOLDER` puts it back. Exit code 1 if a
    document is lost.

    \b
    Examples:
      sanctuary backup /media/disk/sanctuary
      sanctuary backup backups/$(date +%F) --json
    """
    beside = (app.sources_path, app.decisions_path, Path("metadata.yml"))
    found = dict(zip(BESIDE, beside, strict=True))
    files = {name: file for name, file in found.items() if file.is_file()}
    with progress_of_steps() as begin:
        copied = back_up(app.workspace, folder, files, begin)
    report(copied, folder, as_json)


def report(copied: Copied, folder: Path, as_json: bool) -> None:
    """Print what was copied into a folder; exit with 1 if documents are missing in it."""
    if as_json:
        print_json({"folder": str(folder), **asdict(copied)})
    else:
        said = (
            f"{folder}: {counted(copied.documents, 'document')} "
            f"({copied.new:,} new, {counted(copied.bytes, 'byte')}), "
            f"{counted(copied.rows.get('editions', 0), 'edition')}, "
            f"{counted(copied.rows.get('changes', 0), 'change')}; each document was read"
        )
        click.echo(one_line(said))
    for sha256 in copied.missing:
        said = f"document {sha256} is lost or damaged where it was copied from, and is not there"
        click.echo(f"{said}; `sanctuary verify` says what to do", err=True)
    if copied.missing:
        sys.exit(EXIT_FAILED)
