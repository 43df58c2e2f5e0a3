"""The process that reads one document, or what a host said: confined first, then given the bytes.

It has no way out but its answer: nothing to read from, nothing to print to, no file that it could
fill. The network is not closed to it, since no system offers a process that without rights.
"""

from __future__ import annotations

import os
import resource
import signal
import sys
import threading
from contextlib import suppress
from multiprocessing import parent_process
from multiprocessing.connection import Connection, wait

from parsers.bundle import parts_of
from parsers.errors import ReadingError
from parsers.records import PageSpot, Problem
from parsers.registry import parser_named
from sanctuary.reading.answers import encode, encode_wanted
from sanctuary.reading.limits import ReadingLimits, Task, over_limit

STARTED = b"\n"
"""Goes before the answer, as soon as the process is ready for a document."""


def serve(line: Connection, task: Task, limits: ReadingLimits) -> None:
    """Take bytes from ``line``, do with them what ``task`` says, and send the answer."""
    confine(limits)
    os.write(line.fileno(), STARTED)
    with open(line.fileno(), "wb", closefd=False) as out:
        out.write(_answer(line, task, limits))
    os._exit(0)  # what a library left running has nothing to add


def confine(limits: ReadingLimits) -> None:
    """Bind this process to ``limits`` for good, and have it end when its parent does."""
    os.setsid()  # its own children die with it, and Ctrl-C is the parent's
    null = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(null, stream)
    os.close(null)
    sys.dont_write_bytecode = True
    threading.Thread(target=_die_with_parent, daemon=True).start()
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_FSIZE, 0)
    # At the soft limit the signal says why; the hard one is for who does not listen.
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1)
    _limit(resource.RLIMIT_AS, limits.address_space_mb * 1_000_000)


def _limit(which: int, soft: int, hard: int | None = None) -> None:
    _, allowed = resource.getrlimit(which)
    wanted = (soft, soft if hard is None else hard)
    if allowed != resource.RLIM_INFINITY:
        wanted = (min(wanted[0], allowed), min(wanted[1], allowed))
    with suppress(ValueError, OSError):  # macOS has no limit on the address space
        resource.setrlimit(which, wanted)


def _die_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os.kill(os.getpid(), signal.SIGKILL)


def _answer(line: Connection, task: Task, limits: ReadingLimits) -> bytes:
    try:
        return _done(line.recv_bytes(), task, limits)
    except Exception as error:  # noqa: BLE001 - whatever a library raises on a broken document
        problem = None if _is_want_of_memory(error) else _problem(task.parser, error)
    if problem is None:  # outside of the clause what filled the memory is let go
        most = f"{limits.address_space_mb:,} MB of address space"
        what = f"reading it takes more than {most} (it held {_peak_mb():,} MB)"
        problem = over_limit("too_large", what, "address_space_mb")
    return encode(problem)


def _done(data: bytes, task: Task, limits: ReadingLimits) -> bytes:
    parser = parser_named(task.parser)
    if task.address is not None:
        if parser.follow is None:
            raise TypeError("it knows no steps")
        return encode_wanted(parser.follow(task.address, task.options, parts_of(data) or ()))
    if b"%PDF-" in data[:1024] and _has_more_pages(data, limits.pages):
        return encode(
            over_limit("too_many_pages", f"it has more than {limits.pages:,} pages", "pages")
        )
    if task.is_probe:
        # Only for the test kit.
        from sanctuary.reading.probe import probe

        return probe(parser, data, task.options)
    return encode(parser.reader(task.options, task.way)(data, task.options))


def _has_more_pages(document: bytes, most: int) -> bool:
    # Only for a PDF, which the parsers of other kinds need not load.
    from parsers.pdf.document import has_more_pages

    return has_more_pages(document, most)


def _is_want_of_memory(error: BaseException | None) -> bool:
    """Say whether memory ran out, also where a library calls that a broken document."""
    while error is not None:
        if isinstance(error, MemoryError):
            return True
        error = error.__cause__ or error.__context__
    return False


def _problem(name: str, error: Exception) -> Problem:
    if isinstance(error, ReadingError):
        whole_page = (PageSpot(error.page, (0.0, 0.0, 0.0, 0.0)),) if error.page else ()
        return Problem("unreadable", str(error), evidence=whole_page)
    said = " ".join(str(error).split())
    return Problem(
        "parser_failed",
        f"the parser {name} failed on it ({type(error).__name__}: {said}); "
        "please report it with the document",
    )


def _peak_mb() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak // (1_000_000 if sys.platform == "darwin" else 1_000)
