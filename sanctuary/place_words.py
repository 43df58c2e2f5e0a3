"""What is said about a place: its publisher's corrections, and statements and notes of others."""

from __future__ import annotations

import json
from collections.abc import Iterable

from sqlite_utils import Database

from db.named import NameOfPlace
from db.notes import SOURCE as NOTES
from db.statements import Said, spoken_of, statements_about
from parsers.web_address import web_address
from sanctuary.place_lines import Evidence, Line
from sanctuary.sentences import between
from sanctuary.wording import day_and_time


def correction_lines(db: Database, names: Iterable[NameOfPlace]) -> list[Line]:
    """Return the corrections that name the place, whether or not the document was ever replaced."""
    rows = db.query(
        """SELECT said_corrections.*, corrections.name_id FROM said_corrections
        JOIN corrections ON corrections.id = correction_id
        WHERE name_id IN (SELECT value FROM json_each(?)) ORDER BY said_by, correction_id""",
        [json.dumps([name.id for name in names])],
    )
    return [
        Line(
            kind="correction",
            since=row["said_after"],
            until=row["said_by"],
            when=between(row["said_after"], row["said_by"]),
            source_id=row["source_id"],
            title=row["title"],
            publisher=row["publisher"],
            said=f"{row['publisher']} corrects {row['report']} in {row['title']}",
            printed=row["jurisdiction"],
            details=(row["text"],),
            evidence=(
                Evidence(
                    row["document_sha256"],
                    tuple(json.loads(row["evidence"])),
                    "corrections",
                    row["correction_id"],
                    "row",
                ),
            ),
            notice=row["notice"],
        )
        for row in rows
    ]


LONGEST_TEXT = 1000
"""Characters of a letter that a line shows; the row has the whole."""


def statement_lines(
    db: Database, names: Iterable[NameOfPlace], jurisdiction_id: str | None, lines: Iterable[Line]
) -> list[Line]:
    """Return what is said beside the place, its rows and the changes of ``lines``, each once.

    Of a place that is not resolved (no ``jurisdiction_id``) it is what is printed alike.
    """
    if jurisdiction_id is not None:
        said = statements_about(db, jurisdiction_id=jurisdiction_id)
    else:
        printed = sorted({name.printed for name in names})
        said = [each for name in printed for each in statements_about(db, printed=name)]
    spoken = spoken_of(db)
    for source_id, row_key in _rows(db, names):
        if row_key in spoken:
            said += statements_about(db, source_id=source_id, row_key=row_key)
    for line in lines:
        if line.public_id in spoken:
            said += statements_about(db, public_id=line.public_id)
    titles = dict(db.execute("SELECT id, title FROM sources").fetchall())
    return [_statement(each, titles.get(each.source_id)) for each in dict.fromkeys(said)]


def _rows(db: Database, names: Iterable[NameOfPlace]) -> list[tuple[str, str]]:
    return db.execute(
        """SELECT DISTINCT source_id, row_key FROM current_listings
        WHERE name_id IN (SELECT value FROM json_each(?)) ORDER BY source_id, row_key""",
        [json.dumps([name.id for name in names])],
    ).fetchall()


def _statement(said: Said, about: str | None) -> Line:
    table = "notes" if said.origin == "note" else "statements"
    text = said.shown_text or ""
    shown = f"{text[:LONGEST_TEXT]}…" if len(text) > LONGEST_TEXT else text
    of_list = f" about {about}" if about else ""
    return Line(
        kind="statement",
        since=None,
        until=said.issued or said.attached_at,
        when=f"issued {said.issued}" if said.issued else f"by {day_and_time(said.attached_at)}",
        source_id=NOTES.id if said.origin == "note" else said.attached_by,
        title=said.title,
        publisher=said.publisher,
        said=f"{said.kind.capitalize()} of {said.publisher}{of_list}, {said.by_whom}: {said.title}",
        printed=said.jurisdiction,
        details=(shown,) if shown else (),
        evidence=(Evidence(said.document_sha256, (), table, said.id, "row"),),
        address=web_address(said.address or ""),
        notice=said.notice,
    )
