"""Where a value was read: a box on a page, a row of a sheet, an element of a page or of a part."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

Box: TypeAlias = tuple[float, float, float, float]
"""x0, top, x1, bottom in points from the top left of the page as displayed."""


@dataclass(frozen=True, slots=True)
class PageSpot:
    """A box on a page of a PDF; page 1 is the first."""

    page: int
    bbox: Box


@dataclass(frozen=True, slots=True)
class SheetSpot:
    """A row of a worksheet or a CSV, counted from 1 as a spreadsheet program shows it."""

    sheet: str
    """Empty for a CSV, whose only sheet has no name."""
    row: int


@dataclass(frozen=True, slots=True)
class HtmlSpot:
    """An element of an HTML page: its id, or a CSS path to it."""

    anchor: str


@dataclass(frozen=True, slots=True)
class PartSpot:
    """An element of one part of a bundle."""

    part: str
    """The part's name, as its manifest has it: an address."""
    anchor: str
    """As of a page; in JSON the path to it: ``Docs[3]``."""


Spot: TypeAlias = PageSpot | SheetSpot | HtmlSpot | PartSpot


def spot_from_json(value: dict[str, Any]) -> Spot:
    """Return the spot that ``dataclasses.asdict`` wrote as ``value``.

    Raises ValueError for a shape that is none of these.
    """
    if "page" in value:
        x0, top, x1, bottom = value["bbox"]
        return PageSpot(value["page"], (x0, top, x1, bottom))
    if "sheet" in value:
        return SheetSpot(value["sheet"], value["row"])
    if "part" in value:
        return PartSpot(value["part"], value["anchor"])
    if "anchor" in value:
        return HtmlSpot(value["anchor"])
    raise ValueError(f"not a spot: {value!r}")
