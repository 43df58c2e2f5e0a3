"""What to ask Municode for, one after the other: client, product, job, table of contents, text.

The service (https://api.municode.com) answers with JSON, and with nothing (204) where it has
nothing. A text comes as the *chunk group* that its node stands in; what stands in a node may be
several of them, each of which names the next (``NextNode``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

from pydantic import Field

from parsers.bundle import Part, Wanted
from parsers.errors import NotThisDocument, ReadingError
from parsers.options import BadOptions
from parsers.policy.contents import Contents, Line, looked_up
from parsers.policy.host_steps import ApiAddress, Steps, wanted_next
from parsers.policy.result import PolicyOptions, policy_options

API = "https://api.municode.com"
FETCH = (
    "fetch https://api.municode.com/CodesContent?jobId=&productId=&nodeId= for the node of the "
    "article or chapter"
)
MOST_GROUPS = 60
"""Chunk groups of one policy; a whole code has hundreds."""
_HUMAN = re.compile(
    r"https?://library\.municode\.com/(?P<state>[a-z]{2})/(?P<client>[^/?#]+)"
    r"/codes/(?P<product>[^/?#]+)/?(?:\?(?P<query>[^#]*))?(?:#.*)?",
    re.IGNORECASE,
)
_SHOWN = 12


class MunicodeOptions(PolicyOptions):
    """What an entry of a source may say of a policy at Municode."""

    node: str | None = Field(default=None, min_length=1)
    """The id of the node whose text the policy is; without it, all of the answer."""
    find: tuple[str, ...] = Field(default=(), max_length=8)
    """Where the id is not known: how the node is called in the table of contents, and before it
    what it stands in as far as that is needed: ``[Chapter 46, § 46-37]``."""
    client: int | None = Field(default=None, gt=0)
    """The number of the client, where it is not found by the name in the address."""
    product: str | None = Field(default=None, min_length=1)
    """The name of the code, where it is not that in the address."""
    api: ApiAddress = API
    """Where the service is asked: another address is that of a mirror or of a test."""


def follow(address: str, options: Mapping[str, Any], parts: Sequence[Part]) -> Sequence[Wanted]:
    """Return what to ask for next, of a policy whose address a person reads it at.

    ``address`` is ``https://library.municode.com/{state}/{client}/codes/{product}``, with
    ``?nodeId=`` where the node is known; the option ``node`` goes before it, and ``find`` before
    both. Raises BadOptions if none of them is there, NotThisDocument for an address elsewhere and
    for answers that lead nowhere: another client, no such code, no such node.
    """
    wanted = policy_options(options, MunicodeOptions)
    human = _HUMAN.fullmatch(address)
    if human is None:
        raise NotThisDocument(
            f"{address} is not an address of Municode",
            remedy="name https://library.municode.com/{state}/{client}/codes/{product}",
        )
    asked_for = parse_qs(human["query"] or "").get("nodeId", [])
    node = wanted.node or (asked_for[0] if asked_for else None)
    if node is None and not wanted.find:
        raise BadOptions(
            f"nothing says which part of {address} the policy is",
            remedy="name its number in the option find, or its id in the option node",
        )
    return wanted_next(_steps(human, wanted, node), parts, remedy=FETCH)


def _steps(human: re.Match[str], wanted: MunicodeOptions, node: str | None) -> Steps[None]:
    client = wanted.client
    if client is None:
        name, state = _spaced(human["client"]), human["state"].upper()
        query = f"clientName={quote(name, safe='')}&stateAbbr={state}"
        (answer,) = yield [_get(wanted.api, f"/Clients/name?{query}")]
        client = _client(answer, human["client"], state)
    (answer,) = yield [_get(wanted.api, f"/ClientContent/{client}")]
    product = _product(answer, wanted.product or _spaced(human["product"]))
    (job,) = yield [_get(wanted.api, f"/Jobs/latest/{product}")]
    where = f"jobId={_number(job, 'Id', 'job')}&productId={product}"
    if job.get("ProductId") not in (None, product):
        raise _strange(f"the job of product {product} is one of {job['ProductId']}")
    if wanted.find:
        (root,) = yield [_get(wanted.api, f"/codesToc?{where}")]
        contents = Contents(
            lambda line: _get(
                wanted.api, f"/codesToc/children?{where}&nodeId={quote(line.node, safe='')}"
            ),
            _lines,
        )
        node = (yield from looked_up(wanted.find, _lines(root), contents)).node
    if node is not None:
        yield from _groups(wanted.api, where, node)


def _groups(api: str, where: str, node: str) -> Steps[None]:
    """Ask for the chunk group of a node, and for those that go on with what stands in it."""
    seen: set[str] = set()
    following: str | None = node
    while following is not None:
        if len(seen) >= MOST_GROUPS:
            raise NotThisDocument(
                f"{node} holds more than {MOST_GROUPS} groups of sections",
                remedy="choose an article or a chapter of it",
            )
        seen.add(following)
        query = f"{where}&nodeId={quote(following, safe='')}"
        (answer,) = yield [_get(api, f"/CodesContent?{query}")]
        ids = [str(doc["Id"]) for doc in plain_docs(answer)]
        if not any(is_in(each, following) for each in ids):
            raise no_such_node(following, answer)
        after = _node_after(content_of(answer))
        following = after if is_in(after, node) and after not in {*seen, *ids} else None


def _node_after(content: Mapping[str, Any]) -> str:
    """Return the node with which a code goes on, empty at its end: no other answer is an end."""
    after = content.get("NextNode")
    if after is None:
        return ""
    node = after.get("Id") if isinstance(after, dict) else None
    if not isinstance(node, str) or not node:
        raise _strange(f"the next node is {str(after)[:200]}")
    return node


def asked_node(part: Part) -> str | None:
    """Return the node whose text a part was asked for; None for any other part."""
    split = urlsplit(part.name)
    if not split.path.endswith("/CodesContent"):
        return None
    return next(iter(parse_qs(split.query).get("nodeId", [])), None)


def is_in(node: str, root: str) -> bool:
    """Say whether a node is ``root`` or stands in it: its id begins with that of what holds it."""
    return node == root or node.startswith(f"{root}_")


def content_of(answer: Any) -> dict[str, Any]:
    """Return an answer of ``CodesContent``; raises NotThisDocument for any other."""
    if isinstance(answer, list) and answer and isinstance(answer[0], dict):
        answer = answer[0]
    if not isinstance(answer, dict) or not isinstance(answer.get("Docs"), list):
        what = "the answer holds no text of a code"
        if isinstance(answer, dict) and "Heading" in answer:
            what = "it is a table of contents, without law"
        raise NotThisDocument(what, remedy=FETCH)
    return answer


def plain_docs(answer: Any) -> list[dict[str, Any]]:
    """Return the nodes of an answer of ``CodesContent``, as they came; raises as ``content_of``."""
    docs = content_of(answer)["Docs"]
    return [doc for doc in docs if isinstance(doc, dict) and doc.get("Id")]


def no_such_node(node: str, answer: Any) -> ReadingError:
    """Return the error for an answer in which no node is the one asked for, or in it."""
    docs = plain_docs(answer)
    there = "; ".join(f"{doc['Id']} ({doc.get('Title')})" for doc in docs[:_SHOWN])
    return NotThisDocument(
        f"no node of the answer is {node}",
        remedy="look for the node, whose id changes with its heading, and mend the option node, or "
        f"name its number in the option find; there is: {there or 'nothing'}",
    )


def _get(api: str, rest: str) -> Wanted:
    return Wanted(f"{api}{rest}", "json")


def _spaced(slug: str) -> str:
    """Return the name that an address has with underscores, its words with a capital letter."""
    return " ".join(word[:1].upper() + word[1:] for word in unquote(slug).split("_"))


def _alike(name: object, other: str) -> bool:
    letters = [re.sub(r"[^a-z0-9]", "", str(each).casefold()) for each in (name, other)]
    return letters[0] == letters[1] != ""


def _client(answer: Any, slug: str, state: str) -> int:
    clients = answer if isinstance(answer, list) else [answer]
    there = []
    for client in clients:
        if not isinstance(client, dict) or not isinstance(client.get("ClientID"), int):
            raise _strange(f"a client is {str(client)[:200]}")
        of = client.get("State")
        abbreviation = of.get("StateAbbreviation") if isinstance(of, dict) else None
        if _alike(client.get("ClientName"), unquote(slug)) and abbreviation == state:
            return int(client["ClientID"])
        there.append(f"{client.get('ClientName')}, {abbreviation} ({client['ClientID']})")
    raise NotThisDocument(
        f"no client of Municode is {_spaced(slug)}, {state}; there is: {'; '.join(there)}",
        remedy="name its number in the option client",
    )


def _product(answer: Any, name: str) -> int:
    codes = answer.get("codes") if isinstance(answer, dict) else None
    if not isinstance(codes, list) or not all(isinstance(code, dict) for code in codes):
        raise _strange(f"what a client has is {str(answer)[:200]}")
    for code in codes:
        if _alike(code.get("productName"), name):
            if code.get("latestUpdatedDate", "") is None:
                raise NotThisDocument(
                    f"{code['productName']} is an empty shell: Municode never published it",
                    remedy="look where the code is published now",
                )
            return _number(code, "productId", "code")
    there = "; ".join(str(code.get("productName")) for code in codes)
    raise NotThisDocument(
        f"the client has no code {name}",
        remedy=f"name it in the option product; there is: {there or 'nothing'}",
    )


def _number(plain: Any, key: str, what: str) -> int:
    number = plain.get(key) if isinstance(plain, dict) else None
    if not isinstance(number, int) or isinstance(number, bool):
        raise _strange(f"a {what} without {key}: {str(plain)[:200]}")
    return number


def _lines(answer: Any) -> list[Line]:
    lines = answer.get("Children") if isinstance(answer, dict) else answer
    if not isinstance(lines, list) or not all(isinstance(one, dict) for one in lines):
        raise _strange(f"the table of contents is {str(answer)[:200]}")
    for plain in lines:
        if not plain.get("Id") or not isinstance(plain.get("Heading"), str):
            raise _strange(f"a line of the table of contents is {str(plain)[:200]}")
    return [
        Line(str(plain["Id"]), plain["Heading"], bool(plain.get("HasChildren")), plain)
        for plain in lines
    ]


def _strange(said: str) -> ReadingError:
    return NotThisDocument(
        f"Municode answered otherwise than it used to: {said}",
        remedy="look at the answer; its service may have changed",
    )
