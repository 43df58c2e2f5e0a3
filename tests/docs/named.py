"""The commands that texts name: ``sanctuary`` with its words and options."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator

import click

from sanctuary.cli import cli

_IN_CODE = re.compile(r"`(sanctuary [^`]+)`")
_ON_A_LINE = re.compile(r"^(?: {2,}|\$ |)(sanctuary (?:[^\n]*\\\n)*[^\n]*)$", re.MULTILINE)
_END = re.compile(r"\s#\s.*|\s{3,}\S.*$|\s(?:[>|]|\|\||&&)\s.*")
_WORDS_OF_A_TEXT = re.compile(r"[A-Za-z]+")


def commands_in(text: str) -> Iterator[list[str]]:
    """Yield the words of each command that a Markdown text shows in code, without comments."""
    blocks = "".join(re.findall(r"^```console\n(.*?)^```$", text, re.MULTILINE | re.DOTALL))
    indented = "\n".join(re.findall(r"^ {4,}.*$", text, re.MULTILINE))
    plain = re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    for command in (*_IN_CODE.findall(plain), *_ON_A_LINE.findall(f"{blocks}\n{indented}")):
        try:
            yield shlex.split(_END.sub("", re.sub(r"\\\n\s*", "", command)))[1:]
        except ValueError:
            yield command.split()[1:]


def unknown_word(words: list[str]) -> str | None:
    """Return the first command or option among the words that there is not, None if all are."""
    context = click.Context(cli, info_name="sanctuary", **cli.context_settings)
    rest = iter(words)
    for word in rest:
        parameters = context.command.get_params(context)
        known = {name: each for each in parameters for name in (*each.opts, *each.secondary_opts)}
        option = word.partition("=")[0]
        if word.startswith("-") and len(word) > 1:
            if option not in known:
                return f"{context.command_path} {option}"
            parameter = known[option]
            if isinstance(parameter, click.Option) and not parameter.is_flag and "=" not in word:
                next(rest, None)
        elif isinstance(context.command, click.Group) and not _stands_for_any(word):
            command = context.command.get_command(context, word)
            if command is None:
                # Such a group takes any word for what it is about, as `sources` does for a source.
                own = type(context.command).resolve_command is not click.Group.resolve_command
                return None if own else f"{context.command_path} {word}"
            context = click.Context(command, parent=context, info_name=word)
    return None


def _stands_for_any(word: str) -> bool:
    return not _WORDS_OF_A_TEXT.match(word) or word.isupper()
