"""Running a parser on bytes, and saying in one line why there is no reading."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from parsers.errors import ReadingError
from parsers.records import PageSpot, Problem, Reading
from parsers.registry import Parser, parser_named, parser_names
from sanctuary.errors import NoSuchParser


def find_parser(name: str) -> Parser:
    """Return the installed parser of that name.

    Raises NoSuchParser, which lists those there are.
    """
    try:
        return parser_named(name)
    except KeyError:
        raise NoSuchParser(name, parser_names()) from None


def read_document(parser: Parser, data: bytes, options: Mapping[str, Any]) -> Reading | Problem:
    """Return what ``parser`` reads from ``data``, or the problem that left nothing to read.

    An error that the parser did not foresee is such a problem too: it is the same each time, and
    the documents after this one have to be read. Want of memory is not, and is raised.
    """
    try:
        return parser.read(data, options)
    except ReadingError as error:
        whole_page = (PageSpot(error.page, (0.0, 0.0, 0.0, 0.0)),) if error.page else ()
        return Problem("unreadable", str(error), evidence=whole_page)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - whatever a library raises on a broken document
        said = " ".join(str(error).split())
        return Problem(
            "parser_failed",
            f"the parser {parser.name} failed on it ({type(error).__name__}: {said}); "
            "please report it with the document",
        )
