"""A request with manners: at the pace that its host bears, and again where that may help."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from tenacity import RetryCallState, Retrying

from scraper.exchange import Ask, Exchange, Reply
from scraper.gate import admit
from scraper.manners import Manners
from scraper.one_by_one import alone
from scraper.pace import Pace
from scraper.retrying import BACKOFF, PASSING, described, retry_after
from scraper.timing import Timing, in_utc

_log = logging.getLogger(__name__)


@dataclass
class Trail:
    """What came to pass on the way to an answer, noted as it happens."""

    at: str
    """The address that is asked for."""
    fetched_at: str
    """When the last request began, ISO 8601 in UTC."""
    redirects: list[str] = field(default_factory=list)
    """The addresses before it, each of which led on."""
    robots: str | None = None
    """What robots.txt says of it, as a clause."""
    attempts: list[str] = field(default_factory=list)
    """What came of the requests before the last, a clause each."""
    retry_after: str | None = None
    """Before when the host wants no further request, ISO 8601 in UTC."""


class Asker:
    """Asks for addresses in the way that is expected of guests. Knows no redirects."""

    def __init__(
        self, exchange: Exchange, manners: Manners, clock: Callable[[], str], timing: Timing
    ) -> None:
        """Take what sends requests, and the clocks."""
        self._exchange = exchange
        self._manners = manners
        self._clock = clock
        self._timing = timing
        self._pace = Pace(manners.shared / "pace", timing)

    def ask(self, ask: Ask, delay: float, trail: Trail, body_bytes: int | None = None) -> Reply:
        """Return the last answer to ``ask``, whose host wants ``delay`` seconds between requests.

        Raises what ``Exchange.ask`` raises if the last request had none, Later if the host wants
        a longer wait than a fetch has time for, and NotShared.
        """
        delay = max(delay, self._manners.delay_seconds)
        retrying = Retrying(
            retry=PASSING,
            wait=self._wait,
            stop=lambda state: self._is_enough(state, delay, trail),
            sleep=self._timing.sleep,
            before_sleep=lambda state: _note(state, trail),
            retry_error_callback=_last,
        )
        reply: Reply = retrying(self._once, ask, delay, trail, body_bytes)
        return reply

    def _once(self, ask: Ask, delay: float, trail: Trail, body_bytes: int | None) -> Reply:
        host = host_of(ask.address)
        # That other threads of ours are before this one is neither the host's doing nor its own.
        with alone(host, self._exchange.deadline.standing_still):
            self._pace.take(host, delay, self._patience())
            trail.fetched_at = self._clock()
            trail.retry_after = None
            reply = self._exchange.ask(ask, body_bytes)
            seconds = retry_after(reply.response, self._timing.wall())
            if seconds:
                trail.retry_after = in_utc(self._pace.rest(host, seconds))
        return reply

    def _patience(self) -> float:
        return min(self._manners.longest_wait_seconds, self._exchange.deadline.remaining())

    def _wait(self, state: RetryCallState) -> float:
        """Return how long to wait before the next request: as the server says, or longer."""
        outcome = state.outcome
        if outcome is None or outcome.failed:
            return BACKOFF(state)
        said = retry_after(outcome.result().response, self._timing.wall())
        return max(BACKOFF(state), said or 0.0)

    def _is_enough(self, state: RetryCallState, delay: float, trail: Trail) -> bool:
        if len(trail.attempts) + 1 >= self._manners.attempts:
            return True
        return max(state.upcoming_sleep, delay) > self._patience()


def host_of(address: str) -> str:
    """Return the host of an address as the pace knows it. Raises Refused if there is none."""
    return admit(address).host.rstrip(".")


def _note(state: RetryCallState, trail: Trail) -> None:
    """Note what came of a request after which there is another."""
    came = _outcome(state)
    trail.attempts.append(came)
    facts = {"address": trail.at, "came": came, "seconds": round(state.upcoming_sleep, 1)}
    _log.info("asks again", extra={"facts": facts})


def _outcome(state: RetryCallState) -> str:
    outcome = state.outcome
    if outcome is None:
        return "nothing"
    error = outcome.exception()
    return described(error) if error else f"status {outcome.result().response.status}"


def _last(state: RetryCallState) -> Reply:
    """Return the last answer, or raise what came in place of one."""
    if state.outcome is None:
        raise RuntimeError("no request was made")
    reply: Reply = state.outcome.result()
    return reply
