"""Reading ``sources.yml``, and saying of each fault which entry, which key and what is allowed."""

from __future__ import annotations

import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any, get_args

import yaml
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from parsers.faults import allowed
from sanctuary.errors import SourcesError
from sanctuary.sources import Sources


class StrictLoader(yaml.SafeLoader):
    """YAML that refuses a key that stands twice, of which PyYAML silently drops the first."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Return a mapping whose keys are words that stand once."""
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise yaml.constructor.ConstructorError(
                    None, None, "a key has to be a word", key.start_mark
                )
            if key.value in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value} stands twice", key.start_mark
                )
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def load_sources(path: Path) -> Sources:
    """Return what ``path`` says is watched.

    Raises SourcesError, a line for each fault: which entry, which key, what is allowed.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SourcesError(f"{path}: it cannot be read: {one_line_of(error)}") from error
    return sources_in(text, path)


def sources_in(text: str, path: Path) -> Sources:
    """Return what a text that stands, or is to stand, in ``path`` says is watched.

    Raises SourcesError as ``load_sources`` does.
    """
    try:
        loader = StrictLoader(text)
        try:
            data = loader.get_single_data()
        finally:
            loader.dispose()
    except yaml.YAMLError as error:
        raise SourcesError(f"{path}: it cannot be read: {one_line_of(error)}") from error
    except RecursionError as error:
        raise SourcesError(f"{path}: it cannot be read: lists within lists") from error
    if not isinstance(data, dict):
        raise SourcesError(f"{path}: it holds no list of sources; see the one that ships")
    try:
        return Sources.model_validate(data)
    except ValidationError as error:
        faults = [_fault(fault, data) for fault in error.errors()]
        raise SourcesError(f"{path}: " + f"\n{path}: ".join(faults)) from None


def one_line_of(error: Exception) -> str:
    """Return in one line what is wrong with a file."""
    return " ".join(str(error).split()).replace('in "<unicode string>", ', "")


def _fault(fault: ErrorDetails, data: dict[str, Any]) -> str:
    where = fault["loc"]
    said = allowed(fault)
    if fault["type"] == "extra_forbidden":
        said = f"no such key; allowed: {', '.join(_model_at(where[:-1]).model_fields)}"
    elif fault["type"] == "missing":
        said = "it is missing"
    elif isinstance(fault["input"], str | int | float) and not _may_be_secret(where):
        said = f"{said}; it says {_without_login(repr(fault['input']))}"
    return ": ".join([*_names(where, data), said])


def _may_be_secret(where: tuple[int | str, ...]) -> bool:
    """Say whether somebody may have put the address of a target there, in place of its name."""
    return where[:2] == ("settings", "notify") and bool({"targets", "operators", "to"} & {*where})


def _without_login(text: str) -> str:
    return re.sub(r"//[^/\s]*@", "//…@", text)


def _names(where: tuple[int | str, ...], data: dict[str, Any]) -> list[str]:
    """Return the keys that lead to a fault, the entry by its id or by its place in the file."""
    match where:
        case ("sources", int(number), *keys):
            entry, before = data["sources"][number], []
            name = f"source {_called(entry, 'id', number)}"
        case ("settings", "notify", "rules", int(number), *keys):
            entry, before = data["settings"]["notify"]["rules"][number], ["settings", "notify"]
            name = f"rule {_called(entry, 'name', number)}"
        case _:
            return [str(part) for part in where]
    return [*before, name, *map(str, keys)]


def _called(entry: object, key: str, number: int) -> str:
    name = entry.get(key) if isinstance(entry, dict) else None
    return str(name or f"number {number + 1}")


def _model_at(where: tuple[int | str, ...]) -> type[BaseModel]:
    model: type[BaseModel] = Sources
    for key in where:
        # What is no field is a number in a list, or a name that the file gives itself.
        if key in model.model_fields:
            annotation: Any = model.model_fields[str(key)].annotation
            parts = [annotation, *get_args(annotation)]
            model = next(
                (each for each in parts if isinstance(each, type) and issubclass(each, BaseModel)),
                model,
            )
    return model
