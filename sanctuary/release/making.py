"""Making a data package: its tables, its papers, its hashes, and the same in one ZIP file.

The same database, name and package before give the same bytes: nothing in it is of the moment at
which it was made.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO

from sanctuary import __version__
from sanctuary.errors import CommandError
from sanctuary.panel_files import check_parquet
from sanctuary.release.datapackage import data_package
from sanctuary.release.described import Described, Table
from sanctuary.release.facts import known_until, released_sources
from sanctuary.release.frozen import Frozen, Opened, freeze
from sanctuary.release.packaged import SUMS, Packaged, release_before
from sanctuary.release.papers import Package, citation, citation_file, codebook, readme
from sanctuary.release.since import CHANGES_FILE, COLUMNS, changed_since, write_changed
from sanctuary.site.download_files import FORMS, Form
from sanctuary.site.download_rows import Row
from sanctuary.sources import Sources
from sanctuary.steps import Steps
from sanctuary.workspace import Workspace

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DATE = (1980, 1, 1, 0, 0, 0)
"""Of every file in the ZIP: the first that the format knows."""


class BadReleaseName(CommandError):
    """A data package cannot be called so."""

    def __init__(self, name: str) -> None:
        """Take the name."""
        super().__init__(
            f"{name!r} is no name for a data package: letters, digits, dots, dashes and "
            "underscores, 64 at most, such as 2025-06"
        )


class ReleaseExists(CommandError):
    """There is a data package of that name, and what was released is not replaced."""

    def __init__(self, path: Path) -> None:
        """Take the folder or file that is there."""
        super().__init__(f"{path} exists already, and a release is never replaced; name another")


@dataclass(frozen=True)
class Made:
    """A data package that was made."""

    name: str
    folder: str
    zip: str
    zip_sha256: str
    as_of: str
    since: str | None
    """The package before it; None for the first."""
    tables: dict[str, int]
    """Rows of each table."""
    changes: dict[str, int]
    """Changes since the package before, by whose they are: values and rows, as changes.csv has."""
    closed: tuple[str, ...]
    """Tables that the setting ``individual_rows`` keeps out."""
    texts_kept_off: tuple[str, ...]
    """Sources whose texts are not in it, or not whole."""


def make_release(
    workspace: Workspace,
    sources: Sources,
    described: Described,
    name: str,
    folder: Path,
    begin: Steps,
    *,
    since: str | None = None,
    parquet: bool = False,
) -> Made:
    """Write the data package ``NAME/`` and ``NAME.zip`` into ``folder``.

    It is compared with the package ``since``, or the newest one that is in the folder. Raises
    BadReleaseName, ReleaseExists, NoSuchRelease, AlteredRelease, NoParquet, and what
    ``Workspace.looking`` does; then nothing is left of it.
    """
    if not _NAME.fullmatch(name):
        raise BadReleaseName(name)
    target, packed = folder / name, folder / f"{name}.zip"
    for path in (target, packed):
        if path.exists():
            raise ReleaseExists(path)
    if parquet:
        check_parquet()
    with workspace.looking() as db:
        known_until(db)
    folder.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(prefix=".part-", dir=folder) as scratch,
        tempfile.TemporaryDirectory(prefix="sanctuary-release-") as copy,
    ):
        part = Path(scratch, name)
        (part / "data").mkdir(parents=True)
        frozen = freeze(workspace.database, Path(copy), sources, described)
        forms = ("csv", "parquet") if parquet else ("csv",)
        with frozen.looking() as db:
            as_of, released = known_until(db), released_sources(db)
        before = release_before(folder, as_of, since)
        tables, rows = _write_tables(frozen, part, forms, begin("tables", len(frozen.offered)))
        closed = tuple(each.name for each in frozen.offered if each.name not in rows)
        causes: Counter[str] = Counter()
        changed: Iterator[dict[str, str]] = iter(())
        if before is not None:
            unfinished = Packaged(part, is_finished=False)
            changed = changed_since(before.package, unfinished, frozen.texts_kept_off)
        (part / CHANGES_FILE).write_bytes(write_changed(_counting(changed, causes)))
        package = Package(
            name=name,
            as_of=as_of,
            version=__version__,
            since=before.name if before else None,
            sources=tuple(released),
            tables=tuple(tables),
            rows=rows,
            changes=dict(sorted(causes.items())),
            closed=closed,
            individual_rows=frozen.individual_rows,
            texts_kept_off=frozen.texts_kept_off,
        )
        _write_papers(part, package, described, forms)
        (part / SUMS).write_text(_sums(part), "utf-8")
        begin("packing", None)
        zipped = Path(scratch, packed.name)
        with zipped.open("wb") as out:
            pack(part, out)
        digest = _sha256(zipped)
        shutil.move(zipped, packed)
        part.rename(target)
    return Made(
        name=name,
        folder=str(target),
        zip=str(packed),
        zip_sha256=digest,
        as_of=as_of,
        since=package.since,
        tables=rows,
        changes=package.changes,
        closed=closed,
        texts_kept_off=frozen.texts_kept_off,
    )


def pack(folder: Path, out: IO[bytes]) -> None:
    """Write a folder with its name as a ZIP file that depends on nothing but its files."""
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as zipped:
        for path in _files(folder):
            inside = PurePosixPath(folder.name, path.relative_to(folder).as_posix())
            info = zipfile.ZipInfo(str(inside), _DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            info.create_system = 3
            with path.open("rb") as file, zipped.open(info, "w", force_zip64=True) as member:
                shutil.copyfileobj(file, member)


def _write_tables(
    frozen: Frozen, part: Path, forms: tuple[str, ...], advance: Callable[[], None]
) -> tuple[list[Table], dict[str, int]]:
    """Write every table that is open in every form; return them, and how many rows each has."""
    tables: dict[str, Table] = {}
    rows: dict[str, int] = {}
    for offered in frozen.offered:
        for form in forms:
            with frozen.opened(offered) as opened:
                if opened is not None:
                    tables[offered.name] = opened.table
                    file = part / "data" / f"{offered.name}.{form}"
                    rows[offered.name] = _write_table(opened, file, FORMS[form])
        advance()
    return list(tables.values()), rows


def _write_table(opened: Opened, file: Path, form: Form) -> int:
    count = 0

    def counted() -> Iterator[Row]:
        nonlocal count
        for row in opened.rows:
            count += 1
            yield row

    meanings = {field.name: field.meaning for field in opened.table.fields}
    with file.open("wb") as out:
        for piece in form.pieces(opened.columns, counted(), meanings):
            out.write(piece)
    return count


def _counting(changed: Iterator[dict[str, str]], causes: Counter[str]) -> Iterator[dict[str, str]]:
    for row in changed:
        causes[row["cause"]] += 1
        yield row


def _write_papers(
    part: Path, package: Package, described: Described, forms: tuple[str, ...]
) -> None:
    (part / "CODEBOOK.md").write_text(codebook(package, COLUMNS), "utf-8")
    (part / "README.md").write_text(readme(package, described), "utf-8")
    (part / "CITATION.cff").write_text(citation_file(package, described), "utf-8")
    files = {
        path.relative_to(part).as_posix(): (path.stat().st_size, _sha256(path))
        for path in _files(part)
    }
    said = data_package(package, described, files, forms)
    (part / "datapackage.json").write_bytes(said)
    text = citation(package, hashlib.sha256(said).hexdigest())
    (part / "CITATION.txt").write_text(text, "utf-8")


def _sums(folder: Path) -> str:
    return "".join(
        f"{_sha256(path)}  {path.relative_to(folder).as_posix()}\n" for path in _files(folder)
    )


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
