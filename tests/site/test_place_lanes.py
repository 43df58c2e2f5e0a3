"""The lists of a place over time as a picture: five answers that never look alike."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from db.named import ListSource
from db.timeline import State, Window
from sanctuary.place_lists import OnList
from sanctuary.site.place_lanes import Lanes, lanes_of
from tests.sanctuary.places import COUNTY, life_of_county
from tests.site.serving import Site, served

TODAY = "2025-06-30"
LIST = ListSource("zembla-list", "List of Zembla", "Zembla Ministry", False, False, None)
LIFE = (
    Window(State.NOT_OBSERVED, None, "2025-05-31"),
    Window(State.LISTED, "2025-06-01", "2025-06-10"),
    Window(State.NOT_LISTED, "2025-06-11", "2025-06-15"),
    Window(State.NOT_OBSERVED, "2025-06-16", "2025-06-20"),
    Window(State.WITHDRAWN, "2025-06-21", "2025-06-25"),
    Window(State.ENDED, "2025-06-26", None),
)
LATER = (
    Window(State.NOT_OBSERVED, None, "2025-06-15"),
    Window(State.LISTED, "2025-06-16", TODAY),
)


def lanes(*lives: tuple[Window, ...], today: str = TODAY) -> Lanes:
    lists = [
        OnList(replace(LIST, id=f"list-{number}"), named=True, windows=windows)
        for number, windows in enumerate(lives)
    ]
    found = lanes_of(lists, today)
    assert found is not None
    return found


def test_every_day_from_the_first_look_to_today_lies_in_one_stretch() -> None:
    for lane in lanes(LIFE, LATER).lanes:
        ends = [round(each.start + each.width, 3) for each in lane.stretches]
        assert [each.start for each in lane.stretches] == [0.0, *ends[:-1]]
        assert ends[-1] == 100.0


def test_lanes_share_one_scale_and_say_what_was_not_observed_before_the_first_look() -> None:
    one, other = lanes(LIFE, LATER).lanes
    assert [(each.state, each.width) for each in other.stretches] == [
        (State.NOT_OBSERVED, 50.0),
        (State.LISTED, 50.0),
    ]
    assert [each.state for each in one.stretches] == [window.state for window in LIFE[1:]]


def test_a_state_is_named_where_there_is_room_and_marked_where_there_is_none() -> None:
    (lane,) = lanes(LIFE).lanes
    assert [each.label for each in lane.stretches] == ["listed", "", "", "", "ended"]
    assert not any(each.is_small for each in lane.stretches)
    long = (replace(LIFE[1], until="2025-06-01"), Window(State.WITHDRAWN, "2025-06-02", None))
    (lane,) = lanes(long, today="2026-06-30").lanes
    assert [each.is_small for each in lane.stretches] == [True, False]


@pytest.mark.parametrize(
    ("today", "texts"),
    [
        ("2025-06-01", ["2025-06-01"]),
        ("2025-06-20", ["2025-06-01", "2025-06-20"]),
        ("2025-10-15", ["2025-07", "2025-08", "2025-09", "2025-10"]),
        ("2033-06-01", ["2027", "2029", "2031", "2033"]),
    ],
)
def test_the_scale_names_days_that_are_easy_to_name(today: str, texts: list[str]) -> None:
    found = lanes((replace(LIFE[1], until=None),), today=today)
    assert [tick.text for tick in found.ticks] == texts
    assert all(0 <= tick.at <= 100 for tick in found.ticks)


def test_what_was_never_observed_has_no_picture() -> None:
    assert lanes_of([OnList(LIST, named=False, windows=LIFE[:1])], TODAY) is None


def test_lists_beyond_the_picture_are_counted() -> None:
    assert lanes(*[LIFE] * 14).unshown == 2


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("lanes")
    life_of_county(folder).close()
    with served(folder / "tracker.db") as site:
        yield site


def test_each_lane_has_its_words_for_those_who_do_not_see_it(site: Site) -> None:
    page = site.get(f"/tracker/-/place/{COUNTY.id}").text
    figure = page[page.index("<figure") : page.index("</figure>")]
    said = re.findall(r'role="img" aria-label="([^"]+)"', figure)
    assert said[0].startswith("List of Counties (First Ministry): listed on 2025-06-01; not listed")
    assert len(said) == 2
    for anchor in re.findall(r'<a href="#([^"]+)"', figure):
        assert f'id="{anchor}"' in page


def test_no_two_states_look_alike_and_each_stands_in_the_legend(site: Site) -> None:
    page = site.get(f"/tracker/-/place/{COUNTY.id}").text
    figure = page[page.index("<figure") : page.index("</figure>")]
    legend = figure[figure.index('<ul class="legend">') :]
    shown = set(re.findall(r'<rect class="([a-z-]+)"', figure)) - {"under"}
    assert shown == {"listed", "not-listed", "not-observed", "withdrawn"}
    assert shown == set(re.findall(r'<rect class="([a-z-]+)"', legend)) - {"under"}
    fills = re.findall(r'<rect class="([a-z-]+)" fill="url\(#([a-z-]+)\)"', legend)
    assert all(name == pattern and f'<pattern id="{pattern}"' in page for name, pattern in fills)
    assert "style=" not in page
