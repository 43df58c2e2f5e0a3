"""The pages by task do what they say: their commands run, and print what is shown."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.docs.console import Saved, Typed, follow, not_printed, steps_of
from tests.played import PlayedDemo

DOCS = Path(__file__).parent.parent / "docs"
OF_THE_DEMO = (
    "first-hour.md",
    "read-a-diff.md",
    "cite-a-value.md",
    "correct-a-name.md",
    "law-beside-the-claim.md",
    "run-for-years.md",
)
IN_AN_EMPTY_FOLDER = ("when-held.md", "watch-a-list.md")


def text_of(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


@pytest.mark.parametrize("name", OF_THE_DEMO)
def test_a_page_about_the_demo_shows_what_is_printed(
    name: str, demo: PlayedDemo, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(demo.data_dir, tmp_path / "demo")
    monkeypatch.chdir(tmp_path / "demo")
    monkeypatch.setenv("SANCTUARY_DATA", ".")
    assert follow(text_of(name)) == []


@pytest.mark.parametrize("name", IN_AN_EMPTY_FOLDER)
def test_a_page_that_brings_its_files_shows_what_is_printed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert follow(text_of(name)) == []


def test_a_page_is_read_as_files_and_commands_in_its_order() -> None:
    page = (
        "Save this as `a.csv`:\n\n```csv\nx,y\n```\n\n```yaml\nno: file\n```\n\n"
        "```console\n$ sanctuary diff \\\n    'a b'\nfirst\n…\n$ cd x\n```\n"
    )
    assert list(steps_of(page)) == [
        Saved("a.csv", "x,y\n"),
        Typed(["sanctuary", "diff", "a b"], ["first", "…"]),
        Typed(["cd", "x"], []),
    ]


@pytest.mark.parametrize(
    "shown",
    [
        ["a 1", "b", "c"],
        ["a…", "b"],
        ["…", "c"],
        ["a 1", "…", "c"],
        [],
    ],
)
def test_lines_may_be_left_out_where_a_page_says_so(shown: list[str]) -> None:
    assert not_printed(shown, "a 1\nb\nc\n") is None


@pytest.mark.parametrize("shown", [["a"], ["a 1", "c"], ["…", "d"], ["b"], ["c", "…", "b"]])
def test_a_line_that_is_not_printed_so_is_found(shown: list[str]) -> None:
    assert not_printed(shown, "a 1\nb\nc\n") is not None


def test_moments_and_ids_differ_from_machine_to_machine_and_periods_do_not() -> None:
    printed = "seen 2026-11-16 23:51 UTC  id 310cde4c3264 of 2017-01-28\n"
    assert (
        not_printed(["seen 2025-01-02 08:00 UTC  id 0123456789ab of 2017-01-28"], printed) is None
    )
    assert not_printed(["seen 2025-01-02 08:00 UTC  id 0123456789ab of 2017-02-04"], printed)


def test_an_example_that_fails_or_prints_something_else_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert follow("```console\n$ sanctuary log\nNo change matches that.\n```\n")
