"""The ``notify`` block of the settings: who is told what, and when.

The address of a target is a secret: the file names it, and another place holds it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from datetime import timedelta
from fnmatch import fnmatchcase
from typing import Annotated, Final, Literal
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    BeforeValidator,
    Field,
    field_validator,
    model_validator,
)

from sanctuary.kinds import ChangeKind
from sanctuary.source_values import STRICT, Address, Duration, Id, Name, TimeZone, Variable

OPERATORS = "operators"
"""Stands in place of a rule's name where somebody is told as an operator."""
AT_ONCE: Final = "at once"
WEEKLY: Final = "weekly"
Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_MINUTES_A_DAY = 24 * 60


def _time_of_day(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MINUTES_A_DAY:
        # In YAML 1.1, which PyYAML reads, the bare 17:30 is a number to the base of sixty.
        return f"{value // 60:02}:{value % 60:02}"
    if not isinstance(value, str) or not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
        raise ValueError("allowed: an hour and a minute, like 07:00")
    return value


TimeOfDay = Annotated[str, BeforeValidator(_time_of_day)]


class Rule(BaseModel):
    """Who is told what. A filter that is empty lets everything through."""

    model_config = STRICT

    name: Name
    to: list[Id] = Field(min_length=1)
    """The names of targets."""
    sources: list[Name] = []
    """Ids of sources, or patterns like ``ice-*``."""
    policies: list[Name] = []
    """Ids of sources of policies, or the places whose policies they are; beside ``sources`` it adds
    to these."""
    kinds: list[ChangeKind] = []
    states: list[Name] = []
    """``NY`` or ``New York``."""
    places: list[Name] = []
    """As ``sanctuary place`` takes them: an id, or a name with its state."""
    when: Literal["at once", "daily", "weekly"] = AT_ONCE
    at: TimeOfDay = "07:00"
    """When a digest is due."""
    day: Day = "monday"
    """On which day a weekly digest is due."""
    timezone: TimeZone | None = None
    """The zone of ``at``; that of all rules if it is not set."""
    held: bool | None = None
    """Whether it is told at once of documents that are held; if it is not set, of those of
    sources that the rule names."""

    @field_validator("name")
    @classmethod
    def _is_not_the_operators(cls, name: str) -> str:
        if name == OPERATORS:
            raise ValueError("the operators have this name; give the rule another")
        return name

    def names_source(self, source_id: str) -> bool:
        """Say whether ``sources`` names a source."""
        return any(fnmatchcase(source_id, pattern) for pattern in self.sources)


class NotifySettings(BaseModel):
    """Who is told what; nobody is told anything as it ships."""

    model_config = STRICT

    site: Address | None = None
    """The address of the pages, which messages link to."""
    timezone: TimeZone = "UTC"
    """In which digests are due, where a rule does not say otherwise."""
    targets: dict[Id, Variable] = {}
    """By name: the secret that holds the Apprise address (``sanctuary.secrets``)."""
    operators: list[Id] = []
    """The targets that are told at once what only an operator can mend."""
    rules: list[Rule] = []
    not_older_than: Duration = timedelta(days=7)
    """What was public for longer before it was recorded is told to nobody: old documents are no
    news."""
    grace: Duration = timedelta(hours=3)
    """How long a row that was removed is waited for."""
    hiccup: Duration = timedelta(hours=6)
    """How long a list is waited for that was taken down, or lost most of its rows at once."""
    codifier_notes: Literal["at once", "digest", "never"] = "digest"
    """When to tell that a section has another note, number or place, and the law is the same."""
    failing_after: Duration = timedelta(hours=24)
    """How long a target may fail before the operators are told."""

    @field_validator("site")
    @classmethod
    def _site_has_no_login(cls, site: str | None) -> str | None:
        if site is not None and "@" in urlsplit(site).netloc:
            raise ValueError("each message would show the login in it; allowed: one without")
        return site

    @model_validator(mode="after")
    def _names_are_known(self) -> NotifySettings:
        for faults in (self._faults_of_names(), self._faults_of_targets()):
            if said := next(faults, None):
                raise ValueError(said)
        return self

    def _faults_of_names(self) -> Iterator[str]:
        for name, count in Counter(rule.name for rule in self.rules).items():
            if count > 1:
                yield f"rule {name}: name: it stands twice; each needs one of its own"

    def _faults_of_targets(self) -> Iterator[str]:
        known = ", ".join(sorted(self.targets)) or "none yet, see `targets`"
        asked = [("operators", each) for each in self.operators]
        asked += [(f"rule {rule.name}: to", each) for rule in self.rules for each in rule.to]
        for where, target in asked:
            if target not in self.targets:
                yield f"{where}: there is no target {target}; allowed: {known}"

    def fault_of_sources(self, ids: Collection[str]) -> str | None:
        """Return what is wrong with the sources that rules name, None if nothing is.

        ``ids`` are those of all sources that are watched.
        """
        for rule in self.rules:
            for pattern in rule.sources:
                if not any(fnmatchcase(each, pattern) for each in ids):
                    return (
                        f"rule {rule.name}: sources: there is no source {pattern}; allowed: the id "
                        "of an entry, or a pattern like ice-* that one answers to"
                    )
        return None
