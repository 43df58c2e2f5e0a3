"""What a source said: for a week, as published on a day, as this database knew it on a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlite_utils import Database

from db.comparison import Edition
from db.corrected import Mark, marks_of_reading
from db.counts import count_individual
from db.observations import KnownEdition, end_of, known_editions, observations
from db.rows import load_rows
from db.settings import individual_rows
from db.sources import Source, load_source, source_ids
from db.states import standing_lists, timeline_of
from db.timeline import ListState, State
from parsers.records import RECORD_BY_TABLE, RECORD_TYPES, Jurisdiction, Record
from sanctuary.difference import OF_ISSUED
from sanctuary.errors import CommandError
from sanctuary.wording import counted, day_and_time, there_are


class NothingStated(CommandError):
    """No edition answers the question: the person asks another."""

    def __init__(self, source: str, reason: str, remedy: str) -> None:
        """Take the source, the reason and what to do, as clauses without a full stop."""
        super().__init__(f"{source}: {reason}; {remedy}")


class NoSuchSource(CommandError):
    """The history has no source of that id."""

    def __init__(self, source: str, known: list[str]) -> None:
        """Take the id, and those that there are."""
        super().__init__(f"no source {source!r} in the history; {there_are(source, known)}")


@dataclass(frozen=True)
class Question:
    """On which of three clocks a source is asked; they combine."""

    as_of: str | None = None
    """What it says of the period that holds this day."""
    as_published_on: str | None = None
    """What stood in public on this day."""
    as_known_on: str | None = None
    """What this database said at the end of this day."""


@dataclass(frozen=True)
class StatedRow:
    """A row, with the place that its name is taken for, and what its publisher corrected in it.

    A corrected row is marked on every clock, since whoever quotes it has to know.
    """

    record: Record
    jurisdiction_id: str | None
    marks: tuple[Mark, ...] = ()


@dataclass(frozen=True)
class StatedTable:
    """The rows of one table; ``rows`` is None where they may only be counted."""

    record: type[Record]
    count: int
    rows: tuple[StatedRow, ...] | None


@dataclass(frozen=True)
class Stated:
    """What a source said, with all that has to be said beside it."""

    source: Source
    edition: Edition
    answers: tuple[str, ...]
    """Which questions were answered, a sentence each."""
    state: str | None
    """``public``, or that it was withdrawn, not observed or ended then; None for a period."""
    notice: str | None
    caveats: tuple[str, ...]
    tables: tuple[StatedTable, ...]
    unresolved_names: int
    """Printed names that are taken for no place."""


def stated(db: Database, source_id: str, question: Question, today: str) -> Stated:
    """Return what a source said. ``today`` is the day that is asked about if none is named.

    Raises NoSuchSource, NothingStated, and ValueError for a day that is none.
    """
    source = _source(db, source_id)
    edition, state = stated_edition(db, source, question, today)
    shown = edition_of(db, source, edition)
    tables = _tables(db, shown.reading_id)
    has_issued = any(table.record.table in OF_ISSUED for table in tables)
    unresolved = {
        row.record.place and getattr(row.record, row.record.place)
        for table in tables
        for row in table.rows or ()
        if row.record.place and row.jurisdiction_id is None
    }
    return Stated(
        source,
        shown,
        _answers(source, edition, question, today, state),
        state and str(state),
        shown.notice,
        _caveats(db, shown.reading_id) if has_issued else (),
        tables,
        len(unresolved - {None}),
    )


def stated_edition(
    db: Database, source: Source, question: Question, today: str
) -> tuple[KnownEdition, ListState | None]:
    """Return the edition that answers a question, and what became of it on the day asked about.

    Raises NothingStated, and ValueError for a day that is none.
    """
    published_on = question.as_published_on
    if question.as_of is not None and source.editions == "period":
        return _of_period(db, source, question), None
    if question.as_of is not None:
        if published_on not in (None, question.as_of):
            raise NothingStated(
                source.id,
                "it has no periods, so that --as-of and --as-published-on ask the same",
                "give one of them",
            )
        published_on = question.as_of
    day = published_on or question.as_known_on or today
    if day > today:
        raise NothingStated(source.id, f"{day} lies ahead", f"ask for {today} or before")
    timeline = timeline_of(db, source.id, question.as_known_on)
    edition = timeline.edition_on(day)
    if edition is None:
        known = f", as known on {question.as_known_on}" if question.as_known_on else ""
        raise NothingStated(
            source.id,
            f"nothing was seen of it by {day}{known}",
            _first_seen(db, source.id, question.as_known_on),
        )
    return edition, timeline.list_state_on(day)


def _of_period(db: Database, source: Source, question: Question) -> KnownEdition:
    day = date.fromisoformat(question.as_of or "").isoformat()
    seen = observations(db, source.id, question.as_known_on)
    if question.as_published_on is not None:
        before = end_of(question.as_published_on)
        seen = [each for each in seen if each.captured_at < before]
    editions = known_editions(source, seen)
    held = [
        each
        for each in editions
        if each.period_start and each.period_start <= day <= (each.period_end or "")
    ]
    if not held:
        periods = list(
            dict.fromkeys(f"{each.period_start}..{each.period_end}" for each in editions)
        )
        shown = ", ".join(periods[-5:]) or "none"
        more = f"the last {5} of {len(periods)} are" if len(periods) > 5 else "there are"
        raise NothingStated(source.id, f"no period that holds {day} is held", f"{more}: {shown}")
    return held[-1]


def _first_seen(db: Database, source_id: str, known_on: str | None) -> str:
    seen = observations(db, source_id, known_on)
    if seen:
        return f"it was first seen on {day_and_time(seen[0].captured_at)}"
    first = db.execute(
        "SELECT min(known_from) FROM observations WHERE source_id = ?", [source_id]
    ).fetchone()[0]
    if first is None:
        return f"`sanctuary run {source_id}` fetches it"
    return f"this database first held it on {day_and_time(first)}"


def _source(db: Database, source_id: str) -> Source:
    try:
        return load_source(db, source_id)
    except KeyError:
        raise NoSuchSource(source_id, source_ids(db)) from None


def edition_of(db: Database, source: Source, edition: KnownEdition) -> Edition:
    """Return an edition as it is compared and named; its id is that of today, 0 if it has none."""
    first = edition.observations[0]
    found = db.execute(
        "SELECT edition_id FROM sightings WHERE capture_id = ?", [first.capture_id]
    ).fetchone()
    sha256, notice = db.execute(
        "SELECT document_sha256, notice FROM readings WHERE id = ?", [edition.reading_id]
    ).fetchone()
    return Edition(
        id=found[0] if found else 0,
        source_id=source.id,
        period_start=edition.period_start,
        period_end=edition.period_end,
        revision=edition.revision,
        public_from=edition.public_from,
        public_until=edition.public_until,
        reading_id=edition.reading_id,
        document_sha256=sha256,
        notice=notice,
    )


def _answers(
    source: Source,
    edition: KnownEdition,
    question: Question,
    today: str,
    state: ListState | None,
) -> tuple[str, ...]:
    whose = f"{source.title} ({source.publisher})"
    known = question.as_known_on
    answers = []
    if state is None:
        revision = "the newest revision" if edition.revision > 1 else "the only revision"
        published = f" published by {question.as_published_on}" if question.as_published_on else ""
        answers.append(
            f"What {whose} says of the period that holds {question.as_of}: "
            f"{revision}{published} that is known."
        )
    else:
        day = question.as_published_on or question.as_of
        about = f"as published on {day}" if day else f"as of {known or today}"
        answers.append(f"What {whose} said {about}.")
        answers.append(state_in_words(edition, question, today, state))
    if known:
        answers.append(f"As this database knew it on {known}, whatever it learned later.")
    return tuple(answers)


def state_in_words(
    edition: KnownEdition, question: Question, today: str, state: ListState | None
) -> str:
    """Return how a list stood on the day that is asked about, in a sentence."""
    day = question.as_published_on or question.as_of
    words = _STATES[state or ListState.PUBLIC]
    return words.format(day=day or question.as_known_on or today, last=_last(edition, day))


def _last(edition: KnownEdition, day: str | None) -> str:
    seen = edition.observations
    if day:
        seen = [each for each in seen if each.captured_at < end_of(day)] or seen[:1]
    return day_and_time(seen[-1].captured_at)


_STATES = {
    ListState.PUBLIC: "It was public on {day}; last seen by then on {last}.",
    ListState.NOT_OBSERVED: (
        "It was not observed on {day}: this is what it last stated, seen on {last}."
    ),
    ListState.WITHDRAWN: (
        "Its publisher had taken it down by {day}: this is what it last stated, seen on {last}."
    ),
    ListState.ENDED: (
        "The series had ended by {day}: this is what it last stated, seen on {last}."
    ),
}


def _tables(db: Database, reading_id: int) -> tuple[StatedTable, ...]:
    setting = individual_rows(db)
    marks = marks_of_reading(db, reading_id)
    found = []
    for record in RECORD_TYPES:
        if record.individual and setting != "full":
            count = count_individual(db, reading_id, record) if setting == "counts" else 0
            if count:
                found.append(StatedTable(record, count, None))
            continue
        rows = tuple(
            replace(row, marks=marks.get((record.table, row.record.position), ()))
            for row in _rows(db, reading_id, record)
        )
        if rows:
            found.append(StatedTable(record, len(rows), rows))
    return tuple(found)


def _rows(db: Database, reading_id: int, record: type[Record]) -> tuple[StatedRow, ...]:
    records = load_rows(db, reading_id, record)
    if record.place is None or record.table not in RECORD_BY_TABLE:
        return tuple(StatedRow(each, None) for each in records)
    places = [
        row[0]
        for row in db.execute(
            f"""SELECT jurisdiction_id FROM {record.table}
            LEFT JOIN jurisdiction_names ON jurisdiction_names.id = name_id
            WHERE reading_id = ? ORDER BY position, {record.table}.id""",
            [reading_id],
        )
    ]
    return tuple(StatedRow(*pair) for pair in zip(records, places, strict=True))


def _caveats(db: Database, reading_id: int) -> tuple[str, ...]:
    rows = db.execute(
        """SELECT text FROM report_totals WHERE name = 'caveat' AND reading_id = ?
        ORDER BY position""",
        [reading_id],
    )
    return tuple(dict.fromkeys(row[0] for row in rows)) or (
        "Issued is not declined: what became of these detainers is not stated.",
    )


def said_of_place(
    db: Database, said: Stated, question: Question, today: str, place: Jurisdiction
) -> str:
    """Return in a sentence how a list stands to a place on the day asked about.

    Of a period, and of a source that is no list, it is only whether any row is of the place.
    """
    whose = f"{said.source.title} ({said.source.publisher})"
    name = f"{place.name} ({place.id})"
    if said.state is None or said.source.id not in standing_lists(db):
        has = "has rows" if only_of_place(said, place.id).tables else "has no row"
        return f"In what is shown, {whose} {has} of {name}."
    day = question.as_published_on or question.as_of or question.as_known_on or today
    window = timeline_of(db, said.source.id, question.as_known_on).window_on(place.id, day)
    may_be = counted(window.unresolved_names, "name")
    waiting = f"; {may_be} on it may be this place" if window.unresolved_names else ""
    seen = ", as far as observed" if window.state is State.NOT_LISTED else ""
    part = "; of this list only a part is known" if said.source.partial else ""
    return f"{whose} on {day}, of {name}: {window.state}{seen}{waiting}{part}."


def only_of_place(said: Stated, jurisdiction_id: str) -> Stated:
    """Return the same with the rows of one place alone; of individuals none."""
    tables = []
    for table in said.tables:
        if table.record.individual or table.record.place is None:
            continue
        rows = tuple(row for row in table.rows or () if row.jurisdiction_id == jurisdiction_id)
        if rows:
            tables.append(StatedTable(table.record, len(rows), rows))
    has_issued = any(table.record.table in OF_ISSUED for table in tables)
    return replace(said, tables=tuple(tables), caveats=said.caveats if has_issued else ())
