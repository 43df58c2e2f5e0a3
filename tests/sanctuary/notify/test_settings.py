"""The ``notify`` block: a fault names the rule, the key and what is allowed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanctuary.errors import SourcesError
from sanctuary.notify.settings import NotifySettings
from sanctuary.sources_file import sources_in
from tests.test_docs import ROOT

FILE = Path("watched.yml")
TEXT = """
settings:
  notify:
    targets: {desk: DESK_ADDRESS}
    %s
sources:
  - {id: zembla-list, title: T, publisher: P, address: null, parser: ddor, editions: period, why: W}
"""


def notify(line: str) -> NotifySettings:
    return sources_in(TEXT % line, FILE).settings.notify


def fault(line: str) -> str:
    with pytest.raises(SourcesError) as caught:
        notify(line)
    return str(caught.value).removeprefix("watched.yml: settings: notify: ")


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("to: [dusk]", "rule all: to: there is no target dusk; allowed: desk"),
        ("to: []", "rule all: to: allowed: a list of 1 or more"),
        ("to: [desk], source: [x]", "rule all: source: no such key; allowed: name, to, sources"),
        ("to: [desk], sources: [ice-*]", "rule all: sources: there is no source ice-*; allowed"),
        ("to: [desk], kinds: [moved]", "rule all: kinds: 0: allowed: 'added', 'removed'"),
        ("to: [desk], timezone: Zembla", "rule all: timezone: allowed: a time zone like"),
        ("to: [desk], at: 7am", "rule all: at: allowed: an hour and a minute, like 07:00"),
        ("to: [desk], at: '24:00'", "rule all: at: allowed: an hour and a minute, like 07:00"),
        ("to: [desk], day: Monday", "rule all: day: allowed: 'monday'"),
        ("to: [desk], when: hourly", "rule all: when: allowed: 'at once', 'daily' or"),
    ],
)
def test_a_fault_of_a_rule_names_it(rule: str, said: str) -> None:
    assert fault(f"rules: [{{name: all, {rule}}}]").startswith(said)


def test_names_of_rules_are_their_own(tmp_path: Path) -> None:
    twice = "rules: [{name: all, to: [desk]}, {name: all, to: [desk]}]"
    assert fault(twice) == "rule all: name: it stands twice; each needs one of its own"
    assert "give the rule another" in fault("rules: [{name: operators, to: [desk]}]")
    assert fault("rules: [{to: [desk]}]") == "rule number 1: name: it is missing"


def test_operators_are_targets() -> None:
    assert fault("operators: [dusk]") == "operators: there is no target dusk; allowed: desk"


@pytest.mark.parametrize(
    "line",
    [
        "operators: ['mailto://ida:hunter2@example.org']",
        "operators: mailto://ida:hunter2@example.org",
        "rules: [{name: all, to: ['slack://hunter2/']}]",
        "rules: [{name: all, to: 'slack://hunter2/'}]",
    ],
)
def test_an_address_that_stands_where_a_name_belongs_is_not_repeated(line: str) -> None:
    assert "hunter2" not in fault(line)


@pytest.mark.parametrize("target", ["'slack://hunter2/'", "{url: 'slack://hunter2/'}"])
def test_nor_is_one_that_stands_in_place_of_its_secret(target: str) -> None:
    with pytest.raises(SourcesError) as caught:
        sources_in(TEXT.replace("DESK_ADDRESS", target) % "", FILE)
    assert "hunter2" not in str(caught.value)


def test_a_login_in_the_address_of_the_site_is_refused_and_not_repeated() -> None:
    said = fault("site: https://ida:hunter2@tracker.example.org")
    assert "each message would show the login in it" in said
    assert "hunter2" not in said


@pytest.mark.parametrize(
    ("written", "read"), [("17:30", "17:30"), ("07:00", "07:00"), ("0", "00:00")]
)
def test_a_time_needs_no_quotes(written: str, read: str) -> None:
    (rule,) = notify(f"rules: [{{name: all, to: [desk], at: {written}}}]").rules
    assert rule.at == read


def test_the_example_of_the_docs_holds() -> None:
    text = (ROOT / "docs" / "sources.md").read_text("utf-8")
    example = text.split("    notify:\n", 1)[1].split("\n\n", 1)[0]
    sources = sources_in(
        TEXT.replace(
            "  notify:\n    targets: {desk: DESK_ADDRESS}\n    %s", f"  notify:\n{example}"
        ),
        FILE,
    )
    once, weekly = sources.settings.notify.rules
    assert (once.when, weekly.when, weekly.at) == ("at once", "weekly", "07:30")
