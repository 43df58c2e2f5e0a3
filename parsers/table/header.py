"""The header of a table, and which column stands under which header of the column map."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parsers.errors import NotThisDocument
from parsers.table.options import TableOptions
from parsers.table.shape import Row


@dataclass(frozen=True, slots=True)
class Header:
    """The header rows, and what they say."""

    rows: tuple[Row, ...]
    """None of a table without header rows."""
    labels: tuple[str, ...]
    """What stands over each column."""
    columns: Mapping[str, int]
    """Column, from 0, of each header of the column map, in small letters."""

    def column(self, header: str) -> int:
        """Return the column of a header of the map, from 0."""
        return self.columns[header.casefold()]

    @property
    def unknown(self) -> list[int]:
        """The columns that have a header, which the map does not name."""
        known = set(self.columns.values())
        return [n for n, label in enumerate(self.labels) if label and n not in known]

    def is_repeated(self, row: Row) -> bool:
        """Say whether a row of the body repeats the header, or a row of it."""
        texts = _folded(row)
        if len(self.rows) == 1:
            top = _folded(self.rows[0])
            return all(
                texts[column : column + 1] == top[column : column + 1]
                for column in self.columns.values()
            )
        return any(texts == _folded(each) for each in self.rows)

    @property
    def others(self) -> dict[int, str]:
        """The columns that the map does not name, each with a name of its own.

        That is its header; with its number where it has none, or another has the same.
        """
        names: dict[int, str] = {}
        for column, label in enumerate(self.labels):
            if column in self.columns.values():
                continue
            name = label or f"column {column + 1}"
            names[column] = f"{name} (column {column + 1})" if name in names.values() else name
        return names


def _folded(row: Row) -> tuple[str, ...]:
    return tuple(text.casefold() for text in row.texts)


def has_header(rows: Sequence[Row], wanted: TableOptions) -> bool:
    """Say whether the header of the column map stands among ``rows``."""
    return bool(wanted.header_rows) and _begins(rows, wanted)[0] is not None


def find_header(rows: Sequence[Row], wanted: TableOptions) -> tuple[int, Header]:
    """Return where among ``rows`` the header begins, and the header.

    Raises NotThisDocument if no row has every header of the map, or one of them twice.
    """
    if not wanted.header_rows:
        return 0, _numbered(rows, wanted)
    begins, missing = _begins(rows, wanted)
    if begins is None:
        names = ", ".join(each for each in wanted.headers if each.casefold() in missing)
        one = "row" if wanted.header_rows == 1 else f"{wanted.header_rows} rows"
        raise NotThisDocument(
            f"no {one} of the table {'has' if one == 'row' else 'have'} all the headers of the "
            f"column map (missing: {names})",
            remedy="look at the document, and mend the option columns"
            + (" or select" if wanted.form in (None, "html") else ""),
        )
    top = tuple(rows[begins : begins + wanted.header_rows])
    labels = _labels(top)
    folded = [label.casefold() for label in labels]
    for header in wanted.headers:
        if folded.count(header.casefold()) > 1:
            raise NotThisDocument(
                f"the column {header} stands in the table more than once",
                remedy="look at the document: which of them holds cannot be told",
            )
    columns = {header.casefold(): folded.index(header.casefold()) for header in wanted.headers}
    return begins, Header(top, labels, columns)


def _begins(rows: Sequence[Row], wanted: TableOptions) -> tuple[int | None, set[str]]:
    """Return where the first rows that have every header begin, or what lacks of the best."""
    headers = {header.casefold() for header in wanted.headers}
    missing = headers
    for number in range(len(rows) - wanted.header_rows + 1):
        labels = _labels(rows[number : number + wanted.header_rows])
        lacks = headers - {label.casefold() for label in labels}
        if not lacks:
            return number, set()
        missing = min(missing, lacks, key=len)
    return None, missing


def _labels(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return what stands over each column: the texts of the rows under each other, each once."""
    width = max(len(row.cells) for row in rows)
    return tuple(
        " ".join(dict.fromkeys(filter(None, (row.text(n) for row in rows)))) for n in range(width)
    )


def _numbered(rows: Sequence[Row], wanted: TableOptions) -> Header:
    """Return what stands for a header where there is none: a column is named by its number."""
    widths = Counter(len(row.cells) for row in rows if row.fault is None)
    width = max(widths, key=lambda each: (widths[each], each), default=0)
    columns = {header: int(header) - 1 for header in wanted.headers}
    beyond = [header for header, column in columns.items() if column >= width]
    if beyond:
        raise NotThisDocument(
            f"the table has {width} columns, and no column {beyond[0]}",
            remedy="look at the document, and mend the option columns",
        )
    labels = tuple(f"column {number}" for number in range(1, width + 1))
    return Header((), labels, columns)
