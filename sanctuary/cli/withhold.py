"""Taking out what must not be shown: ``withhold``."""

from __future__ import annotations

import getpass
import re

import click
from sqlite_utils import Database

from db.withholding import Order
from parsers.records import RECORD_BY_TABLE
from sanctuary.cli.app import App
from sanctuary.clock import utc_now
from sanctuary.safe_text import one_line
from sanctuary.withholding import Withheld, Withholder

_SHORTEST = 8
"""Digits of a hash that are enough to name a document."""


@click.command()
@click.argument("what", metavar="ROW|DOCUMENT")
@click.option("--reason", help="Why, for those who ask later; it is shown.")
@click.option("--by", default=getpass.getuser, help="Who decides  [default: you]")
@click.option("--delete", is_flag=True, help="Delete for good what was withheld of DOCUMENT.")
@click.pass_obj
def withhold(app: App, what: str, reason: str | None, by: str, delete: bool) -> None:
    """Take out a ROW or a DOCUMENT that must not be shown.

    A row is named by its table and id, a document by the start of its hash. Both leave database,
    changes, search and archive; with a row go the documents that hold it. What is taken out is
    moved to the folder withheld/ of the data directory, which only you can read. Hash, reason and
    time stay and are shown. --delete destroys that copy, too, where an order demands it.

    \b
    Examples:
      sanctuary withhold declined_detainers:17 --reason "order of the court of 2026-11-02"
      sanctuary withhold 0b952df5ead9 --reason "names a minor"
      sanctuary withhold 0b952df5ead9 --delete
    """
    if delete == (reason is not None):
        raise click.UsageError("give either --reason, or --delete for what is withheld already")
    row = re.fullmatch(r"([a-z_]+):([0-9]{1,15})", what)
    with app.workspace.writing() as db:
        withholder = Withholder(db, app.workspace.archive, utc_now)
        if row:
            if delete:
                raise click.UsageError("--delete takes a document: those that held the row")
            if row[1] not in RECORD_BY_TABLE:
                raise click.BadParameter(f"no table {row[1]!r} of rows that were read")
            order = Order(reason or "", by)
            _tell(withholder.row(row[1], int(row[2]), order))
            return
        sha256 = _document(db, what)
        if delete:
            withholder.delete(sha256)
            click.echo(f"deleted for good what was withheld of document {sha256[:12]}")
        else:
            _tell(withholder.document(sha256, Order(reason or "", by)))


def _document(db: Database, start: str) -> str:
    if not re.fullmatch(f"[0-9a-f]{{{_SHORTEST},64}}", start):
        raise click.BadParameter(
            f"{start!r} is neither table:id nor the first {_SHORTEST} digits of a hash or more"
        )
    sql = "SELECT sha256 FROM documents WHERE sha256 GLOB ?"
    found = [row[0] for row in db.execute(sql, [f"{start}*"])]
    if len(found) != 1:
        count = "no document" if not found else f"{len(found)} documents"
        raise click.BadParameter(f"{count} of this history begins with {start}")
    return str(found[0])


def _tell(withheld: Withheld) -> None:
    tables = sorted({table for each in withheld.taken for table in each.tables})
    counts = [f"{withheld.count(table)} {table}" for table in tables if withheld.count(table)]
    if withheld.taken:
        click.echo(f"taken out of the database: {', '.join(counts) or 'nothing'}")
    for sha256 in withheld.documents:
        said = "taken out of the archive: " if withheld.taken else "withheld already: "
        click.echo(f"{said}document {sha256[:12]}")
    click.echo("What was taken out is in the folder withheld/, which only you can read.")
    click.echo("Copies made before now still hold it: backups, exports, exhibits, downloads.")
    for path in withheld.copies:
        click.echo(one_line(f"  perhaps {path}"))
