"""What a command did, on standard error: for people on a terminal, else a JSON object a line.

Modules log to the logger of their own name, an event in few words and its facts by
``extra={"facts": {…}}``. What comes from outside is hostile here, too: it cannot begin a line, nor
drive the terminal. No secret is written that this process has read (``sanctuary.secrets``), no
login of an address, and no value of its query that is called like one.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any, TextIO

from sanctuary.safe_text import one_line
from sanctuary.secrets import without_secrets

OURS = ("db", "parsers", "places", "sanctuary", "scraper")
LONGEST = 1000
"""Characters of a text that are written: an address may be as long as its server likes."""
_IN_QUERY = re.compile(
    r"([?&;][^=&;#\s]*(?:key|token|secret|passw|pwd|sig|auth|code|session|credential)[^=&;#\s]*=)"
    r"[^&;#\s]+",
    re.IGNORECASE,
)
_LOGIN = re.compile(r"(//)[^/?#\s@]*@")

_source: ContextVar[str | None] = ContextVar("source", default=None)
_run = ""
_is_begun = False


def this_run() -> str:
    """Return the id of the run that this process is at: 12 hexadecimal digits.

    It stands in each line of the log, in ``runs.public_id`` and in what commands print for
    machines.
    """
    return _run or new_run()


def new_run() -> str:
    """Give this process another run to be at, as for each command, and return its id."""
    global _run, _is_begun
    _run, _is_begun = token_hex(6), False
    return _run


def begin_run() -> str:
    """Return the id for ``runs.public_id`` of a run that begins: none is given out twice."""
    global _is_begun
    if _is_begun:
        new_run()
    _is_begun = True
    return this_run()


@contextmanager
def about(source_id: str) -> Iterator[None]:
    """Let each line that this thread logs name a source, for as long as the context lasts."""
    token = _source.set(source_id)
    try:
        yield
    finally:
        _source.reset(token)


def scrubbed(text: str) -> str:
    """Return ``text`` with ``…`` for each secret in it."""
    return _IN_QUERY.sub(r"\1…", _LOGIN.sub(r"\1…@", without_secrets(text)))


@contextmanager
def logging_to_stderr(level: int) -> Iterator[None]:
    """Write what is logged from ``level`` up to standard error for as long as the context lasts.

    Of libraries warnings are written, and below that nothing.
    """
    handler = _ToStderr()
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(max(level, logging.WARNING))
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    try:
        yield
    finally:
        root.removeHandler(handler)
        root.setLevel(before)
        for name in OURS:
            logging.getLogger(name).setLevel(logging.NOTSET)


def is_quiet() -> bool:
    """Say whether only what fails is to be told, as ``--quiet`` wants it."""
    return not logging.getLogger("sanctuary").isEnabledFor(logging.WARNING)


class _ToStderr(logging.Handler):
    """Writes each record to what standard error is at that moment."""

    def emit(self, record: logging.LogRecord) -> None:
        # A log that cannot be written stops nobody.
        with suppress(Exception):
            stream: TextIO = sys.stderr
            text = for_people(record) if stream.isatty() else for_machines(record)
            stream.write(f"{text}\n")
            stream.flush()


def for_machines(record: logging.LogRecord) -> str:
    """Return a record as a JSON object on one line, in ASCII."""
    return json.dumps(_plain(record), default=str)


def for_people(record: logging.LogRecord) -> str:
    """Return a record as a line; below it, indented, where an error came from."""
    plain = _plain(record)
    time, level = plain["at"][11:19], plain["level"]
    event, source, traceback = plain["event"], plain.get("source"), plain.get("traceback", "")
    passed = {"at", "level", "run", "source", "event", "logger", "traceback"}
    facts = " ".join(f"{name}={value}" for name, value in plain.items() if name not in passed)
    said = [time, *([] if level == "info" else [level]), *([source] if source else []), event]
    lines = [one_line(f"{' '.join(said)} {facts}")]
    lines += [f"    {one_line(line)}" for line in traceback.splitlines()]
    return "\n".join(lines)


def _plain(record: logging.LogRecord) -> dict[str, Any]:
    """Return what is written of a record, without secrets, by the names that stay."""
    source = _source.get()
    plain: dict[str, Any] = {
        "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
        "level": record.levelname.lower(),
        "run": this_run(),
        **({} if source is None else {"source": source}),
        "event": record.getMessage(),
        "logger": record.name,
        **getattr(record, "facts", {}),
    }
    if record.exc_info:
        plain["traceback"] = logging.Formatter().formatException(record.exc_info)
    longest = {"traceback": 20 * LONGEST}
    return {
        name: _told(value, longest.get(name, LONGEST))
        for name, value in plain.items()
        if value is not None
    }


def _told(value: object, longest: int) -> object:
    """Return a fact as it is written: numbers as they are, all else as text."""
    if isinstance(value, bool | int | float):
        return value
    text = scrubbed(str(value))
    return text if len(text) <= longest else f"{text[:longest]}…"
