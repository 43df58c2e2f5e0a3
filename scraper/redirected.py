"""Where a redirect led that should have led to a document."""

from __future__ import annotations

import re
from enum import Enum
from urllib.parse import urlsplit


class Elsewhere(Enum):
    """What the address at the end of a redirect is, as a clause."""

    LOGIN = "the server sends on to a login"
    ERROR_PAGE = "the server sends on to a page for errors"
    HOME = "the server sends on to the site's home page"


_LOGIN = frozenset(
    {"login", "logon", "signin", "signon", "authenticate", "adfs", "saml", "saml2", "sso", "oauth2"}
    | {"accessdenied"}
)
_LOGIN_HOSTS = frozenset({"login", "signin", "sso", "auth", "adfs", "idp"})
_ERROR = frozenset(
    {"error", "errors", "errorpage", "customerror", "genericerror", "servererror", "404", "500"}
    | {"503", "404error", "error404", "notfound", "pagenotfound", "filenotfound", "unavailable"}
)
_HOME = frozenset({"index", "home", "default"})


def led_elsewhere(asked: str, final: str) -> Elsewhere | None:
    """Return where the address ``final`` is that a redirect from ``asked`` led to.

    None if it may be where the document went. An address that was asked for in so many words is
    where it should be, whatever it is called.
    """
    host, names = _place(final)
    asked_host, asked_names = _place(asked)
    new = [name for name in names if name not in asked_names]
    if _LOGIN.intersection(new) or (host != asked_host and host.split(".")[0] in _LOGIN_HOSTS):
        return Elsewhere.LOGIN
    if names[-1:] == new[-1:] and _ERROR.intersection(names[-1:]):
        return Elsewhere.ERROR_PAGE
    if host == asked_host and _is_home(final, names) and not _is_home(asked, asked_names):
        return Elsewhere.HOME
    return None


def _place(address: str) -> tuple[str, list[str]]:
    """Return the host without ``www.``, and the names on its path as people would say them."""
    parts = urlsplit(address)
    names = [name for name in parts.path.lower().split("/") if name]
    host = (parts.hostname or "").removeprefix("www.")
    return host, [re.sub(r"\.\w+$|[-_]", "", name) for name in names]


def _is_home(address: str, names: list[str]) -> bool:
    return not urlsplit(address).query and (not names or (len(names) == 1 and names[0] in _HOME))
