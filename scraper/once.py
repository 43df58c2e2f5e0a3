"""Asking for each address once, for whoever looks at what came before it is taken in."""

from __future__ import annotations

from typing import Any

from scraper.client import Answer, Client
from scraper.conditional import Validators
from scraper.visit import Visit


class OnceClient(Client):
    """A client that keeps what came of each address, and gives it again to who asks anew.

    What somebody looked at is so what is taken in afterwards: nothing in between is missed, and
    no host is asked twice. For a few documents, since all of them stay in memory.
    """

    def __init__(self, *given: Any, **named: Any) -> None:
        """Take what a ``Client`` does."""
        super().__init__(*given, **named)
        self._answers: dict[tuple[str, str | None], Answer] = {}

    def _get(
        self,
        address: str,
        validators: Validators | None,
        verify_tls: bool,
        visit: Visit | None,
        post: str | None,
    ) -> Answer:
        asked = address, post
        if asked not in self._answers:
            self._answers[asked] = super()._get(address, None, verify_tls, visit, post)
        return self._answers[asked]
