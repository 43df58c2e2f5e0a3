"""Comparing two editions of a source: which were asked for, and the answer in four forms.

With ``other`` in the address it is the editions of two lists (``sanctuary.site.compare_lists``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

import sqlite_utils

from db.comparison import Edition
from db.corrected_periods import CorrectedPeriod, corrected_periods
from db.errors import NoSuchEdition
from db.selectors import all_editions, find_edition, selectors_of
from db.two_lists import ListChoice, lists_to_compare
from db.windows import predecessor
from db.withheld import gives_no_rows
from parsers.records import RECORD_TYPES, Policy, PolicySection
from sanctuary.difference import Difference, difference
from sanctuary.difference_formats import to_csv, to_json, to_markdown
from sanctuary.site import compare_lists
from sanctuary.site.compared import Compared, compared
from sanctuary.site.published import as_published
from sanctuary.site.visit import CONTENT_TYPES, Visit
from sanctuary.wording import describe

if TYPE_CHECKING:
    from datasette.app import Datasette

MOST_CORRECTED = 8
"""Corrected periods that are offered of all sources; of the chosen one it is all of them."""
_FORMS = {"json": to_json, "csv": to_csv, "md": to_markdown}


@dataclass(frozen=True)
class Asked:
    """What an address asks for; what it leaves out is chosen."""

    source: str | None
    before: str | None
    after: str | None
    side_by_side: bool = False
    """Whether the page shows the two editions in two columns, not their words in one run."""


@dataclass(frozen=True)
class SourceChoice:
    """A source that holds editions."""

    id: str
    title: str
    publisher: str
    editions: int


@dataclass(frozen=True)
class EditionChoice:
    """An edition as it stands in the form."""

    selector: str
    words: str


@dataclass(frozen=True)
class Answer:
    """What the form shows, and the difference or why there is none."""

    sources: list[SourceChoice]
    source: SourceChoice | None = None
    editions: tuple[EditionChoice, ...] = ()
    before: str | None = None
    after: str | None = None
    difference: Difference | None = None
    corrected: tuple[CorrectedPeriod, ...] = ()
    """Periods that came out more than once, the newest first; of the source all."""
    lists: tuple[ListChoice, ...] = ()
    """Lists that can be compared with each other."""
    problem: str | None = None
    status: int = 200


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with the difference that is asked for, as a page or in another form."""
    visit = await Visit.of(request, datasette)
    if visit.asked("other"):
        return await compare_lists.respond(visit)
    source, before, after = (visit.asked(name) for name in ("source", "from", "to"))
    asked = Asked(source, before, after, side_by_side=visit.asked("view") == "side")
    tables = await visible_tables(visit)

    if visit.form is None:
        found, shown = await visit.read(lambda db: _shown(db, answer(db, asked, tables)))
        return await _page(visit, found, shown, asked.side_by_side)
    render = _FORMS[visit.form]
    found, body = await visit.read(lambda db: _rendered(answer(db, asked, tables), render))
    if body is None:
        return visit.refusal(found.problem)
    return visit.text(body, CONTENT_TYPES[visit.form])


def _shown(db: sqlite_utils.Database, found: Answer) -> tuple[Answer, Compared | None]:
    lists = tuple(lists_to_compare(db))
    corrected = dict.fromkeys(corrected_periods(db, limit=MOST_CORRECTED))
    if found.source is not None:
        corrected |= dict.fromkeys(corrected_periods(db, found.source.id))
    found = replace(found, lists=lists, corrected=tuple(corrected))
    return found, None if found.difference is None else compared(db, found.difference)


def _rendered(found: Answer, render: Callable[[Difference], str]) -> tuple[Answer, str | None]:
    return found, None if found.difference is None else render(found.difference)


async def visible_tables(visit: Visit) -> frozenset[str]:
    """Return the tables that may be compared; of individuals also where only counts may be seen."""
    names = [record.table for record in RECORD_TYPES]
    more = ["declined_counts", "section_texts", "notes"]
    seen = await visit.visible([*names, *more])
    found = {
        record.table
        for record in RECORD_TYPES
        if record.table in seen or (record.individual and "declined_counts" in seen)
    }
    found |= seen & {"notes"}
    return frozenset(found if "section_texts" in seen else found - {PolicySection.table})


async def _page(visit: Visit, found: Answer, shown: Compared | None, side_by_side: bool) -> Any:
    asked: dict[str, Any] = {"source": found.source.id if found.source else None}
    asked |= {"from": found.before, "to": found.after}
    turned = {**asked, "from": found.after, "to": found.before}
    view = "side" if side_by_side else None
    context = {
        "answer": found,
        "compared": shown,
        "forms": [
            (title, visit.to.compare(form, **asked))
            for form, title in (("json", "JSON"), ("csv", "CSV"), ("md", "Markdown"))
        ],
        "around": visit.to.compare(**turned, view=view),
        "side": side_by_side,
        "is_policy": is_of_policy(found),
        "here": visit.absolute(visit.to.compare(**asked, view=view)),
    }
    return await visit.html("sanctuary_compare.html", context, found.status)


def is_of_policy(found: Answer) -> bool:
    """Say whether what is compared is a policy, which has a page of its own."""
    diff = found.difference
    return diff is not None and any(table.record is Policy for table in diff.tables)


def answer(db: sqlite_utils.Database, asked: Asked, tables: frozenset[str]) -> Answer:
    """Return the difference that is asked for, and what else could be.

    Without a source it is of the first that has two editions; without editions of its last two;
    with one of them only, from the one before it or to the last. Only ``tables`` are compared.
    """
    sources = _sources(db)
    found = Answer(sources)
    if not sources:
        return replace(found, problem="No edition is held yet: `sanctuary run` fetches them.")
    if asked.source is None:
        source = next((each for each in sources if each.editions > 1), sources[0])
    else:
        named = [each for each in sources if each.id == asked.source]
        if not named:
            problem = f"There is no source “{asked.source}” with an edition. Choose one below."
            return replace(found, problem=problem, status=404)
        source = named[0]
    editions = all_editions(db, source.id)
    selectors = selectors_of(editions)
    found = replace(
        found,
        source=source,
        editions=tuple(
            EditionChoice(selectors[each.id], describe(each).removeprefix("the edition "))
            for each in reversed(editions)
        ),
    )
    try:
        pair = _pair(db, source.id, editions, asked)
    except NoSuchEdition as error:
        problem = f"{source.title} has no edition “{error.selector}”. Choose one below."
        return replace(found, problem=problem, status=404)
    if pair is None and len(editions) > 1:
        problem = f"{source.title}: of its editions all but one are withheld, or all."
        return replace(found, problem=problem, status=404)
    if pair is None:
        problem = (
            f"{source.title} has one edition only, {describe(editions[-1])}: there is nothing to "
            "compare it with yet."
        )
        return replace(found, problem=problem)
    try:
        diff = difference(db, *pair)
    except NoSuchEdition as error:
        problem = f"{source.title}: the document of the edition {error.selector} is withheld."
        return replace(found, problem=problem, status=404)
    shown = [table for table in diff.tables if table.record.table in tables]
    return replace(
        found,
        before=selectors[pair[0].id],
        after=selectors[pair[1].id],
        difference=as_published(replace(diff, tables=shown, beside=diff.beside.only(tables))),
    )


def _pair(
    db: sqlite_utils.Database, source_id: str, editions: list[Edition], asked: Asked
) -> tuple[Edition, Edition] | None:
    before = find_edition(db, source_id, asked.before) if asked.before else None
    after = find_edition(db, source_id, asked.after) if asked.after else None
    if before is None and after is None:
        shown = (each for each in reversed(editions) if not gives_no_rows(db, each.reading_id))
        last, one_before = [*islice(shown, 2), None, None][:2]
        return (one_before, last) if last and one_before else None
    if after is None:
        after = editions[-1]
    if before is None:
        before = predecessor(db, after) or after
    return before, after


def _sources(db: sqlite_utils.Database) -> list[SourceChoice]:
    return [
        SourceChoice(**row)
        for row in db.query(
            """SELECT sources.id, title, publisher, count(*) AS editions FROM sources
            JOIN editions ON editions.source_id = sources.id
            JOIN edition_readings ON edition_id = editions.id AND superseded_at IS NULL
            GROUP BY sources.id ORDER BY sources.id"""
        )
    ]
