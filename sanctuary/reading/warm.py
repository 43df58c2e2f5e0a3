"""What each process that reads would do anew: the server that forks them imports this, once.

Our parsers are found by their names, for which the whole environment is read. The library of CSS
selectors compiles its patterns when it is first asked, which takes longer than reading a page.
"""

from __future__ import annotations

from importlib.metadata import entry_points

import soupsieve

from parsers.registry import ENTRY_POINT_GROUP, parser_named

for _point in entry_points(group=ENTRY_POINT_GROUP):
    # An error in a package of somebody else would end the server, not one child.
    if _point.module.partition(".")[0] == "parsers":
        parser_named(_point.name)
soupsieve.compile("p")
