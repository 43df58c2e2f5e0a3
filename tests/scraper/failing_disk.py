"""A disk that fails, or a machine that stops, at any one step of those that change what is kept."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

STEPS = ("open", "fsync", "replace", "unlink", "mkdir")


class Killed(BaseException):
    """The process is no more: it does not tidy up either."""


class _Steps:
    def __init__(self, number: int, error: int | None) -> None:
        self.number = number
        self.error = error
        self.taken = 0

    def before(self) -> None:
        self.taken += 1
        if self.error is None and self.taken >= self.number:
            raise Killed
        if self.error is not None and self.taken == self.number:
            raise OSError(self.error, os.strerror(self.error))


@contextmanager
def failing(number: int, error: int | None = None) -> Iterator[_Steps]:
    """Let the step of that number fail with ``error``; without one, it and all after it are none.

    Yields what counts the steps taken.
    """
    steps = _Steps(number, error)

    def counted(step: Callable[..., Any]) -> Callable[..., Any]:
        def taken(*args: Any, **named: Any) -> Any:
            steps.before()
            return step(*args, **named)

        return taken

    with pytest.MonkeyPatch.context() as patch:
        for name in STEPS:
            patch.setattr(os, name, counted(getattr(os, name)))
        yield steps
