"""Environments that hold what was installed into them, and commands that run in them."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

VERSIONS = ("3.11", "3.12", "3.13")
"""Of Python, as pyproject.toml claims them."""


@dataclass(frozen=True)
class Environment:
    """A virtual environment, and a home of its own for whoever works in it."""

    folder: Path

    @property
    def python(self) -> Path:
        return self.folder / "bin" / "python"

    def _variables(self, more: dict[str, str]) -> dict[str, str]:
        """Return what a login would have: nothing of the checkout, nothing of whoever checks."""
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        path = f"{self.folder / 'bin'}:/usr/bin:/bin"
        return {"PATH": path, "HOME": str(home), "TMPDIR": str(home), "LANG": "C.UTF-8", **more}

    def run(self, cwd: Path, *words: str | Path, ends: int = 0, **more: str) -> str:
        """Run a program of the environment, and return what it printed on both streams.

        Raises CalledProcessError if its exit code is not ``ends``.
        """
        result = subprocess.run(
            [self.folder / "bin" / words[0], *words[1:]],
            cwd=cwd,
            env=self._variables(more),
            capture_output=True,
            text=True,
        )
        if result.returncode != ends:
            raise subprocess.CalledProcessError(
                result.returncode, [str(word) for word in words], result.stdout, result.stderr
            )
        return result.stdout + result.stderr

    @contextmanager
    def running(self, cwd: Path, *words: str | Path, **more: str) -> Iterator[Path]:
        """Run a program for as long as the context lasts; yields the file that it prints into."""
        log = cwd / f"{words[0]}-{words[1]}.log"
        with log.open("w") as output:
            process = subprocess.Popen(
                [self.folder / "bin" / words[0], *words[1:]],
                cwd=cwd,
                env=self._variables(more),
                stdout=output,
                stderr=subprocess.STDOUT,
            )
            try:
                yield log
            finally:
                process.send_signal(signal.SIGINT)
                try:
                    process.wait(20)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


class Maker:
    """Makes environments in one folder, quickly: with uv, which it installs there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tools = self.with_pip("tools", Path(sys.executable), "uv", "twine", "pipx")

    def with_pip(self, name: str, interpreter: Path, *wanted: str | Path) -> Environment:
        """Return a new environment with what pip installs for what is wanted."""
        made = self.folder / name
        shutil.rmtree(made, ignore_errors=True)
        _run(interpreter, "-m", "venv", made)
        _run(made / "bin" / "python", "-m", "pip", "install", "--quiet", *wanted)
        return Environment(made)

    def with_uv(self, name: str, interpreter: Path, *wanted: str | Path) -> Environment:
        """Return a new environment with what uv installs; ``wanted`` may hold its options."""
        made = self.folder / name
        shutil.rmtree(made, ignore_errors=True)
        uv = self.tools.folder / "bin" / "uv"
        _run(uv, "venv", "--quiet", "--python", interpreter, made)
        _run(uv, "pip", "install", "--quiet", "--python", made / "bin" / "python", *wanted)
        return Environment(made)

    def add(self, environment: Environment, *wanted: str | Path) -> None:
        """Install more into an environment, and leave the versions that it has."""
        uv = self.tools.folder / "bin" / "uv"
        python = ("--python", environment.python)
        kept = environment.folder / "kept.txt"
        kept.write_text(_run(uv, "pip", "freeze", "--exclude", "sanctuary-tracker", *python))
        _run(uv, "pip", "install", "--quiet", *python, "--constraint", kept, *wanted)

    def with_pipx(self, name: str, wheel: Path) -> Environment:
        """Return the environment that ``pipx install`` of the wheel makes; it has a link to it."""
        made = self.folder / name
        shutil.rmtree(made, ignore_errors=True)
        where = {"PIPX_HOME": str(made), "PIPX_BIN_DIR": str(made / "bin")}
        pipx = self.tools.folder / "bin" / "pipx"
        _run(pipx, "install", "--python", sys.executable, wheel, **where)
        (program,) = (made / "bin").iterdir()
        return Environment(program.resolve().parents[1])


def interpreters() -> dict[str, Path]:
    """Return by version the interpreters of this machine that run: on the path, or of pyenv."""
    found = {}
    for version in VERSIONS:
        folders = [Path(each) for each in os.environ.get("PATH", "").split(os.pathsep)]
        folders += sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin"))
        for folder in folders:
            candidate = folder / f"python{version}"
            # What pyenv puts on the path ends with an error where it is not told to be that one.
            if (
                candidate.exists()
                and not subprocess.run(
                    [candidate, "-c", "import venv"], capture_output=True
                ).returncode
            ):
                found[version] = candidate
                break
    return found


def _run(*words: str | Path, **more: str) -> str:
    variables = {**os.environ, **more}
    result = subprocess.run(words, env=variables, check=True, capture_output=True, text=True)
    return result.stdout
