"""The text of a page in runs: characters of one font that were drawn together.

PDFium gives the text of a page at once, and boxes character by character, which takes longer than
all the rest. So a run is measured by its last character: if it begins where the widths of all
before it put it, nothing stands between them that the text does not show. Where it does not
(letters are spaced or kerned), the run is read character by character.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from parsers.pdf.pdfium_calls import (
    Floats,
    char_is_generated,
    char_is_unmapped,
    char_loose_box,
    char_object,
    char_origin,
    count_chars,
    count_marks,
    font_descent,
    font_flags,
    font_is_embedded,
    font_name,
    glyph_width,
    mark_value_type,
    object_bounds,
    object_font,
    object_font_size,
    object_mark,
    object_matrix,
    text_of_chars,
)
from parsers.pdf.pdfium_rules import Matrix
from parsers.pdf.pdfium_unsure import SOFT_HYPHEN, UNMAPPED, Unsure

_LINE_END = "\r\n"
"""What PDFium puts between lines."""
_HYPHEN = "\ufffe"
"""What PDFium has for a hyphen, soft or not, at the end of a line."""
_MISFIT = 0.03
"""Points; a letter further from where those before it put it is not just set behind them."""
_DOUBLE = 0.8
"""Points; equal text that stands so close was drawn twice to look bold."""
_WIDER = 1.0
"""Points; what reaches so far beyond the width of its letter may be another glyph for it."""
_INK = 0.01
"""Points; what is narrower shows nothing."""
# Text that runs from the right to the left, which PDFium puts in another order.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\u200f\u202b\u202e\u2067\ufb1d-\ufdff\ufe70-\ufefc]")
# Fonts whose letters are signs: the letter l of ZapfDingbats is drawn as a black disc.
_SIGN_FONT = re.compile(r"symbol|dingbats|wingdings|webdings", re.IGNORECASE)
# How deep letters of the standard fonts reach, in thousandths of the size, as Adobe's metrics of
# them say; a file that names one of these fonts need not describe it. Three have other names, too.
_STANDARD_FONT = re.compile(
    r"(?P<family>Courier|Helvetica|Times|Symbol|ZapfDingbats)"
    r"(-(Roman|Bold|Italic|Oblique|BoldItalic|BoldOblique))?"
    r"|(?P<other>Arial|CourierNew|TimesNewRoman)(,(Bold|Italic|BoldItalic))?"
)
_STANDARD_DESCENT = {
    **{"Courier": -194, "Helvetica": -207, "Times": -217, "Symbol": 0, "ZapfDingbats": 0},
    **{"CourierNew": -194, "Arial": -207, "TimesNewRoman": -217},
}
_ACTUAL_TEXT = ctypes.create_string_buffer(b"ActualText")
_SYMBOLIC = 4
"""The flag of a font whose codes are its own (PDF 1.7, table 123)."""
_matrix, _number, _box, _origin = Floats(6), Floats(1), Floats(4), Floats(2, ctypes.c_double)
_name = ctypes.create_string_buffer(256)


class Font:
    """A font of a page: its name, how deep it reaches, and how wide its letters are."""

    def __init__(self, address: int) -> None:
        font_name(address, ctypes.addressof(_name), len(_name))
        self.name = _name.value.decode("utf-8", "replace")
        if not self.name:
            raise Unsure("a font has no name")
        self.descent = self._descent(address)
        self.widths = _Widths(address)
        self.is_of_signs = _SIGN_FONT.search(self.name) is not None
        self.is_symbolic = bool(font_flags(address) & _SYMBOLIC)
        self.mapped: set[str] = set()
        """Letters of which the file says which they are."""

    def style(self, size: float) -> tuple[str, float]:
        """Return the style of a line that begins in this font."""
        return self.name, round(size, 1)

    def _descent(self, address: int) -> float:
        standard = _STANDARD_FONT.fullmatch(self.name)
        if standard and not font_is_embedded(address):
            return _STANDARD_DESCENT[standard["family"] or standard["other"]] / 1000
        font_descent(address, 1000.0, *_number.at)
        return -abs(_number.read()[0]) / 1000


class _Widths(dict[str, float]):
    """How wide each letter is, in parts of the size."""

    def __init__(self, address: int) -> None:
        super().__init__()
        self._font = address

    def __missing__(self, letter: str) -> float:
        glyph_width(self._font, ord(letter), 1000.0, *_number.at)
        self[letter] = width = _number.read()[0] / 1000
        return width


class Run(NamedTuple):
    """Text that was drawn together, blanks and all, in points to the right and down."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    down: float
    """Half-way between top and bottom."""
    size: float
    scale: float
    """Points across for a letter as wide as the font is high."""
    font: Font

    @property
    def across(self) -> float:
        """Half-way between left and right."""
        return (self.x0 + self.x1) / 2

    @property
    def inked(self) -> tuple[float, float]:
        """From where to where it runs without the blanks at its ends."""
        text = self.text.rstrip()
        if len(text) == len(self.text) and not text[0].isspace():
            return self.x0, self.x1
        return self._between(len(text) - len(text.lstrip()), len(text))

    def letters(self) -> Iterator[Run]:
        """Yield each character as a run."""
        return (self.part(place, place + 1) for place in range(len(self.text)))

    def part(self, start: int, end: int) -> Run:
        """Return a stretch of its text as a run."""
        x0, x1 = self._between(start, end)
        return self._replace(text=self.text[start:end], x0=x0, x1=x1)

    def _between(self, start: int, end: int) -> tuple[float, float]:
        """Return from where to where a stretch of its text runs."""
        if end - start == len(self.text):
            return self.x0, self.x1
        width = self.font.widths.__getitem__
        x0 = self.x0 + sum(map(width, self.text[:start])) * self.scale
        return x0, x0 + sum(map(width, self.text[start:end])) * self.scale


class Placed(NamedTuple):
    """An object that draws text, by its address, and where the page or a form of it puts it."""

    address: int
    placed: Matrix


class PageText:
    """The text of one page, as long as it is open."""

    def __init__(self, page: int, placed: Matrix, alone: Callable[[int], str]) -> None:
        """Take the text of a page by its address, where the page is put, and what reads alone.

        ``alone`` returns the text of an object as if nothing else stood on its page.
        """
        self._page = page
        self._placed = placed
        self._alone = alone
        self._fonts: dict[int, Font] = {}

    def runs(self, objects: Iterable[Placed]) -> Iterator[Run]:
        """Yield all that ``objects`` draw, in that order, but what is drawn again on its spot.

        ``objects`` are all that draw text. Raises Unsure where PDFium has other text than is drawn,
        or not all of it.
        """
        text = text_of(self._page)
        if _RIGHT_TO_LEFT.search(text):
            raise Unsure("text runs from the right to the left")
        unseen = {each.address: each for each in objects}
        for address in unseen:
            _check_marks(address)
        seen: dict[int, Placed] = {}
        for address, start, end in self._stretches(text):
            if address in unseen:
                seen[address] = unseen.pop(address)
            each = seen[address]
            yield from self._runs(each, text[start:end], start)
        for each in unseen.values():
            _check_unseen(each, seen.values())

    def _stretches(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield the address of each object, and from where to where its text goes."""
        start = 0
        for line in text.split(_LINE_END):
            end = start + len(line)
            while start < end:
                address = char_object(self._page, start)
                if not address:  # a blank that PDFium puts between objects
                    start += 1
                    continue
                stop = end
                if char_object(self._page, end - 1) != address:
                    stop = self._end(address, start, end)
                yield address, start, stop
                start = stop
            if end < len(text) and char_object(self._page, end):
                raise Unsure(UNMAPPED)  # codes of the file, which end no line
            start = end + len(_LINE_END)

    def _end(self, address: int, start: int, end: int) -> int:
        """Return where the text of an object ends, which begins at ``start``, by halving."""
        while end - start > 1:
            middle = (start + end) // 2
            if char_object(self._page, middle) == address:
                start = middle
            else:
                end = middle
        return end

    def _runs(self, each: Placed, text: str, first: int) -> Iterator[Run]:
        address, placed = each
        object_matrix(address, _matrix.at[0])
        a, b, c, d, e, f = _matrix.read()
        object_font_size(address, *_number.at)
        (size,) = _number.read()
        across, up = size * a * placed.x_scale, size * d * placed.y_scale
        if b or c or across <= 0 or up >= 0:
            if text.isspace():
                return
            raise Unsure("text is turned")
        at = object_font(address)
        font = self._fonts.get(at)
        if font is None:
            font = self._fonts[at] = Font(at)
        if _HYPHEN in text:
            text = self._with_hyphen(address, text)
        if not font.mapped.issuperset(text):
            self._check_mapped(font, text, first)
        x0, base = placed.of(e, f)
        width = font.widths[text[-1]] * across
        last = x0 + sum(map(font.widths.__getitem__, text[:-1])) * across
        bottom = base + font.descent * up
        run = Run(text, x0, last + width, bottom + up, bottom, bottom + up / 2, -up, across, font)
        misfit = abs(self._origin(first + len(text) - 1) - last)
        if width and misfit < _MISFIT and not self._has_generated(text, first):
            yield run
        else:
            yield from self._glyphs(run, address, first)

    def _has_generated(self, text: str, first: int) -> bool:
        """Say whether PDFium put a blank there, which may be as wide as what is kerned."""
        blank = text.find(" ")
        while blank >= 0:
            if char_is_generated(self._page, first + blank):
                return True
            blank = text.find(" ", blank + 1)
        return False

    def _with_hyphen(self, address: int, text: str) -> str:
        """Return text with the hyphen that it ends with; blanks behind it are gone."""
        alone = self._alone(address)
        if text.index(_HYPHEN) < len(text) - 1 or alone[: len(text) - 1] != text[:-1]:
            raise Unsure(SOFT_HYPHEN)
        return alone[: len(text)]

    def _glyphs(self, run: Run, address: int, first: int) -> list[Run]:
        """Return the glyphs of a run one by one, where each stands."""
        glyphs: list[Run] = []
        right = 0.0
        for number, letter in enumerate(run.text, first):
            if letter.isspace() and char_is_generated(self._page, number):
                continue  # PDFium puts it there, since the next letter stands apart
            if char_object(self._page, number) != address:
                raise Unsure("texts are drawn through each other")
            if char_is_unmapped(self._page, number):
                raise Unsure(UNMAPPED)
            x0 = self._origin(number)
            if glyphs and min(x0, right) > glyphs[-1].x1 + _WIDER:
                raise Unsure("a glyph is wider than its letter")
            char_loose_box(self._page, number, _box.at[0])
            right = _box.read()[2] + self._placed.x_shift  # with what reaches beyond its width
            if glyphs and x0 == glyphs[-1].x0:  # letters of one glyph, each with the box of all
                glyphs[-1] = glyphs[-1]._replace(text=glyphs[-1].text + letter, x1=right)
            else:
                x1 = min(x0 + run.font.widths[letter] * run.scale, right)
                glyphs.append(run._replace(text=letter, x0=x0, x1=x1))
        return glyphs

    def _origin(self, number: int) -> float:
        """Return where across the page a character begins."""
        char_origin(self._page, number, *_origin.at)
        return _origin.read()[0] + self._placed.x_shift

    def _check_mapped(self, font: Font, text: str, first: int) -> None:
        for number, letter in enumerate(text, first):
            if letter not in font.mapped:
                if char_is_unmapped(self._page, number) or (
                    font.is_symbolic and _is_of_mac(letter)
                ):
                    raise Unsure(UNMAPPED)
                font.mapped.add(letter)


def text_of(text_page: int) -> str:
    """Return the text of a page as PDFium has it, one place a character. Raises Unsure if not."""
    count = count_chars(text_page)
    buffer = ctypes.create_string_buffer(2 * count + 2)
    written = text_of_chars(text_page, 0, count, ctypes.addressof(buffer)) if count else 1
    text = buffer.raw[: 2 * written - 2].decode("utf-16-le", "surrogatepass")
    if len(text) != count:
        raise Unsure(UNMAPPED)
    return text


def _is_of_mac(letter: str) -> bool:
    """Say whether a letter may be PDFium's guess at a code that the file maps to nothing.

    It takes the codes of a symbolic TrueType font for those of a Mac, of which most beyond ASCII
    are accented letters: Word's bullet, 149, is an ï there.
    """
    return not letter.isascii() and letter.isalpha() and bool(letter.encode("mac-roman", "ignore"))


def _check_marks(address: int) -> None:
    """Raise Unsure if the file has other text for an object, which PDFium takes for what it draws.

    (PDF 1.7, section 14.9.4.)
    """
    for number in range(count_marks(address)):
        mark = object_mark(address, number)
        if mark and mark_value_type(mark, ctypes.addressof(_ACTUAL_TEXT)):
            raise Unsure("the file has other text than is drawn")


def _check_unseen(each: Placed, seen: Iterable[Placed]) -> None:
    """Raise Unsure unless an object shows blanks, or what another one shows on the same spot."""
    shown = _shown(each.address)
    object_matrix(each.address, _matrix.at[0])
    a, _, _, d, _, _ = _matrix.read()
    if not a * d * shown.size:
        raise Unsure("text has no size")
    if abs(shown.x1 - shown.x0) < _INK or abs(shown.top - shown.bottom) < _INK:
        return
    if not any(shown.is_over(_shown(other.address)) for other in seen):
        raise Unsure("PDFium passes over text")


class _Shown(NamedTuple):
    """What an object shows: the box around its ink, its font and size."""

    x0: float
    bottom: float
    x1: float
    top: float
    font: int
    size: float

    def is_over(self, other: _Shown) -> bool:
        return self[4:] == other[4:] and all(
            abs(one - two) < _DOUBLE for one, two in zip(self[:4], other[:4], strict=True)
        )


def _shown(address: int) -> _Shown:
    object_font_size(address, *_number.at)
    object_bounds(address, *_box.at)
    x0, bottom, x1, top = _box.read()
    return _Shown(x0, bottom, x1, top, object_font(address), *_number.read())
