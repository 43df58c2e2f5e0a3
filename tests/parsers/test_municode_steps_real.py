"""Municode's steps over answers as they were served, as far as those belong together."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from parsers.bundle import Part, Wanted
from parsers.errors import NotThisDocument
from parsers.policy.municode import PARSER
from parsers.policy.municode_steps import follow
from parsers.records import PolicySection
from tests.parsers.code_hosts import policy, sections
from tests.parsers.host_walk import walked

ROOT = Path(__file__).parents[2]
REAL = Path(os.environ.get("SANCTUARY_REAL", ROOT.parent / "shared" / "real"))
FOLDER = REAL / "municipal" / "municode"

pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="the real answers are not at hand")

CODE = "https://library.municode.com/va/blacksburg/codes/code_of_ordinances"
API = "https://api.municode.com"
JOB = "jobId=485152&productId=10159"
ZONING = "CO_APXAORNO1137BLZOOR"
DIVISION = f"{ZONING}_ARTIVUSDEST_DIV2REUS"
NAMES = {
    f"{API}/Clients/name?clientName=Blacksburg&stateAbbr=VA": "client",
    f"{API}/ClientContent/8130": "clientcontent",
    f"{API}/Jobs/latest/10159": "job",
    f"{API}/codesToc?{JOB}": "toc_root",
    f"{API}/codesToc/children?{JOB}&nodeId={ZONING}": "toc_zoning_children",
    f"{API}/codesToc/children?{JOB}&nodeId={DIVISION}": "toc_div2reus_children",
    f"{API}/CodesContent?{JOB}&nodeId={DIVISION}": "content_homeocc",
}


def answers() -> dict[str, bytes]:
    return {name: (FOLDER / f"municode_{file}.json").read_bytes() for name, file in NAMES.items()}


def lacking(find: list[str]) -> list[str]:
    """Return what is asked for once the answers at hand are given."""
    given, parts = answers(), list[Part]()
    wanted: list[Wanted] = []
    while not wanted or all(each.name in given for each in wanted):
        parts += [Part(each.name, given[each.name]) for each in wanted]
        wanted = list(follow(CODE, {"find": find}, parts))
    return [each.name for each in wanted]


def test_client_product_job_and_text_go_together() -> None:
    reading = PARSER.read(walked(PARSER, CODE, {"node": DIVISION}, answers()), {})
    row = policy(reading)
    assert row.jurisdiction == "Blacksburg, Virginia"
    assert row.address == f"{CODE}?nodeId={DIVISION}"
    assert row.version_label == (
        "Supplement 29 Update 1: Codified through Ordinance No. 2104, enacted December 9, 2025. "
        "(Supp. No. 29, Update 1)"
    )
    assert [problem.message for problem in reading.problems] == [
        "ordinances that are adopted and not yet in the code: 2"
    ]
    assert all(check.passed for check in reading.checks)


def test_the_sections_are_those_of_the_answer_alone() -> None:
    whole = PARSER.read(walked(PARSER, CODE, {"node": DIVISION}, answers()), {})
    alone = PARSER.read((FOLDER / "municode_content_homeocc.json").read_bytes(), {"address": CODE})
    ours, theirs = (reading.rows(PolicySection) for reading in (whole, alone))
    assert [row.content() for row in ours] == [row.content() for row in theirs]


def test_one_section_of_a_division_is_read_alone() -> None:
    node = f"{DIVISION}_S4211HOOC"
    group = answers()[f"{API}/CodesContent?{JOB}&nodeId={DIVISION}"]
    given = answers() | {f"{API}/CodesContent?{JOB}&nodeId={node}": group}
    reading = PARSER.read(walked(PARSER, CODE, {"node": node}, given), {})
    assert list(sections(reading)) == ["Sec. 4211"]
    assert policy(reading).title == "Home occupations."


@pytest.mark.parametrize(
    ("find", "node"),
    [
        (["Appendix A", "Article IV"], f"{ZONING}_ARTIVUSDEST"),
        (["Chapter 15.5"], "CO_CH15.5PARE"),
        (["ch. 15"], "CO_CH15PAOTOUAS"),
        (["Charter"], "CH"),
    ],
)
def test_a_part_is_found_in_the_table_of_contents(find: list[str], node: str) -> None:
    assert lacking(find) == [f"{API}/CodesContent?{JOB}&nodeId={node}"]


def test_a_chapter_that_is_nowhere_is_told_without_opening_the_chapters() -> None:
    names = lacking(["Chapter 99"])
    appendices = [ZONING, "CO_APXBORNO1217BLSUOR"]
    assert [name.rpartition("=")[2] for name in names] == ["CH", *appendices]
    says = r"no line below APPENDIX A .* is Article 9; .*ARTICLE I\. - ADMIN"
    with pytest.raises(NotThisDocument, match=says):
        lacking(["Appendix A", "Article 9"])


def test_a_client_with_two_codes_has_the_one_that_is_named() -> None:
    given = answers()
    given[f"{API}/ClientContent/8130"] = (FOLDER / "municode_clientcontent_dual.json").read_bytes()
    parts = [Part(name, given[name]) for name in list(NAMES)[:2]]
    (job,) = follow(CODE, {"node": "A"}, parts)
    assert job.name == f"{API}/Jobs/latest/10529"
    (job,) = follow(CODE, {"node": "A", "product": "Zoning"}, parts)
    assert job.name == f"{API}/Jobs/latest/12653"
