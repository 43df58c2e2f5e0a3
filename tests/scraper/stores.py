"""Places for an archive: a folder, the memory, an S3 server and an SFTP server of this machine."""

from __future__ import annotations

import asyncio
import logging
import os
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncssh
import boto3
import pytest
from fsspec.core import url_to_fs
from moto.server import ThreadedMotoServer
from s3fs import S3FileSystem
from sshfs import SSHFileSystem

from scraper.archive import Archive

BUCKET = "zembla"


class Store:
    """A place for an archive, and all files in it by name."""

    def __init__(self, address: str) -> None:
        """Take the address."""
        self.address = address

    def archive(self) -> Archive:
        """Return the archive as one who comes anew sees it."""
        return Archive.at(self.address)

    def _fs(self) -> tuple[Any, str]:
        remembers = self.address.startswith("s3:")
        options: dict[str, Any] = {"use_listings_cache": False} if remembers else {}
        files, root = url_to_fs(self.address, **options)
        return files, root.rstrip("/")

    def names(self) -> list[str]:
        """Return the names of all files, in order."""
        files, root = self._fs()
        return sorted(each.removeprefix(f"{root}/") for each in files.find(root))

    def read(self, name: str) -> bytes:
        """Return the bytes of a file."""
        files, root = self._fs()
        return bytes(files.cat_file(f"{root}/{name}"))

    def write(self, name: str, data: bytes) -> None:
        """Write a file, behind the archive's back."""
        files, root = self._fs()
        files.makedirs(f"{root}/{name}".rpartition("/")[0], exist_ok=True)
        if (Path(root) / name).is_file():
            (Path(root) / name).chmod(0o644)
        files.pipe_file(f"{root}/{name}", data)

    def remove(self, name: str) -> None:
        """Remove a file, behind the archive's back."""
        files, root = self._fs()
        files.rm_file(f"{root}/{name}")

    def all_files(self) -> dict[str, bytes]:
        """Return every file."""
        return {name: self.read(name) for name in self.names()}


def in_memory() -> Store:
    """Return a place in the memory of this process."""
    return Store(f"memory://{uuid4().hex}")


@contextmanager
def s3_server() -> Iterator[str]:
    """Serve S3 while the context lasts, with one bucket; yields the address of that.

    Server and login are told as an operator tells them, by the environment.
    """
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        patch.setenv("AWS_ACCESS_KEY_ID", "kinbote")
        patch.setenv("AWS_SECRET_ACCESS_KEY", "secret-of-kinbote")
        patch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        patch.setenv("AWS_CONFIG_FILE", os.devnull)
        patch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
        # One try each: what does not answer on this machine will not.
        patch.setenv("AWS_MAX_ATTEMPTS", "1")
        boto3.client("s3").create_bucket(Bucket=BUCKET)
        S3FileSystem.clear_instance_cache()
        try:
            yield f"s3://{BUCKET}"
        finally:
            server.stop()
            S3FileSystem.clear_instance_cache()


@contextmanager
def sftp_server(home: Path) -> Iterator[tuple[str, Callable[[], None]]]:
    """Serve SFTP while the context lasts, as this user, who knows the server by its key.

    Yields the address of a folder of it, and what breaks all connections. Takes the folder that is
    the user's home meanwhile.
    """
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    connections: list[Any] = []
    key = asyncssh.generate_private_key("ssh-ed25519")
    folder = home / "served"
    folder.mkdir(parents=True)

    async def listen() -> Any:
        return await asyncssh.listen(
            "127.0.0.1",
            0,
            server_host_keys=[key],
            server_factory=lambda: _OpenServer(connections),
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=os.fsencode(folder)),
        )

    async def break_all() -> None:
        for connection in connections:
            connection.abort()
            await connection.wait_closed()

    async def close() -> None:
        server.close()
        await break_all()
        await server.wait_closed()

    def done(coroutine: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result()

    server = done(listen())
    known = home / ".ssh" / "known_hosts"
    known.parent.mkdir()
    known.write_text(
        f"[127.0.0.1]:{server.get_port()} {key.export_public_key().decode()}", encoding="utf-8"
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HOME", str(home))
        try:
            yield f"sftp://kinbote@127.0.0.1:{server.get_port()}", lambda: done(break_all())
        finally:
            SSHFileSystem.clear_instance_cache()
            done(close())
            loop.call_soon_threadsafe(loop.stop)
            thread.join()
            loop.close()


class _OpenServer(asyncssh.SSHServer):
    def __init__(self, connections: list[Any]) -> None:
        self._connections = connections

    def connection_made(self, conn: Any) -> None:
        self._connections.append(conn)

    def begin_auth(self, username: str) -> bool:
        return False
