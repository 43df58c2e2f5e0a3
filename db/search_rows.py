"""The listings and policies in which words stand, each once for all editions that hold it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from sqlite_utils import Database

from db.row_address import RowAddress, read_by
from db.search import Asked, Hits, Marked, in_index, mark, marked_in_index, words_found
from db.sources import Source, load_source
from db.withheld import gives_no_rows


@dataclass(frozen=True)
class Seen:
    """In which editions of its source something stands."""

    first_seen: str | None
    last_seen: str | None
    standing: str
    """``newest``: on the newest edition; ``gone``: on older ones alone; ``withheld``: on older
    ones, and the document of the newest is withheld; ``withdrawn`` and ``ended``: on the newest of
    a list that was taken down, of a series that ended."""


@dataclass(frozen=True)
class RowHit:
    """A listing or a policy."""

    source_id: str
    source_title: str
    publisher: str
    name: Marked
    """The place of a listing, the title of a policy."""
    place: str | None
    """As printed."""
    jurisdiction_id: str | None
    text: Marked
    """What surrounds the words; empty where they stand in the name alone."""
    seen: Seen
    is_last_wording: bool
    """The last edition that has the row has it in these words; older ones had others."""
    row: RowAddress
    notice: str | None


@dataclass(frozen=True)
class _Kind:
    table: str
    name: str
    """The column that names the row."""
    texts: tuple[int, ...]
    """The other columns with words, by their places in the index, the most telling first."""


_LIST_SIGNS = re.compile(r'^\["|"\]$|", "|\\"')
_LISTINGS = _Kind("listings", "jurisdiction", (2, 3, 1))
_POLICIES = _Kind("policies", "title", (2, 0))


def search_listings(db: Database, asked: Asked) -> Hits[RowHit]:
    """Return the listings of editions in which all terms stand."""
    return _search(db, asked, _LISTINGS)


def search_policies(db: Database, asked: Asked) -> Hits[RowHit]:
    """Return the policies of editions in whose title, citation or place all terms stand."""
    return _search(db, asked, _POLICIES)


def _search(db: Database, asked: Asked, kind: _Kind) -> Hits[RowHit]:
    index = f"{kind.table}_fts"
    numbers, ranked = in_index(db, index, asked)
    rows = _newest(db, asked, kind, numbers)
    shown = rows[: asked.most]
    ids = [row["id"] for row in shown]
    texts = marked_in_index(db, index, kind.texts, ids, asked)
    sources = {each: load_source(db, each) for each in {row["source_id"] for row in shown}}
    hits = tuple(
        _hit(db, asked, kind, sources[row["source_id"]], row, texts.get(row["id"], []))
        for row in shown
    )
    return Hits(hits, len(rows) > asked.most or not ranked, ranked)


def _telling(texts: list[Marked], name: Marked) -> Marked:
    """Return the text with most of the words that the name does not have; none if none has any."""
    best = max(texts, key=lambda text: len(words_found(text) - words_found(name)), default=())
    return _as_printed(best) if words_found(best) else ()


def _as_printed(text: Marked) -> Marked:
    """Return a text without the signs of the JSON list that it may be a part of."""
    return tuple(replace(part, text=_LIST_SIGNS.sub(_read_sign, part.text)) for part in text)


def _read_sign(sign: re.Match[str]) -> str:
    return {'", "': " / ", '\\"': '"'}.get(sign[0], "")


def _newest(
    db: Database, asked: Asked, kind: _Kind, numbers: dict[int, float]
) -> list[dict[str, Any]]:
    """Return of every row that some edition shows the newest that was found, the best first."""
    of_state = """JOIN jurisdictions ON jurisdictions.id = jurisdiction_id
        AND jurisdictions.state = :state"""
    return list(
        db.query(
            f"""SELECT found.id, readings.source_id, reading_id, row_key,
                {kind.table}.{kind.name} AS name,
                {kind.table}.jurisdiction AS place, jurisdiction_id, found.score, notice,
                position, document_sha256, parser, parser_version,
                max(coalesce(editions.period_start, '') || printf('/%09d', revision)) AS newest
            FROM (SELECT key + 0 AS id, value AS score FROM json_each(:found)) AS found
            CROSS JOIN {kind.table} USING (id)
            CROSS JOIN edition_readings USING (reading_id)
            JOIN editions ON editions.id = edition_id
            JOIN readings ON readings.id = reading_id
            LEFT JOIN jurisdiction_names ON jurisdiction_names.id = {kind.table}.name_id
            {of_state if asked.state else ""}
            WHERE superseded_at IS NULL
            GROUP BY readings.source_id, row_key ORDER BY found.score, readings.source_id, row_key
            LIMIT :limit""",
            {"found": json.dumps(numbers), "state": asked.state, "limit": asked.most + 1},
        )
    )


def _hit(
    db: Database,
    asked: Asked,
    kind: _Kind,
    source: Source,
    row: dict[str, Any],
    texts: list[Marked],
) -> RowHit:
    name = mark(row["name"], asked.terms)
    entry = db.execute(
        """SELECT last_edition_id, first.public_from, last.public_until,
            EXISTS (SELECT 1 FROM edition_readings WHERE edition_id = last_edition_id
                AND reading_id = ? AND superseded_at IS NULL)
        FROM entries JOIN editions AS first ON first.id = first_edition_id
        JOIN editions AS last ON last.id = last_edition_id
        WHERE entries.source_id = ? AND table_name = ? AND row_key = ?""",
        [row["reading_id"], source.id, kind.table, row["row_key"]],
    ).fetchone()
    last_edition, first_seen, last_seen, is_last_wording = entry
    return RowHit(
        source_id=source.id,
        source_title=source.title,
        publisher=source.publisher,
        name=name,
        place=row["place"],
        jurisdiction_id=row["jurisdiction_id"],
        text=_telling(texts, name),
        seen=Seen(first_seen, last_seen, standing_of(db, source, last_edition)),
        is_last_wording=bool(is_last_wording),
        row=RowAddress(
            source.id,
            row["document_sha256"],
            kind.table,
            row["position"],
            read_by(row["parser"], row["parser_version"]),
        ),
        notice=row["notice"],
    )


def standing_of(db: Database, source: Source, last_edition: int) -> str:
    """Return how a source stands to what its edition ``last_edition`` has, and no later one.

    The words are those of ``Seen.standing``.
    """
    newest = db.execute(
        "SELECT edition_id, stands FROM latest_editions WHERE source_id = ?", [source.id]
    ).fetchone()
    if newest is None:
        return "gone"
    if newest[0] != last_edition:
        return "withheld" if _is_withheld(db, newest[0]) else "gone"
    if newest[1]:
        return "newest"
    return "ended" if source.lifecycle == "ended" else "withdrawn"


def _is_withheld(db: Database, edition_id: int) -> bool:
    shown = db.execute(
        "SELECT reading_id FROM edition_readings WHERE edition_id = ? AND superseded_at IS NULL",
        [edition_id],
    ).fetchone()
    return shown is not None and gives_no_rows(db, shown[0])
