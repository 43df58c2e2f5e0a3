"""The image and its two services: what linters see in them, and what they must not lose."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from sanctuary.cli import cli

ROOT = Path(__file__).parent.parent
DOCKERFILE = (ROOT / "Dockerfile").read_text("utf-8")
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES = pytest.mark.parametrize("service", ["watcher", "site"])


def run(*words: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*words], capture_output=True, text=True, cwd=ROOT)


def test_hadolint_has_nothing_to_say_of_the_dockerfile() -> None:
    found = run(Path(sys.executable).with_name("hadolint"), "Dockerfile")
    assert (found.returncode, found.stdout) == (0, "")


def test_hadolint_does_look(tmp_path: Path) -> None:
    file = tmp_path / "Dockerfile"
    file.write_text(DOCKERFILE.replace("WORKDIR /src", "WORKDIR src"))
    assert run(Path(sys.executable).with_name("hadolint"), file).returncode == 1


def test_the_compose_file_answers_to_its_schema() -> None:
    found = run(
        sys.executable,
        "-m",
        "check_jsonschema",
        "--builtin-schema",
        "vendor.compose-spec",
        "compose.yaml",
    )
    assert found.returncode == 0, found.stdout


def instructions(text: str = DOCKERFILE) -> list[str]:
    """Return the instructions, each on one line."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    return [line for line in "\n".join(lines).replace("\\\n", "").splitlines() if line]


def test_the_image_is_run_by_a_user_of_a_number_that_stays() -> None:
    last = [line for line in instructions() if line.startswith("USER")][-1]
    assert last == "USER 10001:10001"
    assert "--uid 10001 " in DOCKERFILE
    assert "--gid 10001 " in DOCKERFILE


def test_nothing_is_installed_that_is_not_locked() -> None:
    for line in instructions():
        for command in re.findall(r"pip (?:install|wheel) [^&]*", line):
            assert "--require-hashes" in command or "--no-deps" in command
            assert "--require-hashes" in command or "--no-index" in command


def test_the_image_starts_with_what_was_built_and_no_tool_to_build() -> None:
    stages = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]
    assert len(stages) == 2
    assert stages[0].split()[0] == stages[1].split()[0]
    assert "COPY . " not in stages[1]


def pins(name: str) -> set[str]:
    return set(re.findall(r"^[a-z0-9._-]+==[^ ;]+", (ROOT / name).read_text("utf-8"), re.MULTILINE))


def test_what_runs_is_locked_to_the_versions_that_are_tested() -> None:
    running = pins("requirements-run.lock")
    assert running <= pins("requirements.lock")
    assert not [pin for pin in running if pin.startswith(("pytest", "moto", "playwright"))]


def test_all_that_the_program_depends_on_is_locked_for_running() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    named = {re.split(r"[^A-Za-z0-9._-]", each)[0] for each in project["dependencies"]}
    # The lock writes them in one way, see PEP 503.
    named = {re.sub(r"[-_.]+", "-", each).lower() for each in named}
    assert {"datasette", "httpx"} <= named
    assert named <= {pin.partition("==")[0] for pin in pins("requirements-run.lock")}


def needed() -> set[str]:
    """Return what the wheel is made of, and the lock: paths from the top of the project."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    named = project["project"]
    return {
        "pyproject.toml",
        "requirements-run.lock",
        named["readme"],
        *named["license-files"],
        *wheel["packages"],
        *wheel["force-include"],
    }


def test_the_builder_is_sent_all_that_the_wheel_is_made_of_and_no_history() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    patterns = [line for line in lines if line and not line.startswith("#")]
    assert patterns[0] == "*"
    sent = {line.removeprefix("!") for line in patterns if line.startswith("!")}
    missing = []
    for path in map(Path, needed()):
        parts = [path, *path.parents]
        if not any(part.match(pattern) for part in parts for pattern in sent):
            missing.append(path)
    assert missing == []
    assert not sent & {".git", "data", ".venv", "tests", "."}


@SERVICES
def test_a_service_has_no_right_that_it_does_not_need(service: str) -> None:
    found = COMPOSE["services"][service]
    assert found["read_only"] is True
    assert found["cap_drop"] == ["ALL"]
    assert found["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "user", "network_mode"} & set(found)
    assert found["volumes"] == ["history:/srv/sanctuary"]


@SERVICES
def test_a_service_runs_a_command_that_there_is(service: str) -> None:
    found = COMPOSE["services"][service]
    name, *options = found["command"]
    command = cli.commands.get(name) or cli.get_command(None, name)  # type: ignore[arg-type]
    assert command is not None
    known = {word for option in command.params for word in option.opts}
    assert {word for word in options if word.startswith("--")} <= known


def test_the_site_is_shown_to_this_machine_alone_and_knows_no_secret() -> None:
    site = COMPOSE["services"]["site"]
    assert site["ports"] == ["127.0.0.1:8001:8001"]
    assert "env_file" not in site
    assert "ports" not in COMPOSE["services"]["watcher"]


def test_a_dark_source_is_shown_and_starts_nothing_anew() -> None:
    watcher = COMPOSE["services"]["watcher"]
    assert watcher["healthcheck"]["test"] == ["CMD", "sanctuary", "status", "--check"]
    # Else the site would wait for every publisher.
    assert "depends_on" not in COMPOSE["services"]["site"]


def test_what_looks_after_the_site_is_python_that_holds() -> None:
    *words, program = COMPOSE["services"]["site"]["healthcheck"]["test"]
    assert words == ["CMD", "python", "-c"]
    compile(program, "healthcheck", "exec")
    assert "/tracker/-/health.json" in program
