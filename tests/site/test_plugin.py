"""The pages as a plugin, whatever is imported first."""

from __future__ import annotations

import subprocess
import sys

_PROGRAM = """
import sys
import sanctuary.site
assert "datasette.plugins" not in sys.modules
"""


def test_the_pages_can_be_imported_before_datasette_looks_for_its_plugins() -> None:
    # Else it would take this package, half imported, for a plugin without pages.
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
