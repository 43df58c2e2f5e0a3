"""The page docs/commands.md, made from the help of the commands."""

from __future__ import annotations

from collections.abc import Iterator

import click

from sanctuary.cli import cli

_HEAD = """# The commands

This page is made by `make docs` from what `--help` says. Which command is for which task is in
[the index](README.md#commands-by-task).

Exit codes: 0 done, 1 something failed, 2 usage, 3 something is held for review. An error is one
line on standard error that says what to do.
"""


def commands() -> str:
    """Return the whole page: every command with its help, and those below it."""
    top = click.Context(cli, info_name="sanctuary", **cli.context_settings)
    parts = [_HEAD, "| command | what it does |", "| --- | --- |"]
    for command in _below(top):
        said = command.command.get_short_help_str(200).replace("|", "\\|")
        parts.append(f"| [`{command.command_path}`](#{_anchor(command)}) | {said} |")
    parts += ["", "## sanctuary", "", _help(top)]
    for command in _below(top):
        parts += [f"## {command.command_path}", "", _help(command)]
        for inner in _below(command):
            parts += [f"### {inner.command_path}", "", _help(inner)]
    return "\n".join(parts)


def _below(context: click.Context) -> Iterator[click.Context]:
    """Yield the commands of a group in the order of its help; nothing of a single command."""
    group = context.command
    if isinstance(group, click.Group):
        for name in group.list_commands(context):
            command = group.get_command(context, name)
            if command is not None:
                yield click.Context(command, parent=context, info_name=name)


def _help(context: click.Context) -> str:
    context.terminal_width = context.max_content_width = 96
    return f"```text\n{context.get_help()}\n```\n"


def _anchor(context: click.Context) -> str:
    return context.command_path.replace(" ", "-")
