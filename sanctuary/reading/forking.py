"""Starting processes without the modules of the folder that the command runs in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import util
from threading import Lock

_STARTING = Lock()
_OPTIONS = "_args_from_interpreter_flags"
"""What multiprocessing calls for the options of a process that it starts."""


@contextmanager
def outside_the_folder() -> Iterator[None]:
    """Keep what is started inside from taking modules from the folder that the command runs in.

    One at a time, since multiprocessing is told so for the whole process.
    """
    # It starts its server with `python -c`, which looks into that folder before all others, and
    # would run one named like a package of ours, or of Python. It hands on the options of this
    # process, to which -P is added here. The variable PYTHONSAFEPATH would not do: the command that
    # pipx makes runs with -E, which lets no variable count.
    with _STARTING:
        options = getattr(util, _OPTIONS)
        setattr(util, _OPTIONS, lambda: [*options(), "-P"])
        try:
            yield
        finally:
            setattr(util, _OPTIONS, options)
