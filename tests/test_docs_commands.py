"""What the docs name is there: commands, options, and the pages that are made from the code."""

from __future__ import annotations

import re

import pytest

from tests.docs.architecture import ROUTES, STEPS, arrows, module_exists
from tests.docs.links import markdown_files
from tests.docs.named import commands_in, unknown_word
from tests.docs.pages import DOCS, MADE


@pytest.mark.parametrize("name", MADE)
def test_a_page_that_is_made_is_as_it_would_be_made_today(name: str) -> None:
    assert (DOCS / name).read_text("utf-8") == MADE[name](), "run: make docs"


def test_every_command_and_option_that_a_page_names_is_there() -> None:
    wrong = {
        f"{file.name}: {unknown}"
        for file in markdown_files()
        for words in commands_in(file.read_text("utf-8"))
        if (unknown := unknown_word(words))
    }
    assert wrong == set()


@pytest.mark.parametrize(
    ("text", "unknown"),
    [
        ("`sanctuary lgo`", "sanctuary lgo"),
        ("`sanctuary log --sine 2025-06-01`", "sanctuary log --sine"),
        ("    sanctuary --data-dir x schedule prnt cron", "sanctuary schedule prnt"),
        ("```console\n$ sanctuary jurisdictions list --stats undecided\n```", "… --stats"),
        ("    sanctuary import a.pdf \\\n        --sauce b", "sanctuary import --sauce"),
    ],
)
def test_a_command_that_is_none_is_found(text: str, unknown: str) -> None:
    (words,) = commands_in(text)
    assert (unknown_word(words) or "").endswith(unknown.removeprefix("…"))


@pytest.mark.parametrize(
    "text",
    [
        "`sanctuary log --since 2025-06-01`",
        "`sanctuary schedule print cron > file`",
        "    sanctuary status --check || mail -s dark me@example.org",
        "    sanctuary run                          # fetch and read",
        "`sanctuary exhibit TABLE:ID -o value.zip`",
        "`sanctuary show …`",
    ],
)
def test_a_command_that_is_there_is_left_alone(text: str) -> None:
    (words,) = commands_in(text)
    assert unknown_word(words) is None


def test_the_commands_are_shown_with_their_options_and_those_below_them() -> None:
    page = (DOCS / "commands.md").read_text("utf-8")
    for said in ("## sanctuary jurisdictions", "### sanctuary jurisdictions decide", "--help"):
        assert said in page


def test_the_dictionary_says_of_a_column_what_it_means_and_where_it_leads() -> None:
    page = (DOCS / "dictionary.md").read_text("utf-8")
    section = page.split("## listings\n", 1)[1].split("\n## ", 1)[0]
    assert re.search(r"\| `criteria` \| text \| .{20,}", section)
    assert "[`readings`](#readings)" in section


def test_every_arrow_of_the_code_is_drawn_and_no_other() -> None:
    assert set(arrows()) == set(ROUTES)
    assert {arrows()[pair] for pair in ROUTES if pair[0] != "sanctuary"} == {"parsers.records"}


def test_the_way_of_a_document_names_modules_that_there_are() -> None:
    assert list(STEPS) == [
        *("discover", "fetch", "judge", "archive", "read", "check", "accept", "tell"),
    ]
    assert [m for modules in STEPS.values() for m in modules if not module_exists(m)] == []
    assert not module_exists("scraper.nothing")
