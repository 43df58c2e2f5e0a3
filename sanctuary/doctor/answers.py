"""Whether the hosts of what is watched answer: each is asked for one address, once.

It is asked as a run would, through the same gate and at the same pace, on the condition that
something has changed. Nothing is recorded: that is for a run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from db.captures import known_document
from sanctuary.asking import new_client
from sanctuary.clock import Clock
from sanctuary.doctor.finding import Finding, broken, note, ok, warning
from sanctuary.doctor.watched import some
from sanctuary.due import is_fetched
from sanctuary.hosts import by_host
from sanctuary.reading import find_parser
from sanctuary.sources import Settings, Source
from sanctuary.wording import counted
from scraper.client import Answer, Client
from scraper.conditional import Validators, http_date
from scraper.errors import ScraperError
from scraper.exchange import Limits
from scraper.judge import Kind, Verdict
from scraper.manners import Manners
from scraper.network import Network
from scraper.timing import Timing

CHECK = "answers"
_LIMITS = Limits(
    body_bytes=10_000_000,
    connect_seconds=10.0,
    between_bytes_seconds=15.0,
    total_seconds=30.0,
)
_PATIENCE_SECONDS = 15.0
_IN_FULL = (Verdict.DOCUMENT, Verdict.UNCHANGED)


@dataclass(frozen=True)
class Question:
    """What one host is asked for."""

    host: str
    source: Source
    address: str
    kind: Kind
    validators: Validators | None


@dataclass(frozen=True)
class Said:
    """What came of it."""

    question: Question
    verdict: Verdict
    reason: str
    status: int | None
    """None if there was no answer."""
    seconds_ahead: float | None
    """By how much the server's clock is before ours; None if it does not say."""
    led_to: str | None = None
    """Where a redirect led; None where none did."""


def questions(sources: Iterable[Source], db: Database | None) -> list[Question]:
    """Return one question a host, for the first source of it that is fetched and has an address."""
    fetched = [each for each in sources if is_fetched(each) and each.address is not None]
    return [_question(host, of[0], db) for host, of in by_host(fetched).items()]


def _question(host: str, source: Source, db: Database | None) -> Question:
    address, is_page = source.address or "", source.discover.kind == "page"
    kind = Kind(find_parser(source.parser).wants(source.options)) if is_page else Kind.HTML
    role = "index" if source.discover.kind == "index" else "document"
    known = known_document(db, source.id, role, address) if db is not None else None
    validators = None
    if known is not None and known.has_validators:
        validators = Validators(known.etag, known.last_modified, known.final_address)
    return Question(host, source, address, kind, validators)


class _BriefClient(Client):
    """A client that asks once, and does not wait for long."""

    def __init__(
        self,
        network: Network,
        manners: Manners,
        clock: Clock,
        *,
        timing: Timing,
        waiting: Callable[[], Any],
    ) -> None:
        brief = replace(manners, attempts=1, longest_wait_seconds=_PATIENCE_SECONDS)
        super().__init__(network, brief, clock, _LIMITS, timing, waiting)


def ask(
    asked: Sequence[Question], settings: Settings, clock: Clock, told: Callable[[], None]
) -> list[Said]:
    """Ask all hosts, several at a time, and return what each said; ``told`` is called after each.

    Raises what ``new_client`` does, and NotShared.
    """
    with new_client(settings, clock, made=_BriefClient) as client:

        def once(question: Question) -> Said:
            said = _asked(client, question)
            told()
            return said

        threads = ThreadPoolExecutor(settings.hosts_at_once)
        try:
            return list(threads.map(once, asked))
        finally:
            # Where Ctrl-C ends it, no further host is asked.
            threads.shutdown(wait=False, cancel_futures=True)


def _asked(client: Client, question: Question) -> Said:
    verify = question.source.unverified_tls is None
    answer = client.get(question.address, question.validators, verify_tls=verify)
    judgement = answer.judged(question.kind)
    status = answer.response.status if answer.response else None
    led_to = None if answer.final_address == answer.address else answer.final_address
    ahead = _ahead(answer)
    return Said(question, judgement.verdict, judgement.reason, status, ahead, led_to)


def _ahead(answer: Answer) -> float | None:
    response = answer.response
    # What a cache kept says when it was made (RFC 9111, section 5.1).
    if response is None or response.header("age") is not None:
        return None
    date = http_date(response.header("date") or "")
    asked_at = datetime.fromisoformat(answer.fetched_at).timestamp()
    return None if date is None else date - asked_at


def said_of(said: Sequence[Said]) -> list[Finding]:
    """Return what is to be said of the answers: the good ones together, each other one alone."""
    if not said:
        return [note(CHECK, "no source has an address that is fetched")]
    if all(each.status is None and each.verdict is Verdict.ERROR for each in said):
        who = f"none of {len(said):,} hosts answers" if len(said) > 1 else "the one host is silent"
        # What to do stands beside it.
        found = f"{who} ({said[0].reason.partition('; ')[0]})"
        remedy = "check the network and its name server; settings.proxy, settings.ca_bundle"
        return [broken(CHECK, found, remedy)]
    good = [each for each in said if _is_good(each)]
    others = [_of_other(each) for each in said if not _is_good(each)]
    others += [_of_redirect(each, each.led_to) for each in good if each.led_to]
    if not good:
        return others
    hosts = some([each.question.host for each in good])
    return [ok(CHECK, f"{counted(len(good), 'host')} answered: {hosts}"), *others]


def _is_good(said: Said) -> bool:
    # What is longer than is asked for here is cut off by ourselves.
    cut_off = said.verdict is Verdict.TRUNCATED and said.status == 200
    return said.verdict in _IN_FULL or cut_off


def _of_redirect(said: Said, led_to: str) -> Finding:
    source = said.question.source.id
    remedy = f"if it has moved for good, put that into `address` of {source}; the id stays"
    return note(CHECK, f"{said.question.address} leads to {led_to}", remedy)


def _of_other(said: Said) -> Finding:
    source = said.question.source
    what = f"{said.question.address}: {said.verdict.value}: {said.reason}"
    by_hand = f"save the page by hand and `sanctuary import FILE --source {source.id}`"
    match said.verdict:
        case Verdict.BLOCKED if source.access == "refused":
            known = f"{what}; that it refuses tools is known"
            if source.when_refused == "wayback":
                return note(CHECK, known, "a run takes the Wayback Machine's capture instead")
            return note(CHECK, known, by_hand)
        case Verdict.BLOCKED:
            return warning(CHECK, what, f"ask its publisher, or {by_hand}; docs/policies.md")
        case Verdict.GONE | Verdict.WRONG_KIND | Verdict.EMPTY:
            return warning(CHECK, what, f"look at the page; mend `address` of {source.id}")
        case _:
            return warning(CHECK, what, f"`sanctuary run {source.id}` later; see if it lasts")


def asked_or_why_not(
    asked: Sequence[Question], settings: Settings, clock: Clock, told: Callable[[], None]
) -> tuple[list[Said], list[Finding]]:
    """Ask, and return what was said with what is to be said of it; nothing is raised for that."""
    try:
        said = ask(asked, settings, clock, told)
    except ScraperError as error:
        return [], [broken(CHECK, f"nobody can be asked: {error}", "mend that setting or folder")]
    return said, said_of(said)
