"""eCode360, where General Code publishes the codes of towns, cities and counties.

What is read is told by the bytes: the page of an article or chapter (``https://ecode360.com/GUID``)
as it is served, as a person saved it (HTML or MHTML), or as its print view gives it; the list of
laws not yet in the code (``/laws/CUSTID``); the content that the official API gives
(``/customer/CUSTID/code/content/GUID``), alone or in the bundle of all its answers. A table of
contents (``/toc/…``) holds no law: the message says which page does.

The options are those of ``parsers.policy.ecode360_steps.Ecode360Options``. Of the page of a part of
a code, ``follow`` knows the steps through the API, for which the operator has to have a key.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parsers.errors import NotThisDocument
from parsers.html_table import parse_page
from parsers.policy.answers import parts_in
from parsers.policy.ecode360_api import read_answer, read_parts
from parsers.policy.ecode360_laws import laws_table, read_laws
from parsers.policy.ecode360_page import read_page
from parsers.policy.ecode360_steps import KEY_HOST, Ecode360Options, follow
from parsers.policy.json_answer import json_answer
from parsers.policy.result import policy_options
from parsers.policy.saved_page import saved_page
from parsers.records import Policy, PolicySection, Reading
from parsers.registry import Parser

_BOM = b"\xef\xbb\xbf"


def read(document: bytes, options: Mapping[str, Any]) -> Reading:
    """Read an article or chapter, section by section, in the order of the document.

    Raises BadOptions for wrong options, Unreadable if the bytes are neither HTML, MHTML nor JSON,
    NotThisDocument if they hold no part of a code: a table of contents, a page that says that the
    code moved, one that a script has to fill in.
    """
    wanted = policy_options(options, Ecode360Options)
    start = document.removeprefix(_BOM).lstrip()
    if not start:
        raise NotThisDocument("the document is empty", remedy="fetch it again")
    parts = parts_in(document)
    if parts is not None:
        return read_parts(parts, wanted)
    if start[:1] in (b"{", b"["):
        answer = json_answer(document, remedy="take the page of the article or chapter")
        return read_answer(answer, wanted)
    saved = saved_page(document)
    page = parse_page(saved.html)
    table = laws_table(page)
    if table is not None:
        return read_laws(page, table, wanted, saved.address)
    return read_page(page, wanted, saved.address)


PARSER = Parser(
    name="ecode360",
    revision=4,
    libraries=("beautifulsoup4", "lxml"),
    tables=(Policy, PolicySection),
    reads="html_or_json",
    read=read,
    follow=follow,
    key_host=KEY_HOST,
    options=Ecode360Options,
)
