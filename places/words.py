"""Names as words: without case, accents and marks, usual abbreviations written out."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_ABBREVIATIONS = {
    "st": "saint",
    "ste": "sainte",
    "ft": "fort",
    "mt": "mount",
    "co": "county",
    "twp": "township",
    "dept": "department",
    "&": "and",
}
# Apostrophes, and the letters that Hawaiian names and typewriters write in their stead.
_SILENT = "'’‘ʻʼ`´"


@lru_cache(maxsize=8192)
def words_of(name: str) -> tuple[str, ...]:
    """Return the words of a name: ``("saint", "marys", "county")`` for ``St. Mary's County``."""
    bare = name.translate(dict.fromkeys(map(ord, _SILENT)))
    plain = unicodedata.normalize("NFKD", bare).casefold()
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(r"\b([a-z])\.(?=[a-z]\.)", r"\1", plain)
    words = re.findall(r"[^\W_]+|&", plain)
    return tuple(_ABBREVIATIONS.get(word, word) for word in words)


def key_of(name: str) -> str:
    """Return the words of a name with one space between: equal for spellings that do not differ."""
    return " ".join(words_of(name))


def slug_of(name: str) -> str:
    """Return a name as it stands in an id: ``prince-georges`` for ``Prince George's``.

    Abbreviations stay as the name has them, but for the ampersand.
    """
    bare = name.translate(dict.fromkeys(map(ord, _SILENT))).replace("&", " and ")
    plain = unicodedata.normalize("NFKD", bare).casefold()
    return "-".join(re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode()))
