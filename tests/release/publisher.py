"""A publisher on this machine, whose list of invented places loses a row."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

ROWS = ["Onhava,2017", "Kinbote County,2016", "Yewslip,2015", "Freedonia,2014"]

SOURCES = """\
settings:
  contact: https://example.org/release-check
  allow_hosts: ["{host}"]
  delay: 0s
{settings}
sources:
  - id: zembla-list
    title: List of jurisdictions (specimen)
    publisher: Ministry of Zembla, an invented agency
    address: http://{host}/list.csv
    parser: table
    options:
      format: csv
      record: listings
      columns: {{Jurisdiction: jurisdiction, Date Enacted: date_enacted}}
    editions: content
    why: Shows that a release works.
"""


class Publisher:
    """Answers with the list as it stands."""

    def __init__(self, host: str) -> None:
        self.host = host
        self.rows = list(ROWS)

    def sources(self, settings: str = "") -> str:
        """Return a sources.yml that watches this publisher, with more lines of settings."""
        return SOURCES.format(host=self.host, settings=settings)


@contextmanager
def publisher() -> Iterator[Publisher]:
    """Publish the list on a free port, for as long as the context lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = "\n".join(["Jurisdiction,Date Enacted", *shown.rows, ""]).encode()
            is_list = self.path == "/list.csv"
            self.send_response(200 if is_list else 404)
            self.send_header("Content-Type", "text/csv; charset=utf-8")
            self.send_header("Content-Length", str(len(body) if is_list else 0))
            self.end_headers()
            self.wfile.write(body if is_list else b"")

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    shown = Publisher(f"127.0.0.1:{server.server_port}")
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield shown
    finally:
        server.shutdown()
        server.server_close()
