"""Pages of lists in every form that they are known to have, or may have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

NOTICE = "SPECIMEN, NOT A DOCUMENT OF ANY GOVERNMENT: typeset by this project for a test"
TITLE = "List of jurisdictions"

HEADINGS: Mapping[str, Callable[[str], str]] = {
    "h2": lambda text: f"<h2>{text}</h2>",
    "h3": lambda text: f"<h3>{text}:</h3>",
    "strong": lambda text: f"<p><strong>{text}:</strong></p>",
    "p": lambda text: f"<p>{text}:</p>",
}
"""By the element, how a heading is set: with a colon or without."""


def _items(names: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(name)}</li>' for name in names)}</ul>"


def _wrapped(names: Iterable[str]) -> str:
    items = "".join(f"<li><p><a href='#'>{escape(name)}</a></p></li>" for name in names)
    return f"<div><ul>{items}</ul></div>"


def _lines(names: Iterable[str]) -> str:
    return f"<p>{'<br>'.join(escape(name) for name in names)}</p>"


def _bulleted(names: Iterable[str]) -> str:
    return f"<p>{'<br>'.join(f'• {escape(name)}' for name in names)}</p>"


NAMES: Mapping[str, Callable[[Iterable[str]], str]] = {
    "items": _items,
    "wrapped items": _wrapped,
    "lines": _lines,
    "bulleted lines": _bulleted,
}
"""How names are set below a heading."""
FORMS = [(heading, names) for heading in HEADINGS for names in NAMES]

Groups = Sequence[tuple[str, Sequence[str]]]
"""The names under each heading, in the order of the page."""


def page(body: str) -> bytes:
    """Return a page with this body, between what a site prints on every page."""
    return (
        f"<!doctype html><html><head><meta charset='utf-8'><title>{TITLE}</title></head><body>"
        f"<nav><ul><li>States</li><li>Menu, ZZ</li></ul></nav><p>{NOTICE}</p><main>"
        f"<h1>{TITLE}</h1>{body}</main><footer><p>Foot, ZZ</p></footer></body></html>"
    ).encode()


def doj_page(groups: Groups, form: tuple[str, str], updated: str = "") -> bytes:
    """Return the list page of the Department of Justice, its criteria above the list."""
    heading, names = HEADINGS[form[0]], NAMES[form[1]]
    criteria = _items(["Public Declarations", "Laws, Ordinances, Executive Directives"])
    body = "".join(heading(head) + names(under) for head, under in groups)
    return page(f"<p>{updated}</p>{criteria}{body}")


def release(groups: Groups) -> bytes:
    """Return the press release, whose form is known."""
    return page("".join(f"<p>{head}:</p>{_items(under)}" for head, under in groups))


def dhs_page(states: Sequence[tuple[str, Groups]], form: tuple[str, str]) -> bytes:
    """Return the list of the Department of Homeland Security, state by state."""
    heading, names = HEADINGS[form[0]], NAMES[form[1]]
    return page(
        "".join(
            HEADINGS[form[0]](escape(state)).replace(":<", "<")
            + "".join(heading(head) + names(under) for head, under in groups)
            for state, groups in states
        )
    )
