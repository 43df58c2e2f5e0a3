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
_MOST_LOOKED_AT = 2000
"""Names that are looked at one by one; the longest are left out if there are more."""


@dataclass(frozen=True)
class PlaceHit:
    """A place by its id; or a printed name that stands for none yet."""

    jurisdiction_id: str | None
    name: Marked
    kind: str | None
    state: str | None
    printed: tuple[Marked, ...]
    """As documents print it: the names that were found, at most _MOST_NAMES."""


@dataclass(frozen=True)
class _Name:
    """A name that documents print, and the place it stands for."""

    id: int
    printed: str
    jurisdiction_id: str | None
    name: str | None
    kind: str | None
    state: str | None


def search_places(db: Database, asked: Asked) -> Hits[PlaceHit]:
    """Return the places of which a name has all terms, those first whose name is like them most."""
    found: dict[str, list[_Name]] = {}
    names = _names(db, asked)
    patterns = [term.pattern() for term in asked.terms]
    for each in names[:_MOST_LOOKED_AT]:
        if any(all(p.search(name) for p in patterns) for name in (each.printed, each.name or "")):
            found.setdefault(each.jurisdiction_id or f"name {each.printed}", []).append(each)
    hits: list[PlaceHit] = []
    for rows in sorted(found.values(), key=lambda rows: _likeness(rows[0], asked)):
        public = [each for each in rows if _is_public(db, each.id)]
        if public:
            hits.append(_hit(public, asked))
        if len(hits) > asked.most:
            break
    more = len(hits) > asked.most or len(names) > _MOST_LOOKED_AT
    return Hits(tuple(hits[: asked.most]), more, ranked=True)


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


def _names(db: Database, asked: Asked) -> list[_Name]:
    """Return the shortest names that hold the letters of all terms, with what they stand for."""
    params: dict[str, str | int | None] = {"state": asked.state, "limit": _MOST_LOOKED_AT + 1}
    where = []
    if asked.state:
        where.append("jurisdiction_id IN (SELECT id FROM jurisdictions WHERE state = :state)")
    for number, word in enumerate(word for term in asked.terms for word in term.words):
        params[f"word{number}"] = f"%{word}%"
        where.append(
            f"""(printed LIKE :word{number} OR jurisdiction_id IN (
                SELECT id FROM jurisdictions WHERE name LIKE :word{number}))"""
        )
    rows = db.execute(
        f"""SELECT named.id, printed, jurisdiction_id, name, kind, jurisdictions.state
        FROM (SELECT id, printed, jurisdiction_id FROM jurisdiction_names
            WHERE {" AND ".join(where)} ORDER BY length(printed), printed, id LIMIT :limit) AS named
        LEFT JOIN jurisdictions ON jurisdictions.id = jurisdiction_id
        ORDER BY length(printed), printed, named.id""",
        params,
    )
    return [_Name(*row) for row in rows]


def _is_public(db: Database, name_id: int) -> bool:
    """Say whether anything but a row about an individual prints a name."""
    printed = " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} WHERE name_id = :id)" for table in _PRINTED_IN
    )
    row = db.execute(
        f"""SELECT {printed} OR EXISTS (SELECT 1 FROM jurisdiction_names
            JOIN sources ON sources.id = source_id AND sources.jurisdiction = printed
            WHERE jurisdiction_names.id = :id)""",
        {"id": name_id},
    ).fetchone()
    return bool(row[0])


def _likeness(first: _Name, asked: Asked) -> tuple[object, ...]:
    """Return by what places are put in order: the name that is all of what was asked for first."""
    words = " ".join(word for term in asked.terms for word in term.words).casefold()
    name = (first.name or first.printed).casefold()
    return (
        first.jurisdiction_id is None,
        not all(term.pattern().search(name) for term in asked.terms),
        name != words,
        not name.startswith(words),
        len(name),
        name,
        first.jurisdiction_id,
    )


def _hit(names: list[_Name], asked: Asked) -> PlaceHit:
    first = names[0]
    printed = dict.fromkeys(each.printed for each in names if each.printed != first.name)
    return PlaceHit(
        jurisdiction_id=first.jurisdiction_id,
        name=mark(first.name or first.printed, asked.terms),
        kind=first.kind,
        state=first.state,
        printed=tuple(mark(name, asked.terms) for name in list(printed)[:_MOST_NAMES])
        if first.name
        else (),
    )
