"""No statement takes more than a little memory, or much more than the second that it has."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from sanctuary.site.sql_functions import put_functions
from tests.site.histories import two_weeks
from tests.site.serving import Site, served

ROWS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1000000) "
A_LITTLE = "printf('%.*c', 99999, 'a')"
LONG = "printf('%.*c', 499000, 'a')"
COPIES = ", ".join(f"c{i} AS (SELECT a.x FROM c{i - 1} a JOIN c{i - 1} b)" for i in range(1, 20))

OF_MEMORY = {
    "copies that double": f"WITH c0 AS (SELECT 1 AS x), {COPIES} SELECT count(*) FROM c19",
    "many long columns": f"SELECT {', '.join(['hex(zeroblob(240000))'] * 1900)}",
    "one long sum": f"SELECT {' + '.join(['length(hex(zeroblob(240000)))'] * 900)}",
    "many parts": " UNION ALL ".join(["SELECT hex(zeroblob(200000))"] * 400),
    "one long list": f"{ROWS} SELECT length(json_group_array(hex(zeroblob(1000)))) FROM n",
    "one long text": f"{ROWS} SELECT group_concat(hex(zeroblob(1000))) FROM n",
    "long rows in order": f"{ROWS} SELECT hex(zeroblob(200000 + i)) AS h FROM n ORDER BY h",
    "a wide number": "SELECT printf('%*d', 400000, 1) || printf('%*d', 400000, 1)",
}
# What stays the same from row to row SQLite works out once: each ends in the number of its row.
OF_TIME = {
    "patterns": f"{ROWS} SELECT sum({LONG} LIKE '%' || printf('%.*c', 90, 'a') || i) FROM n",
    "a long pattern": f"SELECT {LONG} LIKE '%' || printf('%.*c', 20000, 'a') || 'b'",
    "trim": f"{ROWS} SELECT max(trim({A_LITTLE}, printf('%.*c', 20000, 'b') || 'a' || i)) FROM n",
    "instr": f"{ROWS} SELECT max(instr({LONG}, printf('%.*c', 250000, 'a') || i)) FROM n",
    "replace": f"{ROWS} SELECT max(replace({LONG}, printf('%.*c', 250000, 'a') || i, '')) FROM n",
    "patches": "SELECT json_patch('{}', '{}')",
    "all with all": f"SELECT count(*) FROM {', '.join(f'captures AS c{i}' for i in range(30))}",
    "lists in lists": f"SELECT count(*) FROM json_each('[' || replace({LONG}, 'a', ',') || ']')",
}


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile-sql")
    two_weeks(folder).close()
    return folder / "tracker.db"


@pytest.fixture(scope="module")
def site(path: Path) -> Iterator[Site]:
    with served(path, settings={"sql_time_limit_ms": 200}) as site:
        yield site


MEASURE = """
import json, resource, sys
from pathlib import Path
from tests.site.serving import served

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024

path, statements = Path(sys.argv[1]), json.loads(sys.stdin.read())
with served(path, settings={"sql_time_limit_ms": 200}) as site:
    site.sql("SELECT 1")
    before = peak()
    statuses = {name: site.sql(sql).status_code for name, sql in statements.items()}
    print(json.dumps([peak() - before, statuses]))
"""


def test_no_statement_takes_much_memory(path: Path) -> None:
    answer = subprocess.run(
        [sys.executable, "-c", MEASURE, str(path)],
        input=json.dumps(OF_MEMORY),
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    megabytes, statuses = json.loads(answer.stdout)
    assert statuses == dict.fromkeys(OF_MEMORY, 400)
    # The limit of SQLite, and what Python makes of an answer.
    assert megabytes < 300


@pytest.mark.parametrize("name", OF_TIME)
def test_no_statement_takes_much_longer_than_it_may(site: Site, name: str) -> None:
    begun = time.process_time()
    assert site.sql(OF_TIME[name]).status_code == 400
    assert time.process_time() - begun < 2


@pytest.mark.parametrize(
    "expression",
    [
        "instr('Onhava', 'hav')",
        "instr('Onhava', '')",
        "instr('Onhava', NULL)",
        "instr(x'0102', x'02')",
        "instr(12345, 34)",
        "replace('aXbX', 'X', '--')",
        "replace('aXbX', '', '--')",
        "replace('aXbX', 'X', NULL)",
        "replace(1001, 0, 2)",
        "trim('--Onhava-', '-')",
        "ltrim('--Onhava-', '-h')",
        "rtrim('--Onhava-', '-a')",
        "trim('----', '-')",
        "trim('Onhava', '')",
        "trim(NULL, '-')",
    ],
)
def test_functions_say_what_those_of_sqlite_say(expression: str) -> None:
    own, plain = sqlite3.connect(":memory:"), sqlite3.connect(":memory:")
    put_functions(own)
    sql = f"SELECT {expression}, typeof({expression})"
    assert own.execute(sql).fetchone() == plain.execute(sql).fetchone()
    own.close()
    plain.close()
