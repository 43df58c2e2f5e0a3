"""A history note says what happened to a section, when, and by which law."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.policy.notes import events_of, is_note
from parsers.records import SectionEvent

Event = tuple[str | None, str | None, str | None, str | None]

NOTES: dict[str, list[Event]] = {
    "[Adopted 2-1-2017 by Ord. No. 2017-03]": [
        ("adopted", "2017-02-01", "2-1-2017", "Ord. No. 2017-03")
    ],
    "[Adopted 6-2-1997 by Ord. No. 437; amended 11-13-2006 by Ord. No. 519]": [
        ("adopted", "1997-06-02", "6-2-1997", "Ord. No. 437"),
        ("amended", "2006-11-13", "11-13-2006", "Ord. No. 519"),
    ],
    "[Amended 7-2-2002 by L.L. No. 3-2002; 3-1-2006 by Ord. No. 2006-5; 4-2-2007 by Res. No. 7]": [
        ("amended", "2002-07-02", "7-2-2002", "L.L. No. 3-2002"),
        ("amended", "2006-03-01", "3-1-2006", "Ord. No. 2006-5"),
        ("amended", "2007-04-02", "4-2-2007", "Res. No. 7"),
    ],
    "[Adopted 7-9-2003 by Ord. No. 2003-13[1]]": [
        ("adopted", "2003-07-09", "7-9-2003", "Ord. No. 2003-13")
    ],
    "[Amended 1-4-2017 by Ord. No. 2017-02]": [
        ("amended", "2017-01-04", "1-4-2017", "Ord. No. 2017-02")
    ],
    "[Adopted 12-5-2019 by Ord. No. 19.153]": [
        ("adopted", "2019-12-05", "12-5-2019", "Ord. No. 19.153")
    ],
    "[HISTORY: Adopted by the Town Council of the Town of Zembla 11-13-2019 by Ord. No. "
    "2019-OR-06. Amendments noted where applicable.]": [
        ("adopted", "2019-11-13", "11-13-2019", "Ord. No. 2019-OR-06")
    ],
    "[HISTORY: Adopted by the Common Council of the City of Ithaca as indicated in article "
    "histories. Amendments noted where applicable.]": [],
    "[Amended 3-12-2019 by Ord. No. 19-05]": [
        ("amended", "2019-03-12", "3-12-2019", "Ord. No. 19-05")
    ],
    "[Adopted 3-11-1954 TM by Art. 73]": [("adopted", "1954-03-11", "3-11-1954", "Art. 73")],
    "[Amended 5-14-2007 ATM by Art. 30; 10-20-2008 STM by Art. 5]": [
        ("amended", "2007-05-14", "5-14-2007", "Art. 30"),
        ("amended", "2008-10-20", "10-20-2008", "Art. 5"),
    ],
    "(Ord. No. 1184, adopted 6-9-98; Ord. No. 1415, § 14, 7-11-06; Ord. No. 1513, § 1,\n "
    "4-14-09)": [
        (None, None, "6-9-98", "Ord. No. 1184"),
        (None, None, "7-11-06", "Ord. No. 1415"),
        (None, None, "4-14-09", "Ord. No. 1513"),
    ],
    "(Ord. No. 2004-02.04, Art. 7, § A, 2-17-04)": [(None, None, "2-17-04", "Ord. No. 2004-02.04")],
    "(Ord. No. 1816, § 1, 11-13-0)": [(None, None, "11-13-0", "Ord. No. 1816")],
    "(Ord. 05-08.  Passed 2-25-08.)": [(None, None, "2-25-08", "Ord. 05-08")],
    "(Added Coun. J. 9-12-12, p. 33041, § 1; Amend Coun. J. 2-22-17, p. 43916, § 1)": [
        ("added", None, "9-12-12", "Coun. J. 9-12-12, p. 33041"),
        ("amended", None, "2-22-17", "Coun. J. 2-22-17, p. 43916"),
    ],
    "(Added by Ord. 375-89, App. 10/24/89; amended by Ord. 95-16, File No. 1, App. 6/17/2016, "
    "Eff. 7/17/2016)": [
        ("added", None, "10/24/89", "Ord. 375-89"),
        ("amended", "2016-06-17", "6/17/2016", "Ord. 95-16"),
    ],
    "(Ord. 1816 § 1, 2017; Ord. 1500 § 2 (part), 2006)": [
        (None, "2017", "2017", "Ord. 1816"),
        (None, "2006", "2006", "Ord. 1500"),
    ],
    "[Amended at time of adoption of Code (see Ch. 1, General Provisions, Art. I)]": [
        ("amended", None, None, None)
    ],
    "[Repealed February 3, 2020 by Local Law 4 of 2020]": [
        ("repealed", "2020-02-03", "February 3, 2020", "Local Law 4 of 2020")
    ],
    "(Ord. of 11-16-72, § 1)": [(None, None, "11-16-72", None)],
    "[Amended 2-30-2017 by Ord. No. 4]": [("amended", None, "2-30-2017", "Ord. No. 4")],
}


@pytest.mark.parametrize("note", NOTES)
def test_a_note_of_each_host_is_read(note: str) -> None:
    assert is_note(note)
    assert events_of(note) == tuple(SectionEvent(*event) for event in NOTES[note])


@pytest.mark.parametrize(
    "text",
    [
        "(a) The Zoning Ordinance (Ord. No. 437) applies.",
        "(a) The Zoning Ordinance applies to all (Ord. No. 437)",
        "(See Ord. No. 437 for the fees.)",
        "[Reserved]",
        "(Reserved)",
        "Amended 1-4-2017 by Ord. No. 2017-02",
        "[Amended 1-4-2017 by Ord. No. 2017-02",
        "(1)",
        "()",
        "",
    ],
)
def test_what_is_no_note_as_a_whole_is_text(text: str) -> None:
    assert not is_note(text)


def test_a_year_of_two_digits_is_not_completed() -> None:
    (event,) = events_of("(Ord. No. 1513, § 1, 4-14-09)")
    assert (event.date, event.date_text) == (None, "4-14-09")


@given(st.text(alphabet="[]();,.-/ 0123456789OrdNo§AmendedAdopted\n", max_size=80))
def test_every_event_quotes_the_note(note: str) -> None:
    plain = " ".join(note.split())
    for event in events_of(note):
        assert event.date_text is None or event.date_text in plain
        assert event.law is None or event.law in plain
