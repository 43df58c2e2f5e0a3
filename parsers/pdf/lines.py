"""Characters to lines of text, bullets told apart from letters."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from pdfplumber.utils.text import WordExtractor

from parsers.pdf.chars import Char
from parsers.pdf.layout import Line, to_tenths
from parsers.records import Box

# At pdfplumber's default of 3 points, words of real Word files run together.
_WORD_GAP = 1.5
_HANGING = 0.4
"""Of the size; a blank is narrower than the gap behind a bullet."""
_BULLETS = frozenset(
    {
        *"•●◦▪■‣∙⁃·\uf0b7\uf0a7\uf0d8",
        # WinAnsiEncoding draws a bullet for every code it does not use (PDF 1.7, annex D.2).
        *(f"(cid:{code})" for code in (127, 129, 141, 143, 144, 157)),
    }
)
# Fonts whose letters are signs: the letter l of ZapfDingbats is drawn as a black disc.
_SIGN_FONT = re.compile(r"symbol|dingbats|wingdings|webdings", re.IGNORECASE)

_words = WordExtractor(x_tolerance=_WORD_GAP)
# Text that was turned is mostly turned to the left: it runs from the bottom to the top.
_turned_words = WordExtractor(line_dir_rotated="ltr", char_dir_rotated="btt")


def text_lines(chars: Sequence[Char], origin: tuple[float, float]) -> list[Line]:
    """Return the lines that ``chars`` make up, from top to bottom.

    ``origin`` is the corner of the page that boxes are counted from. The order in which the
    characters were drawn does not count: bullets may come before all of their items.
    """
    words = [
        (word, parts) for word, parts in _words.iter_extract_tuples(chars) if word["text"].strip()
    ]
    words.sort(key=lambda pair: (pair[0]["top"] + pair[0]["bottom"], pair[0]["x0"]))
    rows: list[list[tuple[Char, list[Char]]]] = []
    for word, parts in words:
        middle = (word["top"] + word["bottom"]) / 2
        if rows and any(other["top"] < middle < other["bottom"] for other, _ in rows[-1]):
            rows[-1].append((word, parts))
        else:
            rows.append([(word, parts)])
    return [_line(sorted(row, key=lambda pair: pair[0]["x0"]), origin) for row in rows]


def turned_text(chars: Sequence[Char], origin: tuple[float, float]) -> Line | None:
    """Return all that is printed in another direction than the page, None if nothing is."""
    words = list(_turned_words.iter_extract_tuples(chars)) if chars else []
    if not words:
        return None
    return replace(_line(words, origin), text=" ".join(word["text"] for word, _ in words))


def _line(words: list[tuple[Char, list[Char]]], origin: tuple[float, float]) -> Line:
    texts = [word["text"] for word, _ in words]
    first = words[0][1]
    is_bullet = _is_bullet(first) or _is_hung(words)
    if is_bullet:
        texts[0] = "".join(char["text"] for char in first[1:])
    begins = (words[1] if is_bullet and not texts[0] and len(words) > 1 else words[0])[1][0]
    return Line(
        text=" ".join(text for text in texts if text),
        box=box_of((word for word, _ in words), origin),
        is_bullet=is_bullet,
        style=(str(begins["fontname"]), round(float(begins["size"]), 1)),
    )


def _is_bullet(chars: list[Char]) -> bool:
    """Say whether a line's first word is, or begins with, a bullet."""
    font = str(chars[0]["fontname"])
    alone = len(chars) == 1 or str(chars[1]["fontname"]) != font
    is_sign = alone and bool(_SIGN_FONT.search(font))
    return chars[0]["text"] in _BULLETS or is_sign


def _is_hung(words: list[tuple[Char, list[Char]]]) -> bool:
    """Say whether a line begins with one sign, or the o that Word draws, far left of its text."""
    if len(words) < 2 or len(words[0][1]) > 1:
        return False
    (sign, _), (text, parts) = words[:2]
    font = str(parts[0]["fontname"])
    sign_font = str(words[0][1][0]["fontname"])
    is_sign = not sign["text"].isalnum() or (sign["text"] == "o" and sign_font != font)
    gap = text["x0"] - sign["x1"]
    return is_sign and sign["text"] not in "“‘\"'($" and bool(gap > _HANGING * parts[0]["size"])


def box_of(objects: Iterable[Char], origin: tuple[float, float]) -> Box:
    """Return the box around characters or words, in points from ``origin``, to a tenth."""
    found = list(objects)
    left, top = origin
    return to_tenths(
        min(o["x0"] for o in found) - left,
        min(o["top"] for o in found) - top,
        max(o["x1"] for o in found) - left,
        max(o["bottom"] for o in found) - top,
    )
