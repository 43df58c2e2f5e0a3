"""The difference of two editions, with all that has to be said beside it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sqlite_utils import Database

from db.comparison import Edition, TableComparison, compare
from db.diff import FieldChange, RowChange, plain_content
from db.errors import NoSuchEdition
from db.places import printed_detail, printed_place
from db.settings import individual_rows
from db.sources import Source, load_source
from db.windows import observed_after, predecessor
from db.withheld import gives_no_rows
from parsers.records import Record
from parsers.records.same_text import same_text
from sanctuary.beside import Beside, beside
from sanctuary.sections import in_words, what_happened
from sanctuary.wording import NO_VALUES, NOUNS, STATED, counted, day_and_time, describe, plain
from sanctuary.words import Piece, marked, redline

KINDS = ("added", "removed", "changed", "renamed")


OF_ISSUED = frozenset({"report_totals", "detainer_counts"})
"""The tables with numbers of detainers issued: the report's own caveat goes where they go."""


@dataclass(frozen=True)
class Difference:
    """Two editions of one source, and what changed from the one to the other, by table."""

    source: Source
    before: Edition
    after: Edition
    tables: list[TableComparison]
    caveats: tuple[str, ...] = ()
    """What the reports say of their numbers, each sentence once; none where no number is shown."""
    observed_after: str | None = None
    """When the change had last not been seen; None if that is not known."""
    observed_by: str | None = None
    """When it was first seen; None if ``after`` does not come after ``before``."""
    individual_rows: str = "full"
    """What may be shown of rows about individuals (``db.settings``)."""
    beside: Beside = field(default_factory=Beside)
    """Corrections of its rows, and what others say of them."""

    def notices(self) -> list[str]:
        """What the documents say of themselves if they are no official ones, each once."""
        return sorted({e.notice for e in (self.before, self.after) if e.notice})

    def changes(self) -> Iterator[RowChange]:
        """All row changes, table by table."""
        for table in self.tables:
            yield from table.changes or []

    def count(self, kind: str) -> int:
        """How many rows were ``added``, ``removed``, ``changed`` or ``renamed``."""
        return sum(table.count(kind) for table in self.tables)


def difference(db: Database, before: Edition, after: Edition) -> Difference:
    """Return what changed from ``before`` to ``after``, two editions of one source.

    It holds of rows about individuals only what the settings of the database let be shown. Raises
    NoSuchEdition if the document of one of them is withheld.
    """
    found = without_window(db, before, after)
    start, end = _window(db, found.source, before, after)
    return replace(found, observed_after=start, observed_by=end)


def without_window(db: Database, before: Edition, after: Edition) -> Difference:
    """Return the difference as it is, also to what a reading would make of an edition."""
    for edition in (before, after):
        if gives_no_rows(db, edition.reading_id):
            remedy = "the table `withheld` says why"
            raise NoSuchEdition(edition.name, "the document of this edition is withheld", remedy)
    source = load_source(db, before.source_id)
    shown = individual_rows(db)
    tables = compare(db, before, after, shown)
    has_issued = any(table.record.table in OF_ISSUED for table in tables)
    caveats = _caveats(db, before, after) if has_issued else ()
    around = beside(db, before, after, tables)
    return Difference(source, before, after, tables, caveats, individual_rows=shown, beside=around)


def _caveats(db: Database, before: Edition, after: Edition) -> tuple[str, ...]:
    rows = db.execute(
        """SELECT text FROM report_totals WHERE name = 'caveat' AND reading_id IN (?, ?)
        GROUP BY text ORDER BY min(reading_id), min(position)""",
        [before.reading_id, after.reading_id],
    )
    return tuple(row[0] for row in rows)


def _window(
    db: Database, source: Source, before: Edition, after: Edition
) -> tuple[str | None, str | None]:
    """Return between which two captures ``before`` gave way to ``after``.

    Between neighbours that is the window of their changes. Where editions lie between them it
    reaches back to the last capture of a list, which shows one edition at a time, but for a
    report, which stays up beside the next, only to the first.
    """
    if _order(after) <= _order(before):
        return None, None
    neighbour = predecessor(db, after)
    if neighbour is not None and neighbour.id == before.id:
        start = observed_after(db, source, after)
    else:
        start = before.public_until if source.editions == "content" else before.public_from
    return (start if start and start < after.public_from else None), after.public_from


def _order(edition: Edition) -> tuple[str, str, int]:
    return (edition.period_start or "", edition.period_end or "", edition.revision)


def window(diff: Difference) -> str | None:
    """Return in words between which captures the change was made; None for a look back in time."""
    if diff.observed_by is None:
        return None
    if diff.observed_after is None:
        return f"by {day_and_time(diff.observed_by)}"
    return f"between {day_and_time(diff.observed_after)} and {day_and_time(diff.observed_by)}"


def happened(change: RowChange) -> tuple[str, ...]:
    """Return what became of a section (``sanctuary.sections``); of another row nothing."""
    return what_happened(change.row.table, change.kind, (f.field for f in change.fields))


def kind_of(change: RowChange) -> str:
    """Return the kind of a change, of a section in the words for what became of it."""
    return in_words(happened(change)) or change.kind


def fields_said(change: RowChange) -> list[FieldChange]:
    """Return the fields that differ, of a row that came or went those that say something."""
    if change.kind in ("changed", "renamed"):
        return list(change.fields)
    return [
        each
        for each in change.fields
        if each.field not in NO_VALUES and (plain(each.before) or plain(each.after))
    ]


def pieces_of(change: RowChange, field: FieldChange) -> list[Piece]:
    """Return a field of a changed row word by word; of one that came or went, its whole value.

    A text is shown as printed. Where its content is no more than its words, another setting of the
    same words is not marked.
    """
    before, after = _printed(change.before, field), _printed(change.after, field)
    if change.kind not in ("changed", "renamed"):
        return [Piece("same", after if change.kind == "added" else before)]
    only_words = (same_text(before), same_text(after)) == (plain(field.before), plain(field.after))
    return (redline if only_words else marked)(before, after)


def _printed(row: Record | None, field: FieldChange) -> str:
    printed = getattr(row, field.field, None)
    if isinstance(printed, str):
        return printed
    return plain(plain_content(row)[field.field]) if row else ""


def title_of(change: RowChange) -> str:
    """Return what a row is about: its place and what tells it from others there, or its words."""
    row = change.row
    place, detail = printed_place(row), printed_detail(row)
    if row.place is None and detail:
        return detail
    if place is None:
        said = next((str(value) for value in row.content().values() if value), row.table)
        return STATED.get(said, said)
    return f"{place} ({detail})" if detail else place


def summary(diff: Difference) -> str:
    """Return one sentence: which two editions, and how many rows changed how."""
    return (
        f"{diff.source.title} ({diff.source.publisher}), from {_named(diff.before)} "
        f"to {_named(diff.after)}: {counts_of(diff)}."
    )


def counts_of(diff: Difference) -> str:
    """Return how many rows changed how, as a clause."""
    counts = [f"{count} {kind}" for kind in KINDS if (count := diff.count(kind))]
    return ", ".join(counts) or "no row differs"


def _named(edition: Edition) -> str:
    return edition.name if edition.period else describe(edition)


def table_summary(table: TableComparison) -> str:
    """Return one sentence on a table: how many rows each edition has, and how they compare."""
    if table.withheld:
        return (
            f"{_rows(table.record, table.rows_before)} in the one edition, "
            f"{_rows(table.record, table.rows_after)} in the other. "
            "Rows about individuals are shown as their number only."
        )
    if table.changes is None:
        return (
            f"{_rows(table.record, table.rows_before)} in one period, "
            f"{_rows(table.record, table.rows_after)} in the other. Rows of different periods are "
            f"different events: only their number is compared.{_numbers(table)}"
        )
    counts = ", ".join(f"{n} {kind}" for kind in KINDS if (n := table.count(kind)))
    before = _rows(table.record, table.rows_before)
    return f"{before}, then {table.rows_after}: {counts or 'none differs'}."


def unchanged(table: TableComparison) -> str | None:
    """Return how many rows of the later edition stand in the earlier as they are, and their share.

    The share is rounded down: what is not all is never 100 %. None where rows are not compared.
    """
    if table.unchanged is None or not table.rows_after:
        return None
    share = 1000 * table.unchanged // table.rows_after / 10
    whole = f"{share:.1f}".removesuffix(".0")
    return f"{table.unchanged:,} of {_rows(table.record, table.rows_after)} ({whole}\u00a0%)"


def _numbers(table: TableComparison) -> str:
    return "".join(
        f" {STATED.get(number.name, number.name.replace('_', ' ')).capitalize()}: "
        f"{_number(number.before)}, then {_number(number.after)}."
        for number in table.numbers
    )


def _number(value: int | None) -> str:
    return "not stated" if value is None else f"{value:,}"


def _rows(record: type[Record], count: int) -> str:
    return counted(count, NOUNS.get(record.table, "row"))
