"""A server for a browser, and the browser: Chromium, at the width of a desktop and of a phone."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn
import yaml
from datasette.app import Datasette
from playwright.sync_api import Browser, Page, sync_playwright

from sanctuary.shipped import shipped

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
WIDTHS = {"desktop": (1280, 900), "phone": (375, 800)}


class _Server(uvicorn.Server):
    """A server that says when it listens."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()


@contextmanager
def listening(*databases: Path) -> Iterator[str]:
    """Serve databases with the metadata that ships; yield the address of the site."""
    metadata = yaml.safe_load(shipped("metadata.yml").read_text())
    datasette = Datasette([str(path) for path in databases], metadata=metadata)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = _Server(uvicorn.Config(datasette.app(), log_level="error"))
        thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
        thread.start()
        assert server.listens.wait(timeout=30)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        server.should_exit = True
        thread.join(timeout=30)
    datasette.executor.shutdown()
    for database in datasette.databases.values():
        database.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Start the browser. Where there is none the test is skipped, but never in continuous tests."""
    if not CHROMIUM.exists():
        reason = f"there is no browser at {CHROMIUM}: the pages were not looked at"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


class Watched:
    """A page, with what its console said and which addresses it asked."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        self.asked: list[str] = []
        page.on("console", self._note)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", lambda request: self.asked.append(request.url))

    def _note(self, message: Any) -> None:
        if message.type in ("error", "warning"):
            self.errors.append(message.text)

    def fits(self) -> bool:
        """Say whether nothing of the page lies beyond its right edge."""
        widest = self.page.evaluate("document.documentElement.scrollWidth")
        return bool(widest <= self.page.evaluate("window.innerWidth"))

    def strangers(self, address: str) -> list[str]:
        """Return the addresses that were asked of any but the site at ``address``."""
        return [url for url in self.asked if not url.startswith((address, "data:"))]


@contextmanager
def watching(browser: Browser, width: str) -> Iterator[Watched]:
    """Open an empty page of a width of ``WIDTHS``."""
    wide, high = WIDTHS[width]
    context = browser.new_context(viewport={"width": wide, "height": high})
    yield Watched(context.new_page())
    context.close()
