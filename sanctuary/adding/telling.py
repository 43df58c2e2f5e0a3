"""What a document is, told by its bytes: a list of a known form, a table, or a policy."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from dataclasses import replace

from parsers.registry import parser_named, parser_names
from sanctuary.adding.index import Linked
from sanctuary.adding.mapping import table_options
from sanctuary.adding.proposing import Way
from sanctuary.adding.survey import Survey, TableSeen
from sanctuary.adding.wishes import NotProposed, Wishes
from sanctuary.reading import find_parser
from scraper.bodies import Kind

_WORDS_A_ROW = 30
"""Words of prose for each row of a table, at most, on a page that is about the table."""
_WORDS_OF_INDEX = 300
"""Words of prose, at most, on a page that is about the documents that it links to."""
_MANY_LINKS = 5
_SHOWN = 3
_KINDS = {Kind.PDF: "a PDF", Kind.XLSX: "a workbook", Kind.CSV: "a CSV", Kind.HTML: "a page"}
_OF_TABLE = "Header of the document: field. Look whether each column is what its field says."
_OF_GUESS = "What the text is, is guessed; select: … names it (a CSS selector)."


def way_of(kind: Kind, found: Survey, wishes: Wishes) -> Way:
    """Return how a document is read, as far as it can be told, or as the person said.

    Raises NotProposed if no parser reads it.
    """
    what = _KINDS.get(kind)
    best = _named(found.tables, wishes) or _largest(found.tables)
    if wishes.parser is not None:
        find_parser(wishes.parser)
        said = f"{what or 'a document'} that is read by {wishes.parser}, as you say"
        if wishes.parser == "table" and best is not None and "columns" not in wishes.options:
            return _by_table(said, best, found.tables)
        return Way(said, wishes.parser)
    if what is None:
        raise NotProposed(
            "it is a text or JSON that no parser is known to read; name one: --parser"
        )
    if found.fault is not None:
        raise NotProposed(f"it is {what} that cannot be read: {found.fault}")
    about_table = best is not None and (kind is not Kind.HTML or _is_about_table(found, best))
    # A column called State is one heading of a federal list, too.
    if found.form is not None and not (found.form_held and about_table):
        return Way(f"{what} of a form that is known ({found.form})", found.form)
    if best is not None and about_table:
        way = _by_table(f"{what} with a table", best, found.tables)
        if found.form is None:
            return way
        other = f"of the form {found.form}, of which it lacks something: --parser {found.form}"
        return replace(way, others=(*way.others, other))
    if kind is Kind.HTML:
        others = ("a list in its table: --parser table",) if best is not None else ()
        said = "a page with a text, such as a policy"
        return Way(said, "page", comments={"parser": _OF_GUESS}, others=others)
    raise NotProposed(
        f"it is {what} without a table that could be read"
        + (" (its cells need rules around them)" if kind is Kind.PDF else "")
        + f"; name what reads it with --parser: {', '.join(_readers_of(kind))}"
    )


def is_list_or_policy(found: Survey, linked: Sequence[Linked]) -> bool:
    """Say whether a page with links to documents is about something else than these."""
    best = _largest(found.tables)
    if found.form is not None:
        return True
    if best is not None and best.rows > len(linked[0].links) and _is_about_table(found, best):
        return True
    many = len(linked[0].links) >= _MANY_LINKS or linked[0].extension != ".pdf"
    return found.words > _WORDS_OF_INDEX and not many


def _named(tables: Sequence[TableSeen], wishes: Wishes) -> TableSeen | None:
    """Return the table that the options of a person find, None if they name none of them."""
    for table in tables:
        for key in ("select", "sheet"):
            if key in table.where and wishes.options.get(key) == table.where[key]:
                return table
    return None


def _largest(tables: Sequence[TableSeen]) -> TableSeen | None:
    return max(tables, key=lambda table: table.rows, default=None)


def _is_about_table(found: Survey, table: TableSeen) -> bool:
    return found.words <= _WORDS_A_ROW * table.rows


def _by_table(what: str, table: TableSeen, all_tables: Sequence[TableSeen]) -> Way:
    many = len(all_tables)
    others = [
        "another of its tables: --parser table --option "
        + shlex.quote(f"{key}={json.dumps(value)}")
        for each in all_tables
        for key, value in each.where.items()
        if each is not table and key in ("select", "sheet")
    ]
    if many > 1:
        what += f", the largest of {many}"
    return Way(what, "table", table_options(table), {"options": _OF_TABLE}, tuple(others[:_SHOWN]))


def _readers_of(kind: Kind) -> list[str]:
    return [name for name in parser_names() if parser_named(name).reads == kind]
