"""A history in which every text that a parser can read is hostile."""

from __future__ import annotations

import dataclasses
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlite_utils import Database

from db.sources import Source, save_source
from parsers.records import (
    RECORD_TYPES,
    Check,
    EditionClaim,
    Offence,
    PageSpot,
    Problem,
    Reading,
    Record,
    SectionEvent,
)
from tests.db.history import LIST, REPORT, WEEKS, load, new_database

MARK = "hostilemark"
"""Stands in every hostile text, so that it is found wherever it went."""
MARKUP = (
    f"{MARK}</textarea></title></script><script>alert('{MARK}')</script>"
    f"\"' onerror={MARK} ><img src=x onerror={MARK}>]{{{{ {MARK} }}}}{{% {MARK} %}}&{MARK};"
    f"\u202e{MARK}\x1b[31m\x0b\x00 [{MARK}](javascript:alert(1)) ]]> --> `|{MARK}|"
)
FORMULA = f'=HYPERLINK("http://zembla.example/{MARK}")\x07\ufeff\u2066{MARK}\ud7ff\uffff'
LINK = f"javascript:alert('{MARK}')"
LONG = f"@{MARK}" + "<b>" * 300
TEXTS = (MARKUP, FORMULA, LINK, LONG)
_CHOSEN = {
    "status": "participating",
    "statement_kind": "dispute",
    "table_name": "listings",
    "about": LIST.id,
}
"""Fields that hold a word of a few."""


def hostile(record: type[Record], text: str, position: int) -> Record:
    """Return a record all of whose texts are hostile."""
    values: dict[str, Any] = {}
    for field in dataclasses.fields(record):
        kind = str(field.type)
        if field.name in _CHOSEN:
            values[field.name] = _CHOSEN[field.name]
        elif kind.startswith("str"):
            values[field.name] = text
        elif kind.startswith("int"):
            values[field.name] = position
        elif kind == "tuple[str, ...]":
            values[field.name] = (text,)
        elif kind.startswith("Mapping"):
            values[field.name] = {text: text}
        elif kind == "tuple[Offence, ...]":
            values[field.name] = (Offence(text, "charge"),)
        elif kind == "tuple[SectionEvent, ...]":
            values[field.name] = (SectionEvent(None, None, text, text),)
    spot = PageSpot(position, (1.0, 2.0, 3.0, 4.0))
    return record(**{**values, "position": position, "evidence": (spot,)})


def _reading(types: list[type[Record]], texts: tuple[str, ...], period: int | None) -> Reading:
    records = tuple(
        hostile(each, text, position)
        for each in types
        for position, text in enumerate(texts, start=1)
    )
    start, end = WEEKS[period] if period else (None, None)
    return Reading(
        edition=EditionClaim(MARKUP, start, end, f"SPECIMEN {MARKUP}"),
        tables=tuple(types),
        records=records,
        checks=(Check(MARKUP, required=False, passed=False, message=MARKUP),),
        problems=(Problem(MARKUP, MARKUP, text=MARKUP),),
    )


def hostile_history(folder: Path) -> Database:
    """Load every type of record with hostile texts, of hostile sources, in two editions."""
    db = new_database(folder)
    texts = {"title": MARKUP, "publisher": MARKUP, "why": MARKUP, "lists_say": (MARKUP, LINK)}
    sources: list[Source] = [
        replace(LIST, **texts, address=LINK),  # type: ignore[arg-type]
        replace(REPORT, **texts, address=LINK),  # type: ignore[arg-type]
        replace(LIST, **texts, id="zembla-law", jurisdiction=MARKUP),  # type: ignore[arg-type]
    ]
    of_policy = [each for each in RECORD_TYPES if each.table in ("policies", "policy_sections")]
    of_report = [each for each in RECORD_TYPES if each.kind == "period" or each.individual]
    rest = [each for each in RECORD_TYPES if each not in (*of_policy, *of_report)]
    for source, types, period in zip(
        sources, (rest, of_report, of_policy), (None, 1, None), strict=True
    ):
        save_source(db, source)
        load(db, source, "2025-06-01T10:00:00Z", _reading(types, TEXTS, period))
        load(db, source, "2025-06-02T10:00:00Z", _reading(types, TEXTS[:2], period))
        load(db, source, "2025-06-03T10:00:00Z", _reading(types, TEXTS[::-1], period))
    return db
