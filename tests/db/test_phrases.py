"""What counts as a phrase in quotation marks, and where one is found in a text."""

from __future__ import annotations

import pytest

from db.found_phrases import Texts, as_printed, differences
from db.phrases import phrases_in
from parsers.records.same_text import same_text


@pytest.mark.parametrize(
    ("cell", "phrases"),
    [
        ("Will honor “some requests” only", ["some requests"]),
        ('Will honor "some requests" only', ["some requests"]),
        ("the ‘‘sanctuary’’ rule", ["sanctuary"]),
        ("the ``sanctuary'' rule", ["sanctuary"]),
        ("«sanctuary»", ["sanctuary"]),
        ("“one” and “two”, ”three”", ["one", "two"]),
        ('("one")-"two"', ["one", "two"]),
        ("“the ‘detainer’ of ICE’s”", ["the ‘detainer’ of ICE’s"]),
        ("\"the 'detainer' of ICE\"", ["the 'detainer' of ICE"]),
        ("“a ‘nested one’”", ["a ‘nested one’"]),
        ('“opened by one, closed by another"', ["opened by one, closed by another"]),
        ("“Sanctuary” ", ["Sanctuary"]),
        ("ICE’s and the jails’ rule", []),
        ("“open to the end", []),
        ("closed” before", []),
        ("“lost “kept”", ["kept"]),
        ('a 5" knife is "contraband"', ["contraband"]),
        ('a 5" knife and a 6" one', []),
        ('an odd "one" and "open', ["one"]),
        ('“” and “ … ” and ""', []),
        ("", []),
    ],
)
def test_what_stands_between_two_marks_is_a_phrase(cell: str, phrases: list[str]) -> None:
    assert list(phrases_in(cell)) == phrases


LAW = (
    "The department may honor warrantless detainer requests\nfrom the federal government under "
    "limited specified circumstances — as when it has probable cause.\n(a) No person is held for "
    "more than 48 hours on a “civil immigration detainer” of ICE or CPB."
)


def found(phrase: str, text: str = LAW) -> tuple[bool, float, str] | None:
    compared = same_text(text)
    hit = Texts([compared]).look_for(phrase).get(compared)
    return (hit.exact, round(hit.score), as_printed(text, hit.start, hit.end)) if hit else None


@pytest.mark.parametrize(
    ("phrase", "printed"),
    [
        ("requests from the federal", "requests\nfrom the federal"),
        ('on a "civil immigration', "on a “civil immigration"),
        ("circumstances - as", "circumstances — as"),
        ("detainer re\u00adquests", "detainer requests"),
        ("more than 48 hours,", "more than 48 hours"),
        ("ICE or CPB.", "ICE or CPB"),
        ("detainer", "detainer"),
        (
            "may honor … under",
            "may honor warrantless detainer requests\nfrom the federal government under",
        ),
        ("may honor . . . requests", "may honor warrantless detainer requests"),
        ("more than [two] hours", "more than 48 hours"),
        ("[n]o person is held", "No person is held"),
        ("immigration detainer[s] … CPB", "immigration detainer” of ICE or CPB"),
        ("under … may honor", None),
        ("tainer requests", None),
        ("No", "No"),
        ("48 hour", None),
    ],
)
def test_a_phrase_is_verbatim_where_all_its_words_stand_in_order(
    phrase: str, printed: str | None
) -> None:
    hit = found(phrase)
    assert (hit[2] if hit and hit[0] else None) == printed


def test_parts_of_a_phrase_that_are_a_passage_apart_are_not_one() -> None:
    near, far = ("the police " + "may do so " * count + "shall not" for count in (90, 110))
    assert found("police … shall not", near)
    assert found("police … shall not", far) is None


@pytest.mark.parametrize(
    ("phrase", "score", "printed", "differs"),
    [
        ("Warrantless Detainer requests", 100, "warrantless detainer requests",
         [("Warrantless Detainer", "warrantless detainer")]),
        ("no person … 48 HOURS", 100, "No person is held for more than 48 hours", None),
        ("under limited, specified circumstances", 99, "under limited specified circumstances",
         [("limited,", "limited")]),
        ("No person is held for more than 24 hours", 98, "No person is held for more than 48 hours",
         [("24", "48")]),
        ("person is not held for more than 48 hours", 95, "person is held for more than 48 hours",
         [("not", "")]),
        ("civil immigration detainers", 98, "civil immigration detainer",
         [("detainers", "detainer")]),
        ("of ICE or CBP.", 92, "of ICE or CPB", [("CBP", "CPB")]),
    ],
)  # fmt: skip
def test_what_is_nearly_there_is_found_with_what_differs(
    phrase: str, score: int, printed: str, differs: list[tuple[str, str]] | None
) -> None:
    assert found(phrase) == (False, score, printed)
    if differs is not None:
        assert differences(phrase, printed) == differs


@pytest.mark.parametrize(
    "phrase",
    [
        "criminal immigration detainer",
        "uncivil immigration detainer",
        "honor requests without a warrant from federal agencies in limited cases",
        "warrantless hold requests by federal agencies under narrow specified conditions",
        "shall not detain an individual on the basis of a civil immigration detainer",
        "the department may not honor requests of the federal government without a warrant",
        "no person is held on a civil detainer for less than 24 hours",
        "sanctuary",
        "detainees",
        "our department",
    ],
)
def test_another_thing_on_the_same_matter_is_not_nearly_there(phrase: str) -> None:
    assert found(phrase) is None


def test_a_text_that_holds_less_than_the_phrase_can_be_nearly_there() -> None:
    assert found("Detainers and Releases of persons", "Detainers and Releases of person")
    assert found("Detainers and Releases of persons", "Detainers") is None


def test_a_text_whose_case_changes_its_length_is_shown_where_it_stands() -> None:
    assert found("Die straße und platz", "İ: Die Straße und Platz") == (
        False, 100, "Die Straße und Platz",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        (
            "the [d]etainer",
            "the Sheriff shall do so until the officer sees the paper of a detainer",
        ),
        (
            "shall [promptly] honor",
            f"The Sheriff shall {'file each report, and then ' * 5}honor it",
        ),
    ],
)
def test_a_bracket_stands_for_a_word_or_a_name_and_for_no_passage(phrase: str, text: str) -> None:
    assert found(phrase, text) is None


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("shall not hold [him] longer", "shall not hold any such person longer"),
        ("the detainer[s] of ICE", "the detainers of ICE"),
        ("no … [d]etainer [… is] honored", "no such Detainer that we have is honored"),
        ("one … two … three", f"one two {'x' * 950} two {'y' * 950} three"),
    ],
)
def test_what_stands_in_the_place_of_a_bracket_may_be_anything(phrase: str, text: str) -> None:
    assert found(phrase, text) == (True, 100, text)


def test_many_parts_of_a_phrase_are_looked_for_one_after_the_other() -> None:
    text = f"yyyy {'the x ' * 4000}"
    assert found(" … ".join(["the"] * 12 + ["yyyy"]), text) is None


def test_brackets_that_nothing_closes_are_read_once() -> None:
    assert found("x" + "[" * 200_000) is None
