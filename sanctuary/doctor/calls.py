"""What calls ``sanctuary run --due`` on this machine, as far as one can see from here."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from sanctuary.doctor.finding import Finding, note, ok

_OUR_CALL = re.compile(
    r"""^[^#\n]*\bsanctuary\b[^#\n]*(\brun["']?\s+["']?--due\b|\bwatch\b)""", re.MULTILINE
)
_COMPOSE = re.compile(r"^[^#\n]*\bsanctuary\b", re.MULTILINE)
_WATCH = re.compile(r"^[^#\n]*\bwatch\b", re.MULTILINE)
_SECONDS = 5.0
"""For `crontab -l`."""
_CRONTABS = (Path("/etc/crontab"), Path("/etc/cron.d"))
_UNITS = (Path("/etc/systemd/system"), Path("/usr/lib/systemd/system"))
_OWN_UNITS = "~/.config/systemd/user"
_LARGEST = 1_000_000
"""Bytes: what is larger is no crontab, unit or workflow."""


def schedule(callers: Sequence[str]) -> Finding:
    """Say what calls the tool, by the places where that was seen."""
    if callers:
        return ok("schedule", f"`sanctuary` is called by {', '.join(callers)}")
    said = "nothing was seen here that calls `sanctuary run --due`"
    remedy = "`sanctuary schedule print cron` (or systemd, github), or `sanctuary watch`"
    return note("schedule", said, remedy)


def callers(texts: Mapping[str, str], commands: Iterable[Sequence[str]]) -> list[str]:
    """Return what calls the tool: of ``texts`` by place, and of processes by their words."""
    found = [place for place, text in texts.items() if _OUR_CALL.search(text)]
    found += [
        place
        for place, text in texts.items()
        if "compose" in place and _COMPOSE.search(text) and _WATCH.search(text)
        if place not in found
    ]
    if any(_is_watch(words) for words in commands):
        found.append("a process that watches")
    return found


def _is_watch(words: Sequence[str]) -> bool:
    """Say whether a process is `sanctuary … watch`, begun by whatever Python."""
    names = [Path(word).name for word in words[:3]]
    return "sanctuary" in names and "watch" in words[1:]


def texts_of_this_machine(folders: Iterable[Path]) -> dict[str, str]:
    """Return by place what may call the tool; ``folders`` may hold workflows or a compose file."""
    found: dict[str, str] = {}
    if (text := _own_crontab()) is not None:
        found["this user's crontab"] = text
    for file in _files(folders):
        with suppress(OSError):
            if file.stat().st_size <= _LARGEST:
                found[str(file)] = file.read_text("utf-8", "replace")
    return found


def commands_of_this_machine() -> list[list[str]]:
    """Return the words of all processes that this user may see."""
    return [each.info["cmdline"] or [] for each in psutil.process_iter(["cmdline"])]


def _own_crontab() -> str | None:
    program = shutil.which("crontab")
    if program is None:
        return None
    with suppress(OSError, subprocess.TimeoutExpired):
        ran = subprocess.run(  # noqa: S603 - no shell, own words
            [program, "-l"], capture_output=True, text=True, timeout=_SECONDS, check=False
        )
        return ran.stdout if ran.returncode == 0 else None
    return None


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for place in _CRONTABS:
        yield from _in(place, "*") if place.is_dir() else [place]
    for units in _UNITS:
        yield from _in(units, "*.service")
    # In a container a user may have neither a name nor a home.
    with suppress(RuntimeError):
        yield from _in(Path(_OWN_UNITS).expanduser(), "*.service")
    for folder in sorted(folders):
        yield from _in(folder / ".github" / "workflows", "*.y*ml")
        yield from _in(folder, "*compose*.y*ml")


def _in(folder: Path, pattern: str) -> Iterator[Path]:
    with suppress(OSError):
        yield from sorted(each for each in folder.glob(pattern) if each.is_file())
