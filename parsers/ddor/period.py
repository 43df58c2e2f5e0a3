"""The period of a report: as its title states it, and as the titles of its sections do."""

from __future__ import annotations

from parsers.ddor.sections import Outline, line_text
from parsers.printed_period import Period as Period
from parsers.printed_period import period_in as period_in


def stated_periods(outline: Outline) -> list[tuple[str, Period]]:
    """Return every period that the report states, with the text that states it."""
    texts = [line_text(outline.period) if outline.period else None]
    texts += [part.heading.text for part in outline.parts if part.heading]
    found = []
    for text in texts:
        period = period_in(text or "")
        if text and period is not None:
            found.append((text, period))
    return found
