"""The names of our packages are plain: what bears one of them, too, is never taken for ours."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sanctuary import __main__ as program
from sanctuary.own_packages import sharers, strangers

ROOT = Path(__file__).parent.parent
REPORT = ROOT / "tests" / "fixtures" / "ddor" / "freedonia-2017-01-28-rev1.pdf"
PARSE = ("parse", REPORT, "--parser", "ddor")


def package(folder: Path, name: str, code: str = "") -> None:
    (folder / name).mkdir()
    (folder / name / "__init__.py").write_text(code)


def test_the_packages_of_a_checkout_are_its_own() -> None:
    assert strangers() == {}
    assert sharers() == {}


def test_a_package_of_that_name_before_ours_is_named_in_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "red\x1b[31m"
    folder.mkdir()
    package(folder, "places")
    result = subprocess.run(
        [sys.executable, "-P", "-m", "sanctuary", "--version"],
        env={**os.environ, "PYTHONPATH": str(folder)},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert r"red\x1b[31m/places" in line
    assert "with pipx" in line


def test_a_distribution_that_wrote_over_a_package_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    described = tmp_path / "zembla-1.dist-info"
    described.mkdir()
    (described / "METADATA").write_text("Metadata-Version: 2.1\nName: zembla\nVersion: 1\n")
    (described / "top_level.txt").write_text("db\n")
    monkeypatch.syspath_prepend(tmp_path)

    def fail(_: str) -> None:
        raise ImportError("cannot import name 'connect' from 'db'")

    monkeypatch.setattr(program, "import_module", fail)
    with pytest.raises(SystemExit):
        program.main()
    assert "zembla may have written over its package db" in capsys.readouterr().err


def test_what_is_missing_for_another_reason_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> None:
        raise ImportError("No module named 'lxml'")

    monkeypatch.setattr(program, "import_module", fail)
    with pytest.raises(ImportError, match="lxml"):
        program.main()


def test_no_process_takes_a_module_from_the_folder_that_a_command_runs_in(tmp_path: Path) -> None:
    for name in ("parsers", "sanctuary", "json"):
        package(tmp_path, name, "raise SystemExit('the folder was read')")
    result = subprocess.run(
        # -E is how the command starts that pipx makes.
        [sys.executable, "-E", Path(sys.executable).parent / "sanctuary", *PARSE],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    assert "the folder was read" not in result.stderr
