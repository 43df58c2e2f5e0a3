"""What the docs say of mapped tables and of parsers is so; the tutorial runs as it stands there."""

from __future__ import annotations

import dataclasses
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from parsers.registry import Parser
from parsers.table.options import TableOptions
from sanctuary.cli import cli
from sanctuary.cli.errors import exit_code_of
from tests.test_docs import ROOT, first_cells

TUTORIAL = ROOT / "docs" / "tutorial-table.md"


def test_every_option_of_the_table_parser_is_explained() -> None:
    heading = "A list without code: `parser: table`"
    assert first_cells("sources.md", heading) == set(TableOptions.model_fields)
    assert all(field.description for field in TableOptions.model_fields.values())


def test_every_field_of_a_parser_is_explained() -> None:
    text = (ROOT / "docs" / "parsers.md").read_text("utf-8")
    section = text.split("## How it is found\n", 1)[1].split("\n## ", 1)[0]
    named = {
        name
        for cell in re.findall(r"^\| (`[^|]+`) \|", section, re.MULTILINE)
        for name in re.findall(r"`([a-z_]+)`", cell)
    }
    assert named == {field.name for field in dataclasses.fields(Parser)}


def blocks(kind: str) -> list[str]:
    return re.findall(rf"```{kind}\n(.*?)```", TUTORIAL.read_text("utf-8"), re.DOTALL)


def test_the_tutorial_does_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    names = re.findall(r"[Ss]ave (?:it|this) as `(jails-[a-z]+\.csv)`", TUTORIAL.read_text("utf-8"))
    for name, text in zip(names, blocks("csv"), strict=True):
        Path(name).write_text(text, encoding="utf-8")
    (entry,) = blocks("yaml")
    Path("sources.yml").write_text(entry, encoding="utf-8")
    said: dict[str, str] = {}
    for line in "".join(blocks("console")).splitlines():
        words = shlex.split(line.removeprefix("$ sanctuary "))
        if words[0] == "serve":
            continue
        result = CliRunner().invoke(cli, words, standalone_mode=False)
        if result.exception is not None:
            pytest.fail(f"{line}: {exit_code_of(result.exception)}: {result.output}")
        said[words[0]] = result.output
    assert "3 table_rows" in said["sources"]
    assert "1 unreadable_value" in said["sources"]
    for text in ("Tarn Jail", "Fenwick Jail", "Ellmoor Jail", "added", "removed"):
        assert text in said["diff"]
    assert "between 2025-06-01" in said["log"]
    assert Path("data/tracker.db").exists()
