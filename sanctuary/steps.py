"""How far a long command is: told by its parts, and the steps of each."""

from __future__ import annotations

from collections.abc import Callable

Steps = Callable[[str, int | None], Callable[[], None]]
"""Takes the name of a part that begins and its number of steps, None if that is not known; returns
what is called after each step."""
