"""Two lists beside each other as JSON, CSV and Markdown."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from sanctuary.difference_formats import edition_data
from sanctuary.difference_of_lists import Entry, ListSide, Place, TwoLists
from sanctuary.safe_text import csv_safe, json_safe, markdown_safe


def to_json(lists: TwoLists) -> str:
    """Return both lists as JSON: the editions, how many places are where, and the places."""
    return json_safe(json.dumps(as_data(lists), ensure_ascii=False, indent=2))


def as_data(lists: TwoLists) -> dict[str, Any]:
    """Return both lists as plain data, the shape that ``to_json`` prints."""
    return {
        "one": _side_data(lists.one),
        "other": _side_data(lists.other),
        "notices": lists.notices(),
        "counts": {
            "both": len(lists.both),
            "on_one_not_on_other": len(lists.only_one),
            "on_other_not_on_one": len(lists.only_other),
        },
        "both": [_place_data(each) for each in lists.both],
        "on_one_not_on_other": [_place_data(each) for each in lists.only_one],
        "on_other_not_on_one": [_place_data(each) for each in lists.only_other],
    }


def _side_data(side: ListSide) -> dict[str, Any]:
    return {
        "source_id": side.source.id,
        "title": side.source.title,
        "publisher": side.source.publisher,
        "partial": side.source.partial,
        "stands": side.standing,
        **edition_data(side.edition),
        "rows": side.rows,
        "not_resolved": [_entry_data(each) for each in side.unresolved],
    }


def _place_data(place: Place) -> dict[str, Any]:
    return {
        "jurisdiction_id": place.id,
        "name": place.name,
        "kind": place.kind,
        "state": place.state,
        "rows_of_one": [_entry_data(each) for each in place.one],
        "rows_of_other": [_entry_data(each) for each in place.other],
    }


def _entry_data(entry: Entry) -> dict[str, Any]:
    return {
        "printed": entry.row.printed,
        "detail": entry.row.detail,
        "table": entry.address.table,
        "position": entry.address.position,
        "read_by": entry.address.read_by,
        "corrections": [mark.said for mark in entry.corrections],
        "statements": [said.data() for said in entry.said],
    }


CSV_COLUMNS = (
    "where",
    "jurisdiction_id",
    "place",
    "state",
    "list",
    "publisher",
    "edition",
    "last_seen",
    "printed",
    "detail",
    "notice",
    "correction",
    "statements",
)


def to_csv(lists: TwoLists) -> str:
    """Return both lists as CSV, safe in a spreadsheet: a line for each row of either."""
    rows = (
        (
            where,
            place.id if place else "",
            place.name if place else "",
            place.state if place else "",
            side.source.title,
            side.source.publisher,
            side.edition.selector,
            side.edition.public_until,
            entry.row.printed,
            entry.row.detail or "",
            side.edition.notice or "",
            " ".join(mark.said for mark in entry.corrections),
            "; ".join(said.words for said in entry.said),
        )
        for where, side, entry, place in _lines(lists)
    )
    return csv_safe(CSV_COLUMNS, rows)


def _lines(lists: TwoLists) -> Iterator[tuple[str, ListSide, Entry, Place | None]]:
    groups = (
        ("on both", lists.both),
        (lists.on(lists.one), lists.only_one),
        (lists.on(lists.other), lists.only_other),
    )
    for where, places in groups:
        for place in places:
            for side, entries in ((lists.one, place.one), (lists.other, place.other)):
                yield from ((where, side, entry, place) for entry in entries)
    for side in (lists.one, lists.other):
        where = f"on {side.name}, not resolved"
        yield from ((where, side, entry, None) for entry in side.unresolved)


def to_markdown(lists: TwoLists) -> str:
    """Return both lists as Markdown: a heading for each group, a line for each place."""
    lines = ["# Two lists", ""]
    lines += [f"> {markdown_safe(notice)}\n" for notice in lists.notices()]
    for side in (lists.one, lists.other):
        said = " ".join(filter(None, (f"{side.name}: {side.words}.", side.standing, side.silence)))
        lines.append(f"- {markdown_safe(said)}")
    lines += ["", markdown_safe(lists.summary), ""]
    groups = (
        ("On both", lists.both),
        (lists.heading(lists.one), lists.only_one),
        (lists.heading(lists.other), lists.only_other),
    )
    for heading, places in groups:
        lines += [f"## {markdown_safe(heading)}", ""]
        for place in places:
            lines.append(f"- {markdown_safe(f'{place.name}, {place.state} ({place.id})')}")
            lines += _entry_lines((*place.one, *place.other))
        lines.append("")
    for side in (lists.one, lists.other):
        if side.unresolved:
            lines += [f"## Not resolved, on {markdown_safe(side.name)}", ""]
            lines += _entry_lines(side.unresolved)
            lines.append("")
    return "\n".join(lines)


def _entry_lines(entries: Iterable[Entry]) -> Iterator[str]:
    for entry in entries:
        detail = f": {entry.row.detail}" if entry.row.detail else ""
        said = f"{entry.address.source_id} prints “{entry.row.printed}”{detail}"
        yield f"  - {markdown_safe(said)}"
        yield from (f"    - corrected: {markdown_safe(mark.said)}" for mark in entry.corrections)
        yield from (f"    - said of it: {markdown_safe(each.words)}" for each in entry.said)
