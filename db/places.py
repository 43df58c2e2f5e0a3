"""What a row prints of its place, until there are resolved jurisdictions."""

from __future__ import annotations

from parsers.records import (
    Agreement,
    Listing,
    PeriodRow,
    Policy,
    PolicySection,
    Record,
    TableRow,
)


def printed_place(record: Record) -> str | None:
    """Return the place as printed, with the state where it stands in a column of its own."""
    if record.place is None:
        return None
    name: str | None = getattr(record, record.place)
    state = getattr(record, "state", None)
    return f"{name}, {state}" if name and state else name


def printed_detail(record: Record) -> str | None:
    """Return what tells a row from others of its place.

    An agreement's support type, a listing's policy, a policy's title; of a section, which has no
    place of its own, its number and heading; of a row of a mapped table, its key.
    """
    match record:
        case Agreement():
            return record.support_type or record.support_type_text
        case Listing():
            return record.policy
        case Policy():
            return record.title
        case PolicySection():
            return " ".join(filter(None, (record.number, record.heading))) or record.host_id
        case TableRow() | PeriodRow():
            return record.label
        case _:
            return None


def printed_state(record: Record) -> str | None:
    """Return the state as printed: its own column, or what follows the last comma of the place."""
    state: str | None = getattr(record, "state", None)
    if state is not None or record.place is None:
        return state
    name: str | None = getattr(record, record.place)
    _, comma, last = (name or "").rpartition(",")
    return last.strip() if comma else None
