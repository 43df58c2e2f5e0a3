"""What the robots.txt of an origin lets us ask for (RFC 9309).

It is asked for like any other document, and kept for a day in a folder that processes share. Where
there is none (4xx), all is allowed; where the server fails (5xx), nothing is. 429 counts as a
failure, too: who wants fewer requests has not said that there is no robots.txt. Lines that say
nothing of what may be asked for (``Content-Signal: ai-train=no``) are passed over.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import httpx
from protego import Protego
from pydantic import TypeAdapter, ValidationError

from scraper.asking import Asker, Trail, host_of
from scraper.errors import NotReached, NotResolved, Refused
from scraper.exchange import Ask, Reply
from scraper.gate import admit, origin
from scraper.judge import Kind, Verdict, judge
from scraper.redirects import redirect
from scraper.retrying import described
from scraper.shared import SharedFile
from scraper.timing import Timing

PARSED_BYTES = 512 * 1024
"""Of a robots.txt; RFC 9309, section 2.5, wants 500 KiB at least."""
REDIRECTS = 5
"""RFC 9309, section 2.3.1.2; after more than these there is none."""
DAY = 24 * 60 * 60.0
"""Seconds that an answer is believed (section 2.4)."""
MOMENT = 10 * 60.0
"""Seconds that a failure is."""


@dataclass(frozen=True)
class Permission:
    """What a robots.txt says of one address."""

    allowed: bool
    said: str
    """The decision, as a clause."""
    delay: float
    """Seconds that it wants between two requests; 0 if it says nothing."""
    retry_after: str | None
    """Before when the host wants no further request, ISO 8601 in UTC; None if it says nothing."""


class Robots:
    """The robots.txt of all origins, each asked for when it is needed."""

    def __init__(self, folder: Path, product: str, asker: Asker, timing: Timing) -> None:
        """Take the folder that processes share, and the product of our User-Agent."""
        self._folder = folder
        self._product = product
        self._asker = asker
        self._timing = timing
        self._parsed: dict[str, tuple[_Found, Protego]] = {}
        self._unreached: dict[str, tuple[float, Exception]] = {}

    def permission(self, address: str, verify_tls: bool) -> Permission:
        """Return whether ``address`` may be asked for.

        Raises Refused if the gate does not let its robots.txt be asked for, NotReached if nobody
        answers there, Later if the host is to be left alone, and NotShared.
        """
        url = admit(address)
        found, rules = self._rules(origin(url), verify_tls)
        if found.failed:
            said = f"nothing is allowed while robots.txt cannot be had ({found.lacking})"
            return Permission(False, said, 0.0, found.retry_after)
        if found.text is None:
            return Permission(True, f"no robots.txt ({found.lacking})", 0.0, None)
        allowed = rules.can_fetch(str(url), self._product)
        said = f"{'allowed' if allowed else 'disallowed'} by robots.txt of {found.date}"
        return Permission(allowed, said, rules.crawl_delay(self._product) or 0.0, None)

    def _rules(self, origin: str, verify_tls: bool) -> tuple[_Found, Protego]:
        name = origin if verify_tls else f"{origin} unverified"
        now = self._timing.wall()
        parsed = self._parsed.get(name)
        if parsed and parsed[0].is_fresh(now):
            return parsed
        file = SharedFile(self._folder, name)
        found = _Found.read(file.read())
        if found is None or not found.is_fresh(now):
            found = self._find(name, f"{origin}/robots.txt", verify_tls)
            file.write({"origin": origin, **asdict(found)})
        self._parsed[name] = found, Protego.parse(found.text or "")
        return self._parsed[name]

    def _find(self, name: str, address: str, verify_tls: bool) -> _Found:
        """Ask for a robots.txt; where nobody answered a moment ago, do not ask again."""
        since, before = self._unreached.get(name, (-math.inf, Exception()))
        if self._timing.monotonic() - since < MOMENT:
            raise NotReached(host_of(address), described(before)) from before
        try:
            return self._follow(address, verify_tls)
        except (NotResolved, httpx.HTTPError) as error:
            self._unreached[name] = self._timing.monotonic(), error
            raise NotReached(host_of(address), described(error)) from error

    def _follow(self, address: str, verify_tls: bool) -> _Found:
        at, host = address, host_of(address)
        trail, cookies = Trail(address, ""), httpx.Cookies()
        for hop in range(REDIRECTS + 1):
            try:
                verify = verify_tls or host_of(at) != host
                ask = Ask(at, {}, cookies, verify)
                reply = self._asker.ask(ask, 0.0, trail, PARSED_BYTES)
                onward = redirect(at, reply.response)
            except Refused as error:
                if not hop:
                    raise
                return self._found(trail, None, f"it is moved: {error}", failed=True)
            if onward is None:
                return self._read(reply, trail)
            at = onward
        return self._found(trail, None, f"more than {REDIRECTS} redirects")

    def _read(self, reply: Reply, trail: Trail) -> _Found:
        """Return what an answer is to someone who wants a robots.txt."""
        response = reply.response
        status = f"status {response.status}"
        if response.status == 429 or response.status >= 500:
            return self._found(trail, None, status, failed=True)
        if not 200 <= response.status < 300:
            return self._found(trail, None, status)
        judgement = judge(response, Kind.HTML)
        if judgement.verdict is Verdict.BLOCKED:
            return self._found(trail, None, judgement.reason, failed=True)
        text = response.body.decode("utf-8-sig", "replace")
        if reply.too_long:
            return self._found(trail, text[: text.rfind("\n") + 1])
        if judgement.verdict is Verdict.TRUNCATED:
            return self._found(trail, None, judgement.reason, failed=True)
        if judgement.verdict in (Verdict.WRONG_KIND, Verdict.EMPTY):
            return self._found(trail, text)
        return self._found(trail, None, "HTML came in its place")

    def _found(
        self, trail: Trail, text: str | None, lacking: str = "", failed: bool = False
    ) -> _Found:
        return _Found(
            asked_at=self._timing.wall(),
            date=trail.fetched_at,
            text=text,
            lacking=lacking,
            failed=failed,
            retry_after=trail.retry_after,
        )


@dataclass(frozen=True)
class _Found:
    """A robots.txt, or what was found in its place."""

    asked_at: float
    """Seconds since 1970."""
    date: str
    """When it was asked for by the clock of the captures, ISO 8601 in UTC."""
    text: str | None
    """None if there is none, or it cannot be had."""
    lacking: str
    """Why there is no text, as a clause."""
    failed: bool
    """Whether the server failed, so that nothing is allowed."""
    retry_after: str | None

    @staticmethod
    def read(known: dict[str, Any] | None) -> _Found | None:
        """Return what a file says, None if there is none or it is damaged."""
        try:
            return _FOUND.validate_python(known)
        except ValidationError:
            return None

    def is_fresh(self, now: float) -> bool:
        """Say whether it still counts; what was asked for in the future does not."""
        return 0 <= now - self.asked_at < (MOMENT if self.failed else DAY)


_FOUND = TypeAdapter(_Found)
