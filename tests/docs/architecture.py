"""The drawing docs/architecture.svg: which package imports which, and the way of one document.

The arrows are the imports that the code has; the sentences in the boxes are the docstrings of the
packages. Where a box stands, and how an arrow runs, is said here.
"""

from __future__ import annotations

import ast
from functools import cache
from html import escape
from pathlib import Path
from posixpath import commonpath
from textwrap import wrap

from tests.test_arrows import OURS, ROOT, imported

WIDTH, HEIGHT = 1040, 700

Point = tuple[int, int]

BOXES = {
    "places": (390, 70, 260, 86),
    "scraper": (30, 210, 250, 120),
    "parsers": (390, 210, 260, 120),
    "db": (760, 210, 250, 120),
    "sanctuary": (30, 400, 980, 80),
}
"""The place of each package: left, top, width and height."""

ROUTES: dict[tuple[str, str], tuple[Point, ...]] = {
    ("sanctuary", "scraper"): ((155, 400), (155, 330)),
    ("sanctuary", "parsers"): ((520, 400), (520, 330)),
    ("sanctuary", "db"): ((885, 400), (885, 330)),
    ("sanctuary", "places"): ((1010, 440), (1025, 440), (1025, 113), (650, 113)),
    ("db", "parsers"): ((760, 295), (650, 295)),
    ("places", "parsers"): ((520, 156), (520, 210)),
}
"""How the arrow runs from the package that imports to the one that is imported."""

FLOWS: tuple[tuple[str, Point, Point], ...] = (
    ("the web", (155, 150), (155, 210)),
    ("bytes", (280, 240), (390, 240)),
    ("records", (650, 240), (760, 240)),
    ("history", (950, 330), (950, 400)),
    ("pages, feeds, messages, files", (240, 480), (240, 515)),
)
"""What goes from package to package, through `sanctuary`, which hands it on."""

STEPS: dict[str, tuple[str, ...]] = {
    "discover": ("scraper.discover", "scraper.dated", "sanctuary.walking"),
    "fetch": ("scraper.client", "scraper.gate", "scraper.pace", "scraper.robots"),
    "judge": ("scraper.judge", "scraper.bodies", "scraper.challenges"),
    "archive": ("scraper.archive", "sanctuary.recording", "db.captures"),
    "read": ("sanctuary.reading", "parsers.registry", "parsers.records"),
    "check": ("sanctuary.expectations", "sanctuary.gone_unread"),
    "accept": ("sanctuary.accepting", "db.storing", "db.editions", "db.diff"),
    "tell": ("db.outbox", "sanctuary.sentences", "sanctuary.notify", "sanctuary.site.feed"),
}
"""The way of one document, and the modules to read first of each step."""


def drawing() -> str:
    """Return the drawing as SVG."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'font-family="Helvetica, Arial, sans-serif" font-size="13">',
        "<title>The packages of Sanctuary Tracker and the way of one document</title>",
        '<defs><marker id="head" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="8" '
        'markerHeight="8" orient="auto"><path d="M0 0 8 4 0 8z" fill="#333"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        _text(30, 36, "Who imports whom", size=18),
        _text(30, 56, "dark: imports, as they stand in the code; light: what goes on to whom"),
    ]
    parts += [_package(name, *box) for name, box in BOXES.items()]
    for label, start, end in FLOWS:
        parts.append(_line((start, end), "#8a8a8a", label, dashed=True))
    for pair, modules in sorted(arrows().items()):
        parts.append(_line(ROUTES[pair], "#333", "" if pair[0] == "sanctuary" else modules))
    parts += [_text(30, 556, "The way of one document", size=18), *_steps()]
    return "\n".join((*parts, "</svg>", ""))


@cache
def arrows() -> dict[tuple[str, str], str]:
    """Return which package imports which, with the innermost module that holds all it imports."""
    found: dict[tuple[str, str], set[str]] = {}
    for package in OURS:
        for module in (ROOT / package).rglob("*.py"):
            for name in imported(module.read_text("utf-8")):
                other = name.split(".")[0]
                if other != package:
                    found.setdefault((package, other), set()).add(name)
    return {pair: _common(names) for pair, names in found.items()}


def _common(names: set[str]) -> str:
    return commonpath([name.replace(".", "/") for name in names]).replace("/", ".")


def _package(name: str, left: int, top: int, width: int, height: int) -> str:
    folder = ROOT / name
    said = ast.get_docstring(ast.parse((folder / "__init__.py").read_text("utf-8"))) or ""
    lines = wrap(said.splitlines()[0], width // 8)
    inner = ", ".join(sorted(each.parent.name for each in folder.glob("*/__init__.py")))
    lines += wrap(f"with {inner}", width // 8) if inner else []
    return "\n".join(
        (
            f'<rect x="{left}" y="{top}" width="{width}" height="{height}" rx="6" '
            'fill="#eef3f8" stroke="#333"/>',
            _text(left + 12, top + 22, name, size=16),
            *(_text(left + 12, top + 42 + 17 * n, line) for n, line in enumerate(lines)),
        )
    )


def _steps() -> list[str]:
    parts = []
    step = (WIDTH - 60) // len(STEPS)
    for n, (name, modules) in enumerate(STEPS.items()):
        left = 30 + n * step
        parts.append(
            f'<path d="M{left} 572h{step - 16}l12 16-12 16h{16 - step}z" '
            'fill="#f6efdf" stroke="#333"/>'
        )
        parts.append(_text(left + 8, 593, name, size=15))
        for row, module in enumerate(modules):
            parts.append(_text(left, 624 + 17 * row, module, size=10))
    return parts


def _line(points: tuple[Point, ...], colour: str, label: str, *, dashed: bool = False) -> str:
    path = " ".join(f"{x},{y}" for x, y in points)
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    line = (
        f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.5"{dash} '
        'marker-end="url(#head)"/>'
    )
    if not label:
        return line
    (x0, y0), (x1, y1) = points[-2:]
    upright = x0 == x1
    x = x0 + 8 if upright else (x0 + x1) // 2 - 3 * len(label)
    return line + _text(x, (y0 + y1) // 2 + (4 if upright else -6), label)


def _text(x: int, y: int, words: str, *, size: int = 12) -> str:
    weight = ' font-weight="bold"' if size > 13 else ""
    return f'<text x="{x}" y="{y}" font-size="{size}"{weight}>{escape(words)}</text>'


def module_exists(name: str) -> bool:
    """Say whether a module or package of this name is there."""
    path = ROOT / Path(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()
