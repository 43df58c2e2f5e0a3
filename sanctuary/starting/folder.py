"""The files of a folder in which somebody begins to watch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml

from sanctuary import __version__
from sanctuary.errors import CommandError
from sanctuary.new_file import new_file
from sanctuary.shipped import shipped
from sanctuary.sources import Sources
from sanctuary.sources_file import sources_in
from sanctuary.starting.shipped_entries import shipped_entries

_SETTINGS = Path(__file__).parent / "settings.yml"
_NO_CONTACT = "  contact: null\n"
_OF_METADATA = """\
# A copy of what ships with Sanctuary Tracker {version}. `sanctuary serve` in this folder shows it:
# put your own title, description and licence here. Delete the file to go back to what ships.
#
"""


class ThereAlready(CommandError):
    """What the caller wants to be in a file cannot be put there: the file is somebody's own."""

    def __init__(self, file: Path, wanted: str) -> None:
        """Take the file, and what was to be in it."""
        super().__init__(
            f"{file} is there already, and is not replaced; put {wanted} into it by hand, or name "
            "another folder"
        )


@dataclass(frozen=True)
class Begun:
    """What was done in a folder."""

    written: tuple[Path, ...]
    kept: tuple[Path, ...]
    """Files that were there before, and are as they were."""
    sources: Sources | None
    """What is watched there; None if its file was there before, and was not looked at."""


def begin_folder(folder: Path, contact: str | None = None, only: Iterable[str] = ()) -> Begun:
    """Write ``sources.yml`` and ``metadata.yml`` into ``folder``, as far as they are not there.

    ``contact`` goes into the settings; with ``only`` the sources of these ids are watched, else all
    that ship. Raises ThereAlready if the one or the other is given and there is a ``sources.yml``,
    NoSuchEntry for an unknown id, SourcesError if what would be written does not hold, and OSError
    if the folder cannot be written to.
    """
    file, metadata = folder / "sources.yml", folder / "metadata.yml"
    only = tuple(only)
    if file.exists() and (contact or only):
        raise ThereAlready(file, "the contact" if contact else "the entries")
    text = _sources(contact, only)
    sources = sources_in(text, file)
    wanted = {
        file: text,
        metadata: _OF_METADATA.format(version=__version__)
        + shipped("metadata.yml").read_text("utf-8"),
    }
    kept = tuple(each for each in wanted if each.exists())
    folder.mkdir(parents=True, exist_ok=True)
    written = tuple(each for each in wanted if each not in kept)
    for each in written:
        with new_file(each) as out:
            out.write(wanted[each].encode())
    return Begun(written, kept, sources if file in written else None)


def _sources(contact: str | None, only: Iterable[str]) -> str:
    settings = _SETTINGS.read_text("utf-8")
    if contact is not None:
        said = yaml.safe_dump({"contact": contact}, width=10_000)
        settings = settings.replace(_NO_CONTACT, f"  {said}")
    return f"{settings}sources:\n{shipped_entries(only)}"
