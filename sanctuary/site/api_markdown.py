"""The page docs/api.md, from what the page of the API shows."""

from __future__ import annotations

from sanctuary.site.api_endpoint import PROMISES, Endpoint
from sanctuary.site.api_pages import PAGES
from sanctuary.site.api_tables import TABLES

_HEAD = """# JSON for scripts

This page is made by `make docs` from what the page `/tracker/-/api` of a site shows; there each
address has an example that answers. The addresses below are those of a database that is served as
`tracker`. How to use them with curl, R and Python is in [use-the-data.md](use-the-data.md).
"""


def markdown() -> str:
    """Return the whole page."""
    parts = [_HEAD]
    for promise in PROMISES:
        parts += [f"## {promise.title}\n", *(f"{each}\n" for each in promise.said)]
    for title, endpoints in (("Our pages", PAGES), ("Tables and files", TABLES)):
        parts += [f"## {title}\n", *(_section(each) for each in endpoints)]
    return "\n".join(parts)


def _section(endpoint: Endpoint) -> str:
    lines = [f"### {endpoint.title}", "", endpoint.what, "", f"    /tracker{endpoint.address}", ""]
    if endpoint.also:
        lines += [f"Also as {', '.join(f'`{each}`' for each in endpoint.also)}.", ""]
    if endpoint.parameters:
        lines += ["| parameter | what it asks for |", "| --- | --- |"]
        lines += [f"| `{each.name}` | {each.what} |" for each in endpoint.parameters]
        lines.append("")
    if endpoint.keys:
        lines += ["| key | what it is |", "| --- | --- |"]
        lines += [f"| `{each.path}` | {each.what} |" for each in endpoint.keys]
        lines.append("")
    return "\n".join(lines)
