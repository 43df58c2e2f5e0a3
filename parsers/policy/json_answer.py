"""The answer of a host's service: JSON, or what came in its place."""

from __future__ import annotations

import json
import re
from typing import Any

from parsers.errors import NotThisDocument, Unreadable

_SPECIMEN = "SPECIMEN"
_HALF = re.compile(rb"\\u[dD][89a-fA-F]")


def json_answer(document: bytes, *, remedy: str) -> Any:
    """Return the JSON of an answer.

    ``remedy`` says which answer to fetch. Raises NotThisDocument if there is a page in its place,
    or nothing (Municode answers 204 for what it does not have), Unreadable for other bytes.
    """
    start = document.removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise NotThisDocument("the answer is empty", remedy=remedy)
    if start.startswith(b"<"):
        raise NotThisDocument(
            "it is a page without law: a script fills it in, or it refuses tools", remedy=remedy
        )
    try:
        answer = json.loads(document.decode("utf-8-sig"))
        if _HALF.search(document):
            # Half of a pair that stands for one character (RFC 8259, section 8.2) is no text.
            json.dumps(answer, ensure_ascii=False).encode()
        return answer
    except (ValueError, RecursionError) as error:
        raise Unreadable("the file is no whole JSON", remedy="fetch it again") from error


def specimen_of(answer: Any) -> str | None:
    """Return what an answer that is no real one says of itself, under the key ``notice``."""
    notice = answer.get("notice") if isinstance(answer, dict) else None
    return notice if isinstance(notice, str) and notice.startswith(_SPECIMEN) else None
