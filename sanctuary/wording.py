"""The words for tables, numbers, values, moments and editions, the same wherever they are shown."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from db.comparison import Edition

TABLE_TITLES = {
    "report_totals": "What the report states of itself",
    "detainer_counts": "Section I: detainers issued (outcome unknown)",
    "declined_detainers": "Section II: detainers recorded as declined",
    "found_rows": "Rows of tables as found",
    "case_narratives": "Cases that are told",
    "listings": "Listed jurisdictions",
    "agreements": "287(g) agreements",
    "policies": "Policies",
    "policy_sections": "Sections of the policy",
    "corrections": "Corrections",
    "statements": "Statements",
    "table_rows": "Rows of the table",
    "period_rows": "Rows of the table, of one period",
}
NOUNS = {"declined_detainers": "detainer", "case_narratives": "case"}
"""What a row of a table is called; of all others it is a row."""
NO_VALUES = frozenset({"key_fields"})
"""Fields that say how a row is told from others: of our options, and nothing that was printed."""
STATED = {
    "detainers_issued_nationwide": "detainers issued nationwide",
    "detainers_issued_listed": "detainers issued to the listed jurisdictions",
    "summary": "the summary",
    **{f"section_{number}": f"Section {number.upper()}" for number in ("i", "ii", "iii", "iv")},
}
"""What a report states of itself, in words; the rest is called by its name."""
_FEW = 6
"""So many ids are listed where one is unknown; more would hide what is said."""


def plain(value: object) -> str:
    """Return a value as text: a list or a mapping as its lines, nothing as an empty text."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(
            " / ".join(str(part) for part in item.values() if part)
            if isinstance(item, dict)
            else str(item)
            for item in value
        )
    if isinstance(value, dict):
        return "\n".join(f"{name}: {text}" for name, text in value.items())
    return str(value)


def counted(count: int, noun: str) -> str:
    """Return a number and its noun, which is in the plural unless it is one: ``1,204 rows``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def there_are(name: str, known: Iterable[str]) -> str:
    """Return which sources there are, where ``name`` is none: all few of them, else those like it.

    Takes what was asked for, and all ids; the answer is a clause without a full stop.
    """
    names = sorted(known)
    if len(names) <= _FEW:
        return f"there are: {', '.join(names) or 'none'}"
    like = get_close_matches(name, names, cutoff=0.4)
    meant = f" (most like it: {', '.join(like)})" if like else ""
    return f"there are {len(names)}{meant}; `sanctuary sources` lists them"


def describe(edition: Edition) -> str:
    """Return an edition in words: its period and revision, or when it was first seen."""
    if edition.period:
        return f"{edition.period_start} to {edition.period_end}, revision {edition.revision}"
    return f"the edition first seen {day_and_time(edition.public_from)} (#{edition.id})"


def day_and_time(moment: str) -> str:
    """Return a moment of the database as people read it: ``2025-06-01 15:16 UTC``."""
    return f"{moment[:10]} {moment[11:16]} UTC"


def seen_in_public(edition: Edition) -> str:
    """Return when an edition was seen: ``seen in public from … to …``."""
    if edition.public_from == edition.public_until:
        return f"seen in public on {day_and_time(edition.public_from)}"
    return (
        f"seen in public from {day_and_time(edition.public_from)} "
        f"to {day_and_time(edition.public_until)}"
    )
