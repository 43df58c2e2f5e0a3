"""All changes, the newest first: a page, its data, a spreadsheet and a feed at one address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import sqlite_utils
from datasette.utils.asgi import Forbidden

from db.log import LoggedChange, NoSuchChange, Wanted, count_logged, last_of, logged
from sanctuary.log_csv import log_csv
from sanctuary.site.changes_asked import (
    KINDS,
    Asked,
    CannotAnswer,
    Choices,
    Question,
    choices,
    question,
)
from sanctuary.site.changes_published import change_as_published
from sanctuary.site.changes_runs import Run, runs_of
from sanctuary.site.changes_shown import Showing, data_of
from sanctuary.site.compare import visible_tables
from sanctuary.site.feed import answer_feed
from sanctuary.site.visit import CONTENT_TYPES, Visit

if TYPE_CHECKING:
    from datasette.app import Datasette

PAGE = 50
"""Changes on a page, and in its JSON."""
SHEET = 1000
"""Changes in a spreadsheet."""
TABLES = frozenset({"changes", "change_fields"})


@dataclass(frozen=True)
class Page:
    """All that the page says."""

    question: Question | None
    choices: Choices
    count: int = 0
    runs: tuple[Run, ...] = ()
    older: str | None = None
    """The change after which the next page begins; None on the last."""
    past: str | None = None
    """The change after which the next edition begins."""
    problem: str | None = None

    @property
    def is_noindex(self) -> bool:
        """Whether search engines are asked to leave it: it counts rows about individuals."""
        return any(each.is_individual for run in self.runs for each in run.changes)


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with the changes that are asked for, in the form that the address names."""
    visit = await Visit.of(request, datasette)
    tables = await changes_visible(visit)
    asked, after = Asked.of(visit), visit.asked("after")
    try:
        match visit.form:
            case "json":
                return await _json(visit, asked, after, tables)
            case "csv":
                return await _csv(visit, asked, after, tables)
            case "atom":
                return await answer_feed(visit, asked, after, tables)
    except CannotAnswer as error:
        return visit.refusal(error.problem)
    page = await visit.read(lambda db: load_page(db, visit, asked, after, tables))
    context = {
        "page": page,
        "asked": asked,
        "after": after,
        "kinds": KINDS,
        "address": lambda form="", **more: visit.to.changes(form, **{**asked.query(), **more}),
    }
    return await visit.html("sanctuary_changes.html", context, 404 if page.problem else 200)


async def changes_visible(visit: Visit) -> frozenset[str]:
    """Return the tables of which changes may be seen.

    Raises Forbidden if no change may be.
    """
    if not await visit.visible(TABLES) >= TABLES:
        raise Forbidden("You do not have permission to view the changes")
    return await visible_tables(visit)


def load_page(
    db: sqlite_utils.Database,
    visit: Visit,
    asked: Asked,
    after: str | None,
    tables: frozenset[str],
) -> Page:
    """Return a page of changes; of what cannot be answered, why."""
    try:
        asking = question(db, asked, tables)
        found, older = _some(db, asking.wanted, PAGE, after)
    except CannotAnswer as error:
        return Page(None, choices(db), problem=error.problem)
    runs = runs_of(db, Showing(db, visit.to, found, tables), asking.wanted, found)
    return Page(
        question=asking,
        choices=choices(db),
        count=count_logged(db, asking.wanted),
        runs=tuple(runs),
        older=older,
        past=_past(db, asking.wanted, found[-1]) if older else None,
    )


def _some(
    db: sqlite_utils.Database, wanted: Wanted, size: int, after: str | None
) -> tuple[list[LoggedChange], str | None]:
    """Return up to ``size`` changes, and the last one's public id if there are more.

    Raises CannotAnswer if there is no change ``after`` which to go on.
    """
    try:
        found = list(logged(db, wanted, size + 1, after=after))
    except NoSuchChange:
        raise CannotAnswer(f"There is no change “{after}” to go on from.") from None
    return found[:size], found[size - 1].public_id if len(found) > size else None


def _past(db: sqlite_utils.Database, wanted: Wanted, last: LoggedChange) -> str | None:
    """Return the last change into the edition that ``last`` is into; None if it is ``last``."""
    if last.edition_after_id is None or wanted.edition is not None:
        return None
    end = last_of(db, replace(wanted, edition=last.edition_after_id))
    return None if end == last.public_id else end


async def _json(visit: Visit, asked: Asked, after: str | None, tables: frozenset[str]) -> Any:
    def look(db: sqlite_utils.Database) -> dict[str, Any]:
        asking = question(db, asked, tables)
        found, older = _some(db, asking.wanted, PAGE, after)
        showing = Showing(db, visit.to, found, tables)
        following = visit.to.changes("json", **{**asked.query(), "after": older})
        return {
            "count": count_logged(db, asking.wanted),
            "next": following if older else None,
            "changes": [data_of(showing.shown(each)) for each in found],
        }

    return visit.json(await visit.read(look))


async def _csv(visit: Visit, asked: Asked, after: str | None, tables: frozenset[str]) -> Any:
    def look(db: sqlite_utils.Database) -> tuple[str, str | None]:
        found, older = _some(db, question(db, asked, tables).wanted, SHEET, after)
        publish = dict(db.execute("SELECT id, publish FROM sources").fetchall())
        shown = (change_as_published(each, publish[each.source_id]) for each in found)
        return log_csv(db, shown), older

    body, older = await visit.read(look)
    answer = visit.text(body, CONTENT_TYPES["csv"])
    if older:
        following = visit.to.changes("csv", **{**asked.query(), "after": older})
        answer.headers["Link"] = f'<{following}>; rel="next"'
    return answer
