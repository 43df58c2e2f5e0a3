"""The laws on the demo's site: a page of eCode360, and the services of two other hosts.

Ithaca's page is a specimen after what is known of the real one: two public captures of it differ in
line wraps, and in that one is without the note of the article. The other two places are invented:
their hosts are asked in steps, as the real ones are.
"""

from __future__ import annotations

import json
from pathlib import Path

from sanctuary.demo.answers import NOT_FOUND, Answer, html, page, table

_ITHACA = {
    1: "ecode360/ithaca-sanctuary-city-without-note.html",
    3: "ecode360/ithaca-sanctuary-city.html",
}
_STEPS = {
    "/municode/": (
        "https://api.municode.com/",
        {
            1: "municode/steps/version-1.json",
            2: "municode/steps/version-2-renumbered.json",
            4: "municode/steps/version-3-silent-change.json",
        },
    ),
    "/amlegal/": (
        "https://codelibrary.amlegal.com/api/",
        {
            1: "amlegal/steps/version-1.json",
            3: "amlegal/steps/version-2-renumbered.json",
            4: "amlegal/steps/version-3-silent-change.json",
        },
    ),
}
"""Where a service stands on the site, what it stands for, and its answers from which week on."""
FIRST_WEEK_OF_CLAIMS = 5
_CLAIMS = [
    (
        "Freedonia, Westmarch",
        "March 2017",
        "Code of Ordinances, Chapter 12",
        "Holds persons “for no more than 24 hours”; keeps “a record of every detainer and of what "
        "was done on it”",
    ),
    (
        "Freedonia County, Westmarch",
        "March 2017",
        "Codified Ordinances, Chapter 541",
        "Holds persons for “48 hours”; gives ICE “written notice of each release”",
    ),
]


def answer(folder: Path, path: str, week: int) -> Answer | None:
    """Return what stands at a path in a week; None where no law or claim ever stands.

    ``folder`` holds the specimens of the hosts, a folder each.
    """
    if path == "/ithaca/32288286":
        return html((folder / _newest(_ITHACA, week)).read_bytes())
    if path == "/claims/":
        if week < FIRST_WEEK_OF_CLAIMS:
            return NOT_FOUND
        header = ("Jurisdiction", "Date Enacted", "Policy", "Criteria")
        return page("List that quotes local law (specimen)", table(header, _CLAIMS))
    for place, (service, versions) in _STEPS.items():
        if path.startswith(place):
            walk = json.loads((folder / _newest(versions, week)).read_text("utf-8"))
            came = walk["answers"].get(service + path.removeprefix(place))
            if came is None:
                return NOT_FOUND
            return Answer(200, "application/json; charset=utf-8", json.dumps(came).encode())
    return None


def _newest(versions: dict[int, str], week: int) -> str:
    return versions[max(first for first in versions if first <= week)]
