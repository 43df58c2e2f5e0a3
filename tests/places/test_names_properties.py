"""What holds for every name, not for the ones somebody thought of."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from parsers.records import Jurisdiction, PrintedName
from places.gazetteer import Gazetteer, load_gazetteer
from places.kept import boiled
from places.names import resolve
from places.states import STATES, state_code
from places.words import key_of

CODES = sorted(str(state.abbr) for state in STATES)
NAMES = {str(state.abbr): str(state.name) for state in STATES}
LETTERS = "abcdefghijklmnopqrstuvwxyz"

states = st.sampled_from(CODES)
levels = st.sampled_from([None, "state", "county", "city"])
kinds = st.sampled_from([None, "County", "Municipality", "State Agency"])
around_a_name = st.sampled_from(
    [
        "{}",
        "{} County",
        "{} Parish",
        "{} City",
        "City of {}",
        "The City of {}",
        "Town of {}",
        "{} Township",
        "{} Township, Franklin County",
        "{}, Washington County",
        "{} County, New York City",
        "{} County Sheriff's Office",
        "{} Police Department",
        "{} Department of Corrections",
        "{} County Jails",
        "{} Nation",
    ]
)


def counties(state: str) -> tuple[Jurisdiction, ...]:
    return load_gazetteer().of_state(state).counties


@st.composite
def real_names(draw: st.DrawFn) -> str:
    """Draw the name of some place of some state, or of a state."""
    state = draw(states)
    places = load_gazetteer().of_state(state)
    known = draw(st.sampled_from([*places.counties, *places.places, places.state]))
    return known.name.removesuffix(" County")


@given(
    name=st.one_of(real_names(), st.text(max_size=30)),
    words=around_a_name,
    state=states,
    beside=st.booleans(),
    level=levels,
    kind=kinds,
)
@example(name="", words="{}", state="AL", beside=False, level=None, kind=None)
@settings(max_examples=400, deadline=None)
def test_a_name_never_leaves_the_state_that_is_printed_with_it(
    name: str, words: str, state: str, beside: bool, level: str | None, kind: str | None
) -> None:
    printed = words.format(name)
    if beside:
        asked = PrintedName(printed, state, level, agency_type=kind)
    else:
        asked = PrintedName(f"{printed}, {NAMES[state]}", None, level, agency_type=kind)
    match = resolve(asked, load_gazetteer())
    if match.jurisdiction is not None:
        assert match.jurisdiction.state == state
        chain = load_gazetteer().chain(match.jurisdiction)
        assert {each.state for each in chain} == {state}
    for id in match.candidates:
        assert id.startswith(f"us/{state.lower()}")


@given(
    printed=st.one_of(real_names(), st.text(max_size=60)),
    words=around_a_name,
    state=st.one_of(st.none(), states, st.text(max_size=10)),
    level=levels,
    county=st.one_of(st.none(), real_names(), st.text(max_size=20)),
    kind=kinds,
)
@settings(max_examples=300, deadline=None)
def test_the_same_name_is_always_answered_the_same(
    printed: str,
    words: str,
    state: str | None,
    level: str | None,
    county: str | None,
    kind: str | None,
) -> None:
    name = PrintedName(words.format(printed), state, level, county, kind)
    first = resolve(name, load_gazetteer())
    assert first == resolve(name, OTHER)
    assert first.reason.endswith(".")
    assert first.method
    assert (first.score is None) == (first.jurisdiction is None)
    assert first.misspelt == (first.method == "misspelt")
    assert first.jurisdiction is None or not first.candidates


OTHER = Gazetteer(boiled())


def test_the_exact_name_of_a_county_is_the_county() -> None:
    for state in CODES:
        for county in counties(state):
            for asked in (
                PrintedName(f"{county.name}, {NAMES[state]}"),
                PrintedName(f"{county.name.upper()}, {state}"),
                PrintedName(county.name, state),
                PrintedName(county.name, NAMES[state], "county"),
            ):
                match = resolve(asked, load_gazetteer())
                assert match.jurisdiction == county, asked
                assert match.score == 100


def test_the_name_of_a_place_under_cities_is_that_place_or_undecided() -> None:
    gazetteer = load_gazetteer()
    undecided = 0
    for state in ("CA", "NY", "OH", "PA", "TX", "VA", "MD", "NM"):
        places = gazetteer.of_state(state)
        for place in places.places:
            match = resolve(PrintedName(place.name, state, "city"), gazetteer)
            if match.jurisdiction is None:
                undecided += 1
                assert match.method == "ambiguous", place
            else:
                assert match.jurisdiction == place, match
    assert undecided


@st.composite
def slips(draw: st.DrawFn) -> tuple[str, str, str]:
    """Draw a county with one letter of its name left out, put in, swapped or replaced."""
    state = draw(states.filter(counties))
    places = load_gazetteer().of_state(state)
    key = draw(st.sampled_from(sorted(places.counties_by_name)))
    at = draw(st.integers(0, len(key) - 1))
    letter = draw(st.sampled_from(LETTERS))
    swapped = key[:at] + key[at : at + 2][::-1] + key[at + 2 :]
    changed = draw(
        st.sampled_from(
            [
                key[:at] + key[at + 1 :],
                key[:at] + letter + key[at:],
                key[:at] + letter + key[at + 1 :],
                swapped,
            ]
        )
    )
    return state, key, changed


@given(slips())
@settings(max_examples=500, deadline=None)
def test_a_county_with_one_letter_wrong_is_itself_or_nothing_or_a_real_other(
    slip: tuple[str, str, str],
) -> None:
    state, key, changed = slip
    places = load_gazetteer().of_state(state)
    match = resolve(PrintedName(f"{changed} County, {NAMES[state]}"), load_gazetteer())
    if match.misspelt:
        assert match.jurisdiction in places.counties_by_name[key]


@given(st.text(max_size=40))
def test_words_and_states_are_found_in_any_text(text: str) -> None:
    assert key_of(key_of(text)) == key_of(text)
    assert state_code(text) in (None, *CODES)
