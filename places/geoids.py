"""Counties that another took the place of: from one GEOID to the next.

From the Census Bureau's "Substantial Changes to Counties and County Equivalent Entities" (1990s to
2010s) and its notice of 6 June 2022 (87 FR 34235); which of Connecticut's counties lie in which
planning regions follows from the regions' 169 towns. Changes of a boundary alone are not here.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class GeoidChange:
    """One step from a county's GEOID to the one that stands for it, or for a part of it, since."""

    geoid_before: str
    geoid_after: str
    since: str
    """The day that the change took effect, ISO 8601."""
    relation: str
    """``renumbered``, ``split``, ``joined``, or ``overlaps``: they share a part of each."""
    note: str


_CONNECTICUT = {
    "09001": ("Fairfield", "09120", "09140", "09190"),
    "09003": ("Hartford", "09110", "09140", "09160"),
    "09005": ("Litchfield", "09140", "09160", "09190"),
    "09007": ("Middlesex", "09130"),
    "09009": ("New Haven", "09140", "09170"),
    "09011": ("New London", "09130", "09150", "09180"),
    "09013": ("Tolland", "09110", "09150"),
    "09015": ("Windham", "09150", "09180"),
}
_REGIONS = {
    "09110": "Capitol",
    "09120": "Greater Bridgeport",
    "09130": "Lower Connecticut River Valley",
    "09140": "Naugatuck Valley",
    "09150": "Northeastern Connecticut",
    "09160": "Northwest Hills",
    "09170": "South Central Connecticut",
    "09180": "Southeastern Connecticut",
    "09190": "Western Connecticut",
}

GEOID_CHANGES = (
    GeoidChange("12025", "12086", "1997-07-22", "renumbered", "Dade County is Miami-Dade County."),
    GeoidChange(
        "51560", "51005", "2001-07-01", "joined", "Clifton Forge is a town of Alleghany County."
    ),
    *(
        GeoidChange(
            geoid,
            "08014",
            "2001-11-15",
            "overlaps",
            f"Broomfield County was made of parts of four counties, {name} County one of them.",
        )
        for geoid, name in (
            ("08001", "Adams"),
            ("08013", "Boulder"),
            ("08059", "Jefferson"),
            ("08123", "Weld"),
        )
    ),
    *(
        GeoidChange(
            "02232",
            geoid,
            "2007-06-20",
            "split",
            f"Skagway-Hoonah-Angoon was split; {name} is a part.",
        )
        for geoid, name in (("02230", "Skagway"), ("02105", "Hoonah-Angoon"))
    ),
    *(
        GeoidChange(
            "02201",
            geoid,
            since,
            "split",
            f"Prince of Wales-Outer Ketchikan was split; a part is in {name}.",
        )
        for geoid, since, name in (
            ("02130", "2008-05-19", "Ketchikan Gateway"),
            ("02198", "2008-05-19", "Prince of Wales-Hyder"),
            ("02275", "2008-06-01", "Wrangell"),
        )
    ),
    *(
        GeoidChange(
            "02280",
            geoid,
            "2008-06-01",
            "split",
            f"Wrangell-Petersburg was split: {name}.",
        )
        for geoid, name in (("02275", "Wrangell"), ("02195", "Petersburg"))
    ),
    GeoidChange("51515", "51019", "2013-07-01", "joined", "Bedford is a town of Bedford County."),
    GeoidChange(
        "46113", "46102", "2015-05-01", "renumbered", "Shannon County is Oglala Lakota County."
    ),
    GeoidChange("02270", "02158", "2015-07-01", "renumbered", "Wade Hampton is Kusilvak."),
    *(
        GeoidChange(
            "02261", geoid, "2019-01-02", "split", f"Valdez-Cordova was split; {name} is a part."
        )
        for geoid, name in (("02063", "Chugach"), ("02066", "Copper River"))
    ),
    *(
        GeoidChange(
            county,
            region,
            "2022-06-01",
            "overlaps",
            f"The {_REGIONS[region]} Planning Region has towns of {name} County.",
        )
        for county, (name, *regions) in _CONNECTICUT.items()
        for region in regions
    ),
)
"""All changes since 1997 that put one county's GEOID in the place of another's, oldest first."""
