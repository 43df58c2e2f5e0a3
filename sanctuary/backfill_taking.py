"""Taking the Wayback Machine's captures of one address into the history, one after the other."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlite_utils import Database

from db.archived import Archived
from db.captures import (
    Capture,
    Document,
    ever_gave_a_document,
    record_problem,
)
from parsers.records import Problem
from sanctuary.accepting import Progress
from sanctuary.backfill_steps import Held, Step, Tally, Work
from sanctuary.clock import Clock
from sanctuary.outcome import Outcome
from sanctuary.recording import file_name_of, keep_capture
from sanctuary.sources import Source
from scraper.archive import Archive
from scraper.client import Answer
from scraper.judge import Judgement, Response, Verdict, judge
from scraper.wayback import Memento, NotPlayed, Unavailable, WaybackMachine
from scraper.wayback_index import Snapshot

FAILURES = 3
"""So many in a row end a call: the archive has trouble of its own."""


@dataclass(frozen=True)
class Watcher:
    """Who is told how far a call has come."""

    progress: Progress
    expect: Callable[[int], None] = lambda _: None
    """Called with how many more downloads there are, as far as is known."""
    advance: Callable[[], None] = lambda: None
    """Called after each of them."""


@dataclass
class Allowance:
    """What is left of what a call may do."""

    downloads: int | None
    """None for no limit."""
    failures: int = FAILURES

    @property
    def is_over(self) -> bool:
        """Whether the call has to end."""
        return self.downloads == 0 or self.failures == 0


@dataclass(frozen=True)
class Proof:
    """What the archive said of a capture."""

    snapshot: Snapshot
    """The line of its index."""
    served: dict[str, Any] | None = None
    """What it played, None if only its index was asked, or it played nothing."""
    digest_holds: bool | None = None
    as_asked: bool = False
    """Whether what it played is what was asked for."""
    answer: Answer | None = None

    def facts(self, server: str) -> dict[str, Any]:
        """Return what the capture keeps of it."""
        return {
            "server": server,
            "listed": asdict(self.snapshot),
            "served": self.served,
            "digest_holds": self.digest_holds,
            "bytes_are_its": self.as_asked and self.digest_holds is not False,
        }


@dataclass(frozen=True)
class Taker:
    """Records what the archive has of one source."""

    db: Database
    archive: Archive
    wayback: WaybackMachine
    source: Source
    run_id: int
    outcome: Outcome
    clock: Clock
    held: Held
    allowance: Allowance
    watcher: Watcher

    def take(self, work: Work) -> Tally:
        """Record all that ``work`` lists and the allowance allows; return what was done."""
        tally = Tally(work.address, work.role, faults=list(work.faults))
        for snapshot, certain in work.steps:
            step = certain or self.held.step(work.role, work.address, snapshot)
            if step is Step.DOWNLOAD:
                step = self._download(work, snapshot)
            elif step is Step.SEEN_AGAIN:
                self._see_again(work, snapshot)
            elif step is Step.REFUSED:
                self._refused(work, snapshot)
            tally.count(step)
        return tally

    def _download(self, work: Work, snapshot: Snapshot) -> Step:
        """Download a memento and record it; return what became of it."""
        if self.allowance.is_over:
            return Step.LEFT
        self.watcher.progress(f"{self.source.id}: {work.address} of {snapshot.captured_at}")
        if self.allowance.downloads is not None:
            self.allowance.downloads -= 1
        try:
            memento = self.wayback.memento(snapshot, work.kind)
        except Unavailable as error:
            self.allowance.failures = 0 if error.wants_rest else self.allowance.failures - 1
            self.outcome.fail(str(error))
            return Step.LEFT
        finally:
            self.watcher.advance()
        self.allowance.failures = FAILURES
        if isinstance(memento, NotPlayed):
            self._not_played(work, snapshot, memento)
        elif memento.key != snapshot.key and (
            self.held.holds(work.role, work.address, memento.key)
            or not work.counts(memento.captured_at)
        ):
            reason = f"the archive played its capture of {memento.captured_at} in place of this one"
            self._not_played(work, snapshot, NotPlayed(reason, False, memento.answer))
        else:
            self._played(work, snapshot, memento)
        return Step.DOWNLOAD

    def _played(self, work: Work, snapshot: Snapshot, memento: Memento) -> None:
        as_asked = memento.key == snapshot.key
        reason = f"{memento.judgement.reason}, says the Wayback Machine"
        if not as_asked:
            reason += f"; asked for its capture of {snapshot.captured_at}, it played this one"
        document = None
        if memento.body:
            document = Document(
                sha256=self.archive.put(memento.body, like=self.held.latest(work)),
                size=len(memento.body),
                media_type=memento.media_type,
                file_name=file_name_of(memento.original),
            )
        capture = replace(
            self._listed(work, snapshot, Judgement(memento.judgement.verdict, reason)),
            captured_at=memento.captured_at,
            final_address=memento.address,
            status=memento.status,
            headers=memento.headers,
            document_sha256=document.sha256 if document else None,
        )
        served = {
            "timestamp": memento.timestamp,
            "original": memento.original,
            "headers": memento.archive_headers,
        }
        proof = Proof(snapshot, served, memento.digest_holds, as_asked, memento.answer)
        capture_id = self._record(capture, proof, document)
        if memento.digest_holds is False:
            message = (
                f"{memento.address}: the bytes are not those that the index of the Wayback "
                f"Machine speaks of (SHA-1 {snapshot.digest}); they are kept as they came"
            )
            self.outcome.messages.append(message)
            problem = Problem("digest_mismatch", message)
            record_problem(self.db, self.source.id, capture_id, problem, self.clock())

    def _not_played(self, work: Work, snapshot: Snapshot, refusal: NotPlayed) -> None:
        """Keep that a capture cannot be had, so that it is not asked for again."""
        verdict = Verdict.BLOCKED if refusal.refused else Verdict.ERROR
        capture = replace(
            self._listed(work, snapshot, Judgement(verdict, refusal.reason)),
            final_address=refusal.answer.final_address,
            status=None,
        )
        self._record(capture, Proof(snapshot, answer=refusal.answer))
        self.outcome.messages.append(
            f"{work.address}: the capture of {snapshot.captured_at} cannot be had: {refusal.reason}"
        )

    def _see_again(self, work: Work, snapshot: Snapshot) -> None:
        same = self.held.same(work.role, snapshot)
        if same is not None:
            reason = f"the index of the Wayback Machine lists the bytes of {same.captured_at} again"
            capture = replace(
                self._listed(work, snapshot, Judgement(Verdict(same.verdict), reason)),
                status=same.status,
                document_sha256=same.document_sha256,
            )
            self._record(capture, Proof(snapshot))

    def _refused(self, work: Work, snapshot: Snapshot) -> None:
        judgement = judge(Response(snapshot.status or 0, (), b"", 0), work.kind)
        reason = f"{judgement.reason}, says the index of the Wayback Machine"
        capture = self._listed(work, snapshot, Judgement(judgement.verdict, reason))
        self._record(capture, Proof(snapshot))

    def _listed(self, work: Work, snapshot: Snapshot, judgement: Judgement) -> Capture:
        """Return the capture of ours that one of the archive becomes, as far as its index says."""
        return Capture(
            source_id=self.source.id,
            role=work.role,
            address=work.address,
            captured_at=snapshot.captured_at,
            proof="archive",
            verdict=judgement.verdict,
            reason=judgement.reason,
            final_address=self.wayback.address_of(snapshot),
            status=snapshot.status,
        )

    def _record(self, capture: Capture, proof: Proof, document: Document | None = None) -> int:
        """Write a capture, and what follows from it without its being read; return its id."""
        answer, wayback = proof.answer, proof.facts(self.wayback.server)
        facts = {**(asdict(answer.transport) if answer else {}), "wayback": wayback}
        whole = replace(
            capture,
            request_headers=answer.request_headers if answer else (),
            robots=answer.robots if answer else None,
            transport=json.dumps(facts, ensure_ascii=False, sort_keys=True),
        )
        address, now = capture.address or "", self.clock()
        capture_id = keep_capture(self.db, self.source, whole, document, self.run_id, now)
        if capture.verdict == Verdict.GONE and capture.role == "document":
            if ever_gave_a_document(self.db, self.source.id, address):
                self.outcome.gone += 1
            else:
                self.outcome.never_found += 1
        self.held.add(
            Archived(
                role=capture.role,
                address=address,
                captured_at=capture.captured_at,
                verdict=capture.verdict,
                status=capture.status,
                document_sha256=capture.document_sha256,
                wayback=wayback,
            )
        )
        return capture_id
