"""The program ``sanctuary``, and ``python -m sanctuary``."""

from __future__ import annotations

import sys
from importlib import import_module

from sanctuary.own_packages import sharers, strangers

_BY_ITSELF = "install sanctuary-tracker by itself, with pipx"


def main() -> None:
    """Run the command line, if its packages are its own; otherwise say in one line which is not."""
    for name, place in strangers().items():
        _stop(f"its package {name} is another's ({place}); take that off the path, or {_BY_ITSELF}")
    try:
        import_module("sanctuary.cli").main()
    except ImportError:
        for name, others in sharers().items():
            _stop(f"{', '.join(others)} may have written over its package {name}; {_BY_ITSELF}")
        raise


def _stop(message: str) -> None:
    # A folder's name can hold what a terminal obeys, and what makes text safe may not be there.
    print("sanctuary:", message.encode("unicode_escape").decode("ascii"), file=sys.stderr)
    sys.exit(1)


if __name__ == "__main__":
    main()
