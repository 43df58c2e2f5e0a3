"""Which documents may not be handed out, whatever they are asked for in."""

from __future__ import annotations

from sqlite_utils import Database

from db.settings import INDIVIDUAL_ROWS, individual_rows
from db.withheld import is_withheld
from parsers.records import RECORD_TYPES
from sanctuary.errors import CommandError, NoSuchParser, ParserDoesNotLoad
from sanctuary.reading import find_parser

INDIVIDUALS = (
    "it holds, or may hold, rows about individuals, which the setting individual_rows does not "
    "let out"
)
WITHHELD = "it is withheld"


class NotHandedOut(CommandError):
    """What was asked for would hand out a document that must stay here."""

    def __init__(self, what: str, sha256: str, reason: str) -> None:
        """Take what was asked for, the document and why not, as a clause without a full stop."""
        super().__init__(f"{what} is not made: it needs document {sha256[:12]}, and {reason}")


def kept_back(db: Database, setting: str) -> dict[str, str]:
    """Return the documents that may not be handed out, by hash, with the reason as a clause.

    ``setting`` is ``individual_rows`` as the sources file has it; the stricter of that and of what
    the database says counts. Below ``full`` that is every document of a source whose parser reads
    rows about individuals, since one that could not be read may hold them, too.
    """
    withheld = {
        row[0]: WITHHELD for row in db.execute("SELECT document_sha256 FROM withheld_documents")
    }
    strictest = max(setting, individual_rows(db), key=INDIVIDUAL_ROWS.index)
    if strictest == "full":
        return withheld
    sources = [
        row["id"]
        for row in db.query("SELECT id, parser FROM sources")
        if _reads_individuals(row["parser"])
    ]
    marks = ",".join("?" * len(sources))
    found = {
        row[0]: INDIVIDUALS
        for row in db.execute(
            f"""SELECT document_sha256 FROM captures
            WHERE source_id IN ({marks}) AND document_sha256 IS NOT NULL""",
            sources,
        )
    }
    for record in RECORD_TYPES:
        if record.individual:
            sql = f"""SELECT DISTINCT document_sha256 FROM readings
                JOIN {record.table} ON reading_id = readings.id"""
            found |= {row[0]: INDIVIDUALS for row in db.execute(sql)}
    return {**found, **withheld}


def why_kept_back(db: Database, sha256: str) -> str | None:
    """Return why one document may not be handed out, as a clause; None if it may.

    It says what ``kept_back`` does by the setting that the database has, and reads no row about
    individuals for it, so that who may not read them can ask.
    """
    if is_withheld(db, sha256):
        return WITHHELD
    closed = individual_rows(db) != "full" and may_hold_individuals(db, sha256)
    return INDIVIDUALS if closed else None


def may_hold_individuals(db: Database, sha256: str) -> bool:
    """Say whether a parser of rows about individuals read a document, or would for its source."""
    parsers = db.execute(
        """SELECT parser FROM readings WHERE document_sha256 = :sha256
        UNION SELECT parser FROM captures JOIN sources ON sources.id = source_id
        WHERE document_sha256 = :sha256""",
        {"sha256": sha256},
    )
    return any(_reads_individuals(row[0]) for row in parsers.fetchall())


def _reads_individuals(parser: str) -> bool:
    try:
        return any(record.individual for record in find_parser(parser).tables)
    except (NoSuchParser, ParserDoesNotLoad):
        return True
