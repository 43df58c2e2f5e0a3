"""Setting aside what stands on both sides, one to one, before anything is made of the rest."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from typing import TypeVar

T = TypeVar("T")


def apart(
    before: Iterable[tuple[Hashable, T]], after: Iterable[tuple[Hashable, T]]
) -> tuple[list[T], list[T]]:
    """Return what is left of both sides where equal values stand against each other, in order.

    Each side gives pairs of its values and of what they are the values of. ``after`` is gone
    through once and never held.
    """
    waiting: dict[Hashable, list[T]] = {}
    for values, one in before:
        waiting.setdefault(values, []).append(one)
    met: dict[Hashable, int] = {}
    new = []
    for values, one in after:
        count = met.get(values, 0)
        if count < len(waiting.get(values, ())):
            met[values] = count + 1
        else:
            new.append(one)
    old = [one for values, ones in waiting.items() for one in ones[met.get(values, 0) :]]
    return old, new
