"""Comparing two editions of a source: which were asked for, and the answer in four forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import sqlite_utils
from datasette.utils.asgi import Forbidden, Response

from db.comparison import Edition
from db.errors import NoSuchEdition
from db.selectors import all_editions, find_edition, selectors_of
from db.windows import predecessor
from parsers.records import RECORD_TYPES, Policy, PolicySection
from sanctuary.difference import Difference, difference
from sanctuary.difference_formats import to_csv, to_json, to_markdown
from sanctuary.site.addresses import asset, compare_address, policy_address
from sanctuary.site.compared import Compared, compared
from sanctuary.site.hardening import OWN_POLICY
from sanctuary.site.ours import may_view, our_database, read, visible
from sanctuary.site.published import as_published
from sanctuary.wording import describe

if TYPE_CHECKING:
    from datasette.app import Datasette
    from datasette.database import Database

_FORMS: dict[str, tuple[Callable[[Difference], str], str]] = {
    "json": (to_json, "application/json; charset=utf-8"),
    "csv": (to_csv, "text/csv; charset=utf-8"),
    "md": (to_markdown, "text/markdown; charset=utf-8"),
}


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
    problem: str | None = None
    status: int = 200


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with the difference that is asked for, as a page or in another form."""
    database = await our_database(datasette, request.url_vars["database"])
    if not await may_view(datasette, request.actor, database):
        raise Forbidden("You do not have permission to view this database")
    source, before, after = (request.args.get(name) or None for name in ("source", "from", "to"))
    asked = Asked(source, before, after, side_by_side=request.args.get("view") == "side")
    form = request.url_vars["form"]
    tables = await visible_tables(datasette, request.actor, database)

    def look(db: sqlite_utils.Database) -> tuple[Answer, str | Compared | None]:
        found = answer(db, asked, tables)
        if found.difference is None:
            return found, None
        return found, (_FORMS[form][0] if form else compared)(found.difference)

    found, rendered = await read(database, look)
    if not form:
        return await _page(datasette, request, database, found, rendered, asked.side_by_side)
    headers = {"Access-Control-Allow-Origin": "*"} if datasette.cors else {}
    if rendered is None:
        problem = {"ok": False, "error": found.problem, "status": 404}
        return Response.json(problem, status=404, headers=headers)
    return Response(rendered, headers=headers, content_type=_FORMS[form][1])


async def visible_tables(datasette: Datasette, actor: Any, database: Database) -> frozenset[str]:
    """Return the tables that may be compared; of individuals also where only counts may be seen."""
    names = [record.table for record in RECORD_TYPES]
    more = ["declined_counts", "section_texts", "notes"]
    seen = await visible(datasette, actor, database, [*names, *more])
    found = {
        record.table
        for record in RECORD_TYPES
        if record.table in seen or (record.individual and "declined_counts" in seen)
    }
    found |= seen & {"notes"}
    return frozenset(found if "section_texts" in seen else found - {PolicySection.table})


async def _page(
    datasette: Datasette,
    request: Any,
    database: Database,
    found: Answer,
    shown: str | Compared | None,
    side_by_side: bool,
) -> Any:
    query = _query(found)
    view = "&view=side" if side_by_side else ""
    context = {
        "database": database.name,
        "answer": found,
        "compared": shown,
        "page": compare_address(datasette, database),
        "forms": [
            (title, f"{compare_address(datasette, database, form)}?{query}")
            for form, title in (("json", "JSON"), ("csv", "CSV"), ("md", "Markdown"))
        ],
        "around": f"{compare_address(datasette, database)}?{_query(_turned(found))}{view}",
        "side": side_by_side,
        "policy": policy_of(datasette, database, found),
        "css": asset(datasette, "site.css"),
    }
    body = await datasette.render_template("sanctuary_compare.html", context, request=request)
    headers = {"content-security-policy": OWN_POLICY}
    return Response.html(body, status=found.status, headers=headers)


def policy_of(datasette: Datasette, database: Database, found: Answer) -> str | None:
    """Return the page of the policy that is compared; None for what is no policy."""
    diff = found.difference
    if diff is None or not any(table.record is Policy for table in diff.tables):
        return None
    return policy_address(datasette, database, diff.source.id)


def _query(found: Answer) -> str:
    source = found.source.id if found.source else None
    asked = {"source": source, "from": found.before, "to": found.after}
    return urlencode({name: value for name, value in asked.items() if value}, safe=":@")


def _turned(found: Answer) -> Answer:
    return replace(found, before=found.after, after=found.before)


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
    if pair is None:
        problem = (
            f"{source.title} has one edition only, {describe(editions[-1])}: there is nothing to "
            "compare it with yet."
        )
        return replace(found, problem=problem)
    diff = difference(db, *pair)
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
        return (editions[-2], editions[-1]) if len(editions) > 1 else None
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
