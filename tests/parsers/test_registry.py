"""The parsers by name, those that others install among them."""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

import pytest

from parsers import registry
from parsers.registry import parser_named, parser_names


def test_the_environment_is_read_once_however_often_the_names_are_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked = []

    def entry_points(*, group: str) -> metadata.EntryPoints:
        asked.append(group)
        return metadata.entry_points(group=group)

    monkeypatch.setattr(registry, "entry_points", entry_points)
    monkeypatch.syspath_prepend(str(tmp_path))
    names = parser_names()
    names.clear()
    assert "ddor" in parser_names()
    assert len(asked) == 1


def test_a_parser_that_is_installed_somewhere_else_is_found(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert "tea-leaves" not in parser_names()
    package = tmp_path / "tea_leaves-1.dist-info"
    package.mkdir()
    (package / "METADATA").write_text("Metadata-Version: 2.1\nName: tea-leaves\nVersion: 1\n")
    (package / "entry_points.txt").write_text("[sanctuary.parsers]\ntea-leaves = tea:PARSER\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert "tea-leaves" in parser_names()


@pytest.mark.parametrize("name", parser_names())
def test_every_option_says_what_it_is_for(name: str) -> None:
    model = parser_named(name).options
    fields = model.model_fields if model else {}
    assert [field for field, said in fields.items() if not said.description] == []
