"""What vouches for a row: captures by whose word, commands to check it, a citation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.document_life import ReadingLife, ShownIn, Witness
from parsers.web_address import web_address
from sanctuary.citation import Cited
from sanctuary.site.evidence_found import Evidence
from sanctuary.site.versions import PROOFS
from sanctuary.wording import counted, day_and_time

_WITH_OPTIONS = "+options-"
"""In the version of a parser whose source gives it options."""


@dataclass(frozen=True)
class Command:
    """A command, and what it shows."""

    shows: str
    line: str


def vouched(witness: Witness) -> str:
    """Return when the captures of a witness were made and whose word that is, in words."""
    return f"{_when(witness)}, {PROOFS.get(witness.proof, witness.proof)}"


def kept_at(witness: Witness) -> str | None:
    """Return where a web archive keeps it, where that is an address that a page may link to."""
    return web_address(witness.leads_to or "") if witness.proof == "archive" else None


def _when(witness: Witness) -> str:
    if witness.captures == 1:
        return day_and_time(witness.first)
    return (
        f"{counted(witness.captures, 'time')} from {day_and_time(witness.first)} "
        f"to {day_and_time(witness.last)}"
    )


def edition_words(reading: ReadingLife, shown: ShownIn | None) -> str:
    """Return which edition it is, in words; of a reading that none shows its own period."""
    start = shown.period_start if shown else reading.period_start
    end = shown.period_end if shown else reading.period_end
    if start:
        revision = f", revision {shown.revision}" if shown else ""
        return f"{start} to {end}{revision}"
    if shown and shown.public_from and shown.public_until:
        first, last = shown.public_from[:10], shown.public_until[:10]
        return f"as seen on {first}" if first == last else f"as seen from {first} to {last}"
    return "of no edition"


def shown_now(reading: ReadingLife) -> ShownIn | None:
    """Return the edition that shows a reading now, else the last that did; None for none."""
    current = [each for each in reading.editions if each.until is None]
    return next(reversed(current or reading.editions), None)


def read_again(reading: ReadingLife, file_name: str) -> str:
    """Return the command that reads a file with the parser and options of a reading."""
    if _WITH_OPTIONS in reading.parser_version:
        return f"sanctuary --sources sources.yml parse {file_name} --source {reading.source_id}"
    return f"sanctuary parse {file_name} --parser {reading.parser}"


def commands(found: Evidence, *, is_bundle: bool) -> tuple[Sequence[Command], Sequence[Command]]:
    """Return the commands for who has the document alone, and for who has the database.

    A document of several parts cannot be read from its manifest alone.
    """
    sha256 = found.access.document.sha256
    table, position = found.address.table, found.address.position
    alone = []
    if found.access.refused is None:
        alone.append(
            Command(
                "The file that you have is the one that was read:",
                f'echo "{sha256}  {found.file_name}" | sha256sum -c',
            )
        )
        if not is_bundle:
            alone.append(
                Command(
                    f"What the parser reads from it (this row is the one of position {position} "
                    f"in records → {table}):",
                    read_again(found.reading, found.file_name),
                )
            )
    here = [
        Command(
            "Every document is byte for byte what was captured, and no row was altered:",
            "sanctuary verify",
        )
    ]
    if found.access.refused is None:
        here.append(
            Command(
                "All of it in one file, to hand on: document, headers, web archive file, page "
                "with the box, chain of runs:",
                f"sanctuary exhibit {table}:{found.row_id} -o {table}-{found.row_id}.zip",
            )
        )
    return alone, here


def cited(found: Evidence, page: str) -> Cited:
    """Return what a citation of the row names; ``page`` is the absolute address of its page."""
    reading = found.reading
    first = found.witnesses[0] if found.witnesses else None
    captured = None
    if first is not None:
        captured = f"{day_and_time(first.first)} ({PROOFS.get(first.proof, first.proof)})"
    return Cited(
        publisher=reading.publisher,
        title=reading.source_title,
        edition=edition_words(reading, shown_now(reading)),
        row=f"{found.table_title}, row {found.address.position}",
        sha256=found.access.document.sha256,
        address=first.address if first else None,
        captured=captured,
        notice=reading.notice,
        page=page,
    )
