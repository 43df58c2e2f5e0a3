"""Putting a backup back: ``restore``."""

from __future__ import annotations

from pathlib import Path

import click

from sanctuary.backup import BESIDE
from sanctuary.backup import restore as restore_backup
from sanctuary.cli.app import App
from sanctuary.cli.backup import report
from sanctuary.safe_text import one_line
from sanctuary.terminal import progress_of_steps


@click.command()
@click.argument("backup", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_obj
def restore(app: App, backup: Path, as_json: bool) -> None:
    """Put a backup back where no history is.

    It goes into the folder of --data-dir. Every document is read and hashed, and the database
    is checked. Nothing is replaced: where there is a history, the command says so.

    \b
    Examples:
      sanctuary restore /media/disk/sanctuary
      sanctuary --data-dir tried-out restore /media/disk/sanctuary
    """
    with progress_of_steps() as begin:
        copied = restore_backup(backup, app.data_dir, begin)
    report(copied, app.data_dir, as_json)
    beside = [name for name in BESIDE if name in copied.files]
    if beside and not as_json:
        said = f"{', '.join(beside)} of the backup: in {app.data_dir}; move them to where you work"
        click.echo(one_line(said))
