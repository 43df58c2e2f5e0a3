"""ICE's field offices (areas of responsibility) as lists print them: a list of their own.

Two prints are one office where they are the same words, a leading ``St.`` written out. Likeness
counts for nothing.
"""

from __future__ import annotations

import re
import unicodedata

from sqlite_utils import Database

from parsers.records.same_text import same_text


def note_offices(db: Database, reading_id: int) -> None:
    """Note the field offices that the listings of a reading print.

    Call it in the transaction that stored them.
    """
    _note(db, "WHERE reading_id = ?", reading_id)


def note_all_offices(db: Database) -> None:
    """Note the field offices of all listings that are held."""
    _note(db, "WHERE 1")


def _note(db: Database, where: str, *params: object) -> None:
    rows = db.execute(
        f"""SELECT DISTINCT field_office FROM listings {where} AND field_office IS NOT NULL
        AND field_office NOT IN (SELECT printed FROM field_office_names) ORDER BY 1""",
        params,
    ).fetchall()
    for (printed,) in rows:
        office_id = office_id_of(printed)
        if office_id:
            db.execute(
                "INSERT OR IGNORE INTO field_offices (id, name) VALUES (?, ?)",
                [office_id, _written_out(printed)],
            )
            db.execute(
                "INSERT INTO field_office_names (printed, field_office_id) VALUES (?, ?)",
                [printed, office_id],
            )
            _name(db, office_id)


def forget_offices(db: Database) -> None:
    """Take out the field offices that no listing prints any more. Call it in a transaction."""
    gone = db.execute(
        """DELETE FROM field_office_names
        WHERE printed NOT IN (SELECT field_office FROM listings WHERE field_office IS NOT NULL)
        RETURNING field_office_id"""
    ).fetchall()
    db.execute(
        """DELETE FROM field_offices
        WHERE id NOT IN (SELECT field_office_id FROM field_office_names)"""
    )
    for (office_id,) in gone:
        _name(db, office_id)


def _name(db: Database, office_id: str) -> None:
    """Write the name of an office by all its prints, so that it is none of the first that came."""
    names = [
        _written_out(row[0])
        for row in db.execute(
            "SELECT printed FROM field_office_names WHERE field_office_id = ?", [office_id]
        )
    ]
    if names:
        # Of prints that differ in case alone, small letters sort last and read best.
        db.table("field_offices").update(office_id, {"name": max(names)})


def office_id_of(printed: str) -> str:
    """Return the id of the office that a list prints: its words in small letters, with hyphens.

    Empty where nothing printed is a letter or a digit.
    """
    plain = unicodedata.normalize("NFKD", _written_out(printed)).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]+", "-", plain.casefold()).strip("-")


def _written_out(printed: str) -> str:
    return re.sub(r"^St(?:\.\s*|\s+)(?=\w)", "Saint ", same_text(printed), flags=re.IGNORECASE)
