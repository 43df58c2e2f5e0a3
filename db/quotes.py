"""What lists put in quotation marks, and where it stands in the policies that are held.

A listing's policies are those of the sources whose jurisdiction is the listing's own: both names
were taken for one place, and likeness would take the Town for the City of Ithaca. Its date is the
last day of the report's period, or of a list the time in which its edition was public. Where
several policies are held the best result counts, in the order of ``looking_up.RESULTS``; what was
searched says which they were. All is derived anew whenever any of these is another.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from db.found_phrases import differences
from db.in_force import span_of_day
from db.looking_up import Answer, Law, Searched, look
from db.phrases import phrases_in
from parsers.records.same_text import same_text

_CELLS = "coalesce(policy, '') || criteria || other_columns"
_MAY_QUOTE = " OR ".join(
    f"instr({_CELLS}, '{mark}')" for mark in ("“", "„", "”", "«", "»", "‘‘", "’’", "``", "''''")
)
# In cells that are kept as JSON a straight mark stands behind a backslash.
_MAY_QUOTE = f"""({_MAY_QUOTE} OR instr(policy, '"') OR instr(criteria || other_columns, '\\"'))"""
"""In SQL: whether any cell of a listing has a mark that ``phrases_in`` looks for.

The index ``listings_quoting`` holds the listings of which this is so, by their names: its condition
is the same text, and SQLite refuses the queries below if it is not.
"""
_NAMED = f"""SELECT listings.id FROM jurisdiction_names
    CROSS JOIN listings INDEXED BY listings_quoting ON name_id = jurisdiction_names.id
    WHERE {_MAY_QUOTE} AND"""
"""In SQL: the listings that may quote of the names that a condition names."""
_OF_ITS_PLACE = f"""{_NAMED} jurisdiction_id IN (
    SELECT jurisdiction_id FROM policy_jurisdictions WHERE source_id = :s)"""
"""In SQL: those of the place whose policy a source is."""


@dataclass(frozen=True)
class _Scope:
    """Which quotes are derived: those of some listings, and all of some editions."""

    listings: str
    """In SQL: ids."""
    editions: str
    """In SQL: ids."""
    params: dict[str, str]


def renew_quotes(db: Database, source_id: str) -> None:
    """Derive anew all that is quoted in the lists of a source, and in any list of its policy.

    Call it in the transaction that changed its readings, its names or its settings.
    """
    searched = """SELECT listing_id FROM quotes, json_each(searched)
        WHERE value ->> 'source_id' = :s"""
    editions = "SELECT id FROM editions WHERE source_id = :s"
    _renew(db, _Scope(f"{_OF_ITS_PLACE} UNION {searched}", editions, {"s": source_id}))


def renew_quotes_in(db: Database, source_id: str, editions: Iterable[int]) -> None:
    """Derive anew what is quoted in some editions of a list, and in any list of its policy.

    Call it in the transaction that changed the readings or the times of these editions alone.
    """
    given = json.dumps(sorted(editions))
    editions_given = "SELECT value FROM json_each(:editions)"
    _renew(db, _Scope(_OF_ITS_PLACE, editions_given, {"s": source_id, "editions": given}))


def renew_quotes_of_names(db: Database, names: Iterable[int]) -> None:
    """Derive anew what the listings of these places quote, and any list of their policies.

    Call it in the transaction that took the names for places; none was taken for another before.
    """
    given = json.dumps(sorted(names))
    here = "jurisdiction_names.id IN (SELECT value FROM json_each(:names))"
    _renew(db, _Scope(f"{_NAMED} {here}", "SELECT NULL WHERE 0", {"names": given}))
    policies = db.execute(
        f"""SELECT sources.id FROM jurisdiction_names JOIN sources ON sources.id = source_id
        WHERE {here} AND printed = sources.jurisdiction""",
        {"names": given},
    ).fetchall()
    for (source_id,) in policies:
        renew_quotes_in(db, source_id, ())


_SHOWN = """SELECT listings.id, editions.id AS edition_id, editions.period_end, public_from,
        public_until, policy, criteria, other_columns,
        (SELECT jurisdiction_id FROM jurisdiction_names
            WHERE jurisdiction_names.id = name_id) AS jurisdiction_id
    FROM listings JOIN edition_readings USING (reading_id)
    JOIN editions ON editions.id = edition_id AND superseded_at IS NULL"""


def _renew(db: Database, scope: _Scope) -> None:
    found = db.query(
        f"""{_SHOWN} WHERE listings.id IN ({scope.listings})
        UNION {_SHOWN} WHERE editions.id IN ({scope.editions}) AND {_MAY_QUOTE}""",
        scope.params,
    )
    laws: dict[str, Law] = {}
    held: dict[str | None, list[str]] = {None: []}
    wanted = []
    for listing in list(found):
        phrases = list(_phrases(listing))
        if not phrases:
            continue
        place = listing["jurisdiction_id"]
        if place not in held:
            held[place] = _policies(db, place)
        laws |= {policy: Law(db, policy) for policy in held[place] if policy not in laws}
        for position, (column, phrase) in enumerate(phrases, start=1):
            row = {"position": position, "column_name": column, "phrase": phrase}
            wanted.append(_row(listing, row, [laws[policy] for policy in held[place]]))
    stored = f"""FROM quotes WHERE edition_id IN ({scope.editions})
        OR listing_id IN ({scope.listings})"""
    columns = ", ".join(f'"{name}"' for name in wanted[0]) if wanted else "id"
    there = db.query(f"SELECT {columns} {stored}", scope.params)
    if _in_order(there) != _in_order(wanted):
        db.execute(f"DELETE {stored}", scope.params)
        db.table("quotes").insert_all(wanted)


def _policies(db: Database, place: str) -> list[str]:
    """Return the sources of the policies of a place."""
    sql = "SELECT source_id FROM policy_jurisdictions WHERE jurisdiction_id = ? ORDER BY source_id"
    return [row[0] for row in db.execute(sql, [place])]


def forget_quotes(db: Database, source_id: str) -> None:
    """Take out all that names a row of a source, before such a row is taken out itself.

    ``renew_quotes`` writes what remains. Call it in a transaction.
    """
    editions = "SELECT id FROM editions WHERE source_id = :source"
    db.execute(
        f"""DELETE FROM quotes WHERE edition_id IN ({editions})
        OR policy_edition_id IN ({editions})""",
        {"source": source_id},
    )


def _folded(name: str) -> str:
    return same_text(name).casefold()


def _phrases(listing: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield column and phrase of all that a listing puts in quotation marks."""
    cells = [("policy", listing["policy"] or "")]
    cells += [("criteria", bullet) for bullet in json.loads(listing["criteria"])]
    cells += json.loads(listing["other_columns"]).items()
    for column, cell in cells:
        for phrase in phrases_in(cell):
            yield column, phrase


def _row(listing: dict[str, Any], row: dict[str, Any], laws: list[Law]) -> dict[str, Any]:
    if day := listing["period_end"]:
        claimed = (day, day)
        start, end = span_of_day(day)
    else:
        claimed = (listing["public_from"], listing["public_until"])
        start, end = (datetime.fromisoformat(moment) for moment in claimed)
    answers = sorted(
        (look(law, row["phrase"], start, end) for law in laws), key=lambda each: each.rank()
    )
    best = answers[0] if answers else Answer("no_text", None, ())
    searched = sorted(
        (each for answer in answers for each in answer.searched),
        key=lambda each: (each.source_id, each.public_from or ""),
    )
    hit = best.hit
    found_text = hit.found_text() if hit else None
    differing = differences(row["phrase"], found_text) if found_text and not best.exact else []
    return {
        "listing_id": listing["id"],
        "edition_id": listing["edition_id"],
        **row,
        "claimed_from": claimed[0],
        "claimed_until": claimed[1],
        "result": best.result,
        "score": hit.score if hit else None,
        "found_text": found_text,
        "differences": json.dumps(differing, ensure_ascii=False),
        "policy_section_id": hit.section_id if hit else None,
        "policy_edition_id": hit.edition_id if hit else None,
        "searched": json.dumps([asdict(each) for each in searched], ensure_ascii=False),
    }


def _in_order(rows: Iterable[dict[str, Any]]) -> list[tuple[Any, ...]]:
    found = [tuple(row.values()) for row in rows]
    return sorted(found, key=repr)


def _marks(values: list[str]) -> str:
    return ",".join("?" * len(values))


@dataclass(frozen=True)
class Quote:
    """A phrase that a listing quotes, and what was found of it where."""

    listing_id: int
    edition_id: int
    """The edition of the list."""
    list_source_id: str
    list_title: str
    publisher: str
    jurisdiction: str
    """As the list prints it."""
    column_name: str
    position: int
    phrase: str
    claimed_from: str
    """A day, or for a list without periods a moment."""
    claimed_until: str
    result: str
    """One of ``RESULTS``, the best first."""
    score: float | None
    """Of 100, how like the phrase what was found is."""
    found_text: str | None
    """As printed."""
    differences: tuple[tuple[str, str], ...]
    """The words of the phrase, and those that stand there in their place."""
    section_id: int | None
    """None also where it stands in the title or the citation of the policy."""
    number: str | None
    heading: str | None
    anchor: str | None
    """The deep link to the section."""
    policy_source_id: str | None
    policy_title: str | None
    policy_address: str | None
    policy_edition_id: int | None
    policy_public_from: str | None
    policy_public_until: str | None
    publish: str | None
    """How much of the policy's text a site may show (``sources.publish``)."""
    searched: tuple[Searched, ...]
    notices: tuple[str, ...]
    """What the list and all that was searched say of themselves if they are no official documents,
    such as specimens."""


_QUOTES = """SELECT quotes.listing_id, quotes.edition_id, lists.id AS list_source_id,
        lists.title AS list_title, lists.publisher, listings.jurisdiction, quotes.column_name,
        quotes.position, quotes.phrase, quotes.claimed_from, quotes.claimed_until, quotes.result,
        quotes.score, quotes.found_text, quotes.differences, sections.id AS section_id,
        sections.number, sections.heading, sections.anchor, laws.id AS policy_source_id,
        policies.title AS policy_title, policies.address AS policy_address,
        quotes.policy_edition_id, versions.public_from AS policy_public_from,
        versions.public_until AS policy_public_until, laws.publish, quotes.searched,
        list_readings.notice AS list_notice
    FROM quotes JOIN listings ON listings.id = quotes.listing_id
    JOIN readings AS list_readings ON list_readings.id = listings.reading_id
    JOIN editions ON editions.id = quotes.edition_id
    JOIN sources AS lists ON lists.id = editions.source_id
    LEFT JOIN policy_sections AS sections ON sections.id = quotes.policy_section_id
    LEFT JOIN policies ON policies.id = (SELECT id FROM policies
        WHERE policies.reading_id = (SELECT reading_id FROM edition_readings
            WHERE edition_id = quotes.policy_edition_id AND superseded_at IS NULL)
        ORDER BY position LIMIT 1)
    LEFT JOIN editions AS versions ON versions.id = quotes.policy_edition_id
    LEFT JOIN sources AS laws ON laws.id = versions.source_id"""
_ORDER = """ORDER BY listings.jurisdiction, lists.id, editions.period_start DESC,
    editions.revision DESC, listings.position, quotes.position"""


def quotes_of(
    db: Database,
    *,
    listings: Iterable[int] | None = None,
    jurisdiction: str | None = None,
    jurisdiction_id: str | None = None,
) -> list[Quote]:
    """Return what listings quote: by jurisdiction and list, the newest edition first.

    ``listings`` are ids of rows, ``jurisdiction`` a name as a list prints it, equal but for case,
    white space, quotes and dashes, ``jurisdiction_id`` the place it was taken for; without any all
    quotes are returned.
    """
    where, params = ["1"], list[object]()
    if listings is not None:
        ids = sorted(set(listings))
        where.append(f"quotes.listing_id IN ({','.join('?' * len(ids))})")
        params += ids
    if jurisdiction is not None:
        names = [name for name in quoted_names(db) if _folded(name) == _folded(jurisdiction)]
        where.append(f"listings.jurisdiction IN ({_marks(names)})")
        params += names
    if jurisdiction_id is not None:
        where.append(
            "listings.name_id IN (SELECT id FROM jurisdiction_names WHERE jurisdiction_id = ?)"
        )
        params.append(jurisdiction_id)
    rows = list(db.query(f"{_QUOTES} WHERE {' AND '.join(where)} {_ORDER}", params))
    return [_quote(row) for row in rows]


def quoted_names(db: Database) -> list[str]:
    """Return the printed names of the jurisdictions in whose listings anything is quoted."""
    rows = db.execute(
        """SELECT DISTINCT jurisdiction FROM quotes JOIN listings ON listings.id = listing_id
        ORDER BY jurisdiction"""
    )
    return [row[0] for row in rows]


def _quote(row: dict[str, Any]) -> Quote:
    searched = tuple(Searched(**each) for each in json.loads(row["searched"]))
    notices = (row.pop("list_notice"), *(each.notice for each in searched))
    differing = tuple((gone, come) for gone, come in json.loads(row["differences"]))
    row |= {"differences": differing, "searched": searched}
    return Quote(**row, notices=tuple(dict.fromkeys(filter(None, notices))))
