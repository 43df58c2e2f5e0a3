"""Asking a host in steps, as its parser knows them, until a document of several parts is together.

Each answer is archived and recorded as a capture of a *part*. Once all are there, the manifest that
names them is the document. It is a capture, too, at the address of the source: made when the last
part was, since by then all of it had been seen; the first part is as old as ``began`` says. Where
the host stops half-way, the document could not be had, for the reason for which the part could not.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from parsers.bundle import Part, Wanted, manifest
from parsers.records import Problem
from sanctuary.clock import Clock
from sanctuary.reading import ReadingLimits, next_wanted
from sanctuary.source_values import is_web_address
from sanctuary.sources import Source
from sanctuary.wording import counted
from scraper.client import Fetched
from scraper.judge import Verdict
from scraper.visit import Visit

MOST_PARTS = 200
"""That a host is asked for in one walk."""
_MOST_BYTES = 200_000_000
"""Of all parts together."""
_GONE = (
    "that says nothing of the policy, which may have another id by now: look for it, and mend the "
    "entry in sources.yml"
)


@dataclass(frozen=True)
class Answered:
    """What came of asking for one part."""

    fetched: Fetched
    body: bytes
    """What came, or what the server says has not changed; empty if neither is so."""


@dataclass(frozen=True)
class Whole:
    """A document that was put together, or why it could not be."""

    verdict: Verdict
    reason: str
    captured_at: str
    began: str
    """When its first part was asked for."""
    parts: int
    unchanged: int = 0
    """Parts that did not come, since the server says that they have not changed."""
    document: bytes | None = None
    """The manifest, if all parts are there."""
    robots: str | None = None
    retry_after: str | None = None

    @property
    def transport(self) -> str:
        """What a capture keeps of how it was made, in JSON."""
        return json.dumps({"bundle": {"began": self.began, "parts": self.parts}})


class _Stopped(Exception):
    """The walk ends here."""

    def __init__(self, verdict: Verdict, reason: str) -> None:
        super().__init__(reason)
        self.verdict = verdict
        self.reason = reason


@dataclass
class Walk:
    """One walk through the steps of a host."""

    source: Source
    limits: ReadingLimits
    clock: Clock
    ask: Callable[[Wanted, Visit], Answered]
    """Fetches and records one part."""
    waiting: Callable[[], AbstractContextManager[None]]
    """What it returns is entered for as long as the parser is asked what to ask for next."""
    parts: list[Part] = field(default_factory=list)
    asked: list[Fetched] = field(default_factory=list)

    def whole(self) -> Whole:
        """Ask for part after part until all are there; return the document, or why there is none.

        Raises what ``next_wanted`` does.
        """
        began = self.clock()
        try:
            self._steps()
            unchanged = sum(each.verdict is Verdict.UNCHANGED for each in self.asked)
            verdict, document = Verdict.DOCUMENT, manifest(self.parts)
            reason = f"put together of {counted(len(self.parts), 'part')}"
            if unchanged:
                reason += f", {unchanged} of them unchanged by the server's word"
        except _Stopped as stopped:
            verdict, reason, document, unchanged = stopped.verdict, stopped.reason, None, 0
        last = self.asked[-1] if self.asked else None
        return Whole(
            verdict=verdict,
            reason=reason,
            captured_at=last.fetched_at if last else began,
            began=self.asked[0].fetched_at if last else began,
            parts=len(self.parts),
            unchanged=unchanged,
            document=document,
            robots=last.robots if last else None,
            retry_after=last.retry_after if last else None,
        )

    def _steps(self) -> None:
        visit = Visit()
        while wanted := self._next():
            for each in wanted:
                self._have(each, visit)
        if not self.parts:
            raise _Stopped(Verdict.ERROR, f"the parser {self.source.parser} asks for nothing")

    def _next(self) -> tuple[Wanted, ...]:
        """Return what to ask for next; stop where that leads nowhere, or round in a circle."""
        source = self.source
        with self.waiting():
            wanted = next_wanted(
                source.parser, source.address or "", source.options, self.parts, self.limits
            )
        if isinstance(wanted, Problem):
            raise _Stopped(Verdict.ERROR, wanted.message)
        names = [part.name for part in self.parts]
        names += [each.name for each in wanted if each.keep]
        twice = next((name for name in names if names.count(name) > 1), None)
        if twice is not None:
            raise _Stopped(Verdict.ERROR, f"it goes round in a circle: {twice} was asked for twice")
        if len(self.asked) + len(wanted) > MOST_PARTS:
            raise _Stopped(Verdict.ERROR, f"it has more than {MOST_PARTS} parts")
        for each in wanted:
            if not is_web_address(each.address):
                raise _Stopped(Verdict.ERROR, f"{each.address!r} is no address that can be asked")
        return wanted

    def _have(self, wanted: Wanted, visit: Visit) -> None:
        answered = self.ask(wanted, visit)
        fetched = answered.fetched
        self.asked.append(fetched)
        verdict = fetched.verdict
        if verdict is Verdict.GONE:
            raise _Stopped(Verdict.ERROR, f"part {wanted.name}: {fetched.reason}; {_GONE}")
        if verdict not in (Verdict.DOCUMENT, Verdict.UNCHANGED):
            raise _Stopped(verdict, f"part {wanted.name}: {fetched.reason}")
        if wanted.keep:
            self.parts.append(Part(wanted.name, answered.body))
        if sum(len(part.body) for part in self.parts) > _MOST_BYTES:
            raise _Stopped(Verdict.ERROR, f"its parts have more than {_MOST_BYTES:,} bytes")


def not_kept(fetched: Fetched) -> Fetched:
    """Return what came of a page that was opened for its cookies alone, without its bytes."""
    return replace(fetched, body=b"", reason=f"{fetched.reason}; opened for its cookies, not kept")
