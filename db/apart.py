"""Setting aside what stands on both sides, one to one, before anything is made of the rest."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable, Iterable
from typing import TypeVar

T = TypeVar("T")


def apart(
    before: Iterable[tuple[Hashable, T]], after: Iterable[tuple[Hashable, T]]
) -> tuple[list[T], list[T]]:
    """Return what is left of both sides where equal values stand against each other, one to one.

    Each side gives pairs of its values and of what they are the values of. Of equal ones the first
    go. ``after`` is gone through once and never held.
    """
    waiting: dict[Hashable, T] = {}
    more: dict[Hashable, deque[T]] = defaultdict(deque)
    for values, one in before:
        if values in waiting:
            more[values].append(one)
        else:
            waiting[values] = one
    new = []
    for values, one in after:
        if values not in waiting:
            new.append(one)
        elif more.get(values):
            waiting[values] = more[values].popleft()
        else:
            del waiting[values]
    return [*waiting.values(), *(one for ones in more.values() for one in ones)], new
