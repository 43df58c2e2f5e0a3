"""Checks one after the other: a line for each, and how many failed."""

from __future__ import annotations

import subprocess
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager

LAST_LINES = 12
"""Of what a command printed before it failed."""


class Wrong(Exception):
    """What was found is not what a release promises; the message says both."""


class Checks:
    """Counts what failed, and goes on."""

    def __init__(self) -> None:
        self.made = 0
        self.failed = 0

    @contextmanager
    def check(self, what: str) -> Iterator[None]:
        """Print whether what is done inside went well, as a line that begins with ok or FAILED."""
        self.made += 1
        begun = time.monotonic()
        try:
            yield
        except subprocess.CalledProcessError as error:
            said = f"{error.stdout or ''}\n{error.stderr or ''}".strip().splitlines()
            self._fail(what, f"{error}\n" + "\n".join(said[-LAST_LINES:]))
        except Wrong as error:
            self._fail(what, str(error))
        except Exception:  # noqa: BLE001 - one check that breaks does not keep the others from us
            self._fail(what, traceback.format_exc())
        else:
            print(f"ok      {what} ({time.monotonic() - begun:.1f} s)", flush=True)

    def heading(self, words: str) -> None:
        """Print a line between the checks."""
        print(f"\n{words}", flush=True)

    def skip(self, what: str, why: str) -> None:
        """Print that something was not checked, which is no failure."""
        print(f"left    {what}: {why}", flush=True)

    def _fail(self, what: str, why: str) -> None:
        self.failed += 1
        print(f"FAILED  {what}", *(f"        {line}" for line in why.splitlines()), sep="\n")


def expect(found: object, wanted: object, what: str) -> None:
    """Raise Wrong unless both are equal."""
    if found != wanted:
        raise Wrong(f"{what} is {found!r}, not {wanted!r}")


def expect_in(wanted: str, found: str) -> None:
    """Raise Wrong unless ``wanted`` is part of ``found``."""
    if wanted not in found:
        raise Wrong(f"{wanted!r} is not in:\n{found[-1500:]}")
