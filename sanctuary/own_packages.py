"""Whether the packages that the program consists of are its own.

Their names are plain, so that another distribution, or a folder on the path, can bear one of them.
"""

from __future__ import annotations

from importlib.metadata import packages_distributions
from importlib.util import find_spec
from pathlib import Path

_HOME = Path(__file__).parent.parent
_PACKAGES = ("db", "parsers", "places", "scraper")
_DISTRIBUTION = "sanctuary-tracker"


def strangers() -> dict[str, str]:
    """Return which of our packages Python would take from elsewhere, and where that is.

    One that is nowhere is ``missing``. They are looked for, not imported.
    """
    found = {}
    for name in _PACKAGES:
        spec = find_spec(name)
        origin = spec.origin if spec is not None else None
        place = Path(origin).parent if origin else None
        if place is None or place.parent.resolve() != _HOME.resolve():
            found[name] = str(place) if place is not None else "missing"
    return found


def sharers() -> dict[str, list[str]]:
    """Return by name those of our packages that other distributions bring, too, and which.

    Installed into one environment, the later one has written over files of the earlier.
    """
    brought = packages_distributions()
    others = {
        name: sorted(set(brought.get(name, [])) - {_DISTRIBUTION})
        for name in ("sanctuary", *_PACKAGES)
    }
    return {name: names for name, names in others.items() if names}
