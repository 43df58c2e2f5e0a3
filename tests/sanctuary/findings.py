"""What a check of ``sanctuary doctor`` found, as tests of it look at that."""

from __future__ import annotations

from collections.abc import Iterable

from sanctuary.doctor import Finding, State


def state(finding: Finding) -> str:
    """Return how a thing stands; what is not well says what to do."""
    assert finding.said
    assert bool(finding.remedy) or finding.state in (State.OK, State.NOTE)
    return finding.state.value


def states(found: Iterable[Finding]) -> list[str]:
    return [state(each) for each in found]
