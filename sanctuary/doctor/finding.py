"""What an examination finds: how a thing stands, what was seen, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a thing stands, from good to bad."""

    OK = "ok"
    NOTE = "note"
    """Nothing is wrong; it is good to know."""
    WARNING = "warning"
    """It works, and will not for long, or not as somebody may expect."""
    BROKEN = "broken"
    """Something does not work, or will lose what it should keep."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    check: str
    """Which check says so; docs/doctor.md explains each."""
    state: State
    said: str
    """What was seen, in a clause."""
    remedy: str = ""
    """What to do: a command, a key of ``sources.yml`` or a sentence; empty where all is well."""


def ok(check: str, said: str) -> Finding:
    """Return that all is well."""
    return Finding(check, State.OK, said)


def note(check: str, said: str, remedy: str = "") -> Finding:
    """Return what is good to know."""
    return Finding(check, State.NOTE, said, remedy)


def warning(check: str, said: str, remedy: str) -> Finding:
    """Return what will not go well for long."""
    return Finding(check, State.WARNING, said, remedy)


def broken(check: str, said: str, remedy: str) -> Finding:
    """Return what does not work."""
    return Finding(check, State.BROKEN, said, remedy)
