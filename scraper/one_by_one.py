"""One request to a host at a time, whichever threads of this process ask it, and through whom.

The pace keeps requests apart that begin; an answer may take longer than that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from threading import Lock

_LOCKS: dict[str, Lock] = {}


@contextmanager
def alone(host: str, waiting: Callable[[], AbstractContextManager[None]]) -> Iterator[None]:
    """Let no other thread ask ``host`` for as long as the context lasts.

    What ``waiting`` returns is entered for as long as it takes until the others are done.
    """
    lock = _LOCKS.setdefault(host, Lock())
    with waiting():
        lock.acquire()
    try:
        yield
    finally:
        lock.release()
