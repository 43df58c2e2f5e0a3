"""The sections of policies in which words stand, each text once for every policy that has it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlite_utils import Database

from db.row_address import RowAddress, read_by
from db.search import Asked, Hits, Marked, in_index, marked_in_index
from db.search_rows import Seen, standing_of
from db.sources import load_source

_INDEX = "section_texts_fts"


@dataclass(frozen=True)
class SectionHit:
    """A text of a section, as it stands in one policy."""

    source_id: str
    source_title: str
    publisher: str
    place: str | None
    """Whose policy it is, as the entry of its source names it, or as printed."""
    number: str | None
    heading: str | None
    text: Marked | None
    """What surrounds the words; None where the site may not show it (``publish``)."""
    publish: str
    seen: Seen
    """When the text stood so."""
    place_in_newest: int | None
    """Which section of the newest version it is, from 1; None where it is none."""
    row: RowAddress
    notice: str | None


@dataclass(frozen=True)
class _Text:
    """A text in the editions of one source."""

    source_id: str
    text_id: int
    section_id: int
    first_seen: str | None
    last_seen: str | None
    last_edition: int


def search_sections(db: Database, asked: Asked) -> Hits[SectionHit]:
    """Return the sections of editions in whose text all terms stand."""
    numbers, ranked = in_index(db, _INDEX, asked)
    found: list[_Text] = []
    if asked.state:
        of_state = _texts_of_state(db, asked.state)
        numbers = {number: rank for number, rank in numbers.items() if number in of_state}
    for text_id in sorted(numbers, key=lambda number: numbers[number]):
        found += _in_editions(db, text_id, asked.state)
        if len(found) > asked.most:
            break
    shown = found[: asked.most]
    texts = marked_in_index(db, _INDEX, [0], {each.text_id for each in shown}, asked)
    hits = tuple(_hit(db, each, *texts.get(each.text_id, [()])) for each in shown)
    return Hits(hits, len(found) > asked.most or not ranked, ranked)


_SOURCES_OF_STATE = """SELECT source_id FROM policy_jurisdictions
    JOIN jurisdictions ON jurisdictions.id = jurisdiction_id WHERE state = :state"""


def _texts_of_state(db: Database, state: str) -> set[int]:
    """Return the texts in editions of the policies of places of a state."""
    return {
        row[0]
        for row in db.execute(
            f"""SELECT DISTINCT text_id FROM editions
            CROSS JOIN edition_readings ON edition_id = editions.id AND superseded_at IS NULL
            CROSS JOIN policy_sections USING (reading_id)
            WHERE source_id IN ({_SOURCES_OF_STATE})""",
            {"state": state},
        )
    }


def _in_editions(db: Database, text_id: int, state: str | None) -> list[_Text]:
    """Return a text as it stands in the editions of each source that has it."""
    of_state = f"AND editions.source_id IN ({_SOURCES_OF_STATE})"
    rows = db.execute(
        f"""SELECT editions.source_id, text_id, policy_sections.id, min(public_from),
            max(public_until), edition_id,
            max(coalesce(editions.period_start, '') || printf('/%09d', revision))
        FROM policy_sections CROSS JOIN edition_readings USING (reading_id)
        JOIN editions ON editions.id = edition_id
        WHERE text_id = :text AND superseded_at IS NULL {of_state if state else ""}
        GROUP BY editions.source_id ORDER BY editions.source_id""",
        {"text": text_id, "state": state},
    )
    return [_Text(*row[:6]) for row in rows]


def _hit(db: Database, found: _Text, text: Marked) -> SectionHit:
    source = load_source(db, found.source_id)
    row = db.execute(
        """SELECT number, heading, position, notice, document_sha256, parser, parser_version,
            (SELECT jurisdiction FROM policies
                WHERE policies.reading_id = policy_sections.reading_id LIMIT 1),
            (SELECT count(*) FROM policy_sections AS before
                WHERE before.reading_id = policy_sections.reading_id
                AND before.position <= policy_sections.position)
        FROM policy_sections JOIN readings ON readings.id = reading_id
        WHERE policy_sections.id = ?""",
        [found.section_id],
    ).fetchone()
    number, heading, position, notice, sha256, parser, version, printed, place = row
    standing = standing_of(db, source, found.last_edition)
    return SectionHit(
        source_id=source.id,
        source_title=source.title,
        publisher=source.publisher,
        place=source.jurisdiction or printed,
        number=number,
        heading=heading,
        text=text if source.publish == "full" else None,
        publish=source.publish,
        seen=Seen(found.first_seen, found.last_seen, standing),
        place_in_newest=None if standing in ("gone", "withheld") else place,
        row=RowAddress(source.id, sha256, "policy_sections", position, read_by(parser, version)),
        notice=notice,
    )
