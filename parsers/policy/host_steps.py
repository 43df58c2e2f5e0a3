"""Asking a host step by step: a step says what it wants, and is given what came."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Annotated, Any, TypeAlias, TypeVar
from urllib.parse import urlsplit

from pydantic import AfterValidator

from parsers.bundle import Part, Wanted
from parsers.policy.answers import json_of

Result = TypeVar("Result")
Steps: TypeAlias = Generator[Sequence[Wanted], list[Any], Result]
"""Yields what to ask for together, and is sent the JSON of the answers in that order."""


def _of_the_web(address: str) -> str:
    if urlsplit(address).scheme not in ("http", "https") or not urlsplit(address).hostname:
        raise ValueError(f"{address!r} is not an address of the web")
    return address.rstrip("/")


ApiAddress = Annotated[str, AfterValidator(_of_the_web)]
"""Where a service is asked, as an option states it; without a slash at its end."""


def wanted_next(steps: Steps[None], parts: Sequence[Part], *, remedy: str) -> Sequence[Wanted]:
    """Take the steps that ``parts`` allow, and return what the next one lacks; empty at the end.

    Raises NotThisDocument or Unreadable, with ``remedy``, for a part that is no JSON, and what the
    steps raise.
    """
    came = {part.name: part for part in parts}
    try:
        wanted = next(steps)
        while not (lacking := [each for each in wanted if each.name not in came]):
            answers = [json_of(came[each.name], remedy=remedy) for each in wanted]
            wanted = steps.send(answers)
    except StopIteration:
        return ()
    return lacking
