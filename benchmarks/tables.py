"""How many tables are read right, beside camelot, tabula and plain pdfplumber.

Of each document count the neighbours of every cell (see ``benchmarks.table_cells``) and the rows
that are right in every column. Each document counts the same. Peers give the texts of each row by
their usual call, which does not say what a cell spans. The real documents are no part of the
project: the variable SANCTUARY_REAL names their folder.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from statistics import mean

from benchmarks.environment import NOT_INSTALLED, installed
from benchmarks.figure import Figure, Row
from benchmarks.table_cells import Counts, Table, counts, without_spans
from benchmarks.table_readers import Reader, camelot_lattice, ours, plain_pdfplumber, tabula
from benchmarks.table_truth import (
    NOT_AT_HAND,
    RULED,
    Document,
    fixtures,
    icdar_2013,
    tabula_tests,
)


@dataclass(frozen=True)
class Score:
    """How a reader did on some documents."""

    counts: Sequence[Counts]

    @property
    def read(self) -> int:
        """The number of documents in which it finds a table at all."""
        return sum(each.found > 0 for each in self.counts)

    @property
    def recall(self) -> float:
        """Of the neighbours printed, those found."""
        return mean(each.right / each.printed for each in self.counts)

    @property
    def precision(self) -> float:
        """Of the neighbours found, those printed; a document without any does not count."""
        shares = [each.right / each.found for each in self.counts if each.found]
        return mean(shares) if shares else 0.0

    @property
    def rows(self) -> float:
        """Of the rows printed, those read right."""
        return mean(each.right_rows / each.rows for each in self.counts)

    @property
    def value(self) -> float:
        """The harmonic mean of recall and precision."""
        both = self.recall + self.precision
        return 2 * self.recall * self.precision / both if both else 0.0

    def __str__(self) -> str:
        """Return all of it as it stands in the table."""
        return (
            f"{self.value:.3f} (recall {self.recall:.3f}, precision {self.precision:.3f}), "
            f"rows right {self.rows:.3f}, {self.read} of {len(self.counts)} read"
        )


@dataclass(frozen=True)
class _Set:
    """Documents that are scored together."""

    name: str
    documents: Callable[[], list[Document]]
    note: str = ""


@dataclass(frozen=True)
class _Peer:
    name: str
    package: str
    reader: Reader


def _ruled() -> list[Document]:
    return [document for document in icdar_2013() if document.path.stem in RULED]


_SETS = (
    _Set(
        "hand-made tables",
        fixtures,
        "one without rules; one without rules between its rows, which `parser: table` holds",
    ),
    _Set("ICDAR 2013, a rule between all cells", _ruled),
    _Set(
        "ICDAR 2013, all of the United States",
        icdar_2013,
        "not read: a table without a grid of rules",
    ),
    _Set(
        "tables of the tests of tabula-java",
        tabula_tests,
        "right is what tabula gave there, its cells that span as one",
    ),
)
_PEERS = (
    _Peer("camelot, lattice", "camelot-py", camelot_lattice),
    _Peer("tabula", "tabula-py", tabula),
    _Peer("pdfplumber, `extract_tables`", "pdfplumber", plain_pdfplumber),
)
_ROWS = {
    (each, peer): Row(f"{each.name} / {peer.name}", peer.name) for each in _SETS for peer in _PEERS
}
ROWS = tuple(_ROWS.values())


def figures() -> list[Figure]:
    """Return the score of every reader on every set, ours beside each."""
    return [figure for each in _SETS for figure in _figures(each)]


def _figures(of: _Set) -> list[Figure]:
    documents = of.documents()
    rows = [(_ROWS[of, peer], peer) for peer in _PEERS]
    if not documents:
        return [Figure(row.what, row.peer, "", "", "", "", NOT_AT_HAND) for row, _ in rows]
    mine = score(ours, documents)
    return [_figure(row, peer, mine, documents, of.note) for row, peer in rows]


def _figure(row: Row, peer: _Peer, mine: Score, documents: Sequence[Document], note: str) -> Figure:
    if not installed(peer.package):
        return row.without_peer(mine, NOT_INSTALLED)
    try:
        theirs = score(peer.reader, documents)
    except Exception as error:  # noqa: BLE001 - a peer that fails is a cell of the table
        return row.without_peer(mine, f"it fails: {type(error).__name__}")
    return row.figure(mine, theirs, note) if theirs.value else row.without_peer(mine, "finds none")


def score(reader: Reader, documents: Sequence[Document]) -> Score:
    """Return how a reader does on documents."""
    return Score([_counts(reader, document) for document in documents])


def _counts(reader: Reader, document: Document) -> Counts:
    found = _found(reader, document.path, document.pages)
    if not document.has_spans:
        found = [without_spans(table) for table in found]
    return counts(document.tables, found)


@cache
def _found(reader: Reader, document: Path, pages: int | None) -> list[Table]:
    return reader(document, pages)
