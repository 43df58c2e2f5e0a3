"""Making a database as a release left it: with the code of that release, from specimens.

Run as ``python -m tests.db.released.make COMMIT NAME`` in a clone with its history; it writes
``NAME.sql.gz`` beside this file. The code of that commit takes in the same documents, at the same
moments, as that of every other.
"""

from __future__ import annotations

import gzip
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
_PLAY = """
import sys
from pathlib import Path
import sanctuary.clock
moments = iter(f"2025-07-01T{n // 60:02}:{n % 60:02}:00Z" for n in range(720, 1440))
sanctuary.clock.utc_now = lambda: next(moments)
from click.testing import CliRunner
from sanctuary.cli import cli
folder, specimens = Path(sys.argv[1]), Path(sys.argv[2])
LIST = "<!doctype html><p>SPECIMEN of a list: all places are invented</p><table>" \\
    "<tr><th>Jurisdiction</th><th>Policy</th></tr>{}</table>"
SOURCES = '''
settings: {contact: https://example.org/tests}
sources:
  - {id: specimen-freedonia, title: Report of Freedonia (specimen), address: null, parser: ddor,
     publisher: "Freedonia Removal Agency, an invented agency", editions: period, why: For tests.}
  - {id: specimen-list, title: List of places (specimen), address: null, parser: table,
     publisher: Freedonia, editions: content, expect: {min_rows: 2}, why: For tests.,
     options: {record: listings, columns: {Jurisdiction: jurisdiction, Policy: policy}}}
'''
LAW = '''
  - {id: specimen-law, title: Law of Zembla (specimen), address: null, parser: ecode360,
     publisher: Zembla, jurisdiction: "Onhava, Zembla", editions: content, why: For tests.}
'''
def do(*words):
    result = CliRunner().invoke(cli, ["--data-dir", str(folder), "--sources",
        str(folder / "watched.yml"), *map(str, words)])
    print(words[0], result.exit_code, result.output.strip()[-300:])
    if result.exit_code not in (0, 3):
        raise SystemExit(f"{words}: {result.output} {result.exception!r}")
def listed(day, *rows):
    file = folder / "list.html"
    file.write_text(LIST.format("".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in rows)))
    do("import", file, "--source", "specimen-list", "--captured-at", f"2025-06-{day:02}T10:00:00Z")
laws = (Path("parsers/policy/ecode360.py")).exists()
(folder / "watched.yml").write_text(SOURCES + (LAW if laws else ""))
onhava, yewslip = ("Onhava, Zembla", "Rule 1"), ("Yewslip, Zembla", "Rule 3")
listed(1, onhava, ("Kinbote, Zembla", "Rule 2"), yewslip)
listed(2, onhava, ("Kinbote, Zembla", "Rule 2a"), ("Aros, Zembla", "Rule 4"))
listed(3, onhava, yewslip, ("Aros, Zembla", "Rule 4"))
for revision, day in ((1, 10), (2, 20)):
    do("import", specimens / f"ddor/freedonia-2017-01-28-rev{revision}.pdf", "--source",
        "specimen-freedonia", "--captured-at", f"2017-03-{day}T10:00:00Z")
if laws:
    for name, day in (("zembla-2023", 4), ("zembla-2025-renumbered", 5)):
        do("import", specimens / f"ecode360/{name}.html", "--source", "specimen-law",
            "--captured-at", f"2025-06-{day:02}T10:00:00Z")
"""


def dumped(database: Path) -> str:
    """Return a database as SQL that makes it anew; what search indexes hold is left to rebuilding.

    The order is that of SQLite's own list of tables, and of row numbers.
    """
    connection = sqlite3.connect(database)
    try:
        (mark,) = connection.execute("PRAGMA application_id").fetchone()
        schema = connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"
        ).fetchall()
        virtual = [name for _, name, sql in schema if sql.startswith("CREATE VIRTUAL")]
        hidden = {
            name
            for _, name, _ in schema
            if any(name.startswith(f"{each}_") for each in virtual) or name.startswith("sqlite_")
        }
        lines = [f"PRAGMA application_id = {mark};", "BEGIN;"]
        tables = {n: sql for kind, n, sql in schema if kind == "table" and n not in hidden}
        lines += [f"{sql};" for sql in tables.values()]
        for name, sql in tables.items():
            if name in virtual:
                lines.append(f"INSERT INTO [{name}]([{name}]) VALUES ('rebuild');")
                continue
            info = connection.execute(f"PRAGMA table_info([{name}])").fetchall()
            columns = [f"[{row[1]}]" for row in info]
            values = " || ', ' || ".join(f"quote({column})" for column in columns)
            order = ", ".join(columns) if "WITHOUT ROWID" in sql else "rowid"
            rows = connection.execute(f"SELECT {values} FROM [{name}] ORDER BY {order}")
            lines += [f"INSERT INTO [{name}] VALUES ({row});" for (row,) in rows]
        lines += [f"{sql};" for kind, name, sql in schema if kind != "table"]
        return "\n".join([*lines, "COMMIT;", ""])
    finally:
        connection.close()


def make(commit: str, name: str) -> None:
    """Write the database that the code of a commit makes as ``NAME.sql.gz``."""
    with tempfile.TemporaryDirectory() as folder:
        tree, data = Path(folder, "tree"), Path(folder, "data")
        data.mkdir()
        git = ["git", "-C", str(ROOT), "worktree"]
        subprocess.run([*git, "add", "--quiet", "--detach", str(tree), commit], check=True)
        try:
            # The folder of the old code comes first, before the code that is installed.
            subprocess.run(
                [sys.executable, "-c", _PLAY, str(data), str(ROOT / "tests" / "fixtures")],
                cwd=tree,
                check=True,
                env={"PYTHONPATH": str(tree), "PATH": "/usr/bin:/bin", "HOME": folder},
            )
        finally:
            subprocess.run([*git, "remove", "--force", str(tree)], check=True)
        data_in = dumped(data / "tracker.db").encode()
    (HERE / f"{name}.sql.gz").write_bytes(gzip.compress(data_in, 9, mtime=0))


if __name__ == "__main__":
    make(*sys.argv[1:])
