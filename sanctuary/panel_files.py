"""A panel as a file: CSV, safe in a spreadsheet, or Parquet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from itertools import islice
from typing import IO

from sanctuary.errors import CommandError
from sanctuary.panel import COLUMNS, NUMBERS, Panel, Row
from sanctuary.safe_text import cell_safe

_BATCH = 65_536
"""Rows of a row group in Parquet."""


class NoParquet(CommandError):
    """The package that writes Parquet is not installed."""

    def __init__(self) -> None:
        """Say how to get it, and what does without."""
        super().__init__(
            "Parquet needs pyarrow; `pip install 'sanctuary-tracker[parquet]'` has it, and CSV "
            "does without"
        )


def check_parquet() -> None:
    """Raise NoParquet if Parquet cannot be written here."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise NoParquet from None


def write_csv(panel: Panel, out: IO[bytes], done: Callable[[], None]) -> None:
    """Write a panel as CSV; ``done`` is called after each unit."""
    text = io.TextIOWrapper(out, encoding="utf-8", newline="", write_through=False)
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    safe: dict[str, str] = {}

    def cell(value: str | int | None) -> str | int | None:
        if not isinstance(value, str):
            return value
        found = safe.get(value)
        if found is None:
            found = safe[value] = cell_safe(value)
        return found

    for unit in panel.units:
        writer.writerows([cell(value) for value in row] for row in panel.rows_of(unit))
        done()
    text.detach()


def write_parquet(panel: Panel, out: IO[bytes], done: Callable[[], None]) -> None:
    """Write a panel as Parquet; ``done`` is called after each unit. Raises NoParquet."""
    check_parquet()
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    types = {True: pyarrow.int32(), False: pyarrow.string()}
    schema = pyarrow.schema([(name, types[name in NUMBERS]) for name in COLUMNS])

    def rows() -> Iterator[Row]:
        for unit in panel.units:
            yield from panel.rows_of(unit)
            done()

    every = rows()
    with ParquetWriter(out, schema) as writer:
        while batch := list(islice(every, _BATCH)):
            columns = [list(column) for column in zip(*batch, strict=True)]
            writer.write_table(pyarrow.table(columns, schema=schema))
