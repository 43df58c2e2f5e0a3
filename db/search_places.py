"""The places whose names have the words: their own, or those that documents print.

Names are few beside the rows that print them, so they are looked through one by one. A name that
rows about individuals alone print is not looked at.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from db.search import Asked, Hits, Marked, mark

_PRINTED_IN = ("listings", "agreements", "detainer_counts", "policies", "corrections", "statements")
_MOST_NAMES = 5


@dataclass(frozen=True)
class PlaceHit:
    """A place by its id; or a printed name that stands for none yet."""

    jurisdiction_id: str | None
    name: Marked
    kind: str | None
    state: str | None
    printed: tuple[Marked, ...]
    """As documents print it: the names that were found, at most _MOST_NAMES."""


def search_places(db: Database, asked: Asked) -> Hits[PlaceHit]:
    """Return the places of which a name has all terms, those first whose name is like them most."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in _names(db, asked):
        names = (row["printed"], row["name"] or "")
        if any(all(term.pattern().search(name) for term in asked.terms) for name in names):
            found.setdefault(row["jurisdiction_id"] or f"name {row['printed']}", []).append(row)
    places = sorted(found.values(), key=lambda rows: _likeness(rows, asked))
    hits = tuple(_hit(rows, asked) for rows in places[: asked.most])
    return Hits(hits, more=len(places) > asked.most, ranked=True)


def states_named(db: Database) -> list[tuple[str, str]]:
    """Return two letters and name of every state in which a place is known, by name."""
    return [
        (row[0], row[1])
        for row in db.execute(
            """SELECT every.state, coalesce(states.name, every.state) AS name
            FROM (SELECT DISTINCT state FROM jurisdictions) AS every
            LEFT JOIN jurisdictions AS states ON states.kind = 'state'
                AND states.state = every.state ORDER BY name"""
        )
    ]


def _names(db: Database, asked: Asked) -> list[dict[str, str]]:
    """Return the names that hold the letters of all terms, with the places they stand for."""
    params: dict[str, str | None] = {"state": asked.state}
    where = ["(:state IS NULL OR jurisdictions.state = :state)"]
    for number, word in enumerate(word for term in asked.terms for word in term.words):
        params[f"word{number}"] = f"%{word}%"
        where.append(f"(printed LIKE :word{number} OR name LIKE :word{number})")
    public = [
        f"EXISTS (SELECT 1 FROM {table} WHERE name_id = jurisdiction_names.id)"
        for table in _PRINTED_IN
    ]
    public.append(
        "EXISTS (SELECT 1 FROM sources WHERE id = source_id AND sources.jurisdiction = printed)"
    )
    return list(
        db.query(
            f"""SELECT DISTINCT printed, jurisdiction_id, name, kind, jurisdictions.state
            FROM jurisdiction_names
            LEFT JOIN jurisdictions ON jurisdictions.id = jurisdiction_id
            WHERE {" AND ".join(where)} AND ({" OR ".join(public)})
            ORDER BY jurisdiction_id, printed""",
            params,
        )
    )


def _likeness(rows: list[dict[str, str]], asked: Asked) -> tuple[object, ...]:
    """Return by what places are put in order: the name that is all of what was asked for first."""
    words = " ".join(word for term in asked.terms for word in term.words).casefold()
    name = (rows[0]["name"] or rows[0]["printed"]).casefold()
    return (
        rows[0]["jurisdiction_id"] is None,
        name != words,
        not name.startswith(words),
        len(name),
        name,
        rows[0]["jurisdiction_id"],
    )


def _hit(rows: list[dict[str, str]], asked: Asked) -> PlaceHit:
    first = rows[0]
    printed = dict.fromkeys(row["printed"] for row in rows if row["printed"] != first["name"])
    return PlaceHit(
        jurisdiction_id=first["jurisdiction_id"],
        name=mark(first["name"] or first["printed"], asked.terms),
        kind=first["kind"],
        state=first["state"],
        printed=tuple(mark(name, asked.terms) for name in list(printed)[:_MOST_NAMES])
        if first["name"]
        else (),
    )
