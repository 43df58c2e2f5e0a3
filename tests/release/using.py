"""A release in use: from ``init`` to the pages in the browser, in a folder of its own."""

from __future__ import annotations

import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from pathlib import Path

from tests.release.checks import Checks, Wrong, expect, expect_in
from tests.release.environments import Environment
from tests.release.publisher import ROWS, publisher

ROOT = Path(__file__).parents[2]
SPECIMEN = ROOT / "tests" / "fixtures" / "ddor" / "freedonia-2017-01-28-rev1.pdf"
LONGEST_START = 180
"""Seconds until a server has to answer; the demo has five weeks to play before."""
PAGES = (
    "/",
    "/tracker",
    "/tracker/listings",
    "/tracker/-/changes",
    "/tracker/-/changes.atom",
    "/tracker/-/health",
    "/tracker/-/place",
    "/tracker/-/downloads",
    "/-/static-plugins/sanctuary-tracker/site.css",
)


_ALL_HELP = """
import sys
from click.testing import CliRunner
from sanctuary.cli import cli
for name in cli.list_commands(None):
    answer = CliRunner().invoke(cli, [name, "--help"])
    if answer.exit_code or "Usage:" not in answer.output:
        sys.exit(f"{name}: {answer.output} {answer.exception}")
"""


class Site:
    """A server that was started, as a visitor asks it."""

    def __init__(self, address: str) -> None:
        self.address = address

    def get(self, path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
        """Return status, headers and body of the answer at a path."""
        request = urllib.request.Request(self.address + path, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, _lower(answer.headers), answer.read()
        except urllib.error.HTTPError as error:
            return error.code, _lower(error.headers), error.read()

    def expect_pages(self, *paths: str, status: int = 200) -> None:
        """Raise Wrong unless every path is answered with that status."""
        found = {path: self.get(path)[0] for path in paths}
        expect({path: code for path, code in found.items() if code != status}, {}, "what differs")


def _lower(headers: Message) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def served(environment: Environment, cwd: Path, command: str, **more: str) -> Iterator[Site]:
    """Run ``sanctuary serve`` or ``demo`` for as long as the context lasts."""
    port = free_port()
    with environment.running(cwd, "sanctuary", command, "--port", str(port), **more) as log:
        site = Site(f"http://127.0.0.1:{port}")
        end = time.monotonic() + LONGEST_START
        while True:
            try:
                site.get("/robots.txt")
                break
            except OSError:
                if time.monotonic() > end:
                    raise Wrong(f"it does not answer:\n{log.read_text()[-1500:]}") from None
                time.sleep(0.2)
        yield site


def check_use(checks: Checks, environment: Environment, folder: Path, version: str) -> None:
    """Check what a first hour with a release needs."""
    folder.mkdir(parents=True)
    sanctuary = "sanctuary"
    with checks.check("the command says its version"):
        expect_in(f"version {version}", environment.run(folder, sanctuary, "--version"))
    with checks.check("nothing warns while it is loaded"):
        environment.run(folder, "python", "-W", "error", "-c", "import sanctuary.cli")
    with checks.check("every command explains itself"):
        environment.run(folder, "python", "-P", "-c", _ALL_HELP)
    with checks.check("a specimen is read, beside folders that bear the names of our packages"):
        crowded = folder / "crowded"
        for name in ("db", "parsers", "json"):
            (crowded / name).mkdir(parents=True)
            (crowded / name / "__init__.py").write_text("raise SystemExit('the wrong one')\n")
        read = environment.run(crowded, sanctuary, "parse", SPECIMEN, "--parser", "ddor")
        wanted = json.loads(SPECIMEN.with_suffix(".expected.json").read_text("utf-8"))
        expect(json.loads(read)["records"], wanted["records"], "what is read")
    with checks.check("init writes what the other commands begin with"):
        begun = folder / "begun"
        environment.run(folder, sanctuary, "init", begun, "--contact", "desk@example.org")
        listed = json.loads(environment.run(begun, sanctuary, "sources", "--json"))
        expect(listed[0]["id"], "ddor-weekly", "the first source")
    with checks.check("run keeps a list, and says a week later what left it"):
        history = list_history(environment, folder / "list")
        log = environment.run(history, sanctuary, "log")
        expect_in("Yewslip", log)
        expect_in("removed", environment.run(history, sanctuary, "log", "--json"))
    with checks.check("verify finds it whole"):
        environment.run(history, sanctuary, "verify")
    with checks.check("serve shows it"), served(environment, history, "serve") as site:
        site.expect_pages(*PAGES)
    with checks.check("demo plays, and shows it"), served(environment, folder, "demo") as site:
        site.expect_pages(*PAGES, "/tracker/-/policy/specimen-town")
        expect_in("specimen", site.get("/")[2].decode().lower())


def list_history(environment: Environment, folder: Path, settings: str = "", **more: str) -> Path:
    """Run over a list that loses a row, and return the folder with its history."""
    folder.mkdir(parents=True)
    with publisher() as shown:
        (folder / "sources.yml").write_text(shown.sources(settings))
        for rows in (ROWS, [row for row in ROWS if "Yewslip" not in row]):
            shown.rows = rows
            environment.run(folder, "sanctuary", "run", **more)
    return folder


def demo_history(environment: Environment, folder: Path) -> Path:
    """Play the demo without serving it, and return the folder that has its data and sources.yml."""
    folder.mkdir(parents=True)
    code = (
        "from pathlib import Path; from sanctuary.demo.play import play; "
        "from sanctuary.workspace import Workspace; play(Workspace(Path('data')))"
    )
    environment.run(folder, "python", "-P", "-c", code)
    (folder / "data" / "sources.yml").rename(folder / "sources.yml")
    (folder / "data" / "jurisdictions.yml").rename(folder / "jurisdictions.yml")
    return folder
