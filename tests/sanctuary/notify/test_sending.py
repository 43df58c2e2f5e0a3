"""What is due is sent once, whoever sends it, whatever dies, and whatever else fails."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st
from sqlite_utils import Database

from db.deliveries import deliveries
from db.targets import targets
from sanctuary import workspace
from sanctuary.clock import in_utc
from sanctuary.errors import SomeoneWrites
from sanctuary.notify import composing
from sanctuary.notify.message import Message
from sanctuary.notify.sending import LOCK, Sender, wait_after
from sanctuary.notify.targets import Answer
from sanctuary.sources import Sources
from sanctuary.workspace import Workspace
from tests.db.history import LIST, listing, load, new_database, reading
from tests.sanctuary.loopback import HandClock

REFUSED = Answer(False, "401")
LOST = Answer(False, "read timed out", may_have_come=True)
WATCHED = Sources.model_validate(
    {
        "settings": {
            "notify": {
                "targets": {"desk": "DESK", "newsroom": "NEWSROOM"},
                "operators": ["desk"],
                "rules": [{"name": "all", "to": ["desk", "newsroom"], "kinds": ["added"]}],
            }
        },
        "sources": [
            {
                "id": LIST.id,
                "title": LIST.title,
                "publisher": LIST.publisher,
                "address": LIST.address,
                "parser": "page",
                "editions": "content",
                "why": LIST.why,
            }
        ],
    }
)


class Killed(BaseException):
    """As if the process were killed: nothing of ours may catch it."""


class Post:
    """Takes messages, and answers as a test says."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []
        self.answers: dict[str, Answer | BaseException] = {}
        self.meanwhile: Callable[[], object] = lambda: None

    def __call__(self, target: str, message: Message) -> Answer:
        self.sent.append((target, message))
        self.meanwhile()
        answer = self.answers.get(target, Answer(True))
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def of(self, target: str) -> list[str]:
        return [message.title for name, message in self.sent if name == target]


class Office:
    """A history in which a place was added to a list, and who tells of it."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.watched = WATCHED
        self.workspace = Workspace(folder, watched=lambda: self.watched)
        self.clock = HandClock("2025-06-02T11:00:00Z")
        monkeypatch.setattr(workspace, "utc_now", self.clock)
        self.post = Post()
        new_database(folder).close()
        self.edition("2025-06-01", listing())
        self.edition("2025-06-02", listing(), listing("Yewslip, Zembla", position=2))

    def edition(self, day: str, *rows: object) -> None:
        with self.workspace.writing() as db:
            moment = f"{day}T10:00:00Z"
            load(db, LIST, moment, reading(rows), now=self.clock())  # type: ignore[arg-type]

    def sender(self, wait: Callable[[], None] = lambda: None) -> Sender:
        return Sender(self.workspace, self.watched, self.clock, self.post, wait)

    def states(self) -> dict[str, str]:
        """Return by target the state of what was added."""
        with self.workspace.looking() as db:
            every = ("waiting", "sending", "sent", "failed", "dropped", "unknown")
            return {each.target: each.state for each in deliveries(db, every)}

    def later(self, **by: float) -> None:
        moment = datetime.fromisoformat(self.clock.now) + timedelta(**by)
        self.clock.now = in_utc(moment)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    return Office(tmp_path, monkeypatch)


ADDED = "Added to List of Zembla (Zembla Ministry): Yewslip, Zembla (Kinbote Rule)"


def test_what_is_due_is_sent_once_to_each_target(office: Office) -> None:
    first = office.sender().send_waiting()
    assert [(each.target, each.answer.sent) for each in first] == [
        ("desk", True),
        ("newsroom", True),
    ]
    assert office.sender().send_waiting() == []
    assert office.post.of("desk") == office.post.of("newsroom") == [ADDED]
    assert office.states() == {"desk": "sent", "newsroom": "sent"}


def test_what_waits_can_be_looked_at_without_sending_or_marking(office: Office) -> None:
    found = office.sender().what_waits()
    assert [(each.target, each.message and each.message.title) for each in found] == [
        ("desk", ADDED),
        ("newsroom", ADDED),
    ]
    assert office.post.sent == []
    assert office.states() == {"desk": "waiting", "newsroom": "waiting"}


def test_where_another_process_sends_nothing_is_sent(office: Office) -> None:
    with FileLock(office.workspace.folder / LOCK):
        assert office.sender().send_waiting() == []
    assert office.post.sent == []


def test_who_sends_at_the_same_time_sends_nothing_twice(office: Office) -> None:
    office.post.meanwhile = lambda: office.sender().send_waiting()
    office.sender().send_waiting()
    assert office.post.of("desk") == office.post.of("newsroom") == [ADDED]


def test_what_was_being_sent_by_a_process_that_died_is_never_sent_again_by_itself(
    office: Office,
) -> None:
    office.post.answers["desk"] = Killed()
    with pytest.raises(Killed):
        office.sender().send_waiting()
    assert office.states() == {"desk": "sending", "newsroom": "waiting"}
    office.later(days=1)
    office.sender().send_waiting()
    # Of the second nobody was asked when it died.
    assert office.states() == {"desk": "unknown", "newsroom": "sent"}
    assert office.post.of("desk") == office.post.of("newsroom") == [ADDED]


def test_that_one_died_is_seen_though_nothing_else_waits(office: Office) -> None:
    office.post.answers["newsroom"] = Killed()
    with pytest.raises(Killed):
        office.sender().send_waiting()
    assert office.states() == {"desk": "sent", "newsroom": "sending"}
    assert office.sender().send_waiting() == []
    assert office.states() == {"desk": "sent", "newsroom": "unknown"}


def test_a_process_that_dies_before_it_asks_anybody_loses_nothing(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(db: Database, now: str) -> None:
        raise Killed

    with monkeypatch.context() as context:
        context.setattr("sanctuary.notify.sending.settle_unknown", dies)
        with pytest.raises(Killed):
            office.sender().send_waiting()
    office.sender().send_waiting()
    assert office.states() == {"desk": "sent", "newsroom": "sent"}


def test_what_a_service_may_have_taken_is_not_sent_again_by_itself(office: Office) -> None:
    office.post.answers["desk"] = LOST
    office.sender().send_waiting()
    office.later(days=1)
    office.sender().send_waiting()
    assert office.states() == {"desk": "unknown", "newsroom": "sent"}
    assert len(office.post.of("desk")) == 1


def test_a_target_that_fails_hinders_no_other_and_is_tried_again_later(office: Office) -> None:
    office.post.answers["desk"] = REFUSED
    failed, _ = office.sender().send_waiting()
    assert (failed.target, failed.again_at) == ("desk", "2025-06-02T11:01:00Z")
    assert office.states() == {"desk": "waiting", "newsroom": "sent"}
    assert office.sender().send_waiting() == []
    office.later(minutes=1)
    del office.post.answers["desk"]
    office.sender().send_waiting()
    assert office.states() == {"desk": "sent", "newsroom": "sent"}


def test_after_three_days_a_message_is_given_up(office: Office) -> None:
    office.post.answers["desk"] = REFUSED
    for _ in range(30):
        office.sender().send_waiting()
        office.later(hours=6)
    assert office.states()["desk"] == "failed"
    assert len(office.post.of("desk")) == 13


def test_what_is_new_when_older_news_are_given_up_is_tried_as_long(office: Office) -> None:
    office.post.answers["newsroom"] = REFUSED
    for _ in range(12):
        office.sender().send_waiting()
        office.later(hours=6)
    office.edition("2025-06-05", listing(), listing("New Wye, Zembla", position=2))
    office.sender().send_waiting()
    with office.workspace.looking() as db:
        found = deliveries(db, ["failed", "waiting"])
    assert [(each.state, each.due_at[:10]) for each in found if each.target == "newsroom"] == [
        ("failed", "2025-06-02"),
        ("waiting", "2025-06-05"),
    ]


def test_what_was_due_while_no_command_ran_is_not_given_up_at_once(office: Office) -> None:
    office.later(days=14)
    office.post.answers["newsroom"] = REFUSED
    office.sender().send_waiting()
    assert office.states() == {"desk": "sent", "newsroom": "waiting"}
    office.later(minutes=1)
    del office.post.answers["newsroom"]
    office.sender().send_waiting()
    assert office.states() == {"desk": "sent", "newsroom": "sent"}


def test_a_target_that_was_taken_out_of_the_settings_fails_no_more(office: Office) -> None:
    office.post.answers["newsroom"] = REFUSED
    office.sender().send_waiting()
    left = {"targets": {"desk": "DESK"}, "rules": []}
    notify = WATCHED.settings.notify.model_copy(update=left)
    settings = WATCHED.settings.model_copy(update={"notify": notify})
    office.watched = WATCHED.model_copy(update={"settings": settings})
    for _ in range(14):
        office.later(hours=6)
        office.sender().send_waiting()
    with office.workspace.looking() as db:
        assert [each.name for each in targets(db)] == ["desk"]
    assert office.states() == {"desk": "sent", "newsroom": "failed"}
    assert office.post.of("desk") == [ADDED]


def test_that_a_target_fails_for_long_is_told_by_the_operators_others_once_and_its_end_too(
    office: Office,
) -> None:
    office.post.answers["newsroom"] = REFUSED
    for _ in range(8):
        office.sender().send_waiting()
        office.later(hours=6)
    del office.post.answers["newsroom"]
    office.sender().send_waiting()
    office.sender().send_waiting()
    assert [title for title in office.post.of("desk") if title != ADDED] == [
        "The target newsroom of notifications fails since 2025-06-02 11:00 UTC",
        "The target newsroom of notifications works again",
    ]


def test_that_it_was_sent_is_noted_however_long_another_command_writes(office: Office) -> None:
    other = FileLock(office.workspace.folder / ".lock")
    waited: list[int] = []

    def wait() -> None:
        waited.append(1)
        if len(waited) == 3:
            other.release()

    office.post.answers["newsroom"] = REFUSED
    office.post.meanwhile = lambda: other.acquire() if not waited else None
    office.sender(wait).send_waiting()
    assert len(waited) == 3
    assert office.states() == {"desk": "sent", "newsroom": "waiting"}


def test_while_another_command_writes_nothing_is_claimed(office: Office) -> None:
    with FileLock(office.workspace.folder / ".lock"), pytest.raises(SomeoneWrites):
        office.sender().send_waiting()
    office.sender().send_waiting()
    assert office.states() == {"desk": "sent", "newsroom": "sent"}


def test_a_message_that_cannot_be_made_waits_and_is_seen(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as context:
        context.setattr(composing, "composed", lambda *_: 1 / 0)
        office.sender().send_waiting()
    with office.workspace.looking() as db:
        waiting = deliveries(db, ["waiting"])
        assert {each.reason for each in waiting} == {
            "the message could not be made; please report it"
        }
        assert targets(db) == []
    office.later(minutes=1)
    office.sender().send_waiting()
    assert office.states() == {"desk": "sent", "newsroom": "sent"}


def test_where_nothing_was_ever_written_nothing_is_sent(tmp_path: Path) -> None:
    office = Sender(Workspace(tmp_path / "none"), WATCHED, HandClock(), Post())
    assert office.send_waiting() == []
    assert office.what_waits() == []


@given(st.integers(1, 10_000))
def test_the_wait_grows_with_each_attempt_to_a_limit(attempts: int) -> None:
    assert wait_after(1) == timedelta(minutes=1)
    assert wait_after(attempts) <= wait_after(attempts + 1) <= timedelta(hours=6)
