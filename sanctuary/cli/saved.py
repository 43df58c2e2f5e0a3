"""Taking documents that a person saved: ``import``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from sanctuary.cli.app import App
from sanctuary.cli.cluster_option import cluster_option
from sanctuary.cli.output import exit_code, print_outcomes
from sanctuary.cli.telling import say_what_waits
from sanctuary.clock import parse_moment, utc_now
from sanctuary.importing import SavedFile, import_file
from sanctuary.importing_warc import WarcFile, import_warc
from sanctuary.logs import about
from sanctuary.safe_text import one_line
from sanctuary.source_values import is_web_address


@click.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--source", required=True, help="The source whose document it is.")
@click.option(
    "--captured-at",
    metavar="TIME",
    help="When it was public: 2025-06-01T15:16, in UTC unless it names a zone.  [default: now]",
)
@click.option("--address", help="Where it was, if that is known.")
@cluster_option
@click.pass_obj
def import_(
    app: App,
    file: Path,
    source: str,
    captured_at: str | None,
    address: str | None,
    cluster: str | None,
) -> None:
    """Take FILE, which a person saved, into the history.

    Without --captured-at a document that the source already holds is not taken again. Of a WARC
    file (.warc, .warc.gz) all captures of the source are taken, or those of --address.

    \b
    Examples:
      sanctuary import crawl.warc.gz --source ice-287g-participating
      sanctuary import ddor2017_01-28to02-03.pdf --source ddor-weekly \\
          --captured-at 2017-03-20T14:00-04:00
    """
    watched = app.source(source)
    moment = _moment(captured_at)
    if address is not None and not is_web_address(address):
        raise click.BadParameter(f"{address!r} is no address like https://example.org/list")
    is_warc = file.name.lower().endswith((".warc", ".warc.gz"))
    if is_warc and moment is not None:
        raise click.UsageError("a WARC file says itself when its captures were made")
    settings, workspace = app.sources().settings, app.workspace
    with about(watched.id), workspace.writing() as db:
        archive = workspace.archive
        if is_warc:
            warc = WarcFile(file, address)
            outcome = import_warc(db, archive, watched, settings, warc, utc_now, cluster=cluster)
        else:
            saved = SavedFile(file.name, file.read_bytes(), moment, address)
            outcome = import_file(db, archive, watched, settings, saved, utc_now, cluster)
    if outcome is None:
        what = "all of it" if is_warc else "this document"
        said = f"{file.name}: {source} holds {what} already; nothing was written"
        click.echo(one_line(said))
        return
    print_outcomes([outcome])
    say_what_waits(app)
    sys.exit(exit_code([outcome]))


def _moment(text: str | None) -> str | None:
    if text is None:
        return None
    try:
        moment = parse_moment(text)
    except ValueError:
        raise click.BadParameter(f"{text!r} is no time like 2025-06-01T15:16") from None
    if moment > utc_now():
        raise click.BadParameter(f"{text!r} is in the future")
    return moment
