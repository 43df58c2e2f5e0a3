"""The kinds of values in ``sources.yml``: what is allowed, and what is said of anything else."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from cronsim import CronSim, CronSimError
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from parsers.registry import parser_names
from scraper.archive_address import shelf_at
from scraper.errors import BadArchiveAddress

STRICT = ConfigDict(extra="forbid", frozen=True)
"""Of each part of the file: no key but those it names, and nothing changes once it is loaded."""
_EVERY = ("hourly", "daily", "weekly")
_SOME_DAY = datetime(2025, 1, 1)
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def _duration(value: object) -> object:
    match = re.fullmatch(r"(\d+)\s*([smhdw])", value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError("allowed: a number with s, m, h, d or w, like 3h")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _id(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", value):
        raise ValueError("allowed: small letters, digits and single hyphens, like ddor-weekly")
    return value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"allowed: a regular expression, which this is not ({error})") from error
    return value


def _address(value: str) -> str:
    if not is_web_address(value):
        raise ValueError("allowed: an address that begins with http:// or https://")
    return value


def is_web_address(text: str) -> bool:
    """Say whether ``text`` is an address of the web: http or https, with a host, without blanks."""
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(host) and not re.search(r"[\s\\]", text)


def _parser(value: str) -> str:
    names = parser_names()
    if value not in names:
        raise ValueError(f"allowed: an installed parser ({', '.join(names)})")
    return value


def _contact(value: str) -> str:
    # It travels in a header: no blanks, no line breaks, nothing but ASCII.
    if not re.fullmatch(r"[!-~]+", value):
        raise ValueError("allowed: a web or mail address without blanks")
    return value


def _off(value: object) -> object:
    # In YAML 1.1, which PyYAML reads, the bare word off is the truth value.
    return "off" if value is False else value


def _on_or_off(value: object) -> object:
    return "on" if value is True else _off(value)


def _host_and_port(value: str) -> str:
    if not re.fullmatch(r"([a-z0-9.-]+|\[[0-9a-f:]+\]):\d+", value):
        raise ValueError("allowed: a host and a port, like localhost:8000 or [::1]:8000")
    return value


def _host_name(value: str) -> str:
    if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", value):
        raise ValueError("allowed: the name of a host, like api.ecode360.com")
    return value


def _header_name(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9-]+", value):
        raise ValueError("allowed: the name of a header, like api-key")
    return value


def _schedule(value: str) -> str:
    words = " ".join(value.split())
    if words in _EVERY:
        return words
    try:
        CronSim(words, _SOME_DAY)
        # CronSim takes a sixth field, of seconds.
        is_cron = len(words.split()) == 5
    except CronSimError:
        is_cron = False
    if not is_cron:
        raise ValueError(
            "allowed: hourly, daily, weekly, or a cron expression of five fields, like 30 9 * * 1-5"
        )
    return words


def _time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        raise ValueError("allowed: a time zone like America/New_York") from None
    return value


def _variable(value: str) -> str:
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", value):
        raise ValueError(
            "allowed: the name of a secret (an environment variable), like PROXY_LOGIN"
        )
    return value


def _proxy(value: str) -> str:
    parts = urlsplit(_address(value))
    if parts.username or parts.password or parts.path.strip("/") or parts.query:
        raise ValueError(
            "allowed: scheme, host and port, like http://proxy.example:3128; "
            "the login goes to proxy_login"
        )
    return value


def _archive(value: str) -> str:
    try:
        shelf_at(value)
    except BadArchiveAddress as error:
        raise ValueError(str(error)) from None
    if value.lower().startswith("memory:"):
        raise ValueError("what is in memory is gone with the command; name a place that lasts")
    return value


Duration = Annotated[timedelta, BeforeValidator(_duration)]
Id = Annotated[str, AfterValidator(_id)]
Pattern = Annotated[str, AfterValidator(_pattern)]
Address = Annotated[str, AfterValidator(_address)]
ParserName = Annotated[str, AfterValidator(_parser)]
Contact = Annotated[str, AfterValidator(_contact)]
HostAndPort = Annotated[str, AfterValidator(_host_and_port)]
HostName = Annotated[str, AfterValidator(_host_name)]
HeaderName = Annotated[str, AfterValidator(_header_name)]
Name = Annotated[str, Field(min_length=1)]
Schedule = Annotated[str, AfterValidator(_schedule)]
TimeZone = Annotated[str, AfterValidator(_time_zone)]
Variable = Annotated[str, AfterValidator(_variable)]
Proxy = Annotated[str, AfterValidator(_proxy)]
ArchiveAddress = Annotated[str, AfterValidator(_archive)]
Individuals = Annotated[Literal["full", "counts", "off"], BeforeValidator(_off)]
Switch = Annotated[Literal["on", "off"], BeforeValidator(_on_or_off)]
Share = Annotated[float, Field(ge=0, le=1)]
