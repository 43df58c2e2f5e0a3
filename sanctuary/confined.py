"""Work on what came from outside, in a process of its own that is limited and ends with it."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Callable
from functools import cache
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerContext
from typing import Any

from sanctuary.reading.child import confine
from sanctuary.reading.forking import outside_the_folder
from sanctuary.reading.limits import ReadingLimits

LONGEST_ANSWER = 100_000_000
"""Bytes."""
_DONE, _FAILED = b"+", b"-"
"""Go before an answer, and before why there is none."""
_WORK = ("sanctuary.page_image", "sanctuary.passage")
_SCRIPTS = ("sanctuary.cli", "datasette.cli")
"""What the script that runs imports, which multiprocessing imports into each process."""


class NotDone(Exception):
    """There is no answer; the message says why, as a clause without a full stop."""


def confined(work: Callable[..., bytes], *given: Any, limits: ReadingLimits) -> bytes:
    """Return what ``work`` makes of what is ``given``, under ``limits``.

    Raises NotDone if it raises, or its process takes too long or ends without an answer.
    """
    ours, theirs = multiprocessing.Pipe()
    child = _context().Process(target=_serve, args=(theirs, work, limits), daemon=True)
    with ours:
        try:
            with theirs, outside_the_folder():
                child.start()
        except OSError as error:
            raise NotDone(f"no process could be begun ({error})") from error
        try:
            ours.send(given)
            if not ours.poll(limits.wall_seconds):
                raise NotDone(f"it took more than {limits.wall_seconds:g} s")
            answer = ours.recv_bytes(LONGEST_ANSWER)
        except EOFError as error:
            reason = "its process ended: it may need more time or memory than it is given"
            raise NotDone(reason) from error
        except OSError as error:
            raise NotDone(str(error)) from error
        finally:
            child.kill()
            child.join()
            child.close()
    if not answer.startswith(_DONE):
        raise NotDone(answer[1:].decode("utf-8", "replace"))
    return answer[1:]


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    # Once for all processes, not in each.
    context.set_forkserver_preload([*_WORK, *(name for name in _SCRIPTS if name in sys.modules)])
    return context


def _serve(line: Connection, work: Callable[..., bytes], limits: ReadingLimits) -> None:
    confine(limits)
    given = line.recv()
    try:
        line.send_bytes(_DONE + work(*given))
    except Exception as error:  # noqa: BLE001 - whatever a library raises on a broken document
        line.send_bytes(_FAILED + _reason(error)[:200].encode())
    os._exit(0)


def _reason(error: Exception) -> str:
    """Return what went wrong; ours say it in words, of others the kind is needed, too."""
    is_ours = type(error).__module__.partition(".")[0] in ("sanctuary", "parsers")
    return str(error) if is_ours else f"{type(error).__name__}: {error}"
