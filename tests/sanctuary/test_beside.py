"""What stands beside a difference is shown to those alone who may see where it comes from."""

from __future__ import annotations

import pytest

from db.corrected import Mark
from db.diff import RowChange
from db.statements import Said
from sanctuary.beside import Beside
from tests.db.history import listing

MARK = Mark(
    **{  # type: ignore[arg-type]
        **dict.fromkeys(Mark.__dataclass_fields__, "Invented"),
        "correction_id": 1,
        "evidence": "[]",
    }
)
SAID = Said(**{**dict.fromkeys(Said.__dataclass_fields__, "Invented"), "id": 1})  # type: ignore[arg-type]
CHANGE = RowChange("removed", listing(), None, ())
ALL = frozenset({"corrections", "statements", "notes", "listings", "declined_detainers"})


@pytest.fixture
def beside() -> Beside:
    return Beside(
        before={("listings", 1): (MARK,)},
        of_tables={"listings": (MARK,), "declined_detainers": (MARK,)},
        of_changes={("listings", 1, 0): (SAID,)},
    )


def test_who_may_see_all_is_shown_all(beside: Beside) -> None:
    assert beside.only(ALL) == beside
    assert (beside.marks(CHANGE), beside.said(CHANGE)) == ((MARK,), (SAID,))


def test_no_correction_is_shown_to_who_may_not_see_corrections(beside: Beside) -> None:
    shown = beside.only(ALL - {"corrections"})
    assert (shown.marks(CHANGE), shown.corrections()) == ((), ())
    assert shown.said(CHANGE) == (SAID,)


@pytest.mark.parametrize("table", ["statements", "notes"])
def test_no_words_of_others_are_shown_to_who_may_not_see_them(beside: Beside, table: str) -> None:
    shown = beside.only(ALL - {table})
    assert shown.said(CHANGE) == ()
    assert shown.marks(CHANGE) == (MARK,)


def test_no_correction_is_shown_of_a_table_that_may_not_be_seen(beside: Beside) -> None:
    shown = beside.only(ALL - {"declined_detainers"})
    assert shown.of_tables == {"listings": (MARK,)}
