"""The site beside plugins that others install: its pages work, and what is closed stays closed."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import yaml

from tests.release.checks import Checks, Wrong, expect, expect_in
from tests.release.environments import Environment
from tests.release.using import PAGES, demo_history, served

PLUGINS = (
    "datasette-auth-passwords",
    "datasette-block-robots",
    "datasette-cluster-map",
    "datasette-copyable",
    "datasette-render-markdown",
    "datasette-search-all",
    "datasette-vega",
)
"""Not datasette-graphql, which fails where other tables refer to a hidden one."""
_ROWS = "/tracker/declined_detainers"
_SECRET = "zembla"
_WAYS_IN = (
    _ROWS,
    f"{_ROWS}.json",
    f"{_ROWS}.copyable",
    f"{_ROWS}/1",
    *(
        f"/tracker.{form}?sql={quote('SELECT facility FROM declined_detainers')}"
        for form in ("json", "csv", "copyable")
    ),
    "/-/search?q=detainers",
    "/tracker",
    "/tracker.json",
)


def check_plugins(checks: Checks, environment: Environment, folder: Path) -> None:
    """Check an environment that holds a release and PLUGINS."""
    with checks.check("a history for the site is made beside plugins"):
        history = demo_history(environment, folder)
    with checks.check("pages work beside plugins"), served(environment, history, "serve") as site:
        there = {each["name"] for each in json.loads(site.get("/-/plugins.json")[2])}
        expect(set(PLUGINS) - there, set(), "what is missing")
        site.expect_pages(*PAGES, _ROWS, "/-/search?q=freedonia", "/tracker/listings.copyable")
        policy = site.get("/tracker/-/changes")[1]["content-security-policy"]
        if "script-src" in policy or "unsafe" in policy:
            raise Wrong(f"our pages allow scripts: {policy}")
        expect(site.get("/-/search")[1]["x-frame-options"], "DENY", "a header of a plugin's page")
        expect(site.get("/robots.txt")[2].decode().splitlines()[1], "Disallow: /", "robots.txt")
    with checks.check("rows about individuals stay closed beside plugins"):
        facilities = _facilities(history / "data" / "tracker.db")
        _set(history, individual_rows="off")
        with served(environment, history, "serve") as site:
            site.expect_pages(*_WAYS_IN[:4], status=403)
            for path in _WAYS_IN:
                shown = site.get(path)[2].decode()
                expect([name for name in facilities if name in shown], [], f"what {path} shows")
    with checks.check("behind a login that a plugin brings, a visitor sees nothing"):
        _lock(environment, history)
        code = "from datasette.app import Datasette as D; print(D(secret=%r).sign(%r, 'actor'))"
        code %= (_SECRET, {"a": {"id": "root"}})
        cookie = environment.run(history, "python", "-P", "-c", code).strip()
        ours = [page for page in PAGES if "static" not in page]
        with served(environment, history, "serve", DATASETTE_SECRET=_SECRET) as site:
            site.expect_pages(*ours, status=403)
            expect_in("password", site.get("/-/login")[2].decode().lower())
            for page in ours:
                expect(site.get(page, Cookie=f"ds_actor={cookie}")[0], 200, f"{page} for root")


def _facilities(database: Path) -> list[str]:
    """Return the names of facilities that rows about individuals have."""
    with closing(sqlite3.connect(database)) as db:
        sql = "SELECT DISTINCT facility FROM declined_detainers WHERE facility IS NOT NULL"
        found = [str(row[0]) for row in db.execute(sql)]
    if not found:
        raise Wrong("there are no rows about individuals")
    return found


def _set(history: Path, **settings: str) -> None:
    file = history / "sources.yml"
    content = yaml.safe_load(file.read_text("utf-8"))
    content["settings"] |= settings
    file.write_text(yaml.safe_dump(content), "utf-8")


def _lock(environment: Environment, history: Path) -> None:
    """Let only one person in."""
    code = "from sanctuary.shipped import shipped; print(shipped('metadata.yml'))"
    shipped = Path(environment.run(history, "python", "-P", "-c", code).strip())
    metadata = yaml.safe_load(shipped.read_text("utf-8"))
    metadata["allow"] = {"id": "root"}
    metadata["plugins"] = {"datasette-auth-passwords": {"root_password_hash": "of nobody"}}
    (history / "metadata.yml").write_text(yaml.safe_dump(metadata), "utf-8")
