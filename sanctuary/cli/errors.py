"""How a command ends: what stopped it in one line, and the exit code for it."""

from __future__ import annotations

import errno
import sqlite3

import click

from db.errors import DatabaseError
from parsers.errors import ReadingError
from sanctuary.errors import CommandError
from sanctuary.safe_text import terminal_safe
from scraper.errors import ScraperError

EXIT_FAILED = 1
EXIT_USAGE = 2
EXIT_HELD = 3

_ONE_LINE = (CommandError, DatabaseError, ReadingError, ScraperError, OSError)
_OUR_FAULT = (sqlite3.IntegrityError, sqlite3.ProgrammingError, sqlite3.DataError)


def exit_code_of(error: BaseException) -> tuple[int, str]:
    """Return the exit code for what a command raised, and what to print on standard error.

    Raises ``error`` again if it is none that a person can do something about.
    """
    match error:
        case SystemExit():
            return int(error.code or 0), ""
        case click.exceptions.Abort() | KeyboardInterrupt():
            return EXIT_FAILED, "sanctuary: stopped\n"
        case click.exceptions.NoArgsIsHelpError():
            return EXIT_USAGE, f"{error.format_message()}\n"
        case click.exceptions.NoSuchOption(
            option_name=("--data-dir" | "--sources" | "--jurisdictions" | "--verbose" | "--quiet")
        ):
            said = f"{error.option_name} goes before the command"
            return EXIT_USAGE, f"sanctuary: {said}\n"
        case click.ClickException():
            where = (
                f"{error.ctx.command_path}: "
                if isinstance(error, click.UsageError) and (error.ctx)
                else "sanctuary: "
            )
            return error.exit_code, f"{where}{terminal_safe(error.format_message())}\n"
        case sqlite3.DatabaseError() if not isinstance(error, _OUR_FAULT):
            said = f"the database cannot be used just now: {error}; mend that and run it again"
            return EXIT_FAILED, f"sanctuary: {said}\n"
        case OSError(errno=errno.ENOSPC | errno.EDQUOT, filename=file):
            said = terminal_safe(f"{error.strerror}: {file}" if file else str(error.strerror))
            return EXIT_FAILED, f"sanctuary: {said}; make room, then run it again\n"
        case _ if isinstance(error, _ONE_LINE):
            return EXIT_FAILED, f"sanctuary: {terminal_safe(str(error))}\n"
        case _:
            raise error


def line_of(error: Exception) -> str:
    """Return in one line what went wrong, for a command that goes on all the same."""
    try:
        return exit_code_of(error)[1]
    except Exception:  # noqa: BLE001 - our own fault: named, for a report
        said = " ".join(str(error).split())
        return f"sanctuary: unexpected {type(error).__name__} ({said}); please report it\n"
