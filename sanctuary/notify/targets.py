"""Sending a message to a target: by Apprise, to an address that is a secret of the operator.

A target is trusted and is not fetched from: it is asked past the gate, the paces and the proxy that
publishers are asked by. Nothing of its address is said in what comes back.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanctuary.errors import BadSecrets
from sanctuary.notify.fitting import fitted
from sanctuary.notify.message import Message
from sanctuary.safe_text import one_line
from sanctuary.secrets import Secrets, without_secrets

if TYPE_CHECKING:
    from apprise import AppriseAsset, NotifyBase

_LOCAL = frozenset({"blink1", "dbus", "glib", "gnome", "macosx", "syslog", "windows"})
"""Modules of Apprise that act on this machine, of which a server has nobody to look at it."""
_UNANSWERED = re.compile(r"read timed out|without response|connection reset|incomplete", re.I)
"""What urllib3 says where a service may have taken what it was sent."""
_REPLY = re.compile(r"Socket Exception: [({]")
"""How Apprise repeats that a mail server refused; of a lost connection it repeats the words."""
_ROOM = 0.9
"""Of the characters that a service takes: its own escapes want some."""
_LONGEST_REASON = 200
_PATIENCE_SECONDS = 120
"""For one message; a target that hangs hinders no other for longer."""


@dataclass(frozen=True)
class Answer:
    """What came of sending a message."""

    sent: bool
    reason: str = ""
    """Why it was not sent, in one line that holds no secret."""
    may_have_come: bool = False
    """Whether it may have come all the same: it is not to be sent again by itself."""


class Targets:
    """The targets of the settings, by name."""

    def __init__(self, named: Mapping[str, str], secrets: Secrets) -> None:
        """Take by name the secrets that hold the addresses, and where these secrets are."""
        self._named = named
        self._secrets = secrets

    def send(self, name: str, message: Message) -> Answer:
        """Send a message to the target of that name; whatever goes wrong is in the answer."""
        if name not in self._named:
            return Answer(False, "the settings name no such target any more")
        variable = self._named[name]
        try:
            address = self._secrets.get(variable)
        except BadSecrets:
            return Answer(False, "the file of secrets cannot be used: `sanctuary notify test`")
        if address is None:
            return Answer(False, f"the secret {variable} is not set")
        # It takes a fifth of a second, for which who sends nothing need not wait.
        import apprise

        with _quiet():
            service = apprise.Apprise.instantiate(address, asset=_asset())
            if service is None:
                return Answer(False, f"what {variable} holds is no address that Apprise knows")
            if type(service).__module__.rpartition(".")[2] in _LOCAL:
                return Answer(False, f"what {variable} holds acts on this machine alone")
            return _sent(service, message)


def _sent(service: NotifyBase, message: Message) -> Answer:
    from apprise import Apprise, AppriseResultStatus, NotifyFormat

    form = service.resolve_format(NotifyFormat.MARKDOWN)
    room = int(service.body_maxlen * _ROOM) - len(message.title)
    try:
        sender = Apprise(asset=service.asset)
        sender.add(service)
        result = sender.notify(
            body=fitted(message, form.value, room),
            title=message.title,
            body_format=form,
            log_level=logging.DEBUG,
        )
    except Exception as error:  # noqa: BLE001 - a fault of one service hinders no other
        return Answer(False, _reason(f"{type(error).__name__}: {error}"), may_have_come=True)
    if result:
        return Answer(True)
    said = [(entry.level, entry.message) for entry in result.logs()]
    texts = [text for _, text in said]
    unanswered = result.status == AppriseResultStatus.TIMEOUT or any(map(_UNANSWERED.search, texts))
    # Apprise says this only of a mail that it gave to a server which it had reached.
    mailed = any(text.startswith("Sending email to") for text in texts)
    unanswered |= mailed and not any(map(_REPLY.match, texts))
    # One recipient of several may have it.
    several = len(service) > 1
    complaints = [text for level, text in said if level in ("WARNING", "ERROR")]
    reason = _reason(complaints[-1] if complaints else "it was not taken")
    return Answer(False, reason, may_have_come=unanswered or several)


def _asset() -> AppriseAsset:
    """Return how Apprise is to send: it keeps nothing, loads nothing and makes nothing of texts."""
    from apprise import AppriseAsset

    return AppriseAsset(
        app_id="Sanctuary Tracker",
        app_desc="Sanctuary Tracker",
        app_url="",
        image_url_mask="",
        image_url_logo="",
        image_path_mask=False,
        async_mode=False,
        interpret_emojis=False,
        interpret_escapes=False,
        pgp_autogen=False,
        pem_autogen=False,
        allow_templates=False,
        secure_logging=True,
        storage_mode="memory",
        service_timeout=_PATIENCE_SECONDS,
    )


@contextmanager
def _quiet() -> Iterator[None]:
    """Let no library that sends write into our log for as long as the context lasts.

    They log addresses. What Apprise says is in its results, down to why a connection ended.
    """
    ours = logging.getLogger("apprise")
    loggers = [ours, *map(logging.getLogger, ("urllib3", "requests"))]
    before = [(each, each.propagate, each.level) for each in loggers]
    for each in loggers:
        each.propagate = False
    ours.setLevel(logging.DEBUG)
    try:
        yield
    finally:
        for each, propagate, level in before:
            each.propagate = propagate
            each.setLevel(level)


def _reason(text: str) -> str:
    """Return what a library says without secrets and addresses, on one line, and cut."""
    said = re.sub(r"\b[a-z][a-z0-9+.-]*://\S+", "…", without_secrets(one_line(text)), flags=re.I)
    return said if len(said) <= _LONGEST_REASON else f"{said[: _LONGEST_REASON - 2]} …"
