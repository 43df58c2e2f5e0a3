"""Changes, differences and the standing of sources, printed for people."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from rich.console import Console
from rich.text import Text

from db.comparison import TableComparison
from db.diff import RowChange
from db.log import LoggedChange
from db.standing import SourceStanding, Undecided
from sanctuary.difference import (
    Difference,
    summary,
    table_summary,
    title_of,
)
from sanctuary.difference import window as window_of
from sanctuary.safe_text import one_line, terminal_safe
from sanctuary.sentences import fields_that_differ, sentence, window
from sanctuary.wording import TABLE_TITLES, day_and_time, plain, seen_in_public
from sanctuary.words import Piece, marked, shortened

KIND_STYLE = {
    "added": "green",
    "returned": "green",
    "restored": "green",
    "removed": "red",
    "withdrawn": "red",
    "went_dark": "red",
    "changed": "yellow",
    "renamed": "yellow",
    "corrected": "yellow",
    "published": "cyan",
}
_SIGN = {"added": "+", "removed": "-", "changed": "~", "renamed": "~"}


def console(*, err: bool = False) -> Console:
    """Return a console that colours on a terminal only, and leaves it to that to break lines."""
    stream = sys.stderr if err else sys.stdout
    width = None if stream.isatty() else 10_000
    return Console(
        file=stream, highlight=False, markup=False, emoji=False, width=width, soft_wrap=True
    )


def print_difference(out: Console, diff: Difference) -> None:
    """Print a difference table by table, rows with their words marked."""
    for notice in diff.notices():
        out.print(Text(one_line(notice), style="bold reverse"))
    out.print(Text(one_line(summary(diff)), style="bold"))
    for name, edition in (("from", diff.before), ("to", diff.after)):
        line = f"  {name:<4}  {edition.name}, {seen_in_public(edition)}"
        out.print(Text(f"{line}; document {edition.document_sha256[:12]}", style="dim"))
    if (when := window_of(diff)) is not None:
        out.print(Text(f"What changed did so {when}.", style="dim"))
    for caveat in diff.caveats:
        out.print(Text(terminal_safe(caveat), style="italic"))
    for table in diff.tables:
        _print_table(out, table)


def _print_table(out: Console, table: TableComparison) -> None:
    out.print()
    out.print(Text(TABLE_TITLES[table.record.table], style="bold underline"))
    out.print(Text(table_summary(table)))
    for change in table.changes or []:
        _print_row(out, change)


def _print_row(out: Console, change: RowChange) -> None:
    style = KIND_STYLE[change.kind]
    title = one_line(f"{_SIGN[change.kind]} {change.kind} {title_of(change)}")
    out.print(Text(title, style=f"bold {style}"))
    for field in change.fields:
        line = Text(f"    {field.field}: ")
        if change.kind in ("changed", "renamed"):
            line.append_text(_words(plain(field.before), plain(field.after), out.is_terminal))
        else:
            value = plain(field.after if change.kind == "added" else field.before)
            line.append(_indented(value))
        out.print(line)


def _words(before: str, after: str, coloured: bool) -> Text:
    return _marked(marked(before, after), coloured)


def _marked(pieces: list[Piece], coloured: bool) -> Text:
    """Return both texts as one, words that went and came marked; in signs where no colour is."""
    text = Text()
    for piece in pieces:
        shown = _indented(piece.text)
        if piece.mark == "same":
            text.append(shown)
        elif piece.mark == "gone":
            text.append(shown if coloured else f"[-{shown}-]", style="red strike")
        else:
            text.append(shown if coloured else f"{{+{shown}+}}", style="green underline")
    return text


def _indented(value: str) -> str:
    return terminal_safe(value).replace("\n", "\n        ")


def print_changes(out: Console, changes: Iterable[LoggedChange]) -> int:
    """Print changes of the log and return how many.

    Each is a sentence with its window, and the fields that differ. What the documents say of
    themselves stands above the first change it holds for.
    """
    notice, count = None, 0
    for change in changes:
        count += 1
        if change.notice and change.notice != notice:
            out.print(Text(one_line(f"[{change.notice}]"), style="dim"))
        notice = change.notice
        line = Text(sentence(change), style=KIND_STYLE[change.kind])
        line.append(f"  {window(change)}", style="dim")
        line.append(f"  id {change.public_id}", style="dim")
        out.print(line)
        for field, before, after in fields_that_differ(change):
            shown = Text(f"    {field}: ")
            shown.append_text(_marked(shortened(marked(before, after)), out.is_terminal))
            out.print(shown)
    return count


def print_standings(out: Console, standings: list[SourceStanding]) -> None:
    """Print how every source stands, and below it what waits for a person."""
    width = max((len(standing.source_id) for standing in standings), default=0)
    for standing in standings:
        state, style = _state(standing)
        line = Text(f"{standing.source_id:<{width}}  ", style="bold")
        line.append(state, style=style)
        out.print(line)
        out.print(Text(f"  {_figures(standing)}", style="dim"))
    for standing in standings:
        if standing.last_failure:
            said = f"failed: {standing.source_id}: {standing.last_failure}"
            out.print(Text(one_line(said), style="red"))
        for reading in standing.unreadable:
            out.print(Text(_undecided("unreadable", standing, reading), style="red"))
            out.print(Text(f"  once that is settled: sanctuary reject '#{reading.id}' --reason …"))
        for reading in standing.held:
            out.print(Text(_undecided("held", standing, reading), style="red"))
            commands = f"sanctuary accept '#{reading.id}' --reason …, or sanctuary reject"
            out.print(Text(f"  {commands} '#{reading.id}' --reason …"))


def _figures(standing: SourceStanding) -> str:
    counts = [_counted(standing.editions, "edition"), _counted(standing.changes, "change")]
    if standing.problems:
        counts.append(f"{_counted(standing.problems, 'problem')} in reading the newest edition")
    tried, seen = _moment(standing.last_tried), _moment(standing.last_seen)
    return f"{', '.join(counts)}; last tried {tried}, last seen {seen}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _undecided(word: str, standing: SourceStanding, reading: Undecided) -> str:
    name = reading.file_name or reading.document_sha256[:12]
    reasons = "; ".join(reading.reasons)
    return one_line(f"{word}: #{reading.id} of {standing.source_id}, {name}: {reasons}")


def _state(standing: SourceStanding) -> tuple[str, str]:
    """Return in words how a source stands, and the style: red for what a person should see to."""
    parts = []
    if standing.last_failure:
        parts.append("failed when last tried")
    if standing.taken_down:
        parts.append("taken down")
    elif standing.gone:
        parts.append("gone when last tried")
    if standing.held:
        parts.append(f"{len(standing.held)} held for review")
    if standing.unreadable:
        parts.append(f"{len(standing.unreadable)} unreadable")
    if parts:
        return ", ".join(parts), "red"
    return ("good", "green") if standing.lifecycle == "active" else (standing.lifecycle, "dim")


def _moment(moment: str | None) -> str:
    return day_and_time(moment) if moment else "never"
