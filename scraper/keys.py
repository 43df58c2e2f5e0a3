"""The operator's keys for APIs: sent to the host that they are for, and kept nowhere.

A key goes over https only, and only where the certificate was verified: whoever else answers would
have it. It is not sent once a redirect has led to another host, nor for a robots.txt. An answer
that repeats it is not kept.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping

import httpx

from scraper.errors import BadNetwork

SEEN = "(key)"
"""What is recorded in place of the value."""
SHORTEST = 6
"""Characters: what is shorter stands in any answer by chance."""


class Keys:
    """The headers that carry a key, by host."""

    def __init__(self, by_host: Mapping[str, Mapping[str, str]]) -> None:
        """Take the values of the headers. Raises BadNetwork if one cannot be sent as it is.

        What a header cannot hold would come back in the error of who was to send it.
        """
        for host, headers in by_host.items():
            for name, value in headers.items():
                if not (value.isascii() and value.isprintable() and value.strip() == value != ""):
                    reason = f"what {name} of {host} is set to is empty, or no header can hold it"
                    raise BadNetwork("keys", reason)
        self._by_host = {_plain(host): dict(headers) for host, headers in by_host.items()}
        # hpack, which packs the headers of HTTP/2, logs each as it is, to whoever wants details.
        logging.getLogger("hpack").setLevel(logging.INFO)

    def has(self, host: str) -> bool:
        """Say whether there is a key for ``host``."""
        return bool(self._by_host.get(_plain(host)))

    def headers(self, url: httpx.URL) -> Mapping[str, str]:
        """Return what a request to ``url`` carries: nothing, where it is not https."""
        return self._by_host.get(_plain(url.host), {}) if url.scheme == "https" else {}


def tells(key: Mapping[str, str], body: bytes, headers: httpx.Headers) -> bool:
    """Say whether an answer has the value of a header of the key in it, as some errors do."""
    secrets = [value.encode() for value in key.values() if len(value) >= SHORTEST]
    came = [body, *(value for _, value in headers.raw)]
    return any(secret in text for secret in secrets for text in came)


def _plain(host: str) -> str:
    return host.lower().rstrip(".")
