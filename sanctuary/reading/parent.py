"""Starting a process that reads what came from outside, watching it, and ending it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cache
from importlib.metadata import entry_points
from multiprocessing import forkserver, resource_tracker
from multiprocessing.connection import Connection, wait
from multiprocessing.context import ForkServerContext, ForkServerProcess
from threading import Lock
from typing import Any, TypeVar

import psutil

from parsers.bundle import Part, Wanted, packed
from parsers.records import Problem, Reading
from parsers.registry import ENTRY_POINT_GROUP, Parser, Way, parser_named, parser_names
from sanctuary.errors import CannotRead, NoSuchParser, ParserDoesNotLoad
from sanctuary.reading.answers import LONGEST_ANSWER, NoReading, decode, decode_wanted
from sanctuary.reading.child import STARTED, serve
from sanctuary.reading.forking import outside_the_folder
from sanctuary.reading.limits import ReadingLimits, Task, over_limit
from sanctuary.reading.probe import Probed, decode_probed

_T = TypeVar("_T")
_LOOK_EVERY = 0.05
"""Seconds between two looks at the memory of a child."""
_CHUNK = 1 << 16
_LAST_BREATH = 5.0
"""Seconds that a child has to end in after its last word."""
_FAMILY = Lock()
"""Whoever starts a process asks after all others, and of two who ask one gets no answer."""


def find_parser(name: str) -> Parser:
    """Return the installed parser of that name.

    Raises NoSuchParser, which lists those there are, and ParserDoesNotLoad, which names the
    package that brings it.
    """
    try:
        return parser_named(name)
    except Exception as error:
        for point in entry_points(group=ENTRY_POINT_GROUP, name=name):
            package = point.dist.name if point.dist else point.module
            raise ParserDoesNotLoad(name, package, error) from error
        raise NoSuchParser(name, parser_names()) from None


def read_document(
    parser_name: str,
    data: bytes,
    options: Mapping[str, Any],
    limits: ReadingLimits,
    way: Way = Way.VERIFIED,
    is_over: Callable[[], bool] = lambda: False,
) -> Reading | Problem:
    """Return what the parser of that name reads from ``data``, or why there is no reading.

    A process of its own reads it and ends with it. The problem is ``unreadable`` if the parser
    says so, ``parser_failed`` after an error that it did not foresee, and one of ``LIMIT_KINDS``
    if the process ran into a limit or died. Raises what ``find_parser`` does, and CannotRead if
    there was no process to read it, which says nothing of the document; so it is, too, where
    ``is_over``, which is asked meanwhile, says that nobody wants the reading any more. Several
    threads can read at a time.
    """
    task = Task(parser_name, dict(options), way=way)
    return _done(task, data, limits, decode, is_over)


def next_wanted(
    parser_name: str,
    address: str,
    options: Mapping[str, Any],
    parts: Sequence[Part],
    limits: ReadingLimits,
) -> tuple[Wanted, ...] | Problem:
    """Return what ``Parser.follow`` of the parser of that name wants next, empty once all is there.

    Or return why it leads nowhere. A process of its own follows, as one reads in
    ``read_document``, whose problems and errors are those here, too.
    """
    task = Task(parser_name, dict(options), address)
    return _done(task, packed(parts), limits, decode_wanted)


def probe_document(
    parser_name: str, data: bytes, options: Mapping[str, Any], limits: ReadingLimits
) -> Probed | Problem:
    """Return what ``read_document`` does, and how the parser behaved meanwhile."""
    return _done(Task(parser_name, dict(options), is_probe=True), data, limits, decode_probed)


def start_readers() -> None:
    """Start what forks readers, with our parsers loaded, if it is not running yet.

    So that any process that is forked before the first reading has them, too.
    """
    _context()
    with _undisturbed(), outside_the_folder():
        forkserver.ensure_running()


def _done(
    task: Task,
    data: bytes,
    limits: ReadingLimits,
    decoded: Callable[[bytes], _T | Problem],
    is_over: Callable[[], bool] = lambda: False,
) -> _T | Problem:
    """Have a child do ``task`` with ``data``, and return its answer, or why there is none."""
    find_parser(task.parser)
    ours, theirs = multiprocessing.Pipe()
    child = _context().Process(target=serve, args=(theirs, task, limits), daemon=True)
    with ours:
        try:
            with theirs, outside_the_folder(), _undisturbed(), _FAMILY:
                child.start()
            said = _watch(child, ours, data, limits, is_over)
            if isinstance(said, Problem):
                return said
            try:
                return decoded(said)
            except NoReading as error:
                return _end_of(child, said, error, task.parser, limits)
        except (OSError, EOFError, psutil.NoSuchProcess) as error:
            raise CannotRead(str(error) or type(error).__name__) from error
        finally:
            _end(child)


@cache
def _context() -> ForkServerContext:
    """Return the context whose server starts once and has our parsers loaded for every child."""
    context = multiprocessing.get_context("forkserver")
    # multiprocessing imports the script that runs into every child, and that imports the last one.
    context.set_forkserver_preload([serve.__module__, "sanctuary.reading.warm", "sanctuary.cli"])
    return context


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Keep Ctrl-C from what is started inside, which would print a traceback over it."""
    resource_tracker.ensure_running()  # its start would let Ctrl-C through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(child: ForkServerProcess) -> None:
    """End a child, and the processes that it started."""
    if child.pid is not None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(child.pid, signal.SIGKILL)
        child.kill()
        wait([child.sentinel])
    with _FAMILY:
        if child.pid is not None:
            child.join()
        child.close()


def _watch(
    child: ForkServerProcess,
    line: Connection,
    data: bytes,
    limits: ReadingLimits,
    is_over: Callable[[], bool],
) -> bytes | Problem:
    """Hand over a document; return all that the child says, or the limit that it reached."""
    watched = psutil.Process(child.pid)
    until = time.monotonic() + limits.wall_seconds
    with suppress(BrokenPipeError, ConnectionResetError):  # it answers early, or is dead
        line.send_bytes(data)
    said = bytearray()
    while True:
        ready = wait([line, child.sentinel], timeout=_LOOK_EVERY)
        if line in ready:
            piece = _hear(line)
            if not piece:
                return bytes(said)
            said += piece
        elif ready:  # it has ended, and left the line to a process of its own
            return bytes(said)
        if is_over():
            raise CannotRead("the command that wanted it ends")
        resident = _resident_mb(watched)
        if resident > limits.resident_mb:
            what = f"reading it takes more than {limits.resident_mb:,} MB (it held {resident:,} MB)"
            return over_limit("too_large", what, "resident_mb")
        if len(said) > LONGEST_ANSWER:
            what = f"what was read from it takes more than {LONGEST_ANSWER:,} bytes"
            return Problem("too_large", f"{what}; check that it is what its source is about")
        if time.monotonic() > until:
            what = f"reading it takes more than {limits.wall_seconds:g} s"
            used = f"it had {_cpu_seconds(watched):.0f} s of a core"
            return over_limit("too_slow", f"{what} ({used})", "wall_seconds")


def _hear(line: Connection) -> bytes:
    try:
        return os.read(line.fileno(), _CHUNK)
    except ConnectionResetError:  # the child ended without taking the document
        return b""


def _resident_mb(watched: psutil.Process) -> int:
    try:
        return int(watched.memory_info().rss) // 1_000_000
    except psutil.Error:
        return 0


def _cpu_seconds(watched: psutil.Process) -> float:
    try:
        times = watched.cpu_times()
    except psutil.Error:
        return 0.0
    return float(times.user + times.system)


def _end_of(
    child: ForkServerProcess,
    said: bytes,
    garbage: NoReading,
    parser_name: str,
    limits: ReadingLimits,
) -> Problem:
    """Return what the end of a child that gave no answer says of the document."""
    wait([child.sentinel], timeout=_LAST_BREATH)
    with _FAMILY:
        code = child.exitcode
    if code == -signal.SIGXCPU:
        what = f"reading it takes more than {limits.cpu_seconds:,} s of a core"
        return over_limit("too_slow", what, "cpu_seconds")
    if code == 0 and said == STARTED:
        how = "ended without an answer"
    elif code == 0 or code is None:
        how = f"answered what is no reading ({garbage})"
    elif code < 0:
        often = " (often for want of memory on the machine)" if code == -signal.SIGKILL else ""
        how = f"was ended by {signal.Signals(-code).name}{often}"
    else:
        how = f"ended with exit code {code}"
    if not said:
        raise CannotRead(f"it {how} before it began")
    return Problem("crashed", f"the parser {parser_name} {how}; please report it with the document")
