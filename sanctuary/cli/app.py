"""What every command starts from: the data directory and the sources."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sanctuary.shipped import shipped
from sanctuary.wording import there_are
from sanctuary.workspace import Workspace

if TYPE_CHECKING:
    from sanctuary.sources import Source, Sources


@dataclass(frozen=True)
class App:
    """The choices made before the command."""

    data_dir: Path
    sources_file: Path | None
    decisions_file: Path | None = None

    @property
    def workspace(self) -> Workspace:
        """The data directory."""
        return Workspace(self.data_dir, self.decisions_path, self.sources)

    @property
    def sources_path(self) -> Path:
        """What is watched: the named file, that of this folder, or the one that ships."""
        here = Path("sources.yml")
        return self.sources_file or (here if here.exists() else shipped("sources.yml"))

    @property
    def decisions_path(self) -> Path:
        """What people decided about names: the named file, or that beside what is watched.

        Where what is watched is the file that ships, it is looked for in this folder.
        """
        if self.decisions_file is not None:
            return self.decisions_file
        ships = self.sources_path == shipped("sources.yml")
        return (Path() if ships else self.sources_path.parent) / "jurisdictions.yml"

    def sources(self) -> Sources:
        """Read what is watched.

        Raises SourcesError for a file that does not hold.
        """
        # Most commands only look, and need not wait until this is loaded.
        from sanctuary.sources_file import load_sources

        return load_sources(self.sources_path)

    def source(self, source_id: str) -> Source:
        """Return one source by its id; an unknown one is a usage error that says so."""
        sources = self.sources()
        for source in sources.sources:
            if source.id == source_id:
                return source
        known = there_are(source_id, (source.id for source in sources.sources))
        raise click.BadParameter(f"no source {source_id!r}; {known}")
