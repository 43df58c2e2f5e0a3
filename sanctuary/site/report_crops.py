"""The place on the page of each problem of a reading, cut out of the picture of the page."""

from __future__ import annotations

from dataclasses import dataclass

from db.reported import ProblemOnPage
from sanctuary.page_image import Size
from sanctuary.site import rendering
from sanctuary.site.document_access import Access
from sanctuary.site.visit import Visit

_AROUND = 24.0
"""Points that are shown around the box of a problem."""
_PAGES = 4
"""Pages of one document of which pictures are drawn."""


@dataclass(frozen=True)
class Crop:
    """A cut out of a page, in points from the top left of the page as displayed."""

    page: int
    size: Size
    """Of the whole page."""
    x: float
    y: float
    width: float
    height: float
    box: tuple[float, float, float, float]
    """x, y, width and height of what the problem is about."""


@dataclass(frozen=True)
class Told:
    """A problem with what shows it, nothing where the document may not be shown."""

    problem: ProblemOnPage
    crops: tuple[Crop, ...]
    lines: tuple[str, ...]
    """Its printed text, which the cuts show, too: of two readings a line each."""


async def told(
    visit: Visit, problems: tuple[ProblemOnPage, ...], access: Access | None
) -> list[Told]:
    """Return the problems of a reading with their cuts, as far as its document may be shown."""
    is_open = access is not None and access.closed is None
    sizes = await _sizes(visit, problems, access)
    return [
        Told(
            problem,
            tuple(cut(page, sizes[page], box) for page, box in problem.boxes if sizes.get(page)),
            tuple((problem.text or "").splitlines()) if is_open else (),
        )
        for problem in problems
    ]


def cut(page: int, size: Size, box: tuple[float, float, float, float]) -> Crop:
    """Return the cut around a box: as wide as the page, so that it is read in its line."""
    x0, top, x1, bottom = box
    y = max(0.0, top - _AROUND)
    height = min(size.height, bottom + _AROUND) - y
    return Crop(page, size, 0.0, y, size.width, max(height, 1.0), (x0, top, x1 - x0, bottom - top))


async def _sizes(
    visit: Visit, problems: tuple[ProblemOnPage, ...], access: Access | None
) -> dict[int, Size]:
    if access is None or access.closed is not None:
        return {}
    pages = dict.fromkeys(page for problem in problems for page, _ in problem.boxes)
    found: dict[int, Size] = {}
    for page in list(pages)[:_PAGES]:
        try:
            sha256 = access.document.sha256
            found[page] = await rendering.page_size(visit.database, sha256, page)
        except rendering.NotRendered:
            continue
    return found
