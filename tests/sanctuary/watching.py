"""A publisher that was watched for some days: what was there, what changed, what went."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanctuary.cli import fetch
from tests.sanctuary.commands import REVISION_1, REVISION_2, WEEK_2, Commands, list_page
from tests.sanctuary.loopback import NOT_FOUND, HandClock, Page, Publisher

SOURCES = """
settings:
  contact: https://example.org/tests
  allow_hosts: ["{host}"]
  delay: 0s
sources:
  - id: freedonia-list
    title: List of Freedonia
    publisher: Freedonia Ministry
    address: http://{host}/list
    parser: table
    options: {{record: listings, columns: {{Jurisdiction: jurisdiction, Policy: policy}}}}
    editions: content
    why: For tests.
  - id: freedonia-reports
    title: Reports of Freedonia
    publisher: Freedonia Removal Agency
    address: http://{host}/reports/
    discover: {{kind: index, pattern: '\\.pdf$'}}
    parser: ddor
    editions: period
    why: For tests.
"""
TWO = list_page(("Chicolini, Freedonia", "Rule One"), ("Pinky, Freedonia", "Rule Two"))
THREE = list_page(
    ("Chicolini, Freedonia", "Rule One"),
    ("Pinky, Freedonia", "Rule Two"),
    ("Firefly, Freedonia", "Rule Three"),
)
BLOCKED = Page(b"<html><title>Just a moment...</title>", 403)
TAGGED = {"ETag": '"1"'}


def pdf(file: Path) -> Page:
    return Page(file.read_bytes(), media_type="application/pdf")


def index(*names: str) -> Page:
    links = "".join(f'<li><a href="{name}">{name}</a>' for name in names)
    return Page(f"<!doctype html><title>Reports</title><ul>{links}</ul>".encode())


def run_on(watched: Commands, monkeypatch: pytest.MonkeyPatch, day: str) -> None:
    monkeypatch.setattr(fetch, "utc_now", HandClock(f"{day}T10:00:00Z"))
    watched("run")


def watch_for_six_days(
    folder: Path, publisher: Publisher, monkeypatch: pytest.MonkeyPatch
) -> Commands:
    """Run on six days: a new row, "not modified", a refusal, a revision, a list taken down."""
    folder.mkdir(exist_ok=True)
    watched = Commands(folder, SOURCES.format(host=publisher.host))
    pages = publisher.pages
    pages["/list"] = Page(TWO, headers=TAGGED)
    pages["/reports/"] = index("one.pdf")
    pages["/reports/one.pdf"] = pdf(REVISION_1)
    run_on(watched, monkeypatch, "2025-06-01")
    pages["/reports/"] = index("one.pdf", "two.pdf")
    pages["/reports/two.pdf"] = pdf(WEEK_2)
    run_on(watched, monkeypatch, "2025-06-02")
    pages["/list"] = BLOCKED
    run_on(watched, monkeypatch, "2025-06-03")
    pages["/list"] = Page(THREE)
    pages["/reports/one.pdf"] = pdf(REVISION_2)
    run_on(watched, monkeypatch, "2025-06-04")
    pages["/list"] = NOT_FOUND
    run_on(watched, monkeypatch, "2025-06-05")
    run_on(watched, monkeypatch, "2025-06-06")
    return watched
