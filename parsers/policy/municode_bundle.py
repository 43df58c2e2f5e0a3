"""What Municode answered in steps, apart from the text: whose code it is, and in which version."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit

from parsers.bundle import Part
from parsers.cell_values import collapsed
from parsers.errors import NotThisDocument
from parsers.policy.answers import json_of
from parsers.policy.json_answer import specimen_of
from parsers.policy.municode_steps import FETCH, asked_node
from parsers.records import Problem

_THROUGH = re.compile(r"\b(?:Codified|Current|Updated|Includes?)\b.*", re.IGNORECASE)
"""In a banner, after the name of the code and of the place, which stay the same."""


@dataclass(frozen=True, slots=True)
class Served:
    """The answers with text, and what the others say of them."""

    answers: tuple[tuple[str | None, Any], ...]
    """Each with the name of its part, None where there is no bundle."""
    node: str | None = None
    """The node that the text was asked for."""
    client: Any = None
    product: Any = None
    job: Any = None

    @property
    def jurisdiction(self) -> str | None:
        """Whose code it is, as the client is called: ``Blacksburg, Virginia``."""
        state = _of(_of(self.client, "State"), "StateName")
        return ", ".join(filter(None, (_of(self.client, "ClientName"), state))) or None

    @property
    def address(self) -> str | None:
        """Where a person reads the code, made of the names as Municode makes it."""
        state = _of(_of(self.client, "State"), "StateAbbreviation")
        client, product = _of(self.client, "ClientName"), _of(self.product, "productName")
        if not (state and client and product):
            return None
        slugs = [re.sub(r"\s+", "_", name.strip().lower()) for name in (state, client, product)]
        return f"https://library.municode.com/{slugs[0]}/{slugs[1]}/codes/{slugs[2]}"

    @property
    def version_label(self) -> str | None:
        """The supplement, and what its banner says that it goes up to."""
        banner = collapsed(str(_of(self.job, "BannerText") or "")) or ""
        through = _THROUGH.search(banner)
        said = through[0] if through else banner
        return ": ".join(filter(None, (collapsed(str(_of(self.job, "Name") or "")), said))) or None

    @property
    def notice(self) -> str | None:
        """What an answer that is no real one says of itself."""
        plain = [answer for _, answer in self.answers]
        said = [specimen_of(each) for each in (*plain, self.client, self.product, self.job)]
        return next(filter(None, said), None)

    def problems(self) -> Iterator[Problem]:
        """Yield that there are ordinances which the code does not hold yet, if it is said."""
        new = [_of(answer, "NewOrds") for _, answer in self.answers]
        count = max((len(each) for each in new if isinstance(each, list)), default=0)
        count = count or _of(self.product, "newOrdCount") or 0
        if count:
            said = f"ordinances that are adopted and not yet in the code: {count}"
            yield Problem("adopted_not_in_code", said)


def served(parts: Sequence[Part]) -> Served:
    """Return what the parts of a bundle hold.

    Raises Unreadable or NotThisDocument for a part that is no JSON, and if none holds a text.
    """
    texts = [part for part in parts if asked_node(part) is not None]
    if not texts:
        raise NotThisDocument("no part of the bundle holds a text of a code", remedy=FETCH)
    product = parse_qs(urlsplit(texts[0].name).query).get("productId", [""])[0]
    codes = _of(_answer(parts, "/ClientContent/"), "codes") or []
    return Served(
        answers=tuple((part.name, json_of(part, remedy=FETCH)) for part in texts),
        node=asked_node(texts[0]),
        client=_client(parts),
        product=next((code for code in codes if str(_of(code, "productId")) == product), None),
        job=_answer(parts, "/Jobs/"),
    )


def _client(parts: Sequence[Part]) -> Any:
    """Return the client whose codes were asked for, of one or of several with its name."""
    answer = _answer(parts, "/Clients/")
    paths = [urlsplit(part.name).path for part in parts]
    asked = {path.rpartition("/")[2] for path in paths if "/ClientContent/" in path}
    clients = answer if isinstance(answer, list) else [answer]
    return next((each for each in clients if str(_of(each, "ClientID")) in asked), None)


def _answer(parts: Sequence[Part], path: str) -> Any:
    part = next((part for part in parts if path in urlsplit(part.name).path), None)
    return json_of(part, remedy=FETCH) if part else None


def _of(plain: Any, key: str) -> Any:
    return plain.get(key) if isinstance(plain, dict) else None
