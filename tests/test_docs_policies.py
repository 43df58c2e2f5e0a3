"""The page on policies names every parser, option, check and type there is, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

from parsers.policy.page import PageOptions
from parsers.policy.page import read as read_page
from parsers.policy.result import PolicyOptions
from parsers.records import Policy, PolicySection
from parsers.records.policy import EVENT_KINDS, INSTRUMENT_TYPES
from parsers.registry import parser_named, parser_names
from tests.test_docs import first_cells

TEXT = (Path(__file__).parent.parent / "docs" / "policies.md").read_text("utf-8")


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
