"""What the test kit says of a parser by what it makes of a document."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from db.connection import open_database
from db.readings import ReadBy, keep_reading
from db.rows import load_rows
from db.sources import save_source
from parsers.records import Problem, Reading, Record, TableKind, content_hash
from parsers.registry import Parser
from sanctuary.contract.finding import Finding
from sanctuary.reading import LIMIT_KINDS, ReadingLimits, probe_document, read_document
from sanctuary.sources import Source

_SOME_TIME = "2001-01-01T00:00:00Z"
_SHOWN = 3


def check_document(
    source: Source, parser: Parser, data: bytes, limits: ReadingLimits
) -> list[Finding]:
    """Return what holds of a parser as it reads a document of a source, under the limits.

    Raises CannotRead if there was no process to read it.
    """
    probed = probe_document(parser.name, data, source.options, limits)
    if isinstance(probed, Problem):
        return [_no_reading(probed)]
    reading = probed.reading
    found = [
        _read(reading),
        _same(reading, probed.same_again, parser, data, source, limits),
        _alone(probed.touched),
        _evidence(reading, probed.astray),
        _declared(reading, parser),
        _positions(reading),
        *_keys(reading),
        _stored(source, parser, reading),
    ]
    failed = [check.message for check in reading.failed_required()]
    if failed:
        said = f"it would be held for review: {' '.join(failed)}"
        found.append(Finding("checks", None, said, is_held=True))
    return found


def _no_reading(problem: Problem) -> Finding:
    if problem.kind == "unreadable":
        return Finding("reading", False, f"it refuses the document: {problem.message}")
    if problem.kind in LIMIT_KINDS:
        return Finding("limits", False, problem.message)
    return Finding("reading", False, problem.message)


def _read(reading: Reading) -> Finding:
    counts = Counter(type(record).table for record in reading.records)
    rows = ", ".join(f"{counts[table.table]} {table.table}" for table in reading.tables)
    kinds = Counter(problem.kind for problem in reading.problems)
    problems = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items()))
    left_out = [check.message for check in reading.checks if check.name == "rows_filtered"]
    said = "; ".join(
        [f"it reads {rows or 'no tables'}", f"problems: {problems or 'none'}", *left_out]
    )
    return Finding("reading", True, said)


def _same(
    reading: Reading,
    same_again: bool,
    parser: Parser,
    data: bytes,
    source: Source,
    limits: ReadingLimits,
) -> Finding:
    other = read_document(parser.name, data, source.options, limits)
    same = same_again and isinstance(other, Reading) and other.to_json() == reading.to_json()
    if same:
        return Finding("repeatable", True, "the same bytes give the same reading")
    where = "in another process" if same_again else "in the same process"
    return Finding("repeatable", False, f"the same bytes gave another reading {where}")


def _alone(touched: Sequence[str]) -> Finding:
    if touched:
        said = f"it did more than read the bytes: {', '.join(touched)} (audit events of Python)"
        return Finding("alone", False, said)
    return Finding("alone", True, "it opened no connection, process, database or file to write to")


def _evidence(reading: Reading, astray: Sequence[str]) -> Finding:
    if astray:
        return Finding("evidence", False, f"evidence that leads nowhere: {'; '.join(astray)}")
    if not reading.records:
        return Finding("evidence", None, "there is no record whose evidence could be looked up")
    return Finding("evidence", True, "the evidence of every record leads into the document")


def _declared(reading: Reading, parser: Parser) -> Finding:
    types = {type(record) for record in reading.records}
    beyond = [each.__name__ for each in reading.tables if each not in parser.tables]
    unnamed = sorted(each.__name__ for each in types - set(reading.tables))
    if beyond:
        said = f"{', '.join(beyond)} is not among the tables of the parser (Parser.tables)"
        return Finding("declared", False, said)
    if unnamed:
        said = f"it read {', '.join(unnamed)}, which Reading.tables does not name"
        return Finding("declared", False, said)
    return Finding("declared", True, "every record is of a type that the parser declares")


def _positions(reading: Reading) -> Finding:
    for table in reading.tables:
        positions = [row.position for row in reading.records if type(row) is table]
        if positions != list(range(1, len(positions) + 1)):
            said = f"the positions of {table.table} do not count from 1 in the order of the rows"
            return Finding("positions", False, said)
    return Finding("positions", True, "positions count from 1 in each table")


def _keys(reading: Reading) -> Iterator[Finding]:
    same: dict[tuple[str, str], list[Record]] = defaultdict(list)
    for record in reading.records:
        if record.kind is TableKind.STANDING:
            same[record.table, record.row_key()].append(record)
    twice = [rows for rows in same.values() if len(rows) > 1]
    reported = {spot for problem in reading.problems for spot in problem.evidence}
    silent = [
        rows
        for rows in twice
        if any(row.content() != rows[0].content() for row in rows)
        and not all(reported & set(row.evidence) for row in rows)
    ]
    names = "; ".join(rows[0].row_key() for rows in (silent or twice)[:_SHOWN])
    if silent:
        said = f"rows of other content share a key, and no problem says so: {names}"
        yield Finding("keys", False, said)
    elif twice:
        said = f"some keys stand more than once ({len(twice)}): {names}"
        yield Finding("keys", None, said)
    else:
        yield Finding("keys", True, "no two standing rows share a key")


def _stored(source: Source, parser: Parser, reading: Reading) -> Finding:
    """Store the reading in a new database and load it again."""
    with TemporaryDirectory(prefix="sanctuary-check-") as folder:
        db = open_database(Path(folder) / "tracker.db")
        try:
            save_source(db, source.facts())
            sha256 = "0" * 64
            db.table("documents").insert({"sha256": sha256, "size": 0, "archived_at": _SOME_TIME})
            version = parser.version_with(source.options)
            read_by = ReadBy(source.id, sha256, parser.name, version)
            stored = keep_reading(db, read_by, reading, reading.checks, "held", _SOME_TIME)
            loaded = [row for table in reading.tables for row in load_rows(db, stored.id, table)]
        finally:
            db.close()
    kept = [row for table in reading.tables for row in reading.rows(table)]
    if loaded != kept or content_hash(loaded) != content_hash(kept):
        first = next((old for old, new in zip(kept, loaded, strict=False) if old != new), None)
        where = f", {first.table}, row {first.position}" if first else ""
        said = f"what is loaded from a database is not what was stored{where}"
        return Finding("stored", False, said)
    return Finding("stored", True, "what is stored in a database is loaded again without loss")
