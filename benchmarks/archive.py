"""Keeping many captures of one page that differ by nonces, against a gzip file of each."""

from __future__ import annotations

import gzip
import os
import random
import tempfile
from functools import partial
from pathlib import Path

from benchmarks.figure import Amount, Figure, Row
from benchmarks.measuring import costs
from scraper.archive import Archive

CAPTURES = 100
SIZE = 300_000
NONCES = 10

SIZES = Row(
    f"{CAPTURES} captures of a page of {SIZE // 1000} kB, new nonces in each, kept", "`gzip`"
)
PUTTING = Row("putting them", "`gzip` of each, written and synced")
GETTING = Row("getting them", "unpacking the `gzip` files")
ROWS = (SIZES, PUTTING, GETTING)


def figures() -> list[Figure]:
    """Return what the captures take on the disk, and what it costs to put and to get them."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "pages").mkdir()
        for number, page in enumerate(pages()):
            (folder / "pages" / f"{number:03}").write_bytes(page)
        put_all(folder, "archive")
        write_all(folder, "plain")
        ours, plain = (_bytes(folder / each) for each in ("archive", "plain"))
        blocks, plain_blocks = (Archive.at(folder / each).size() for each in ("archive", "plain"))
        get, read = costs(partial(get_all, folder), partial(read_all, folder))
        put, write = costs(partial(put_all, folder), partial(write_all, folder))
    return [
        SIZES.figure(
            Amount(ours / 1e6, "MB"),
            Amount(plain / 1e6, "MB"),
            f"in blocks of the disk {blocks / plain_blocks:.2f} times",
        ),
        PUTTING.figure(put, write, "ours packs twice, unpacks to prove it, and syncs the folders"),
        GETTING.figure(get, read, "ours reads two files and checks two hashes for each"),
    ]


def pages() -> list[bytes]:
    """Return the captures: rows of a list with scripts among them that carry a nonce."""
    chance = random.Random(1)
    rows = [
        f"<tr><td>County {number} of Freedonia</td><td>{chance.getrandbits(64):x}</td></tr>\n"
        for number in range(SIZE // 62)
    ]
    every = len(rows) // NONCES
    return ["".join(_with_nonces(rows, every, chance)).encode() for _ in range(CAPTURES)]


def _with_nonces(rows: list[str], every: int, chance: random.Random) -> list[str]:
    return [
        f'<script nonce="{chance.getrandbits(128):032x}"></script>\n{row}'
        if number % every == 0
        else row
        for number, row in enumerate(rows)
    ]


def put_all(folder: Path, name: str | None = None) -> None:
    """Put the captures in an archive, a new one if none is named, each like the one before."""
    archive = Archive.at(folder / name if name else Path(tempfile.mkdtemp(dir=folder)))
    like = None
    for path in sorted((folder / "pages").iterdir()):
        like = archive.put(path.read_bytes(), like)


def write_all(folder: Path, name: str | None = None) -> None:
    """Write a gzip file of each capture into a folder, a new one if none is named, and sync it."""
    target = folder / name if name else Path(tempfile.mkdtemp(dir=folder))
    target.mkdir(exist_ok=True)
    for path in sorted((folder / "pages").iterdir()):
        with (target / f"{path.name}.gz").open("wb") as file:
            file.write(gzip.compress(path.read_bytes()))
            file.flush()
            os.fsync(file.fileno())


def get_all(folder: Path) -> None:
    """Get every capture."""
    archive = Archive.at(folder / "archive")
    for sha256 in archive.hashes():
        archive.get(sha256)


def read_all(folder: Path) -> None:
    """Unpack every gzip file."""
    for path in (folder / "plain").iterdir():
        gzip.decompress(path.read_bytes())


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
