"""Reading and writing ``jurisdictions.yml``; each fault is said with its entry and its key."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from parsers.faults import allowed
from sanctuary.decisions import Decisions, Entry, FacilityDecision, NameDecision, OwnPlace
from sanctuary.errors import CommandError
from sanctuary.shipped import shipped
from sanctuary.sources_file import StrictLoader, one_line_of

Made = TypeVar("Made", NameDecision, FacilityDecision)
_HEAD = "# What people decided about printed names. New decisions go to the end.\n"


class DecisionsError(CommandError):
    """``jurisdictions.yml`` does not hold: a person mends it."""


def load_decisions(path: Path) -> Decisions:
    """Return what was decided; nothing where there is no file.

    Raises DecisionsError, a line for each fault: which entry, which key, what is allowed.
    """
    return _decisions(path, _text(path))


def load_all_decisions(path: Path) -> Decisions:
    """Return what a file decides, and after it what is decided of the sources that ship.

    Where both decide the same, the file's counts. Raises DecisionsError as ``load_decisions``.
    """
    decided = load_decisions(path).before(load_decisions(shipped("jurisdictions.yml")))
    if faults := _circles(decided.places):
        raise DecisionsError("\n".join(f"{path}: {fault}" for fault in faults))
    return decided


def _decisions(path: Path, text: str) -> Decisions:
    entries = _entries(path, text)
    decided: list[Entry] = []
    faults: list[str] = []
    seen: dict[object, int] = {}
    for number, data in enumerate(entries, start=1):
        try:
            entry = _model(data).model_validate(data)
        except ValidationError as error:
            faults += _faults(error, number, data)
            continue
        first = seen.setdefault(entry.subject(), number)
        if first != number:
            faults.append(f"{_named(number, data)}: entry {first} decides the same; keep one")
        decided.append(entry)
    faults += _circles(tuple(each for each in decided if isinstance(each, OwnPlace)))
    if faults:
        raise DecisionsError("\n".join(f"{path}: {fault}" for fault in faults))
    return Decisions(
        names=tuple(each for each in decided if isinstance(each, NameDecision)),
        facilities=tuple(each for each in decided if isinstance(each, FacilityDecision)),
        places=tuple(each for each in decided if isinstance(each, OwnPlace)),
    )


def _circles(places: tuple[OwnPlace, ...]) -> list[str]:
    """Return a fault for each place that lies in itself, by whatever lies between."""
    parents = {each.place: each.parent for each in places}
    faults = []
    for each in places:
        above, seen = each.parent, set[str]()
        while above is not None and above not in seen and above != each.place:
            seen.add(above)
            above = parents.get(above)
        if above == each.place:
            faults.append(f"{each.place}: parent: it would lie in itself")
    return faults


def _text(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise DecisionsError(f"{path}: it cannot be read: {one_line_of(error)}") from error


def _entries(path: Path, text: str) -> list[Any]:
    try:
        loader = StrictLoader(text)
        try:
            data = loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise DecisionsError(f"{path}: it cannot be read: {one_line_of(error)}") from error
    except RecursionError as error:
        raise DecisionsError(f"{path}: it cannot be read: lists within lists") from error
    if data is None:
        return []
    if not isinstance(data, list):
        raise DecisionsError(f"{path}: it is no list of decisions; each begins with “- source: …”")
    return data


def _model(data: object) -> type[NameDecision] | type[FacilityDecision] | type[OwnPlace]:
    """Return of which kind an entry is, by the key that only that kind has."""
    if isinstance(data, dict) and "place" in data:
        return OwnPlace
    if isinstance(data, dict) and "facility" in data:
        return FacilityDecision
    return NameDecision


def _faults(error: ValidationError, number: int, data: object) -> list[str]:
    found = []
    for fault in error.errors():
        said = allowed(fault)
        if fault["type"] == "extra_forbidden":
            said = f"no such key; allowed: {', '.join(_model(data).model_fields)}"
        elif fault["type"] == "missing":
            said = "it is missing"
        elif isinstance(fault["input"], str | int | float):
            said = f"{said}; it says {fault['input']!r}"
        found.append(": ".join([_named(number, data), *map(str, fault["loc"]), said]))
    return found


def _named(number: int, data: object) -> str:
    """Return the place of an entry in the file, and what a person knows it by."""
    names = ("place", "facility", "printed")
    known = [data[key] for key in names if key in data] if isinstance(data, dict) else []
    return f"entry {number} ({known[0]})" if known else f"entry {number}"


def new_entry(model: type[Made], values: dict[str, Any]) -> Made:
    """Return an entry with these values. Raises DecisionsError: which key, what is allowed."""
    try:
        return model.model_validate(values)
    except ValidationError as error:
        faults = (f"{fault['loc'][0]}: {allowed(fault)}" for fault in error.errors())
        raise DecisionsError("; ".join(faults)) from None


def add_decision(path: Path, entry: Entry) -> None:
    """Write a decision to the end of the file, which is made if there is none.

    What stands there stays as it is, comments too; the file is there whole, before or after. Raises
    DecisionsError if it does not hold or decides the same already, OSError if it cannot be written.
    """
    text = _text(path)
    before = _decisions(path, text)
    decided: tuple[Entry, ...] = (*before.names, *before.facilities, *before.places)
    for known in decided:
        if known.subject() == entry.subject():
            raise DecisionsError(
                f"{path}: {entry.name()}: it is decided already; change the entry there"
            )
    text = text or _HEAD
    text = f"{text}{'' if text.endswith(chr(10)) else chr(10)}{_as_yaml(entry)}"
    # A file that is laid out unlike ours may not take an entry at its end.
    _decisions(path, text)
    _write(path, text)


def _as_yaml(entry: Entry) -> str:
    data = entry.model_dump(exclude_none=True)
    last = ("by", "when", "why")
    ordered = {key: data[key] for key in (*(key for key in data if key not in last), *last)}
    text: str = yaml.safe_dump([ordered], sort_keys=False, allow_unicode=True, width=100)
    return text


def _write(path: Path, text: str) -> None:
    path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".part-", dir=path.parent)
    part = Path(name)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        mask = os.umask(0)
        os.umask(mask)
        part.chmod(path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~mask)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
