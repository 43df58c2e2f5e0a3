"""What the demo's site answers with."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

NOTICE = "SPECIMEN, NOT AN ICE DOCUMENT"


@dataclass(frozen=True)
class Answer:
    """One response."""

    status: int
    media_type: str
    body: bytes


NOT_FOUND = Answer(404, "text/html; charset=utf-8", b"<h1>Page Not Found</h1>")


def page(title: str, body: str) -> Answer:
    """Return a page with a notice that it is a specimen; ``body`` is HTML."""
    text = (
        f"<!doctype html><html lang=en><title>{escape(title)}</title>"
        f"<p>{NOTICE}</p>"
        f"<h1>{escape(title)}</h1>{body}"
    )
    return html(text.encode())


def html(body: bytes) -> Answer:
    """Return a page as it is."""
    return Answer(200, "text/html; charset=utf-8", body)


def table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a table as HTML."""
    head = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"
