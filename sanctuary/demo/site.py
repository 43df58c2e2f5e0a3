"""A site on loopback that publishes the specimens as an agency would: week after week.

What it shows depends on ``week``: reports are added, a correction notice appears, an invented
agency's file is replaced without a word, a list loses a row and is taken down, laws change.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

from sanctuary.demo import laws
from sanctuary.demo.answers import NOT_FOUND, Answer, page, table

LAST_WEEK = 5
WHAT_HAPPENS = {
    1: "The first weekly report, an invented agency's report, a list and three laws appear.",
    2: "The second report appears. The list loses a row. A town renumbers a section.",
    3: "The third report appears. The invented agency replaces its file without saying so. A "
    "county renumbers a section. Ithaca's page is wrapped anew and shows its note.",
    4: "A correction notice is put on the reports' page. The list is gone. Town and county write "
    "24 hours where 48 stood, and no note says so.",
    5: "The list is still gone, and counts as taken down. Another list quotes the laws.",
}
_REPORTS = {
    1: "ddor-2017-01-28-invented-list.pdf",
    2: "ddor-2017-02-04-thin-rules.pdf",
    3: "ddor-2017-02-11-broken-rows.pdf",
}
_KNOWN_ROWS = "ddor-2017-01-28-word.pdf"
"""The first report again, with the rows of Section III that are known word for word."""
_AGENCY_REPORT = {1: "freedonia-2017-01-28-rev1.pdf", 3: "freedonia-2017-01-28-rev2.pdf"}
_CORRECTION = (
    "Correction: Due to a data processing error, the Jan. 28 - Feb 03, 2017 specimen report "
    "attributed detainers to Example County, Freedonia, that were issued elsewhere."
)
_LISTED = (
    ("Example County, Freedonia", "February 2017", "County Ordinance 17-01"),
    ("Sample City, Freedonia", "March 2016", "Resolution of the City Council"),
    ("Placeholder County, Ruritania", "June 2014", "Sheriff's Decision"),
    ("Invention City, Ruritania", "2011", "Executive Order of the Mayor"),
)
_LEAVES_THE_LIST = "Placeholder County, Ruritania"


class SpecimenSite:
    """A web server on a free port of 127.0.0.1, up for as long as the context lasts."""

    def __init__(self, specimens: Path, policies: Path) -> None:
        """Take the folder of the specimen PDFs, and the one that has a folder for each host."""
        self.specimens = specimens
        self.policies = policies
        self.week = 1
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, self.answer))
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def host(self) -> str:
        """Host and port, as an allow-list names them."""
        return f"127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> SpecimenSite:
        """Start to answer."""
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Stop to answer and free the port."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def answer(self, path: str) -> Answer:
        """Return what the site shows at ``path`` in this week."""
        if path == "/reports/":
            return page("Weekly reports (specimens)", self._reports_page())
        if path == "/list/" and self.week < 4:
            return page("List of jurisdictions (specimen)", self._list_page())
        if path == "/freedonia/report.pdf":
            newest = max(week for week in _AGENCY_REPORT if week <= self.week)
            return self._pdf(_AGENCY_REPORT[newest])
        if path == f"/known/{_KNOWN_ROWS}":
            return self._pdf(_KNOWN_ROWS)
        for week, name in _REPORTS.items():
            if path == f"/reports/{name}" and week <= self.week:
                return self._pdf(name)
        if path == "/robots.txt":
            return Answer(200, "text/plain", b"User-agent: *\nAllow: /\n")
        return laws.answer(self.policies, path, self.week) or NOT_FOUND

    def _pdf(self, name: str) -> Answer:
        return Answer(200, "application/pdf", (self.specimens / name).read_bytes())

    def _reports_page(self) -> str:
        correction = f'<p id="correction">{escape(_CORRECTION)}</p>' if self.week >= 4 else ""
        links = "".join(
            f'<li><a href="{name}">Report published in week {week}</a></li>'
            for week, name in _REPORTS.items()
            if week <= self.week
        )
        return f"{correction}<ul>{links}</ul>"

    def _list_page(self) -> str:
        rows = [row for row in _LISTED if self.week < 2 or row[0] != _LEAVES_THE_LIST]
        return table(("Jurisdiction", "Date Enacted", "Policy"), rows)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, answer: Callable[[str], Answer], *args: object) -> None:
        self._answer = answer
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        answer = self._answer(self.path)
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, format: str, *args: object) -> None:
        """Keep the terminal for the demo."""
