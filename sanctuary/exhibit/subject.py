"""What an exhibit is of: a change, a row or a capture, with the captures that it rests on."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlite_utils import Database

from db.corrected import marks_of_row
from db.log import Wanted, logged
from db.provenance import (
    Proven,
    around_change,
    first_of_document,
    neighbours,
    of_parts,
    proven,
)
from db.rows import load_rows
from db.statements import said_beside_row
from parsers.records import RECORD_BY_TABLE, Record, Spot, spot_from_json
from sanctuary.bundles import parts_in
from sanctuary.errors import CommandError
from sanctuary.logged_beside import marks_beside, said_beside
from sanctuary.sentences import sentence, window
from scraper.archive import Archive

_CHANGE = re.compile("[0-9a-f]{12}")
_ELSEWHERE = ("edition_before_id", "edition_after_id", "fields", "notice")
"""Of a change, what stands in other parts of an exhibit."""
_NUMBERED = re.compile(r"([a-z0-9_]+):(\d{1,18})")


class NoSuchSubject(CommandError):
    """Nothing that is held answers to the name: the caller gives another."""

    def __init__(self, name: str, reason: str) -> None:
        """Take the name as it was given, and the reason as a clause without a full stop."""
        super().__init__(
            f"{name}: {reason}; name a change by its id (3020ad9b32a5, see `sanctuary log`), a row "
            "by table and id (agreements:123), or a capture by its id (capture:12)"
        )


@dataclass(frozen=True)
class Place:
    """Where in a document the values stand."""

    side: str
    """``before`` or ``after`` the change; ``row`` for a row."""
    document_sha256: str
    spots: tuple[Spot, ...]


@dataclass(frozen=True)
class Subject:
    """What an exhibit is of."""

    name: str
    """For a file name: ``change-3020ad9b32a5``, ``row-agreements-123``, ``capture-12``."""
    said: str
    """In one sentence."""
    source_id: str
    facts: dict[str, Any]
    captures: tuple[tuple[str, Proven], ...]
    """In the order of time, each with what it is to the subject."""
    places: tuple[Place, ...] = ()


def find_subject(db: Database, name: str) -> Subject:
    """Return what ``name`` names: a change's id, ``table:id`` or ``capture:id``.

    Raises NoSuchSubject.
    """
    if _CHANGE.fullmatch(name):
        return _change(db, name)
    numbered = _NUMBERED.fullmatch(name)
    if numbered is None:
        raise NoSuchSubject(name, "it is no name of a change, a row or a capture")
    table, number = numbered[1], int(numbered[2])
    if table == "capture":
        return _capture(db, name, number)
    if table not in RECORD_BY_TABLE:
        known = ", ".join(sorted(RECORD_BY_TABLE))
        raise NoSuchSubject(name, f"there is no table {table} of rows; there are: {known}")
    return _row(db, name, RECORD_BY_TABLE[table], number)


def with_parts(db: Database, archive: Archive, subject: Subject) -> Subject:
    """Return ``subject`` with the captures of the parts of each document that is a bundle."""
    found = {capture.id: (words, capture) for words, capture in subject.captures}
    bundles = {each.document_sha256: each for _, each in reversed(subject.captures)}
    for sha256, bundle in bundles.items():
        listed = parts_in(archive, sha256) if sha256 and bundle.role == "document" else ()
        for each in of_parts(db, bundle, {part.name: part.sha256 for part in listed}):
            found.setdefault(each.id, (f"brought a part of document {sha256}", each))
    in_order = sorted(found.values(), key=lambda pair: (pair[1].captured_at, pair[1].id))
    return replace(subject, captures=tuple(in_order))


def _change(db: Database, public_id: str) -> Subject:
    rows = list(
        db.query("SELECT * FROM changes WHERE public_id = ? ORDER BY superseded_at", [public_id])
    )
    if not rows:
        raise NoSuchSubject(public_id, "there is no such change")
    current = next((row for row in rows if row["superseded_at"] is None), None)
    if current is None:
        when = rows[-1]["superseded_at"]
        reason = f"the change was overtaken by what was taken in on {when}, and stands no more"
        raise NoSuchSubject(public_id, reason)
    wanted = Wanted(source=current["source_id"])
    change = next(each for each in logged(db, wanted) if each.public_id == public_id)
    captures = around_change(db, current)
    documents = {
        "before": _document_of_edition(db, current["edition_before_id"]),
        "after": _document_of_edition(db, current["edition_after_id"]),
    }
    places = [
        Place(side, sha256, spots)
        for side, sha256 in documents.items()
        if sha256
        and (spots := _spots(getattr(field, f"evidence_{side}") for field in change.fields))
    ]
    facts = {
        "sentence": sentence(change),
        "window": window(change),
        **{name: value for name, value in asdict(change).items() if name not in _ELSEWHERE},
        "fields": [
            {"field": field.field, "before": field.before, "after": field.after}
            for field in change.fields
        ],
        "document_before": documents["before"],
        "document_after": documents["after"],
        "corrected_by_its_publisher": [mark.said for mark in marks_beside(db, change)],
        "said_of_it": [said.words for said in said_beside(db, change)],
    }
    said = f"{sentence(change)}; {window(change)}"
    return Subject(
        f"change-{public_id}", said, change.source_id, facts, tuple(captures), tuple(places)
    )


def _document_of_edition(db: Database, edition_id: int | None) -> str | None:
    row = db.execute(
        """SELECT document_sha256 FROM edition_readings JOIN readings ON readings.id = reading_id
        WHERE edition_id = ? AND superseded_at IS NULL""",
        [edition_id],
    ).fetchone()
    return str(row[0]) if row else None


def _spots(evidence: Iterable[str | None]) -> tuple[Spot, ...]:
    """Return the spots of fields, each once, in their order."""
    found = [spot for text in evidence if text for spot in json.loads(text)]
    return tuple(dict.fromkeys(spot_from_json(spot) for spot in found))


def _row(db: Database, name: str, record_type: type[Record], number: int) -> Subject:
    table = record_type.table
    row = db.execute(
        f"""SELECT position, readings.id, source_id, document_sha256, sources.title, publisher
        FROM {table} JOIN readings ON readings.id = reading_id
        JOIN sources ON sources.id = source_id WHERE {table}.id = ?""",
        [number],
    ).fetchone()
    if row is None:
        raise NoSuchSubject(name, f"{table} has no row of that id")
    position, reading_id, source_id, sha256, title, publisher = row
    records = load_rows(db, reading_id, record_type)
    record = next(each for each in records if each.position == position)
    capture = first_of_document(db, source_id, sha256)
    if capture is None:
        raise NoSuchSubject(name, "no capture brought its document")
    facts = {
        "table": table,
        "id": number,
        "document": sha256,
        "values": record.to_json(),
        "corrected_by_its_publisher": [mark.said for mark in marks_of_row(db, table, number)],
        "said_of_it": [said.words for said in said_beside_row(db, source_id, record)],
    }
    return Subject(
        f"row-{table}-{number}",
        f"Row {number} of {table}, as it was read from a document of {title} ({publisher})",
        source_id,
        facts,
        _with_neighbours(db, capture, "the first that brought the document"),
        (Place("row", sha256, record.evidence),),
    )


def _capture(db: Database, name: str, number: int) -> Subject:
    capture = proven(db, number)
    if capture is None:
        raise NoSuchSubject(name, "there is no such capture")
    where = capture.address or "a file whose address nobody noted"
    return Subject(
        f"capture-{number}",
        f"Capture {number}: {where}, at {capture.captured_at}, for {capture.source_id}",
        capture.source_id,
        {"id": number},
        _with_neighbours(db, capture, "the capture"),
    )


def _with_neighbours(db: Database, capture: Proven, words: str) -> tuple[tuple[str, Proven], ...]:
    before, after = neighbours(db, capture)
    index = proven(db, capture.found_in) if capture.found_in is not None else None
    found = (
        ("the capture of the same address before it", before),
        ("the page that linked to it", index),
        (words, capture),
        ("the capture of the same address after it", after),
    )
    return tuple((words, each) for words, each in found if each is not None)
