"""What the cells of a 287(g) workbook say: a text, a signing date, a link."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl.utils.datetime import from_excel

from parsers.printed_dates import iso_day
from parsers.web_address import web_address
from parsers.workbook import Cell

# Section 287(g) was enacted on 1996-09-30 (Pub. L. 104-208, division C, section 133).
_FIRST_SIGNING = date(1996, 9, 30)
_LAST_SIGNING = date(2099, 12, 31)
_LINK_WORDS = ("link", "addendum")
_NO_LINK_YET = "link pending"


@dataclass(frozen=True, slots=True)
class Fault:
    """A kind of problem, and a clause that says what it is about."""

    kind: str
    clause: str


@dataclass(frozen=True, slots=True)
class Value:
    """The normal form of a cell, and what is wrong with it."""

    normal: str | None
    faults: tuple[Fault, ...] = ()


def collapsed(text: str | None) -> str | None:
    """Return a text in composed form (NFC) with white space collapsed, None if nothing is left."""
    return " ".join(unicodedata.normalize("NFC", text or "").split()) or None


def read_text(cell: Cell) -> Value:
    """Read a name: a text, which every agreement has."""
    if cell.is_error:
        return _unread("error_value", f"the cell holds the error {cell.text}")
    normal = collapsed(cell.text)
    if normal is None:
        return _unread("missing_value", "the cell is empty")
    if not isinstance(cell.value, str):
        return Value(normal, (Fault("not_text", f"{normal} is not a text"),))
    return Value(normal)


def read_date(cell: Cell, epoch: datetime) -> Value:
    """Read a signing date: a date, the serial number of one, or a text that is a whole date.

    ``epoch`` is where the workbook's serial numbers begin. A number without a date format is taken
    for a serial number only if it falls between the enactment of section 287(g) and 2099. In a
    text the month comes first, as ICE writes it (``05/08/2025`` is 8 May); one that lacks a
    separator (``05/082025``) is not completed.
    """
    if cell.is_error:
        return _unread("error_value", f"the cell holds the error {cell.text}")
    if cell.is_blank:
        return _unread("missing_value", "the cell is empty")
    match cell.value:
        case datetime():
            signed: date | None = cell.value.date()
        case date():
            signed = cell.value
        case int():
            signed = _date_of_serial(cell.value, epoch)
        case str():
            printed = iso_day(cell.value)
            signed = date.fromisoformat(printed) if printed else None
        case _:
            signed = None
    if signed is None:
        return _unread("unreadable_date", f"{cell.text} is not a date; it is kept as printed")
    return Value(signed.isoformat())


def _date_of_serial(serial: int, epoch: datetime) -> date | None:
    try:
        moment = from_excel(serial, epoch)
    except (OverflowError, ValueError):
        return None
    if not isinstance(moment, datetime):
        return None
    return moment.date() if _FIRST_SIGNING <= moment.date() <= _LAST_SIGNING else None


def read_link(cell: Cell) -> Value:
    """Read the address behind a cell: its hyperlink, or the address that it prints."""
    if cell.is_blank:
        return Value(None)
    shown = collapsed(cell.text) or ""
    if cell.link is None and shown.casefold() == _NO_LINK_YET:
        return Value(None)
    link = cell.link or shown
    address = web_address(link)
    if address is None:
        clause = f"{shown} leads to {cell.link}" if cell.link else f"{shown} carries no link"
        return _unread("no_web_address", clause)
    faults = []
    if address != link.strip():
        clause = "the link leads through a mail filter; the address in it is kept"
        faults.append(Fault("wrapped_link", clause))
    if shown.casefold() not in _LINK_WORDS and web_address(shown) != address:
        faults.append(Fault("unexpected_link_text", f"{shown or 'nothing'} stands over one link"))
    return Value(address, tuple(faults))


def _unread(kind: str, clause: str) -> Value:
    return Value(None, (Fault(kind, clause),))
