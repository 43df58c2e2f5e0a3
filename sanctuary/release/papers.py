"""What lies beside the tables of a data package for people: guide, codebook, citation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import yaml

from sanctuary.release.described import Described, Field, Table
from sanctuary.release.facts import ReleasedSource
from sanctuary.release.since import CHANGES_FILE, MEANINGS
from sanctuary.safe_text import markdown_safe, one_line
from sanctuary.wording import counted, day_and_time


@dataclass(frozen=True)
class Package:
    """All that the papers say of a data package."""

    name: str
    as_of: str
    """When something was recorded last (UTC)."""
    version: str
    """Of the program."""
    since: str | None
    sources: tuple[ReleasedSource, ...]
    tables: tuple[Table, ...]
    rows: dict[str, int]
    changes: dict[str, int]
    closed: tuple[str, ...]
    individual_rows: str
    texts_kept_off: tuple[str, ...]

    @property
    def title(self) -> str:
        """What it is called."""
        return f"What governments published about immigration detainers: data package {self.name}"

    @property
    def window(self) -> str:
        """Between which days its documents were captured."""
        days = [
            *(source.first_capture[:10] for source in self.sources),
            *(source.last_capture[:10] for source in self.sources),
        ]
        return f"{min(days)} to {max(days)}" if days else "no document"

    @property
    def notices(self) -> list[str]:
        """What its documents say of themselves if they are no official ones."""
        return sorted({notice for source in self.sources for notice in source.notices})

    @property
    def publishers(self) -> list[str]:
        """Who published its documents, each once."""
        return list(dict.fromkeys(source.publisher for source in self.sources))


_CAVEATS = """\
- **Known declines only.** A weekly report holds the declined detainers that ICE came to know
  of. It is no count of all of them, and one week is not a trend.
- **Issued is not declined.** What became of the detainers of Section I is not known. Detainers
  are not persons, and charges are not convictions.
- **A list says what its publisher says.** That a place is named is no finding of this package,
  and that it is not named clears nobody. City, county and state do not inherit each other's
  listing. What places have said of it is in `statements_and_notes`.
- **Not observed is not “not listed”.** Documents were seen only when they were captured, and a
  change has no moment, only a window: after `observed_after`, by `observed_by`.
- **Whose change it is** stands in `cause`: `publisher`; `person`, somebody's decision here;
  `replay`, a better reading of the same document, which is no change in the world.
- **Names of places** are kept as printed. What they are taken for (`jurisdiction_id`) was found
  by rules, or decided by a person (`reviewed`); where it is empty, nothing decided it.
- **Held readings** failed a check and were not accepted. They are in the tables of all
  readings, never in those that begin with `current_` or `standing_`.
"""


def readme(package: Package, described: Described) -> str:
    """Return the guide to a package, as Markdown."""
    lines = [f"# {markdown_safe(package.title)}", ""]
    for notice in package.notices:
        lines += [f"**{markdown_safe(notice)}**", ""]
    lines += [
        f"As recorded until {day_and_time(package.as_of)}, from documents captured "
        f"{package.window}. Made by sanctuary-tracker {package.version}. It does not change any "
        "more: a correction is another package.",
        "",
        "| file | what it is |",
        "| --- | --- |",
        "| `data/*.csv` | the tables: UTF-8, a comma between cells, the names of columns first |",
        "| `CODEBOOK.md` | every table and column: meaning, type, unit, values |",
        "| `datapackage.json` | the same for programs (https://datapackage.org, version 2) |",
        f"| `{CHANGES_FILE}` | what is otherwise than in the package before, value by value |",
        "| `CITATION.cff`, `CITATION.txt` | how to cite it |",
        "| `SHA256SUMS` | the hash of every file: `sha256sum -c SHA256SUMS` verifies them |",
        "",
        "Begin with `data/current_listings.csv` (what each edition of each list says), "
        "`data/standing_listings.csv` (what stands at the end) and `data/current_changes.csv`.",
        "",
        "## Before you use it",
        "",
        _CAVEATS,
        markdown_safe(described.caveats),
        "",
        "Each report's own caveats are in `data/current_report_totals.csv`, under the name "
        "`caveat`. A document that is no official one, such as a specimen, says so in the column "
        "`notice` of each of its rows.",
        "",
        "## Reading the tables",
        "",
        "An empty cell says that nothing is printed there or that it is not known. A cell that a "
        "spreadsheet would take for a formula has an apostrophe before it. Days are ISO 8601, "
        "moments are UTC. Read ids, such as the five digits of a county, as text: they "
        "begin with zeros. `evidence` says where on the document a row was read; the document is "
        "named by its sha256 in `data/documents.csv`.",
        "",
        "## What is in it",
        "",
        "| source | publisher | documents | captured | read by |",
        "| --- | --- | --- | --- | --- |",
        *(_source_line(source) for source in package.sources),
        "",
        *_left_out(package),
        "## Since the package before",
        "",
        *_since(package),
        "## Terms",
        "",
        f"{markdown_safe(described.license)} {described.license_url}".strip(),
        "",
    ]
    return "\n".join(lines)


def _source_line(source: ReleasedSource) -> str:
    title, publisher, parsers = (
        markdown_safe(text)
        for text in (f"{source.title} ({source.id})", source.publisher, "; ".join(source.parsers))
    )
    days = f"{source.first_capture[:10]} to {source.last_capture[:10]}"
    return f"| {title} | {publisher} | {source.documents:,} | {days} | {parsers} |"


def _left_out(package: Package) -> list[str]:
    lines = []
    if package.closed:
        lines += [
            f"Rows about individuals are left out (`individual_rows: {package.individual_rows}`): "
            f"{', '.join(f'`{name}`' for name in package.closed)}.",
            "",
        ]
    if package.texts_kept_off:
        lines += [
            "Texts of these sources are left out, as their terms ask; numbers, headings and notes "
            "of their sections are there: "
            f"{', '.join(map(markdown_safe, package.texts_kept_off))}.",
            "",
        ]
    return lines


def _since(package: Package) -> list[str]:
    if package.since is None:
        return ["This is the first package.", ""]
    said = ", ".join(f"{cause} {count:,}" for cause, count in package.changes.items())
    return [
        f"`{CHANGES_FILE}` compares it with the package {markdown_safe(package.since)}: a row for "
        f"each value that is another, by whose change it is: {said or 'nothing changed'}. Rows of "
        "a new edition are in the tables; here it is one row, `published`.",
        "",
    ]


def codebook(package: Package, columns: Iterable[str]) -> str:
    """Return what every table and column holds, as Markdown; ``columns`` are of the changes."""
    lines = [
        f"# Codebook of the data package {markdown_safe(package.name)}",
        "",
        "In a CSV file an empty cell is a missing value. There are no other codes for it.",
        "",
    ]
    group = None
    for table in package.tables:
        if table.group != group:
            group = table.group
            lines += [f"## {markdown_safe(group)}", ""]
        lines += [f"### {table.name}", "", f"{markdown_safe(table.title)}."]
        lines += [markdown_safe(table.meaning), ""] if table.meaning else [""]
        lines += [f"Rows: {package.rows[table.name]:,}. File: `data/{table.name}.csv`.", ""]
        lines += _table(table.fields)
    fields = (Field(name, "TEXT", None, MEANINGS[name], ()) for name in columns)
    lines += [f"## {CHANGES_FILE}", "", *_table(fields)]
    return "\n".join(lines)


def _table(fields: Iterable[Field]) -> list[str]:
    lines = ["| column | type | unit | meaning | values |", "| --- | --- | --- | --- | --- |"]
    for field in fields:
        cells = (
            field.name,
            field.type.lower() or "any",
            field.unit or "",
            field.meaning,
            ", ".join(field.values),
        )
        lines.append(f"| {' | '.join(map(markdown_safe, cells))} |")
    return [*lines, ""]


def citation(package: Package, sha256: str) -> str:
    """Return how to cite a package, as sentences; ``sha256`` is of its datapackage.json."""
    publishers = "; ".join(one_line(each) for each in package.publishers)
    notices = "".join(f" {one_line(notice).rstrip('.')}." for notice in package.notices)
    documents = sum(source.documents for source in package.sources)
    return (
        f"{publishers}. {package.title}. {counted(documents, 'document')} captured "
        f"{package.window}, as recorded until {day_and_time(package.as_of)} by Sanctuary Tracker "
        f"{package.version}.{notices} datapackage.json sha256 {sha256}.\n\n"
        "For one value, cite its publisher, edition and document, too: the sha256 of the document "
        "is in data/documents.csv, and evidence says where on it the value stands.\n"
    )


def citation_file(package: Package, described: Described) -> str:
    """Return CITATION.cff: the package, and each source as a reference (version 1.2.0)."""
    said = {
        "cff-version": "1.2.0",
        "message": "Cite the publisher of what you use, and this package.",
        "type": "dataset",
        "title": one_line(package.title),
        "version": package.name,
        "date-released": package.as_of[:10],
        "authors": [{"name": one_line(each)} for each in package.publishers],
        "abstract": one_line(described.caveats) or one_line(package.title),
        "references": [_reference(source) for source in package.sources],
    }
    return yaml.safe_dump(said, sort_keys=False, allow_unicode=True, width=100)


def _reference(source: ReleasedSource) -> dict[str, object]:
    notes = [
        f"source {source.id}",
        counted(source.documents, "document"),
        f"captured {source.first_capture[:10]} to {source.last_capture[:10]}",
        *(f"read by {parser}" for parser in source.parsers),
        *source.notices,
    ]
    return {
        "type": "data",
        "title": one_line(source.title),
        "authors": [{"name": one_line(source.publisher)}],
        **({"url": source.address} if source.address else {}),
        "date-accessed": source.last_capture[:10],
        "notes": one_line("; ".join(notes)),
    }
