"""The licences of what comes with an installation, as THIRD-PARTY.md lists them."""

from __future__ import annotations

import json
import re
from importlib.metadata import Distribution
from pathlib import Path

from tests.release.checks import Checks, Wrong, expect
from tests.release.environments import Environment

ROOT = Path(__file__).parents[2]
PAPER = ROOT / "THIRD-PARTY.md"
BEGIN, END = "<!-- begin licences -->", "<!-- end licences -->"
OURS = "sanctuary-tracker"
# What is passed on together with what is under these has to be under them as a whole.
_CONFLICT = re.compile(r"\bA?GPL|(?<!Lesser )General Public", re.IGNORECASE)
_CODE = """
import json
from importlib.metadata import distributions
print(json.dumps([[d.metadata["Name"], str(d._path)] for d in distributions()]))
"""


def licences(environment: Environment) -> dict[str, str]:
    """Return by name the licence that every distribution of an environment states of itself."""
    listed = json.loads(environment.run(environment.folder, "python", "-P", "-c", _CODE))
    stated = {name: _stated(Distribution.at(path)) for name, path in listed}
    return {name: stated[name] for name in sorted(stated, key=str.casefold) if name != OURS}


def table(found: dict[str, str]) -> str:
    """Return the table of THIRD-PARTY.md."""
    rows = [f"| {name} | {licence} |" for name, licence in found.items()]
    return "\n".join(["| package | licence |", "| --- | --- |", *rows])


def written(paper: str) -> str:
    """Return the table that stands in the text of THIRD-PARTY.md."""
    return paper.split(BEGIN, 1)[1].split(END, 1)[0].strip()


def write(found: dict[str, str]) -> None:
    """Put the table into THIRD-PARTY.md."""
    paper = PAPER.read_text("utf-8")
    before, after = paper.split(BEGIN, 1)[0], paper.split(END, 1)[1]
    PAPER.write_text(f"{before}{BEGIN}\n{table(found)}\n{END}{after}", "utf-8")


def conflicts(found: dict[str, str]) -> dict[str, str]:
    """Return those whose licence does not go with ours, or who state none."""
    return {
        name: licence
        for name, licence in found.items()
        # Of licences joined by "or" one may choose.
        if not licence or all(_CONFLICT.search(each) for each in licence.split(" OR "))
    }


def check_licences(checks: Checks, found: dict[str, str]) -> None:
    """Check the licences of an environment with all extras."""
    with checks.check(f"the licences of {len(found)} packages go with ours"):
        expect(conflicts(found), {}, "what does not")
    with checks.check("THIRD-PARTY.md lists them"):
        if written(PAPER.read_text("utf-8")) != table(found):
            there = set(written(PAPER.read_text("utf-8")).splitlines())
            now = set(table(found).splitlines())
            differ = "\n".join(sorted((there - now) | (now - there)))
            raise Wrong(f"it is another list; --write-licences writes it anew:\n{differ}")


def _stated(distribution: Distribution) -> str:
    """Return what a distribution says: its expression, else its classifiers, else its words."""
    metadata = distribution.metadata
    expression = metadata.get("License-Expression")
    if expression:
        return expression
    classifiers = [
        each.split(" :: ")[-1]
        for each in metadata.get_all("Classifier") or ()
        if each.startswith("License :: ") and not each.endswith("OSI Approved")
    ]
    words = (metadata.get("License") or "").strip().splitlines()
    if classifiers or not words:
        return "; ".join(classifiers)
    return words[0] if len(words) == 1 else "see its licence file"
