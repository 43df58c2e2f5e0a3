"""The units that ``schedule print`` writes: systemd takes them, and they give no needless right."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sanctuary import systemd_units
from sanctuary.units import Installed
from tests.sanctuary.test_units import ODD, PLAIN

BOTH = pytest.mark.parametrize("command", [PLAIN, ODD], ids=["plain", "odd"])
ANALYZED = pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
MOST_EXPOSED = 25
"""Tenths of what systemd-analyze calls exposure: of a service without limits it is near 100."""


def parts(text: str) -> dict[str, str]:
    """Return the parts by the names of the files that they belong into."""
    found = re.split(r"^# /etc/systemd/system/(\S+)\n", text, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def all_units(command: Installed) -> dict[str, str]:
    return {
        **parts(systemd_units.timer(command)),
        **parts(systemd_units.watch(command)),
        **parts(systemd_units.site(command)),
    }


def services(command: Installed) -> dict[str, dict[str, str]]:
    """Return the settings of the services that run our command, by their files."""
    return {
        name: dict(re.findall(r"^(\w+)=(.*)$", text, re.MULTILINE))
        for name, text in all_units(command).items()
        if name.endswith(".service") and "@" not in name
    }


def analyze(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", *words],
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, "SYSTEMD_LOG_LEVEL": "warning"},
    )


@ANALYZED
@BOTH
def test_systemd_takes_the_units_without_a_word(command: Installed, tmp_path: Path) -> None:
    # It looks whether the program is there.
    program = tmp_path / command.executable.relative_to("/")
    program.parent.mkdir(parents=True)
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    here = Installed(program, command.data_dir, command.sources_file)
    for name, text in all_units(here).items():
        (tmp_path / name).write_text(text)
    found = analyze(tmp_path, "verify", "--man=no", *all_units(here))
    ours = [line for line in found.stderr.splitlines() if "sanctuary" in line]
    assert (found.returncode, ours) == (0, [])


@ANALYZED
def test_systemd_finds_the_services_little_exposed(tmp_path: Path) -> None:
    for name in services(PLAIN):
        (tmp_path / name).write_text(all_units(PLAIN)[name])
    limit = f"--threshold={MOST_EXPOSED}"
    found = analyze(tmp_path, "security", "--offline=true", "--no-pager", limit, *services(PLAIN))
    assert found.returncode == 0, found.stdout


@ANALYZED
def test_it_would_find_a_service_without_limits(tmp_path: Path) -> None:
    text = all_units(PLAIN)["sanctuary-site.service"]
    (tmp_path / "bare.service").write_text(text.replace(systemd_units._HARDENED, ""))
    limit = f"--threshold={MOST_EXPOSED}"
    assert analyze(tmp_path, "security", "--offline=true", limit, "bare.service").returncode == 1


def unquoted(line: str) -> list[str]:
    """Return the words of a value as systemd reads them, see systemd.syntax(7)."""
    words = re.findall(r'"((?:[^"\\]|\\.)*)"', line)
    # A single percent sign would begin a specifier.
    assert not [word for word in words if "%" in word.replace("%%", "")]
    return [re.sub(r"\\(.)", r"\1", word).replace("%%", "%") for word in words]


@BOTH
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("sanctuary.service", ["run", "--due"]),
        ("sanctuary-watch.service", ["watch"]),
        ("sanctuary-site.service", ["serve", "--port", "8001"]),
        ("sanctuary-check.service", ["status", "--check"]),
    ],
)
def test_a_service_runs_the_command_over_the_folder_and_writes_nowhere_else(
    command: Installed, name: str, words: list[str]
) -> None:
    service = services(command)[name]
    # A single dollar sign would begin a variable.
    assert "$" not in service["ExecStart"].replace("$$", "")
    found = [word.replace("$$", "$") for word in unquoted(service["ExecStart"])]
    assert found == [*command.words, *words]
    assert unquoted(service["ReadWritePaths"]) == [str(command.data_dir)]
    assert (service["NoNewPrivileges"], service["ProtectSystem"]) == ("yes", "strict")
    # Else who reads a document is ended with the service, which looks like a bad document.
    assert service["KillMode"] == "mixed"


def test_the_timer_makes_up_for_what_it_missed_and_takes_a_held_reading_for_no_failure() -> None:
    files = parts(systemd_units.timer(PLAIN))
    assert services(PLAIN)["sanctuary.service"]["SuccessExitStatus"] == "3"
    assert "Persistent=true" in files["sanctuary.timer"]
    assert "sanctuary-check.timer" in files


@BOTH
def test_the_site_can_change_no_document_and_reaches_no_other_machine(command: Installed) -> None:
    site = services(command)["sanctuary-site.service"]
    assert unquoted(site["ReadOnlyPaths"]) == [f"-{command.data_dir}/archive"]
    assert (site["IPAddressDeny"], site["IPAddressAllow"]) == ("any", "localhost")
    assert site["WorkingDirectory"] == str(command.sources_file.parent)
    assert "EnvironmentFile" not in site


def test_secrets_come_to_those_who_fetch_from_a_file_that_need_not_be_there() -> None:
    for name in ("sanctuary.service", "sanctuary-watch.service"):
        assert services(PLAIN)[name]["EnvironmentFile"] == "-/etc/sanctuary-tracker.env"


def test_whoever_fails_is_told_of() -> None:
    for name, service in services(PLAIN).items():
        assert service["OnFailure"] == "sanctuary-failed@%n.service", name
        # One that is started anew for ever would never have failed.
        tries = {"StartLimitIntervalSec", "StartLimitBurst"}
        assert ("Restart" in service) is (tries <= set(service)), name
    for form in (systemd_units.timer, systemd_units.watch, systemd_units.site):
        assert "sanctuary-failed@.service" in parts(form(PLAIN))


def test_who_is_told_hears_of_each_unit_once_a_day() -> None:
    told = all_units(PLAIN)["sanctuary-failed@.service"]
    assert "StartLimitIntervalSec=20h\nStartLimitBurst=1\n" in told
    # Those who deliver mail get rights by the owner of their program.
    assert "NoNewPrivileges" not in told
    assert "DynamicUser" not in told


def test_a_unit_that_two_forms_print_is_the_same_in_both() -> None:
    timer, watch = parts(systemd_units.timer(PLAIN)), parts(systemd_units.watch(PLAIN))
    both = set(timer) & set(watch)
    assert "sanctuary-check.timer" in both
    assert all(timer[name] == watch[name] for name in both)
