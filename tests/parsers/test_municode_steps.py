"""Municode asked step by step, from the address that a person reads to the text and its version."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from db.diff import diff
from parsers.bundle import Part, manifest, packed, parts_of
from parsers.errors import NotThisDocument, Unreadable
from parsers.options import BadOptions
from parsers.policy.municode import PARSER
from parsers.policy.municode_steps import MOST_GROUPS, follow
from parsers.records import PartSpot, PolicySection, Reading
from tests.parsers.code_hosts import answers, failed, policy, sections
from tests.parsers.golden import FIXTURES, assert_expected, outcome
from tests.parsers.host_walk import walked

CODE = "https://library.municode.com/wm/freedonia/codes/code_of_ordinances"
API = "https://api.municode.com"
ARTICLE = "PTIICOOR_CH12POSA_ARTIVCIDE"
FIND = {"find": ["Chapter 12", "Article IV"]}
VERSIONS = ("version-1", "version-2-renumbered", "version-3-silent-change")
JOB = "jobId=510001&productId=90001"
CLIENT = f"{API}/Clients/name?clientName=Freedonia&stateAbbr=WM"


def bundle(
    name: str = "version-1", address: str = CODE, options: dict[str, Any] | None = None
) -> bytes:
    return walked(PARSER, address, FIND if options is None else options, answers("municode", name))


def read(name: str = "version-1", **options: Any) -> Reading:
    return PARSER.read(bundle(name), FIND | options)


def asked(address: str, options: dict[str, Any], given: dict[str, bytes]) -> list[str]:
    return [part.name for part in parts_of(walked(PARSER, address, options, given)) or ()]


def with_answer(part: str, change: Callable[[Any], Any]) -> dict[str, bytes]:
    given = answers("municode", "version-1")
    given[part] = json.dumps(change(json.loads(given[part]))).encode()
    return given


@pytest.mark.parametrize("name", VERSIONS)
def test_a_policy_is_read_as_expected_in_three_versions(name: str) -> None:
    came = outcome(PARSER, bundle(name), FIND)
    assert_expected(FIXTURES / "municode" / "steps" / f"{name}.json", came)


def test_the_steps_are_client_product_job_contents_and_text() -> None:
    assert asked(CODE, FIND, answers("municode", "version-1")) == [
        CLIENT,
        f"{API}/ClientContent/90",
        f"{API}/Jobs/latest/90001",
        f"{API}/codesToc?{JOB}",
        f"{API}/codesToc/children?{JOB}&nodeId=PTICH",
        f"{API}/codesToc/children?{JOB}&nodeId=PTIICOOR",
        f"{API}/codesToc/children?{JOB}&nodeId=PTIICOOR_CH12POSA",
        f"{API}/CodesContent?{JOB}&nodeId={ARTICLE}",
        f"{API}/CodesContent?{JOB}&nodeId={ARTICLE}_S12-42HOCIDE",
    ]


def test_lines_of_one_level_are_asked_for_together() -> None:
    given = answers("municode", "version-1")
    first = [CLIENT, f"{API}/ClientContent/90", f"{API}/Jobs/latest/90001"]
    parts = [Part(name, given[name]) for name in [*first, f"{API}/codesToc?{JOB}"]]
    assert [
        (each.name.partition("nodeId=")[2], each.kind) for each in follow(CODE, FIND, parts)
    ] == [
        ("PTICH", "json"),
        ("PTIICOOR", "json"),
    ]


@pytest.mark.parametrize(
    ("address", "options"),
    [
        (f"{CODE}?nodeId={ARTICLE}", {}),
        (f"{CODE}/?nodeId={ARTICLE}#x", {}),
        (CODE, {"node": ARTICLE}),
        (f"{CODE}?nodeId=PTIICOOR_CH1GEPR", {"node": ARTICLE}),
    ],
)
def test_a_node_that_is_known_is_asked_for_at_once(address: str, options: dict[str, Any]) -> None:
    names = asked(address, options, answers("municode", "version-1"))
    assert not [name for name in names if "codesToc" in name]
    reading = PARSER.read(bundle("version-1", address, options), options)
    assert reading.records[1:] == read().records[1:]


def test_a_client_that_is_not_found_by_its_name_has_a_number() -> None:
    options = {"client": 90, "node": ARTICLE}
    assert asked(CODE, options, answers("municode", "version-1"))[0] == f"{API}/ClientContent/90"
    row = policy(PARSER.read(bundle("version-1", CODE, options), options))
    assert (row.jurisdiction, row.address) == (None, None)
    row = policy(PARSER.read(bundle("version-1", CODE, options), {**options, "address": CODE}))
    assert row.address == f"{CODE}?nodeId={ARTICLE}"


def test_a_service_elsewhere_is_asked_where_the_entry_says() -> None:
    given = answers("municode", "version-1")
    moved = {name.replace(API, "http://127.0.0.1:8000"): body for name, body in given.items()}
    names = asked(CODE, {**FIND, "api": "http://127.0.0.1:8000/"}, moved)
    assert len(names) == 9
    assert all(name.startswith("http://127.0.0.1:8000/") for name in names)
    for api in ("file:///etc", "ftp://x", "https://", "api.municode.com"):
        with pytest.raises(BadOptions, match="address of the web"):
            follow(CODE, {**FIND, "api": api}, [])


def test_the_version_is_the_supplement_and_what_its_banner_says() -> None:
    label = "Supplement 7: Codified through Ordinance No. 1911, enacted February 12, 2019."
    assert policy(read()).version_label == f"{label} (Supp. No. 7)"


def test_who_and_where_stand_in_the_answers() -> None:
    row = policy(read())
    assert (row.jurisdiction, row.citation) == ("Freedonia, Westmarch", "ARTICLE IV")
    assert row.address == f"{CODE}?nodeId={ARTICLE}"
    assert policy(read(jurisdiction="Town of Freedonia")).jurisdiction == "Town of Freedonia"


def test_a_section_is_evidenced_by_the_part_that_it_stands_in() -> None:
    row = sections(read())["Sec. 12-42"]
    group = f"{API}/CodesContent?{JOB}&nodeId={ARTICLE}_S12-42HOCIDE"
    assert row.evidence == (PartSpot(group, "Docs[0]"),)
    assert row.path == ("ARTICLE IV. - CIVIL DETAINERS",)


def test_what_is_adopted_and_not_yet_in_the_code_is_said_by_the_list_of_codes() -> None:
    assert [problem.message for problem in read().problems if "adopted" in problem.kind] == [
        "ordinances that are adopted and not yet in the code: 1"
    ]
    assert not read("version-2-renumbered").problems


def test_what_two_groups_hold_is_read_once_and_what_one_holds_twice_is_held() -> None:
    text = f"{API}/CodesContent?{JOB}&nodeId={ARTICLE}_S12-42HOCIDE"
    first = json.loads(
        answers("municode", "version-1")[f"{API}/CodesContent?{JOB}&nodeId={ARTICLE}"]
    )
    again = with_answer(text, lambda it: {**it, "Docs": [*first["Docs"], *it["Docs"]]})
    reading = PARSER.read(walked(PARSER, CODE, FIND, again), FIND)
    assert reading.rows(PolicySection)[-1].evidence == (PartSpot(text, "Docs[4]"),)
    assert list(sections(reading)) == list(sections(read()))
    assert failed(reading) == []
    twice = with_answer(text, lambda it: {**it, "Docs": [*it["Docs"], *it["Docs"]]})
    assert failed(PARSER.read(walked(PARSER, CODE, FIND, twice), FIND)) == ["sections_unique"]


def test_only_the_node_and_what_is_below_it_is_read() -> None:
    options = {"find": ["Chapter 12", "Article IV"]}
    text = f"{API}/CodesContent?{JOB}&nodeId={ARTICLE}"
    beside = {"Id": "PTIICOOR_CH12POSA_ARTIVCIDEX", "Title": "ARTICLE IV-A", "Content": "Other."}
    given = with_answer(text, lambda it: {**it, "Docs": [beside, *it["Docs"]]})
    reading = PARSER.read(walked(PARSER, CODE, options, given), options)
    assert list(sections(reading)) == list(sections(read()))


def test_groups_that_name_each_other_end() -> None:
    text = f"{API}/CodesContent?{JOB}&nodeId={ARTICLE}_S12-42HOCIDE"
    given = with_answer(text, lambda it: {**it, "NextNode": {"Id": ARTICLE}})
    assert len(asked(CODE, FIND, given)) == 9


def test_a_node_with_hundreds_of_groups_is_refused() -> None:
    def answer(name: str) -> bytes:
        count = int(name.rpartition("G")[2]) if "_G" in name else 0
        docs = [{"Id": f"A_G{count}" if count else "A", "Title": "x", "Content": ""}]
        return json.dumps({"Docs": docs, "NextNode": {"Id": f"A_G{count + 1}"}}).encode()

    class Endless(dict[str, bytes]):
        def __missing__(self, name: str) -> bytes:
            return answer(name)

    given = Endless(answers("municode", "version-1"))
    with pytest.raises(NotThisDocument, match=f"more than {MOST_GROUPS} groups"):
        walked(PARSER, CODE, {"node": "A"}, given)


@pytest.mark.parametrize(
    ("find", "says"),
    [
        (["Chapter 13"], "no line in the table of contents is Chapter 13; .* PART I - CHARTER"),
        (["Chapter 12", "Article VI"], "no line below Chapter 12 .* there is: ARTICLE I. - IN GEN"),
        (["Article I", "§ 3"], "2 lines of the table of contents are Article I: .*before it"),
    ],
)
def test_a_part_that_is_not_in_the_contents_is_told_with_what_there_is(
    find: list[str], says: str
) -> None:
    given = answers("municode", "version-1")
    for node in ("PTIICOOR_CH1GEPR", "PTIICOOR_CH12POSA_ARTIINGE", ARTICLE):
        given[f"{API}/codesToc/children?{JOB}&nodeId={node}"] = b"[]"
    given[f"{API}/codesToc/children?{JOB}&nodeId=PTIICOOR_CH12POSA_ARTVPA"] = b"[]"
    root = json.loads(given[f"{API}/codesToc?{JOB}"])
    if find[0] == "Article I":
        line = {"Id": "X", "Heading": "ARTICLE I. - POWERS", "HasChildren": False}
        root["Children"] += [line, {**line, "Id": "Y"}]
        given[f"{API}/codesToc?{JOB}"] = json.dumps(root).encode()
    with pytest.raises(NotThisDocument, match=says):
        walked(PARSER, CODE, {"find": find}, given)


def test_a_node_that_the_answer_lacks_is_told_with_what_there_is() -> None:
    given = answers("municode", "version-1")
    text = given[f"{API}/CodesContent?{JOB}&nodeId={ARTICLE}"]
    given[f"{API}/CodesContent?{JOB}&nodeId=GONE"] = text
    with pytest.raises(NotThisDocument, match=f"is GONE; .*there is: {ARTICLE} "):
        walked(PARSER, CODE, {"node": "GONE"}, given)


@pytest.mark.parametrize(
    ("part", "change", "says"),
    [
        (
            CLIENT,
            lambda it: {**it, "ClientName": "Sylvania"},
            r"no client .* Freedonia, WM; .*\(90\)",
        ),
        (CLIENT, lambda it: {**it, "State": {"StateAbbreviation": "XX"}}, "Freedonia, XX"),
        (CLIENT, lambda it: {"message": "no"}, "otherwise than it used to: a client is"),
        (
            f"{API}/ClientContent/90",
            lambda it: {"codes": it["codes"][:1]},
            "no code Code Of Ordinances; .*there is: Zoning",
        ),
        (f"{API}/ClientContent/90", lambda it: [], "what a client has is"),
        (f"{API}/Jobs/latest/90001", lambda it: {**it, "ProductId": 5}, "is one of 5"),
        (f"{API}/Jobs/latest/90001", lambda it: {}, "a job without Id"),
        (f"{API}/codesToc?{JOB}", lambda it: {"Children": None}, "the table of contents is"),
        (f"{API}/codesToc?{JOB}", lambda it: {"Children": [{"Id": "A"}]}, "a line of the table"),
        (f"{API}/CodesContent?{JOB}&nodeId={ARTICLE}", lambda it: {}, "no text of a code"),
    ],
)
def test_an_answer_that_leads_nowhere_is_told(
    part: str, change: Callable[[Any], Any], says: str
) -> None:
    with pytest.raises(NotThisDocument, match=says):
        walked(PARSER, CODE, FIND, with_answer(part, change))


def test_a_code_that_was_never_published_is_no_code() -> None:
    with pytest.raises(NotThisDocument, match="Zoning is an empty shell"):
        walked(PARSER, CODE, {**FIND, "product": "Zoning"}, answers("municode", "version-1"))


def test_nothing_for_an_answer_names_the_step() -> None:
    given = answers("municode", "version-1") | {CLIENT: b""}
    with pytest.raises(NotThisDocument, match=r"Clients/name\S+ the answer is empty"):
        walked(PARSER, CODE, FIND, given)


def test_one_client_of_several_with_a_name_is_the_one_of_the_state() -> None:
    def several(it: Any) -> Any:
        return [{**it, "ClientID": 1, "State": {"StateAbbreviation": "ZZ"}}, it]

    reading = PARSER.read(walked(PARSER, CODE, FIND, with_answer(CLIENT, several)), FIND)
    assert policy(reading).jurisdiction == "Freedonia, Westmarch"


@pytest.mark.parametrize(
    "address",
    [
        "https://library.municode.com.evil.example/wm/freedonia/codes/code",
        "https://evil.example/?https://library.municode.com/wm/freedonia/codes/code",
        "https://library.municode.com/wm/freedonia",
        "https://api.municode.com/CodesContent?nodeId=A",
    ],
)
def test_an_address_elsewhere_is_not_followed(address: str) -> None:
    with pytest.raises(NotThisDocument, match="not an address of Municode"):
        follow(address, FIND, [])


def test_what_the_policy_is_has_to_be_said() -> None:
    with pytest.raises(BadOptions, match="option find"):
        follow(CODE, {}, [])


def test_a_name_in_an_address_is_a_name_and_no_more_of_the_next_address() -> None:
    (first,) = follow("https://library.municode.com/wm/a%26b=c/codes/x", FIND, [])
    assert first.name == f"{API}/Clients/name?clientName=A%26b%3Dc&stateAbbr=WM"


def test_a_node_with_signs_is_quoted() -> None:
    given = answers("municode", "version-1")
    first = [CLIENT, f"{API}/ClientContent/90", f"{API}/Jobs/latest/90001"]
    parts = [Part(name, given[name]) for name in first]
    (text,) = follow(CODE, {"node": "A&jobId=1"}, parts)
    assert text.name == f"{API}/CodesContent?{JOB}&nodeId=A%26jobId%3D1"


def test_a_bundle_that_is_not_whole_is_refused() -> None:
    parts = parts_of(bundle()) or ()
    with pytest.raises(Unreadable, match="lacks the bytes"):
        PARSER.read(manifest(parts), FIND)
    with pytest.raises(NotThisDocument, match="no part of the bundle holds a text"):
        PARSER.read(packed(parts[:4]), FIND)


def test_from_version_to_version_a_section_moves_and_one_changes_in_silence() -> None:
    one, two, three = (read(name).rows(PolicySection) for name in VERSIONS)
    numbers = [
        (old.number, new.number)
        for old, new in ((change.before, change.after) for change in diff(one, two))
        if isinstance(old, PolicySection) and isinstance(new, PolicySection)
    ]
    assert ("Sec. 12-42", "Sec. 12-43") in numbers
    (silent,) = diff(two, three)
    assert [field.field for field in silent.fields] == ["body"]


NEXT = f"{API}/CodesContent?{JOB}&nodeId={ARTICLE}_S12-42HOCIDE"


@pytest.mark.parametrize(
    "change",
    [
        lambda it: {**it, "Docs": [], "NextNode": None},
        lambda it: {**it, "Docs": [{**doc, "Id": f"X_{doc['Id']}"} for doc in it["Docs"]]},
    ],
    ids=["empty", "of something else"],
)
def test_a_group_that_lacks_what_it_was_asked_for_is_no_end_of_the_law(
    change: Callable[[Any], Any],
) -> None:
    with pytest.raises(NotThisDocument, match=f"no node of the answer is {ARTICLE}_S12-42HOCIDE"):
        walked(PARSER, CODE, FIND, with_answer(NEXT, change))


@pytest.mark.parametrize("content", [None, {}])
def test_a_text_that_did_not_come_is_no_empty_text(content: Any) -> None:
    given = with_answer(
        NEXT, lambda it: {**it, "Docs": [{**doc, "Content": content} for doc in it["Docs"]]}
    )
    with pytest.raises(NotThisDocument, match=r"S12-42HOCIDE \(.*\) came without its text"):
        PARSER.read(walked(PARSER, CODE, FIND, given), FIND)


def test_how_municode_groups_its_texts_moves_no_section() -> None:
    """A longer chapter is cut into more groups, and a section comes without what is above it."""
    node = f"{ARTICLE}_S12-41DE"
    options = {"node": node}
    whole = f"{API}/CodesContent?{JOB}&nodeId={node}"
    given = answers("municode", "version-1")
    given[whole] = given[f"{API}/CodesContent?{JOB}&nodeId={ARTICLE}"]
    with_chapter = PARSER.read(walked(PARSER, CODE, options, given), options)
    plain = json.loads(given[whole])
    plain["Docs"] = [doc for doc in plain["Docs"] if doc["Id"] == node]
    given[whole] = json.dumps(plain).encode()
    alone = PARSER.read(walked(PARSER, CODE, options, given), options)
    assert sections(alone)
    assert diff([*sections(with_chapter).values()], [*sections(alone).values()]) == []


@pytest.mark.parametrize("after", [7, "PTX", {}, {"Id": None}, {"Id": ["x"]}])
def test_a_next_node_that_cannot_be_read_is_no_end_of_the_law(after: Any) -> None:
    part = f"{API}/CodesContent?{JOB}&nodeId={ARTICLE}"
    with pytest.raises(NotThisDocument, match="the next node is"):
        walked(PARSER, CODE, FIND, with_answer(part, lambda it: {**it, "NextNode": after}))


@pytest.mark.parametrize(("text", "is_text"), [("\ud83d\udd4a", True), ("\ud83d", False)])
def test_half_a_character_is_no_text(text: str, is_text: bool) -> None:
    given = with_answer(f"{API}/Jobs/latest/90001", lambda it: {**it, "Name": f"Supplement {text}"})
    if is_text:
        assert walked(PARSER, CODE, FIND, given)
        return
    with pytest.raises(Unreadable, match="no whole JSON"):
        walked(PARSER, CODE, FIND, given)
