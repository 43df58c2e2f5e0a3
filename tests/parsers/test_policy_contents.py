"""A chapter or section is looked up in a table of contents by what it is called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from parsers.bundle import Wanted
from parsers.errors import NotThisDocument
from parsers.policy.contents import (
    MOST_OPENED,
    Contents,
    Line,
    is_called,
    is_of_a_section,
    looked_up,
)

Tree = Mapping[str, "Tree"]


def found(tree: Tree, *names: str) -> tuple[str, list[str]]:
    """Return the title that is found, and the titles that were opened for it."""
    opened: list[str] = []

    def lines(below: Tree) -> list[Line]:
        return [Line(title, title, bool(inner), inner) for title, inner in below.items()]

    def ask(line: Line) -> Wanted:
        return Wanted(line.title, "json")

    trees = {line.title: line.plain for line in every(lines(tree), lines)}
    steps = looked_up(names, lines(tree), Contents(ask, lines))
    try:
        wanted = next(steps)
        while True:
            opened += [each.address for each in wanted]
            assert all(trees[each.address] for each in wanted), "nothing stands below it"
            wanted = steps.send([trees[each.address] for each in wanted])
    except StopIteration as end:
        return end.value.title, opened


def every(lines: Sequence[Line], below: object) -> list[Line]:
    assert callable(below)
    return [each for line in lines for each in (line, *every(below(line.plain), below))]


CODE: Tree = {
    "CHARTER": {"ARTICLE I. - POWERS": {}},
    "PART II - CODE": {
        "Chapter 1 - GENERAL": {"Sec. 1-1. - Name.": {}},
        "Chapter 12 - POLICE": {"ARTICLE II. - JAIL": {"Sec. 12-40. - Purpose.": {}}},
    },
}


def test_levels_that_are_not_named_are_looked_through() -> None:
    title, opened = found(CODE, "Chapter 12", "§ 12-40")
    assert title == "Sec. 12-40. - Purpose."
    assert opened == ["CHARTER", "PART II - CODE", "Chapter 12 - POLICE", "ARTICLE II. - JAIL"]


def test_a_heading_names_what_has_no_number() -> None:
    assert found(CODE, "Charter", "Article I") == ("ARTICLE I. - POWERS", ["CHARTER"])


def test_a_line_with_nothing_below_it_is_not_opened() -> None:
    with pytest.raises(NotThisDocument, match=r"no line below Sec. 1-1.* there is: nothing"):
        found(CODE, "Part II", "Chapter 1", "§ 1-1", "§ 1-2")


def test_looking_through_thousands_of_lines_is_refused() -> None:
    titles: Tree = {f"Title {n} - X": {f"Chapter {n} - Y": {}} for n in range(MOST_OPENED + 1)}
    with pytest.raises(NotThisDocument, match=f"more than {MOST_OPENED} of them; name what it"):
        found(titles, "Chapter 19")
    assert found(titles, "Title 19", "Chapter 19")[0] == "Chapter 19 - Y"


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Sec. 46-37. - Policy for detainers.", "§ 46-37"),
        ("§ 46-37 Policy", "Section 46-37"),
        ("46-37. - Policy.", "§ 46-37"),
        ("CHAPTER 19. - AUTHORITY", "Ch. 19"),
        ("Chapter 2.129 - WELCOMING", "2.129"),
        ("Chapter 19 - AUTHORITY", "19"),
        ("SEC. 12I.1. FINDINGS.", "12i.1"),
        ("CHAPTER 12I: CIVIL DETAINERS", "Chapter 12I"),
        ("TITLE FIVE - Zoning", "Title Five"),
        ("ARTICLE VIII. - FUNDS", "Art. VIII"),
        ("CHARTER", "Charter"),
    ],
)
def test_a_name_is_a_number_with_or_without_its_label_or_a_heading(title: str, name: str) -> None:
    assert is_called(title, name)


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Sec. 46-370. - Policy.", "§ 46-37"),
        ("Chapter 46 - LAW", "Article 46"),
        ("Chapter 15.5 - PARKS", "Chapter 15"),
        ("ARTICLE VIII. - FUNDS", "Article VII"),
        ("Chapter 12 - CHARTER OFFICERS", "Charter"),
    ],
)
def test_another_number_or_another_label_is_another_name(title: str, name: str) -> None:
    assert not is_called(title, name)


def test_what_is_numbered_as_a_section_is_known_from_a_chapter() -> None:
    assert is_of_a_section("1141.01 ZONING MAP.")
    assert is_of_a_section("SEC. 12I.1. FINDINGS.")
    assert not is_of_a_section("CHAPTER 1141 Zoning")
    assert not is_of_a_section("EDITOR'S NOTE")
