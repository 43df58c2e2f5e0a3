"""The page on policies names every parser, option, check and type there is, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from db.looking_up import RESULTS
from parsers.policy.page import PageOptions
from parsers.policy.page import read as read_page
from parsers.policy.result import PolicyOptions
from parsers.records import Policy, PolicySection
from parsers.records.policy import EVENT_KINDS, INSTRUMENT_TYPES
from parsers.registry import parser_named, parser_names
from sanctuary.sources import Settings
from sanctuary.sources_file import load_sources
from tests.test_docs import first_cells

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "policies.md").read_text("utf-8")


def test_every_parser_of_policies_is_explained() -> None:
    installed = {name for name in parser_names() if Policy in parser_named(name).tables}
    assert installed <= first_cells("policies.md", "What is read of whom")


def test_every_option_is_explained() -> None:
    assert first_cells("policies.md", "Options") == set(PolicyOptions.model_fields)
    for own in set(PageOptions.model_fields) - set(PolicyOptions.model_fields):
        assert f"`{own}`" in TEXT


def test_every_field_type_and_kind_is_named() -> None:
    records = TEXT.split("## Records\n", 1)[1].split("\n## ", 1)[0]
    for field in (*Policy.value_fields(), *PolicySection.value_fields()):
        assert f"`{field}`" in records
    assert all(f"`{name}`" in TEXT for name in INSTRUMENT_TYPES)
    assert all(kind in records for kind in EVENT_KINDS)


def test_every_check_is_named_with_what_it_does() -> None:
    page = b"<main><h2>1. Holding</h2><p>No person is held.</p></main>"
    for check in read_page(page, {"select": "main"}).checks:
        said = "held" if check.required else "a warning"
        assert re.search(rf"\| {said}: `{check.name}`", TEXT), check.name


def test_the_example_is_an_entry_that_the_parser_takes() -> None:
    entry = TEXT.split("    - id: brackwater", 1)[1].split("\n\n", 1)[0]
    (source,) = yaml.safe_load("    - id: brackwater" + entry)
    assert parser_named(source["parser"]).read(
        b'<main class="policy"><p>No person is held.</p></main>', source["options"]
    )


def test_every_result_of_a_quote_is_explained() -> None:
    assert first_cells("policies.md", "What lists quote") == set(RESULTS)


def test_the_queries_that_are_named_are_there() -> None:
    section = TEXT.split("## The same text elsewhere\n", 1)[1].split("\n## ", 1)[0]
    (database,) = yaml.safe_load((ROOT / "metadata.yml").read_text("utf-8"))["databases"].values()
    named = re.findall(r"`([a-z_]+)`", section)
    assert named
    assert set(named) <= set(database["queries"])


def test_the_example_of_a_key_is_one_that_the_settings_take() -> None:
    example = TEXT.split("    settings:\n", 1)[1].split("\n\n", 1)[0]
    settings = Settings.model_validate(yaml.safe_load("settings:\n" + example)["settings"])
    assert {host: set(headers) for host, headers in settings.keys.items()} == {
        parser_named("ecode360").key_host: {"api-key", "api-secret"}
    }


def test_the_policies_that_ship_are_as_many_as_the_page_says() -> None:
    policies = [s for s in load_sources(ROOT / "sources.yml").sources if s.jurisdiction]
    assert f"that ships has {len(policies)} policies" in TEXT
