"""The test kit for sources and parsers: ``sources check``."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from parsers.records import Problem
from sanctuary.cli.app import App
from sanctuary.cli.errors import EXIT_FAILED, EXIT_HELD
from sanctuary.cli.output import print_json
from sanctuary.errors import NothingThere
from sanctuary.reading import find_parser
from sanctuary.safe_text import one_line

if TYPE_CHECKING:
    from sanctuary.contract import Finding
    from sanctuary.sources import Source

_NEWEST = 3
_WORDS = {True: "holds ", False: "BROKEN", None: "note  "}


@dataclass(frozen=True)
class _Document:
    """A document that is read for the check; a problem where its bytes cannot be had."""

    name: str
    sha256: str
    data: bytes | Problem


@click.command()
@click.argument("source", required=False)
@click.argument(
    "files",
    metavar="[FILE]...",
    nargs=-1,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
@click.pass_obj
def check(app: App, source: str | None, files: tuple[Path, ...], as_json: bool) -> None:
    """Say whether an entry and its parser hold their contract.

    Without SOURCE every entry is checked. With SOURCE its parser also reads each FILE, or without
    one the newest documents of the archive. Nothing is written. docs/parsers.md explains each
    point.

    Exit code 1 if something is broken, 3 if a document would be held for review.

    \b
    Examples:
      sanctuary sources check
      sanctuary sources check my-list list.csv
      sanctuary sources check ddor-weekly --json
    """
    # Loading what only this command needs takes a while.
    from sanctuary.contract import check_document, check_entry

    watched = [app.source(source)] if source else app.sources().sources
    limits = app.sources().settings.reading.limits()
    checked: list[dict[str, Any]] = []
    found: list[Finding] = []
    for each in watched:
        parser = find_parser(each.parser)
        of_entry = check_entry(each, parser)
        documents: list[dict[str, Any]] = []
        found += of_entry
        if not as_json:
            _say(f"{each.id}: the entry, and the parser {parser.name}", of_entry)
        for document in _documents(app, each, files) if source else ():
            if isinstance(document.data, Problem):
                raise click.ClickException(f"{document.name}: {document.data.message}")
            of_document = check_document(each, parser, document.data, limits)
            documents.append(
                {
                    "name": document.name,
                    "sha256": document.sha256,
                    "findings": [asdict(finding) for finding in of_document],
                }
            )
            found += of_document
            if not as_json:
                _say(f"{document.name} ({document.sha256[:12]})", of_document)
        if source and not documents and not as_json:
            click.echo("no document was read: name a FILE, or import one")
        checked.append(
            {
                "source": each.id,
                "parser": parser.name,
                "findings": [asdict(finding) for finding in of_entry],
                "documents": documents,
            }
        )
    if as_json:
        print_json(checked)
    if any(finding.holds is False for finding in found):
        sys.exit(EXIT_FAILED)
    if any(finding.is_held for finding in found):
        sys.exit(EXIT_HELD)


def _say(heading: str, findings: list[Finding]) -> None:
    click.echo(one_line(heading))
    for finding in findings:
        said = one_line(f"{finding.point}: {finding.said}")
        click.echo(f"  {_WORDS[finding.holds]}  {said}")


def _documents(app: App, source: Source, files: tuple[Path, ...]) -> Iterator[_Document]:
    """Yield the named files, or the newest documents of the source in the archive."""
    for file in files:
        data = file.read_bytes()
        yield _Document(file.name, hashlib.sha256(data).hexdigest(), data)
    if files:
        return
    from db.captures import newest_documents
    from sanctuary.bundles import readable

    try:
        with app.workspace.looking() as db:
            for sha256, name in newest_documents(db, source.id, _NEWEST):
                data_of = readable(db, app.workspace.archive, source.id, sha256)
                yield _Document(name or sha256[:12], sha256, data_of)
    except NothingThere:
        return
