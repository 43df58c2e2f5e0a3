"""How an answer comes back from the process that made it: as JSON whose every value is checked.

The process that reads a hostile document may have become hostile itself. Its answer is data and
never code, which rules out pickles, and only the closed list of record types comes out of it.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from parsers.bundle import Wanted
from parsers.records import RECORD_BY_TABLE, RECORD_TYPES, Check, EditionClaim, Problem, Reading

_T = TypeVar("_T")
_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {
    of: TypeAdapter(of) for of in (EditionClaim, Check, Problem, Wanted, *RECORD_TYPES)
}

LONGEST_ANSWER = 50_000_000
"""Bytes; a list of 100,000 rows takes less."""


class NoReading(Exception):
    """Bytes that are no answer."""


def encode(answer: Reading | Problem) -> bytes:
    """Return an answer as bytes; raise TypeError for what holds other than the known records."""
    if isinstance(answer, Problem):
        return _json({"problem": answer})
    if not isinstance(answer, Reading):
        raise TypeError(f"it returned {type(answer).__name__}, not a Reading")
    for record in (*answer.tables, *map(type, answer.records)):
        if record not in RECORD_BY_TABLE.values():
            raise TypeError(f"it returned {record!r}, which is no record type of parsers.records")
    return _json(
        {
            "edition": answer.edition,
            "tables": [record.table for record in answer.tables],
            "records": [(record.table, record) for record in answer.records],
            "checks": answer.checks,
            "problems": answer.problems,
        }
    )


def encode_wanted(wanted: Sequence[Wanted]) -> bytes:
    """Return what to ask a host for as bytes; raise TypeError for what holds anything else."""
    for each in wanted:
        if not isinstance(each, Wanted):
            raise TypeError(f"it returned {type(each).__name__}, not Wanted")
    return _json({"wanted": list(wanted)})


def decode(answer: bytes) -> Reading | Problem:
    """Return the answer that ``encode`` wrote; raise NoReading for anything else."""
    with _nothing_else():
        plain = json.loads(answer)
        if "problem" in plain:
            return _checked(Problem, plain["problem"])
        return Reading(
            edition=_checked(EditionClaim, plain["edition"]),
            tables=tuple(RECORD_BY_TABLE[table] for table in plain["tables"]),
            records=tuple(
                _checked(RECORD_BY_TABLE[table], record) for table, record in plain["records"]
            ),
            checks=tuple(_checked(Check, check) for check in plain["checks"]),
            problems=tuple(_checked(Problem, problem) for problem in plain["problems"]),
        )


def decode_wanted(answer: bytes) -> tuple[Wanted, ...] | Problem:
    """Return the answer that ``encode_wanted``, or ``encode`` of a problem, wrote.

    Raises NoReading for anything else.
    """
    with _nothing_else():
        plain = json.loads(answer)
        if "problem" in plain:
            return _checked(Problem, plain["problem"])
        return tuple(_checked(Wanted, each) for each in plain["wanted"])


@contextmanager
def _nothing_else() -> Iterator[None]:
    try:
        yield
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        where = ".".join(map(str, first["loc"]))
        raise NoReading(f"{error.title}: {where}: {first['msg']}") from error
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise NoReading(f"{type(error).__name__}: {error}"[:200]) from error


def _json(value: object) -> bytes:
    return json.dumps(value, default=_fields).encode("ascii")


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}


def _checked(of: type[_T], plain: object) -> _T:
    if not isinstance(plain, dict):
        raise TypeError(f"{of.__name__} is not an object")
    checked: _T = _ADAPTERS[of].validate_python(plain)
    return checked
