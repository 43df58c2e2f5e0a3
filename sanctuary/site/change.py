"""The page of one change, which stays: all that vouches for it, and whether it still stands."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlite_utils
from datasette.utils import tilde_decode
from datasette.views.base import DatasetteError
from markupsafe import escape

from db.comparison import Edition, load_editions
from db.log import LoggedChange, NoSuchChange, change_told
from db.told import Telling, others_of_row, tellings
from sanctuary.sentences import between, sentence, window
from sanctuary.site.changes import changes_visible
from sanctuary.site.changes_shown import Showing, ShownChange, data_of
from sanctuary.site.published import IN_WORDS
from sanctuary.site.visit import Visit
from sanctuary.wording import day_and_time, describe, seen_in_public

if TYPE_CHECKING:
    from datasette.app import Datasette

OTHERS = 20
"""Other changes of the same row on the page."""
WHOSE = {
    "publisher": "its publisher’s",
    "replay": "ours: a newer parser read the old document otherwise; nothing was published",
    "person": "a person’s, who decided on what was read",
}


@dataclass(frozen=True)
class Side:
    """One of the two editions."""

    name: str
    words: str
    seen: str
    document_sha256: str


@dataclass(frozen=True)
class Page:
    """All that the page says."""

    shown: ShownChange
    told: list[Telling]
    """Every time that it was told, the first first."""
    overtaken_at: str | None
    """When it ceased to stand; None if it stands."""
    sides: list[Side]
    others: list[LoggedChange]
    publish: str
    """What is not shown of its texts, in words; empty where all is."""

    @property
    def history(self) -> list[str]:
        """How its window was told, a sentence each; nothing if only once."""
        if len(self.told) < 2:
            return []
        first, *rest = self.told
        found = [f"First recorded {day_and_time(first.recorded_at)}: {_window(first)}."]
        return found + [
            f"Recorded anew {day_and_time(each.recorded_at)}: {_window(each)}." for each in rest
        ]

    def citation(self, address: str) -> str:
        """Return how to cite it; ``address`` is where it is."""
        documents = ", ".join(f"{side.name} {side.document_sha256}" for side in self.sides)
        said = f"“{self.shown.sentence}”, {self.shown.window}"
        proof = f" Documents (sha256): {documents}." if documents else ""
        return f"Sanctuary Tracker, change {self.shown.change.public_id}: {said}.{proof} {address}"


def _window(telling: Telling) -> str:
    return between(telling.observed_after, telling.observed_by)


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with the change that the address names, as a page or as JSON."""
    visit = await Visit.of(request, datasette)
    tables = await changes_visible(visit)
    public_id = tilde_decode(request.url_vars["public_id"])
    page = await visit.read(lambda db: load_page(db, visit, public_id, tables))
    if page is None:
        return _unknown(visit)
    address = visit.absolute(page.shown.ways.change)
    if visit.form:
        return visit.json(_data(page, visit, address))
    context = {
        "page": page,
        "shown": page.shown,
        "whose": WHOSE[page.shown.change.cause],
        "citation": page.citation(address),
        "sentence": sentence,
        "window": window,
        "moment": day_and_time,
    }
    return await visit.html("sanctuary_change.html", context)


def _unknown(visit: Visit) -> Any:
    if visit.form:
        return visit.refusal("There is no such change")
    said = f'There is no such change. <a href="{escape(visit.to.changes())}">What changed</a>'
    raise DatasetteError(said, status=404, message_is_html=True)


def load_page(
    db: sqlite_utils.Database, visit: Visit, public_id: str, tables: frozenset[str]
) -> Page | None:
    """Return the page of a change of ``tables``, which may be seen.

    It is None if none was ever told under its public id, or only one of another table.
    """
    try:
        change = change_told(db, public_id)
    except NoSuchChange:
        return None
    if change.table_name is not None and change.table_name not in tables:
        return None
    told = tellings(db, public_id)
    shown = Showing(db, visit.to, [change], tables).shown(change, whole=True)
    row = db.execute("SELECT publish FROM sources WHERE id = ?", [change.source_id]).fetchone()
    return Page(
        shown=shown,
        told=told,
        overtaken_at=told[-1].superseded_at,
        sides=_sides(db, change),
        others=[change_told(db, each) for each in others_of_row(db, public_id, OTHERS)],
        publish=IN_WORDS[row[0]] if shown.has_texts else "",
    )


def _sides(db: sqlite_utils.Database, change: LoggedChange) -> list[Side]:
    found = []
    for name, edition in (("before", change.edition_before_id), ("after", change.edition_after_id)):
        if edition is not None:
            found += [_side(name, each) for each in load_editions(db, [edition])]
    return found


def _side(name: str, edition: Edition) -> Side:
    words = describe(edition) if edition.period else f"first seen {edition.public_from[:10]}"
    return Side(name, words, seen_in_public(edition), edition.document_sha256)


def _data(page: Page, visit: Visit, address: str) -> dict[str, Any]:
    return {
        **data_of(page.shown),
        "stands": page.overtaken_at is None,
        "overtaken_at": page.overtaken_at,
        "told": [asdict(each) for each in page.told],
        "editions": [asdict(each) for each in page.sides],
        "others_of_row": [each.public_id for each in page.others],
        "citation": page.citation(address),
    }
