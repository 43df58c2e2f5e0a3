"""When a rule tells: at once, or with the next digest on the clock of its time zone."""

from __future__ import annotations

from datetime import datetime

from sanctuary.notify.settings import AT_ONCE, WEEKLY, NotifySettings, Rule
from sanctuary.schedule import next_date

# https://man7.org/linux/man-pages/man5/crontab.5.html: 0 and 7 are Sunday.
_DAYS = ("sunday", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday")


def told_at(rule: Rule, settings: NotifySettings, earliest: datetime) -> datetime:
    """Return when ``rule`` tells of what may be told from ``earliest`` on, in UTC.

    A digest comes after that moment. Where the clock skips or repeats its hour, it comes once, as
    documents do (``sanctuary.schedule``).
    """
    if rule.when == AT_ONCE:
        return earliest
    hour, minute = rule.at.split(":")
    day = _DAYS.index(rule.day) if rule.when == WEEKLY else "*"
    schedule = f"{int(minute)} {int(hour)} * * {day}"
    return next_date(rule.name, schedule, rule.timezone or settings.timezone, earliest)
