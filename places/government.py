"""How places are governed where name and data alone mislead: facts, with where they are from.

The Census Bureau's list of county equivalents names the independent cities; that a city and its
county have one government is written in their charters (see ``docs/places.md``).
"""

from __future__ import annotations

import re

COUNTY_WORDS = {
    ("city", "and", "borough"),
    ("census", "area"),
    ("county",),
    ("parish",),
    ("borough",),
    ("municipality",),
    ("municipio",),
    ("district",),
    ("island",),
}
"""What county-equivalents are called, in words; a city that is one is called city."""

_COUNTY_WORD = re.compile(
    r"(?P<base>.+?) (?:City and Borough|Census Area|County|Parish|Borough|Municipality|Municipio"
    r"|District|Island|city|City)"
)


def county_base(name: str) -> str:
    """Return the name of a county without the word for what it is: ``Nassau``, ``St. Croix``.

    ``Carson City``, ``James City County`` and ``Charles City County`` keep their ``City``.
    """
    if name == "Carson City":
        return name
    found = _COUNTY_WORD.fullmatch(name)
    return found["base"] if found else name


# The cities of Virginia that lie in no county, each a county-equivalent (FIPS 51510 to 51840).
COUNTY_IS_CITY = frozenset(
    f"51{number}"
    for number in (
        *(510, 520, 530, 540, 550, 570, 580, 590, 595, 600, 610, 620, 630, 640, 650, 660, 670),
        *(678, 680, 683, 685, 690, 700, 710, 720, 730, 735, 740, 750, 760, 770, 775, 790, 800),
        *(810, 820, 830, 840),
    )
) | {"24510", "29510", "32510"}
"""County-equivalents that are a city and nothing else: Virginia's, Baltimore, St. Louis, Carson
City. Each is one jurisdiction, of the kind city, with its GEOID as a county."""

COUNTY_IS_STATE = frozenset({"11001", "66010"})
"""The District of Columbia and Guam: county-equivalent and state (or territory) are one."""

CITY_OF_COUNTY = {"22071": "new orleans"}
"""A county that a city of another name governs, by its GEOID, with the city's key."""

CITIES_OF_COUNTIES = frozenset(
    {
        ("NY", "new york city"),  # It consists of five.
        *(("AL", name) for name in ("glencoe", "southside", "vincent")),
        *(("AR", name) for name in ("cave city", "mansfield")),
        *(("AZ", name) for name in ("marana", "peoria", "wickenburg")),
        *(("CO", name) for name in ("johnstown",)),
        *(("FL", name) for name in ("flagler beach", "umatilla")),
        *(("GA", name) for name in ("loganville", "west point")),
        *(("ID", name) for name in ("kamiah",)),
        *(("LA", name) for name in ("morgan city",)),
        *(("MI", name) for name in ("clare", "holland", "niles")),
        *(("MN", name) for name in ("staples",)),
        *(("NC", name) for name in ("blowing rock",)),
        *(("OK", name) for name in ("bartlesville", "owasso", "ponca city")),
        *(("TN", name) for name in ("spring hill",)),
        *(("TX", name) for name in ("abilene", "longview", "midland", "odessa", "port arthur")),
        *(("UT", name) for name in ("park city",)),
        *(("WI", name) for name in ("eau claire", "edgerton")),
    }
)
"""Cities of several counties whose mail, and all mail around them, is of one."""

CITIES_IN_ONE_COUNTY = frozenset({"CA", "CT", "MA", "ME", "NH", "NJ", "RI", "VT"})
"""States in which no municipality reaches into a second county; other populated places can."""

PARTS_OF_CITIES = frozenset(
    {
        ("PA", "Bloomfield"),  # Of Pittsburgh; the borough of that name is in Perry County.
        *(("NY", name) for name in ("Brooklyn", "Manhattan", "Queens")),
        *(("NY", name) for name in ("Staten Island", "The Bronx")),
    }
)
"""What the data has among its places, and is none. New York City's boroughs are counties, partly
by their names."""

JOINT_NAMES = {
    ("GA", "athens clarke"): ("13059", "athens"),
    ("GA", "augusta richmond"): ("13245", "augusta"),
    ("GA", "columbus muscogee"): ("13215", "columbus"),
    ("GA", "macon bibb"): ("13021", "macon"),
    ("KY", "lexington fayette"): ("21067", "lexington"),
    ("KY", "louisville jefferson"): ("21111", "louisville"),
    ("MT", "anaconda deer lodge"): ("30023", "anaconda"),
    ("MT", "butte silver bow"): ("30093", "butte"),
    ("TN", "nashville davidson"): ("47037", "nashville"),
}
"""What a city and its county call their one government: the county's GEOID, the city's key."""

CITY_IS_COUNTY = frozenset(
    {
        *("02020", "02110", "02220", "02230", "02275", "02282"),  # Alaska's unified cities
        *("06075", "08014", "08031"),  # San Francisco, Broomfield, Denver
        "15003",  # Honolulu
        "25019",  # Nantucket
        "42101",  # Philadelphia
    }
)
"""GEOIDs of counties that a city of the same name governs: one government under one name."""

COUNTIES_WITHOUT_GOVERNMENT = frozenset({"CT", "RI"})
"""States whose counties are lines on a map: Connecticut ended theirs in 1960."""

FORMER_NAMES = {
    ("AK", "wade hampton"): "02158",
    ("FL", "dade"): "12086",
    ("SD", "shannon"): "46102",
}
"""Counties that were only renamed, by the key of the name before; see ``places.geoids``."""

TOWN_IS_MUNICIPALITY = frozenset({"CT", "MA", "ME", "NH", "RI", "VT"})
"""New England: the towns divide the whole state, and what is called by a town's name is it."""
TOWN_IS_BESIDE_VILLAGE = frozenset({"NY", "WI"})
"""A town is a part of a county here, and a village or city of its name is another government."""
