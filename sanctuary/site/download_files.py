"""Rows as a file that is sent while it is made: CSV, JSON or Parquet, in pieces of bounded size."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

from sanctuary.safe_text import cell_safe, json_safe
from sanctuary.site.download_rows import Column, Row, Value

_PIECE = 256 * 1024
"""Characters or bytes after which a piece of a file is sent."""
_GROUP = 8 * 1024 * 1024
"""About as many bytes are a row group of Parquet, and are held in memory."""
_MOST_IN_GROUP = 16_384

_DECLARED = frozenset({"INTEGER", "REAL", "TEXT"})
"""Types that tables hold their values to; what has none of them is written as text."""

Descriptions = Mapping[str, str]
"""What columns hold, by name."""


@dataclass(frozen=True)
class Form:
    """A form of file."""

    content_type: str
    pieces: Callable[[list[Column], Iterable[Row], Descriptions], Iterator[bytes]]


def has_parquet() -> bool:
    """Say whether the package that writes Parquet is installed."""
    return find_spec("pyarrow") is not None


def csv_pieces(columns: list[Column], rows: Iterable[Row], _: Descriptions) -> Iterator[bytes]:
    """Yield a CSV file in UTF-8 whose cells no spreadsheet takes for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([_cell(column.name) for column in columns])
    for row in rows:
        writer.writerow([_cell(value) for value in row])
        if text.tell() >= _PIECE:
            yield _taken(text)
    yield _taken(text)


def _cell(value: Value) -> Value:
    return cell_safe(value) if isinstance(value, str) else value


def json_pieces(columns: list[Column], rows: Iterable[Row], _: Descriptions) -> Iterator[bytes]:
    """Yield a JSON file: a list of objects, one a line."""
    names = [column.name for column in columns]
    text = io.StringIO()
    text.write("[")
    before = "\n"
    for row in rows:
        text.write(before)
        text.write(json_safe(json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False)))
        before = ",\n"
        if text.tell() >= _PIECE:
            yield _taken(text)
    text.write("\n]\n")
    yield _taken(text)


def parquet_pieces(
    columns: list[Column], rows: Iterable[Row], descriptions: Descriptions
) -> Iterator[bytes]:
    """Yield a Parquet file; its columns carry their descriptions. Raises ImportError."""
    import pyarrow
    from pyarrow.parquet import ParquetWriter

    types = {"INTEGER": pyarrow.int64(), "REAL": pyarrow.float64()}
    schema = pyarrow.schema(
        [
            pyarrow.field(
                column.name,
                types.get(column.type, pyarrow.string()),
                metadata={"description": descriptions.get(column.name, "")},
            )
            for column in columns
        ]
    )
    out = _Sink()
    with ParquetWriter(out, schema) as writer:
        for group in _groups(rows):
            values = [
                list(cells) if column.type in _DECLARED else list(map(_text, cells))
                for column, cells in zip(columns, zip(*group, strict=True), strict=True)
            ]
            writer.write_table(pyarrow.table(values, schema=schema))
            yield out.taken()
    yield out.taken()


def _text(value: Value) -> str | None:
    return None if value is None else str(value)


def _groups(rows: Iterable[Row]) -> Iterator[list[Row]]:
    group: list[Row] = []
    size = 0
    for row in rows:
        group.append(row)
        size += sum(len(value) if isinstance(value, str) else 8 for value in row)
        if size >= _GROUP or len(group) >= _MOST_IN_GROUP:
            yield group
            group, size = [], 0
    if group:
        yield group


def _taken(text: io.StringIO) -> bytes:
    data = text.getvalue().encode("utf-8", "replace")
    text.seek(0)
    text.truncate()
    return data


class _Sink(io.RawIOBase):
    """A file that only grows, and whose beginning is handed on."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._before = 0

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        """Take more of the file."""
        more = bytes(data)
        self._held += more
        return len(more)

    def tell(self) -> int:
        """Return how much was written of the file."""
        return self._before + len(self._held)

    def taken(self) -> bytes:
        """Return what was written since this was last asked, and forget it."""
        data = bytes(self._held)
        self._before += len(data)
        self._held.clear()
        return data


FORMS = {
    "csv": Form("text/csv; charset=utf-8", csv_pieces),
    "json": Form("application/json; charset=utf-8", json_pieces),
    "parquet": Form("application/vnd.apache.parquet", parquet_pieces),
}
"""By the ending of their names."""
