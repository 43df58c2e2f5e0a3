"""Keeping many captures of one page that differ by nonces, against a gzip file of each.

On a disk, and on an S3 server that answers late, there against s3fs alone.
"""

from __future__ import annotations

import gzip
import os
import random
import tempfile
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from fsspec.core import url_to_fs

from benchmarks.figure import Amount, Figure, Row, ratio_at_most
from benchmarks.measuring import Prepared, costs
from benchmarks.stores import s3_server
from scraper.archive import Archive

CAPTURES = 100
SIZE = 300_000
NONCES = 10
FEW = 40
LATENCY = 0.02
"""Seconds: about as far as a store of another city."""
FOUR_ROUNDS = ratio_at_most(4)
ONE_AND_A_HALF = ratio_at_most(1.5)

SIZES = Row(
    f"{CAPTURES} captures of a page of {SIZE // 1000} kB, new nonces in each, kept", "`gzip`"
)
PUTTING = Row("putting them", "`gzip` of each, written and synced")
GETTING = Row("getting them", "unpacking the `gzip` files")
FAR = f"an S3 server that answers after {1000 * LATENCY:.0f} ms"
PUTTING_FAR = Row(f"putting {FEW} of them on {FAR}", "`gzip` and `s3fs`: one put", FOUR_ROUNDS)
GETTING_FAR = Row(f"getting {FEW} of them from {FAR}", "`s3fs` and `gzip`: one get", ONE_AND_A_HALF)
ROWS = (SIZES, PUTTING, GETTING, PUTTING_FAR, GETTING_FAR)


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
        few = sorted((folder / "pages").iterdir())[:FEW]
        with s3_server(LATENCY) as address:
            put_far, write_far = costs(
                Prepared(partial(new_far, address), partial(put_pages, few)),
                Prepared(partial(plain_far, address), partial(write_far_all, few)),
            )
            archive = Archive.at(f"{address}/archive")
            put_pages(few, archive)
            write_far_all(few, plain_far(address, "plain"))
            get_far, read_far = costs(
                Prepared(partial(kept_far, address), get_each),
                Prepared(partial(plain_far, address, "plain"), read_far_all),
            )
    return [
        SIZES.figure(
            Amount(ours / 1e6, "MB"),
            Amount(plain / 1e6, "MB"),
            f"in blocks of the disk {blocks / plain_blocks:.2f} times",
        ),
        PUTTING.figure(put, write, "ours packs twice, unpacks to prove it, and syncs the folders"),
        GETTING.figure(get, read, "ours reads two files and checks two hashes for each"),
        PUTTING_FAR.figure(put_far, write_far, "ours asks whether it is there, puts, reads back"),
        GETTING_FAR.figure(
            get_far,
            read_far,
            "ours asks once for what others are stored against; s3fs asks how long each is, too",
        ),
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
    put_pages(sorted((folder / "pages").iterdir()), archive)


def put_pages(pages: list[Path], archive: Archive) -> None:
    """Put pages in an archive, each like the one before."""
    like = None
    for path in pages:
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
    get_each((archive, list(archive.hashes())))


def get_each(kept: tuple[Archive, list[str]]) -> None:
    """Get documents of an archive, given by their hashes."""
    archive, hashes = kept
    for sha256 in hashes:
        archive.get(sha256)


def new_far(address: str) -> Archive:
    """Return an archive of nobody on the server, to which there is a connection."""
    archive = Archive.at(f"{address}/{uuid4().hex}")
    archive.holds("0" * 64)
    return archive


def kept_far(address: str) -> tuple[Archive, list[str]]:
    """Return the archive on the server that was filled, and what it has."""
    archive = Archive.at(f"{address}/archive")
    return archive, list(archive.hashes())


def plain_far(address: str, name: str | None = None) -> tuple[Any, str]:
    """Return s3fs with a connection, and a folder of the server, a new one if none is named."""
    files, bucket = url_to_fs(address, use_listings_cache=False)
    folder = f"{bucket}/{name or uuid4().hex}"
    files.exists(f"{folder}/none")
    return files, folder


def write_far_all(pages: list[Path], plain: tuple[Any, str]) -> None:
    """Put a gzip of each page on the server, under the number of its file."""
    files, folder = plain
    for path in pages:
        files.pipe_file(f"{folder}/{path.name}.gz", gzip.compress(path.read_bytes()))


def read_far_all(plain: tuple[Any, str]) -> None:
    """Get every gzip from the server and unpack it; they are numbered."""
    files, folder = plain
    for number in range(FEW):
        gzip.decompress(files.cat_file(f"{folder}/{number:03}.gz"))


def read_all(folder: Path) -> None:
    """Unpack every gzip file."""
    for path in (folder / "plain").iterdir():
        gzip.decompress(path.read_bytes())


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
