"""One place as printed: what each list says of it, its policies, and what is quoted of them."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import sqlite_utils
from datasette.utils.asgi import Forbidden, NotFound, Response

from sanctuary.claims import CLAIM_TABLES, LIMITS, Claim, claims_of_place
from sanctuary.safe_text import json_safe
from sanctuary.site.addresses import asset, place_address, policy_address
from sanctuary.site.hardening import OWN_POLICY
from sanctuary.site.ours import may_view, our_database, read, visible
from sanctuary.site.policy import TABLES
from sanctuary.wording import counted, day_and_time

if TYPE_CHECKING:
    from datasette.app import Datasette


@dataclass(frozen=True)
class Listed:
    """A row of a list that names the place, and in which editions it stood."""

    source: str
    title: str
    publisher: str
    jurisdiction: str
    date_enacted_text: str | None
    policy: str | None
    criteria: tuple[str, ...]
    editions: int
    seen_from: str
    seen_until: str
    in_newest: bool
    """It stands in the newest edition of its list that is held."""
    stands: bool
    """That list was neither ended nor taken down."""
    listing_id: int
    notice: str | None

    @property
    def words(self) -> str:
        """What that says, in a sentence."""
        first, last = day_and_time(self.seen_from), day_and_time(self.seen_until)
        times = f"public on {first}" if first == last else f"public from {first} to {last}"
        said = f"In {counted(self.editions, 'edition')}, {times}"
        if not self.in_newest:
            return f"{said}; not in the newest edition that is held."
        if not self.stands:
            return f"{said}, the newest among them. The list has ended or was taken down."
        return f"{said}, the newest among them."


@dataclass(frozen=True)
class PolicyOfPlace:
    """A policy of the place."""

    source: str
    title: str
    publisher: str
    versions: int


@dataclass(frozen=True)
class PlacePage:
    """All that the page says of the place."""

    name: str
    also: list[str]
    """The other names under which lists print it, as a person has looked them up."""
    listed: list[Listed]
    policies: list[PolicyOfPlace]
    claims: list[Claim]

    @property
    def notices(self) -> list[str]:
        """What the documents say of themselves if they are no official ones, each once."""
        found = {each.notice for each in self.listed if each.notice}
        return sorted(found | {notice for claim in self.claims for notice in claim.quote.notices})


def load_place(db: sqlite_utils.Database, name: str, tables: frozenset[str]) -> PlacePage:
    """Return what is held of a place by its printed name, of the tables that may be seen.

    Raises NotFound if no list and no policy prints it.
    """
    policies, also = _policies(db, name) if "policies" in tables else ([], [])
    names = [name, *also]
    listed = _listed(db, names) if "listings" in tables else []
    claims = claims_of_place(db, names) if tables >= CLAIM_TABLES else []
    if not policies and not listed:
        raise NotFound("No list and no policy that is held prints this place")
    return PlacePage(name, also, listed, policies, claims)


def _policies(db: sqlite_utils.Database, name: str) -> tuple[list[PolicyOfPlace], list[str]]:
    """Return the policies of a place, and the other names under which lists print it."""
    sources = list(
        db.query(
            """SELECT id AS source, title, publisher, jurisdiction, listed_as,
                (SELECT count(*) FROM edition_readings
                    JOIN editions ON editions.id = edition_readings.edition_id
                    WHERE editions.source_id = sources.id AND superseded_at IS NULL) AS versions
            FROM sources WHERE jurisdiction = :name
                OR :name IN (SELECT value FROM json_each(listed_as))
                OR id IN (SELECT source_id FROM current_policies WHERE jurisdiction = :name)
            ORDER BY title, id""",
            {"name": name},
        )
    )
    names = [n for each in sources for n in (each["jurisdiction"], *json.loads(each["listed_as"]))]
    also = [each for each in dict.fromkeys(names) if each and each != name]
    keys = ("source", "title", "publisher", "versions")
    return [PolicyOfPlace(**{key: each[key] for key in keys}) for each in sources], also


def _listed(db: sqlite_utils.Database, names: list[str]) -> list[Listed]:
    marks = ",".join("?" * len(names))
    rows = db.query(
        f"""SELECT current_listings.*, sources.title, publisher,
            latest_editions.edition_id AS newest, coalesce(latest_editions.stands, 0) AS stands
        FROM current_listings JOIN sources ON sources.id = current_listings.source_id
        LEFT JOIN latest_editions ON latest_editions.source_id = sources.id
        WHERE current_listings.jurisdiction IN ({marks})
        ORDER BY sources.title, sources.id, current_listings.row_key,
            current_listings.public_from, current_listings.edition_id""",
        names,
    )
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in rows:
        key = ("source_id", "row_key", "criteria")
        groups.setdefault(tuple(row[each] for each in key), []).append(row)
    return [_one_listed(group) for group in groups.values()]


def _one_listed(group: list[dict[str, Any]]) -> Listed:
    row = group[-1]
    return Listed(
        source=row["source_id"],
        title=row["title"],
        publisher=row["publisher"],
        jurisdiction=row["jurisdiction"],
        date_enacted_text=row["date_enacted_text"],
        policy=row["policy"],
        criteria=tuple(json.loads(row["criteria"])),
        editions=len({each["edition_id"] for each in group}),
        seen_from=min(each["public_from"] for each in group),
        seen_until=max(each["public_until"] for each in group),
        in_newest=any(each["edition_id"] == row["newest"] for each in group),
        stands=bool(row["stands"]),
        listing_id=row["id"],
        notice=row["notice"],
    )


async def respond(request: Any, datasette: Datasette) -> Any:
    """Answer with the place that is asked for by ``name``, as a page or as JSON."""
    database = await our_database(datasette, request.url_vars["database"])
    if not await may_view(datasette, request.actor, database):
        raise Forbidden("You do not have permission to view this database")
    tables = await visible(datasette, request.actor, database, TABLES)
    name = request.args.get("name") or ""
    page = await read(database, lambda db: load_place(db, name, tables))
    if request.url_vars["form"]:
        headers = {"Access-Control-Allow-Origin": "*"} if datasette.cors else {}
        body = json_safe(json.dumps(_data(page), ensure_ascii=False, indent=2))
        kind = "application/json; charset=utf-8"
        return Response(body, headers=headers, content_type=kind)
    context = {
        "database": database.name,
        "page": page,
        "limits": LIMITS,
        "form": place_address(datasette, database, name, "json"),
        "policies": lambda source: policy_address(datasette, database, source),
        "row": lambda listing: f"{datasette.urls.table(database.name, 'listings')}/{listing}",
        "css": asset(datasette, "site.css"),
    }
    html = await datasette.render_template("sanctuary_place.html", context, request=request)
    return Response.html(html, headers={"content-security-policy": OWN_POLICY})


def _data(page: PlacePage) -> dict[str, Any]:
    return {
        "name": page.name,
        "also_printed_as": page.also,
        "notices": page.notices,
        "listed": [asdict(each) for each in page.listed],
        "policies": [asdict(each) for each in page.policies],
        "quotes": [each.data() for each in page.claims],
        "limits": LIMITS,
    }
