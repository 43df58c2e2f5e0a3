"""Starting processes without the modules of the folder that the command runs in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

_SAFE_PATH = "PYTHONSAFEPATH"
_STARTING = Lock()


@contextmanager
def outside_the_folder() -> Iterator[None]:
    """Keep what is started inside from taking modules from the folder that the command runs in.

    One at a time, since it is the environment of the whole process that says so.
    """
    # multiprocessing starts its server with `python -c`, which looks into that folder before all
    # others: a folder named like a package of ours, or of Python, would be run. The option -P is
    # only handed on where the parent has it.
    with _STARTING:
        before = os.environ.get(_SAFE_PATH)
        os.environ[_SAFE_PATH] = "1"
        try:
            yield
        finally:
            if before is None:
                del os.environ[_SAFE_PATH]
            else:
                os.environ[_SAFE_PATH] = before
