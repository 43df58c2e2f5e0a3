"""A message comes to its target in the form that this shows best, and no secret comes back."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from sanctuary.notify.message import Entry, Message
from sanctuary.notify.targets import Answer, Targets
from sanctuary.secrets import Secrets
from tests.sanctuary.notify.telling import made_of
from tests.sanctuary.notify.webhook import Mailbox, Webhook, mailbox, webhook

MESSAGE = made_of(Entry("Removed from List of Zembla (Zembla Ministry): <b>Kinbote</b>"))
SECRET = "zq7-token-4711"


@pytest.fixture
def hook() -> Iterator[Webhook]:
    with webhook() as found:
        yield found


@pytest.fixture
def box() -> Iterator[Mailbox]:
    with mailbox() as found:
        yield found


class Log(logging.Handler):
    """All that comes to the log of the program, as text."""

    def __init__(self) -> None:
        super().__init__(1)
        self.text = ""

    def emit(self, record: logging.LogRecord) -> None:
        self.text += record.getMessage()


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    root, found = logging.getLogger(), Log()
    monkeypatch.setattr(root, "level", 1)
    root.addHandler(found)
    yield found
    root.removeHandler(found)


@pytest.fixture
def send(monkeypatch: pytest.MonkeyPatch) -> Send:
    return Send(monkeypatch)


class Send:
    """Sends the message to an address."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch
        self._targets = Targets({"desk": "DESK_ADDRESS"}, Secrets(None))

    def __call__(self, address: str, message: Message = MESSAGE) -> Answer:
        self._monkeypatch.setenv("DESK_ADDRESS", address)
        return self._targets.send("desk", message)


def test_a_webhook_gets_markdown_unless_its_address_asks_for_another_form(
    send: Send, hook: Webhook
) -> None:
    assert send(hook.address()) == Answer(True)
    assert send(hook.address("?format=text")) == Answer(True)
    assert send(hook.address("?format=html")) == Answer(True)
    markdown, text, html = (each["message"] for each in hook.posted)
    assert markdown.startswith("## List of Zembla")
    assert "\\<\u200bb\\>Kinbote\\<\u200b/b\\>" in markdown
    assert text.startswith("List of Zembla (Zembla Ministry)\n====")
    assert "<\u200bb>Kinbote<\u200b/b>" in text
    assert "<h2>List of Zembla" in html
    assert "&lt;\u200bb&gt;Kinbote&lt;\u200b/b&gt;" in html
    assert {each["title"] for each in hook.posted} == {"A title"}


def test_a_mail_has_html_and_text_and_no_header_of_a_scraped_text(send: Send, box: Mailbox) -> None:
    title = "A\r\nBcc: all@zembla.example"
    address = f"mailto://127.0.0.1:{box.port}?from=tracker@zembla.example&to=desk@zembla.example"
    message = Message(title, MESSAGE.sections, ())
    assert send(address, message).sent
    (mail,) = box.mails
    assert mail["Bcc"] is None
    assert mail["To"] == "desk@zembla.example"
    html, text = mail.get_body(("html",)), mail.get_body(("plain",))
    assert html is not None
    assert text is not None
    assert "&lt;\u200bb&gt;Kinbote&lt;\u200b/b&gt;" in html.get_content()
    assert "Removed from List of Zembla" in text.get_content()


def test_a_service_that_refuses_gives_a_reason_without_the_secret(
    send: Send, hook: Webhook, log: Log
) -> None:
    hook.status = 401
    answer = send(f"json://user:{SECRET}@127.0.0.1:{hook.port}/{SECRET}/x")
    assert (answer.sent, answer.may_have_come) == (False, False)
    assert "401" in answer.reason
    assert SECRET not in answer.reason
    assert SECRET not in log.text


def test_a_service_that_cannot_be_reached_certainly_has_not_got_it(send: Send) -> None:
    answer = send("json://127.0.0.1:1/")
    assert (answer.sent, answer.may_have_come) == (False, False)
    assert answer.reason


def test_a_service_that_hangs_up_without_a_word_may_have_it(send: Send, hook: Webhook) -> None:
    hook.status = None
    answer = send(hook.address())
    assert (answer.sent, answer.may_have_come) == (False, True)
    assert len(hook.posted) == 1


@pytest.mark.parametrize(("answer", "may_have_come"), [(None, True), ("554 no", False)])
def test_a_mail_that_was_given_over_and_not_answered_may_have_come(
    send: Send, box: Mailbox, answer: str | None, may_have_come: bool
) -> None:
    box.answer = answer
    found = send(f"mailto://127.0.0.1:{box.port}?from=a@zembla.example&to=b@zembla.example")
    assert (found.sent, found.may_have_come) == (False, may_have_come)
    assert len(box.mails) == 1


def test_a_mail_server_that_cannot_be_reached_has_certainly_no_mail(send: Send) -> None:
    found = send("mailto://127.0.0.1:1?from=a@zembla.example&to=b@zembla.example")
    assert (found.sent, found.may_have_come) == (False, False)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("", "the secret DESK_ADDRESS is not set"),
        (f"nosuch://{SECRET}", "what DESK_ADDRESS holds is no address that Apprise knows"),
        (SECRET, "what DESK_ADDRESS holds is no address that Apprise knows"),
        ("syslog://", "what DESK_ADDRESS holds acts on this machine alone"),
    ],
)
def test_what_is_no_target_is_said_without_what_it_is(
    send: Send, address: str, reason: str, log: Log
) -> None:
    assert send(address) == Answer(False, reason)
    assert SECRET not in log.text


def test_a_target_that_the_settings_name_no_more_is_no_error(send: Send) -> None:
    assert not Targets({}, Secrets(None)).send("desk", MESSAGE).sent


def test_a_file_of_secrets_that_others_may_read_is_named_by_the_test_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DESK_ADDRESS", raising=False)
    file = tmp_path / "secrets"
    file.write_text("DESK_ADDRESS=json://127.0.0.1:1\n")
    file.chmod(0o644)
    answer = Targets({"desk": "DESK_ADDRESS"}, Secrets(file)).send("desk", MESSAGE)
    assert not answer.sent
    assert str(tmp_path) not in answer.reason


def test_a_fault_within_a_service_is_an_answer(
    send: Send, monkeypatch: pytest.MonkeyPatch, hook: Webhook
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise RuntimeError(f"json://127.0.0.1/{SECRET} does not work with\n{SECRET}")

    monkeypatch.setattr("apprise.Apprise.notify", fails)
    answer = send(hook.address(SECRET))
    assert (answer.sent, answer.may_have_come) == (False, True)
    assert answer.reason == "RuntimeError: … does not work with …"
