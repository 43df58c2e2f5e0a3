"""The reading of a policy, with the checks that hold one that is no law."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, field_validator

from parsers.options import checked_options
from parsers.policy.code_notes import is_editorial
from parsers.records import Check, EditionClaim, Policy, PolicySection, Problem, Reading
from parsers.records.policy import INSTRUMENT_TYPES

_RESERVED = re.compile(r"\W*(?:through\b.*)?\W*reserved\W*", re.IGNORECASE | re.DOTALL)
_MOVED = re.compile(
    r"\b(?:(?:has|have|is|was|were)\s+(?:been\s+)?(?:moved|migrated|relocated|transferred)\s+to"
    r"|is\s+now\s+(?:hosted|available|located|published)\s+(?:on|at|by|with)"
    r"|(?:code|chapter|page|document|policy|manual)\s+(?:has\s+)?moved\s+to)\b",
    re.IGNORECASE,
)
_LONGEST_MOVED = 600
"""Letters of a text that can be such a notice; a law that moves an office is longer."""
_QUOTED = 200


class PolicyOptions(BaseModel):
    """What an entry of a source may say of a policy; it stands for what the document lacks."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    jurisdiction: str | None = Field(default=None, min_length=1)
    """Whose policy it is, where the document does not print it."""
    citation: str | None = Field(default=None, min_length=1)
    """How it is cited, where the document does not say or says it otherwise."""
    instrument_type: str = "code"
    """One of ``parsers.records.policy.INSTRUMENT_TYPES``."""
    title: str | None = Field(default=None, min_length=1)
    """In place of the title that the document prints."""
    address: str | None = Field(default=None, min_length=1)
    """Where a person reads it, where the document does not say."""

    @field_validator("instrument_type")
    @classmethod
    def _known_type(cls, name: str) -> str:
        if name not in INSTRUMENT_TYPES:
            raise ValueError(f"{name!r} is none of {', '.join(INSTRUMENT_TYPES)}")
        return name


Options = TypeVar("Options", bound=PolicyOptions)


def policy_options(options: Mapping[str, Any], model: type[Options]) -> Options:
    """Return the options of a policy parser, checked.

    ``model`` is ``PolicyOptions``, or a class of it that adds the options of one parser. Raises
    BadOptions, which names every key that is wrong.
    """
    return checked_options(options, model, "the policy")


def policy_reading(
    policy: Policy,
    sections: Sequence[PolicySection],
    problems: Sequence[Problem] = (),
    title: str | None = None,
    notice: str | None = None,
) -> Reading:
    """Return the reading of a policy and its sections, with the checks that hold for every host.

    ``title`` is what the document calls itself, ``notice`` what one that is no official document
    says of itself. ``has_law``, ``not_moved`` and ``sections_unique`` are required, since a page
    without law must not pass for a policy that was emptied; ``notes_read`` is not.
    """
    unread = [s for s in sections if s.history_note and _names_a_day(s) and not s.events]
    return Reading(
        edition=EditionClaim(title=title or policy.title, notice=notice),
        tables=(Policy, PolicySection),
        records=(policy, *sections),
        checks=(
            _has_law(sections),
            _not_moved(sections),
            _sections_unique(sections),
            Check(
                "notes_read",
                passed=not unread,
                required=False,
                message=f"The history note of {_named(unread)} was not understood."
                if unread
                else "Every history note was understood.",
                expected="0",
                actual=str(len(unread)),
            ),
        ),
        problems=tuple(problems),
    )


def is_reserved(text: str | None) -> bool:
    """Say whether a text does no more than keep a number free: ``(Reserved)``."""
    return _RESERVED.fullmatch(text or "") is not None


def moved_notice(text: str) -> str | None:
    """Return the sentence of a short text that says where a code moved, None if none does."""
    plain = " ".join(text.split())
    sentences = re.split(r"(?<=[.!?;])\s", plain) if len(plain) <= _LONGEST_MOVED else []
    return next((s[:_QUOTED] for s in sentences if _MOVED.search(s)), None)


def _names_a_day(section: PolicySection) -> bool:
    notes = [line for line in (section.history_note or "").split("\n") if not is_editorial(line)]
    return re.search(r"[0-9]{1,2}[-/][0-9]{1,2}[-/][0-9]", "\n".join(notes)) is not None


def _has_law(sections: Sequence[PolicySection]) -> Check:
    law = [section for section in sections if _law_of(section)]
    said = f"{len(law)} of {len(sections)} sections have a text."
    if not law:
        said = (
            f"None of the {len(sections)} sections has a text of its own: the page is a list of "
            "contents, reserved or empty. Look for the page that holds the law."
        )
    return Check(
        "has_law",
        passed=bool(law),
        required=True,
        message=said,
        expected="at least 1",
        actual=str(len(law)),
    )


def _law_of(section: PolicySection) -> bool:
    """Whether a section says more than that it is reserved, or what an editor notes of it."""
    lines = [line for line in section.body.split("\n") if not is_editorial(line)]
    return any(lines) and not is_reserved("\n".join(lines))


def _not_moved(sections: Sequence[PolicySection]) -> Check:
    """A notice that stands where all the law should; one section of many may well say it."""
    notice = moved_notice("\n".join(section.body for section in sections if section.body))
    said = "No notice stands in place of the law."
    if notice:
        said = f"In place of the law stands a notice that it moved: {notice}"
    return Check("not_moved", passed=notice is None, required=True, message=said)


def _sections_unique(sections: Sequence[PolicySection]) -> Check:
    counts = Counter(section.host_id for section in sections)
    twice = [host_id for host_id, count in counts.items() if count > 1]
    said = f"{', '.join(twice)} stand there more than once."
    return Check(
        "sections_unique",
        passed=not twice,
        required=True,
        message=said if twice else "Every section stands there once.",
        expected="0",
        actual=str(len(twice)),
    )


def _named(sections: Sequence[PolicySection]) -> str:
    return ", ".join(section.number or section.host_id for section in sections)
