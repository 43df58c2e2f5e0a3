"""The names that real documents print, where they are at hand, and what was decided by hand."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from parsers.ice_287g import PARSER
from parsers.records import Agreement, PrintedName

ROOT = Path(__file__).parents[2]
REAL = Path(os.environ.get("SANCTUARY_REAL", ROOT.parent / "shared" / "real"))
REFERENCE = REAL.parent / "reference"
DECISIONS = json.loads((Path(__file__).parent / "real_names.json").read_text("utf-8"))
DESIGNATIONS = {"1": "city", "2": "county", "3": "state"}


def rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


@cache
def names_of(which: str) -> tuple[PrintedName, ...]:
    """Return the distinct names of a list, as a parser would hand them over."""
    return tuple(dict.fromkeys(_names(which)))


def _names(which: str) -> Iterator[PrintedName]:
    lists = REAL / "lists"
    if which.startswith("doj"):
        for row in rows(lists / f"doj_list_{which.removeprefix('doj ')}.csv"):
            yield PrintedName(row["printed"], level=row["level"])
    elif which == "dhs":
        for row in rows(lists / "dhs_list_2025-05-29_partial.csv"):
            yield PrintedName(row["name"], row["state"], row["level"])
    elif which.startswith("2014"):
        for row in rows(lists / "detainer_policies_2014.csv"):
            level = DESIGNATIONS[row["Designation"]] if which == "2014" else None
            yield PrintedName(row["Location"], level=level)
    elif which == "section I":
        for row in rows(REFERENCE / "ddor_section1_rows.csv"):
            yield PrintedName(row["printed_form_if_known"] or row["jurisdiction"], level="county")
    elif which in ("section II", "section III"):
        number = which.count("I")
        for row in rows(REFERENCE / f"ddor_section{number}_rows.csv"):
            yield PrintedName(row["jurisdiction"])
    else:
        yield from _agencies()


def _agencies() -> Iterator[PrintedName]:
    for path in sorted((REAL / "287g").glob("*.xlsx")):
        for each in PARSER.read(path.read_bytes(), {}).records:
            if isinstance(each, Agreement) and (each.agency or each.agency_text):
                yield PrintedName(
                    each.agency or str(each.agency_text),
                    each.state,
                    county=each.county,
                    agency_type=each.agency_type,
                )


def shown(name: PrintedName) -> str:
    """Return a name with what stands around it, as the file of decisions writes it."""
    around = (name.state, name.level or name.agency_type, name.county)
    return " | ".join([name.printed, *(each for each in around if each)])


def decided(which: str) -> dict[str, Any]:
    found: dict[str, Any] = DECISIONS[which]
    return found
