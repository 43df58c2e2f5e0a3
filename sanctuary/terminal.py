"""Changes and differences, printed for people."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn
from rich.text import Text

from db.comparison import TableComparison
from db.diff import RowChange
from db.log import LoggedChange
from sanctuary.beside import Beside
from sanctuary.difference import (
    Difference,
    fields_said,
    kind_of,
    pieces_of,
    summary,
    table_summary,
    title_of,
)
from sanctuary.difference import window as window_of
from sanctuary.logs import is_quiet
from sanctuary.safe_text import one_line, terminal_safe
from sanctuary.sentences import fields_that_differ, sentence, window
from sanctuary.steps import Steps
from sanctuary.wording import TABLE_TITLES, seen_in_public
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


def progress_bar() -> Progress:
    """Return a bar on standard error that vanishes in the end; off a terminal it shows nothing.

    What is printed meanwhile stands above it, or goes into the file that it is meant for.
    """
    err = console(err=True)
    return Progress(
        SpinnerColumn(),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}", markup=False),
        console=err,
        transient=True,
        redirect_stdout=sys.stdout.isatty(),
        disable=not err.is_terminal or is_quiet(),
    )


@contextmanager
def progress_of_steps() -> Iterator[Steps]:
    """Show such a bar for each part of a command; yield what begins one."""
    with progress_bar() as bar:

        def begin(part: str, steps: int | None) -> Callable[[], None]:
            task = bar.add_task(part, total=steps)
            return lambda: bar.advance(task)

        yield begin


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
    print_tables(out, diff)


def print_tables(out: Console, diff: Difference, most: int | None = None) -> None:
    """Print what differs table by table, of each at most ``most`` rows."""
    for caveat in diff.caveats:
        out.print(Text(terminal_safe(caveat), style="italic"))
    for mark in diff.beside.corrections():
        out.print(Text(one_line(mark.said), style="bold yellow"))
    for table in diff.tables:
        _print_table(out, table, diff.beside, most)


def _print_table(out: Console, table: TableComparison, around: Beside, most: int | None) -> None:
    changes = table.changes or []
    shown = changes[:most]
    out.print()
    out.print(Text(TABLE_TITLES[table.record.table], style="bold underline"))
    out.print(Text(table_summary(table)))
    for change in shown:
        _print_row(out, change)
        for mark in around.marks(change):
            out.print(Text(one_line(f"    corrected by its publisher: {mark.said}")))
        for said in around.said(change):
            out.print(Text(one_line(f"    said of it: {said.words}"), style="dim"))
    if len(shown) < len(changes):
        out.print(Text(f"… and {len(changes) - len(shown):,} more; --json has all", style="dim"))


def _print_row(out: Console, change: RowChange) -> None:
    style = KIND_STYLE[change.kind]
    title = one_line(f"{_SIGN[change.kind]} {kind_of(change)} {title_of(change)}")
    out.print(Text(title, style=f"bold {style}"))
    for field in fields_said(change):
        line = Text(f"    {field.field}: ")
        line.append_text(marked_text(pieces_of(change, field), out.is_terminal))
        out.print(line)


def marked_text(pieces: list[Piece], coloured: bool) -> Text:
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
            shown.append_text(marked_text(shortened(marked(before, after)), out.is_terminal))
            out.print(shown)
    return count
