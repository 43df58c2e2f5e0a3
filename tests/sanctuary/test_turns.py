"""One turn for many threads: never given away in a transaction, and over for all at once."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator

import pytest

from sanctuary.turns import Over, Turns

WITHOUT_END = """WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n)
    INSERT INTO t SELECT i FROM n"""


@pytest.fixture
def connection() -> Iterator[sqlite3.Connection]:
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.execute("CREATE TABLE t (i INTEGER) STRICT")
    yield connection
    connection.close()


def test_one_thread_has_the_turn_until_it_goes_away(connection: sqlite3.Connection) -> None:
    turns, order = Turns(connection), []

    def other() -> None:
        with turns.taken():
            order.append("other")

    with turns.taken():
        thread = threading.Thread(target=other)
        thread.start()
        order.append("one")
        with turns.away():
            thread.join(60)
        order.append("one again")
    assert order == ["one", "other", "one again"]


def test_the_turn_is_not_given_away_in_a_transaction(connection: sqlite3.Connection) -> None:
    turns = Turns(connection)
    with turns.taken():
        connection.execute("BEGIN")
        with pytest.raises(RuntimeError, match="in a transaction"), turns.away():
            pass
        connection.execute("ROLLBACK")
        with turns.away():
            pass


def test_who_has_no_turn_cannot_give_it_away(connection: sqlite3.Connection) -> None:
    turns = Turns(connection)
    with pytest.raises(RuntimeError), turns.away():
        pass


def test_once_it_is_over_nobody_takes_a_turn_or_comes_back_to_it(
    connection: sqlite3.Connection,
) -> None:
    turns, came_back = Turns(connection), []

    def goes_away() -> None:
        with turns.taken():
            with turns.away():
                turns.end()
            came_back.append("with the turn")

    with pytest.raises(Over):
        goes_away()
    with pytest.raises(Over), turns.taken():
        came_back.append("anew")
    assert not came_back


def test_what_went_wrong_while_a_thread_was_away_is_nothing_to_be_noted_once_it_is_over(
    connection: sqlite3.Connection,
) -> None:
    turns = Turns(connection)

    def goes_away() -> None:
        with turns.taken(), turns.away():
            turns.end()
            raise ValueError("the client was closed meanwhile")

    with pytest.raises(Over):
        goes_away()


def test_a_statement_that_takes_long_is_broken_off_and_undone(
    connection: sqlite3.Connection,
) -> None:
    turns, begun, faults = Turns(connection), threading.Event(), []

    def writes() -> None:
        try:
            with turns.taken():
                begun.set()
                connection.execute(WITHOUT_END)
        except sqlite3.OperationalError as error:
            faults.append(str(error))

    thread = threading.Thread(target=writes)
    thread.start()
    assert begun.wait(60)
    turns.end()
    thread.join(60)
    assert faults == ["interrupted"]
    assert connection.execute("SELECT count(*) FROM t").fetchone() == (0,)
