"""Secrets come from the environment or a file that nobody else may read, and are said nowhere."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from sanctuary.errors import BadSecrets
from sanctuary.secrets import Secrets, without_secrets


@pytest.fixture
def file(tmp_path: Path) -> Path:
    found = tmp_path / "secrets"
    found.write_text("# those of Zembla\n\nZEMBLA_KEY=k=4711 \n  ZEMBLA_WORD=\n")
    found.chmod(0o600)
    return found


def test_a_secret_is_taken_from_the_file(file: Path) -> None:
    assert Secrets(file).get("ZEMBLA_KEY") == "k=4711"


def test_the_environment_comes_first(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZEMBLA_KEY", "k-0815")
    assert Secrets(file).get("ZEMBLA_KEY") == "k-0815"


def test_what_is_empty_or_nowhere_is_none(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ONHAVA_KEY", "")
    assert [Secrets(file).get(name) for name in ("ZEMBLA_WORD", "ONHAVA_KEY", "X")] == [None] * 3
    assert Secrets(None).get("ZEMBLA_KEY") is None


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o660])
def test_a_file_that_others_may_read_or_write_is_refused_with_the_remedy(
    file: Path, mode: int
) -> None:
    file.chmod(mode)
    with pytest.raises(BadSecrets, match=f"chmod 600 {file}"):
        Secrets(file).get("ZEMBLA_KEY")


def test_a_file_of_somebody_else_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: file.stat().st_uid + 1)
    with pytest.raises(BadSecrets, match="another user; chown"):
        Secrets(file).get("ZEMBLA_KEY")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"export ZEMBLA_KEY=topsecret\n", "line 1 is no NAME=value"),
        (b"A=1\nA=topsecret\n", "A stands twice"),
        (b"\xff\xfetopsecret", "no UTF-8"),
    ],
)
def test_what_is_wrong_with_a_file_is_said_without_what_is_in_it(
    file: Path, text: bytes, fault: str
) -> None:
    file.write_bytes(text)
    with pytest.raises(BadSecrets, match=fault) as error:
        Secrets(file).get("ZEMBLA_KEY")
    assert "topsecret" not in str(error.value)


def test_a_file_that_is_not_there_is_an_error_only_where_it_is_needed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = Secrets(tmp_path / "none")
    monkeypatch.setenv("ZEMBLA_KEY", "k-4711")
    assert found.get("ZEMBLA_KEY") == "k-4711"
    with pytest.raises(BadSecrets, match=r"is not there; write it .*chmod 600"):
        found.get("ZEMBLA_WORD")


def test_a_secret_that_was_read_is_left_out_of_what_is_said_and_so_are_its_parts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said = (
        "no login of conmal at mail.zembla.example with p%40ss4711 (p@ss4711) for desk in markdown"
    )
    assert without_secrets(said) == said
    monkeypatch.setenv(
        "M", "mailtos://conmal:p%40ss4711@mail.zembla.example?format=markdown&to=desk@x"
    )
    Secrets(None).get("M")
    assert without_secrets(said) == "no login of … at … with … (…) for desk in markdown"


@pytest.mark.parametrize("address", ["syslog://", "json://", "x"])
def test_an_address_with_next_to_nothing_in_it_hides_nothing(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("M", address)
    Secrets(None).get("M")
    assert without_secrets("an example of text") == "an example of text"
