"""Which revision of a parser gave the expectations that stand beside its fixtures.

``python -m tests.parsers.revisions`` writes them down anew, once the revision of every parser whose
expectations changed has been raised.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from parsers.registry import parser_named
from tests.parsers.golden import FIXTURES

FOLDERS = {
    "amlegal": ("amlegal", "amlegal/steps"),
    "codepublishing": ("codepublishing",),
    "ddor": ("ddor", "ddor-faults"),
    "declined-detainer-quarterly": ("declined-quarterly",),
    "dhs-list": ("dhs-list",),
    "doj-list": ("doj-list",),
    "ecode360": ("ecode360", "ecode360/steps"),
    "ice-287g": ("ice-287g",),
    "laserfiche": ("laserfiche", "laserfiche/steps"),
    "legistar": ("legistar", "legistar/steps"),
    "municode": ("municode", "municode/steps"),
    "notices": ("notices",),
    "page": ("page",),
    "policy-manual": ("policy-manual",),
    "statement": ("statement",),
    "table": ("table",),
}
LEDGER = FIXTURES / "revisions.json"
Ledger = dict[str, dict[str, object]]


def ledger(fixtures: Path = FIXTURES) -> Ledger:
    """Return, for each parser, its revision and the hash of each expectation."""
    return {
        name: {
            "revision": parser_named(name).revision,
            "expectations": {
                f"{folder}/{path.name.removesuffix('.expected.json')}": hashlib.sha256(
                    path.read_bytes()
                ).hexdigest()[:16]
                for folder in folders
                for path in sorted((fixtures / folder).glob("*.expected.json"))
            },
        }
        for name, folders in FOLDERS.items()
    }


def changed(name: str, written: Ledger, now: Ledger) -> list[str]:
    """Return the expectations that changed while the revision of their parser did not."""
    if written[name]["revision"] != now[name]["revision"]:
        return []
    before, after = written[name]["expectations"], now[name]["expectations"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    return [fixture for fixture in before if after.get(fixture, "") != before[fixture]]


if __name__ == "__main__":
    LEDGER.write_text(json.dumps(ledger(), indent=1) + "\n", "utf-8")
