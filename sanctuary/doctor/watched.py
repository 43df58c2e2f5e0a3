"""What is watched: whether the file holds, who asks, what is past its deadline."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from db.outbox import OutboxCounts
from db.targets import TargetState
from sanctuary.doctor.finding import Finding, broken, note, ok, warning
from sanctuary.errors import BadSecrets
from sanctuary.secrets import Secrets
from sanctuary.sources import Settings, Sources
from sanctuary.wording import counted, day_and_time

_NAMED = 5
"""Ids that a finding names; more are counted."""
_EXAMPLE = re.compile(r"(^|[@./])example\.(com|net|org)|\.(example|invalid|test)\b")
"""Names that belong to nobody (RFC 2606)."""


def sources_file(path: Path, sources: Sources, is_shipped: bool) -> Finding:
    """Say that what is watched could be read, and from where."""
    active = sum(each.lifecycle == "active" for each in sources.sources)
    said = f"{path}: {counted(len(sources.sources), 'source')}, {active:,} of them active"
    if is_shipped:
        said = f"{said}; it is the file that ships, which the next update replaces"
        return note("sources", said, "`sanctuary init` writes one of your own")
    return ok("sources", said)


def contact(settings: Settings) -> Finding:
    """Say whether a publisher who has a question can reach the operator."""
    remedy = "settings.contact in sources.yml: an address of a page or of mail that is read"
    if settings.contact is None:
        return warning("contact", "none is set, and every request says so", remedy)
    if _EXAMPLE.search(settings.contact.lower()):
        return warning("contact", f"{settings.contact} is an example's", remedy)
    return ok("contact", settings.contact)


def entries(own: Sources, shipped: Sources) -> Finding:
    """Say what the file that ships has that the own one has not, or has otherwise."""
    check, mine = "entries", {each.id: each for each in own.sources}
    lacking = [each.id for each in shipped.sources if each.id not in mine]
    otherwise = [each.id for each in shipped.sources if mine.get(each.id, each) != each]
    if not lacking and not otherwise:
        return ok(check, "those that ship are in your sources.yml as they ship")
    found = [
        *([f"your sources.yml lacks {some(lacking)}"] if lacking else []),
        *([f"it has otherwise: {some(otherwise)}"] if otherwise else []),
    ]
    said = f"of the entries that ship with this version {'; '.join(found)}"
    return note(check, said, "`sanctuary init elsewhere` writes them out, for you to compare")


def some(ids: list[str]) -> str:
    """Return ids in words: the first few by name."""
    more = len(ids) - _NAMED
    named = ", ".join(ids[:_NAMED])
    return f"{named} and {more:,} more" if more > 0 else named


def freshness(dark: dict[str, str], never: list[str], watched: int) -> Iterator[Finding]:
    """Say which sources are past their deadline, and since when; and which were never tried."""
    check = "freshness"
    if not watched:
        yield note(check, "no source is fetched", "`sanctuary sources`; `lifecycle: active`")
        return
    for source_id, since in sorted(dark.items()):
        said = f"{source_id} is past its deadline: no answer since {day_and_time(since)}"
        yield warning(check, said, f"`sanctuary run {source_id}` says why")
    if never:
        remedy = "`sanctuary run --due`; docs/schedule.md says what calls it"
        yield note(check, f"never tried: {some(never)}", remedy)
    if not dark and not never:
        yield ok(check, f"none of {counted(watched, 'source')} is past its deadline")


def secrets(settings: Settings) -> Iterator[Finding]:
    """Say which secrets that the settings name are not there; none is told."""
    held = Secrets(settings.secrets)
    try:
        lacking = list(_lacking(settings, held))
    except BadSecrets as error:
        said, _, remedy = str(error).rpartition("; ")
        yield broken("secrets", said, remedy)
        return
    yield from lacking
    if not lacking:
        yield ok("secrets", "those that the settings name are there")


def told(settings: Settings, counts: OutboxCounts, targets: Iterable[TargetState]) -> Finding:
    """Say whether messages reach those who asked to be told."""
    check = "notify"
    if not settings.notify.targets:
        remedy = "`settings.notify` in sources.yml, if anybody wants to be: docs/notify.md"
        return note(check, "nobody is told of changes", remedy)
    failing = [each.name for each in targets if each.failing_since is not None]
    retry = (
        "`sanctuary notify list` says why; `sanctuary notify test`, then `sanctuary notify retry`"
    )
    if failing:
        return warning(check, f"messages do not reach {some(failing)}", retry)
    if counts.failed or counts.unknown:
        said = f"{counts.failed:,} messages failed, and of {counts.unknown:,} it is not known"
        return warning(check, said, retry)
    return ok(check, f"{counted(len(settings.notify.targets), 'target')}, and none of them fails")


def names_in_rules(unknown: Iterable[tuple[str, str, str]]) -> Iterator[Finding]:
    """Say which rules name what nothing known answers to: rule, key and name of each."""
    for rule, key, name in unknown:
        said = f"the rule {rule} names {name!r} under {key}, to which nothing known answers"
        yield warning("notify", said, "`sanctuary place` finds the names of places; mend the rule")


def _lacking(settings: Settings, held: Secrets) -> Iterator[Finding]:
    how = "set {} in the environment of what runs, or in the file of settings.secrets"
    login = settings.proxy_login
    if login is not None and held.get(login) is None:
        yield broken("secrets", f"settings.proxy_login: there is no {login}", how.format(login))
    for host, headers in settings.keys.items():
        names = list(headers.values())
        missing = [name for name in names if held.get(name) is None]
        if missing and len(missing) < len(names):
            said = f"the key for {host} lacks {', '.join(missing)}"
            yield broken("secrets", said, how.format(missing[0]))
        elif missing:
            said = f"there is no key for {host} ({', '.join(missing)}): it is asked without one"
            yield note("secrets", said, how.format(missing[0]))
    for name, variable in settings.notify.targets.items():
        if held.get(variable) is None:
            said = f"there is no {variable}: nothing is told to the target {name}"
            yield warning("secrets", said, how.format(variable))
