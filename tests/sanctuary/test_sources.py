"""``sources.yml`` is the one place that says what is watched, and says what is wrong with it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import yaml

from sanctuary.errors import SourcesError
from sanctuary.shipped import shipped
from sanctuary.source_values import is_web_address
from sanctuary.sources_file import load_sources
from tests.sanctuary.commands import Commands

ENTRY = """
  - id: zembla-list
    title: List of Zembla
    publisher: Zembla Ministry
    address: https://example.org/list
    parser: table
    options: {record: listings, columns: {Jurisdiction: jurisdiction}}
    editions: content
    why: For tests.
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "watched.yml"
    file.write_text(text)
    return file


def faults(folder: Path, text: str) -> list[str]:
    """Return the lines of the error, without the path that each begins with."""
    file = written(folder, text)
    with pytest.raises(SourcesError) as caught:
        load_sources(file)
    lines = str(caught.value).splitlines()
    assert all(line.startswith(f"{file}: ") for line in lines)
    return [line.removeprefix(f"{file}: ") for line in lines]


def test_the_file_that_ships_loads_and_names_the_sources_of_the_project() -> None:
    sources = load_sources(shipped("sources.yml"))
    assert [source.id for source in sources.sources if source.jurisdiction is None] == [
        "ddor-weekly",
        "ddor-corrections",
        "ice-287g-participating",
        "ice-287g-pending",
        "doj-sanctuary-list",
        "doj-sanctuary-list-release",
        "dhs-sanctuary-list",
        "declined-detainer-quarterly",
        "detainer-policies-2014",
        "nevada-removed-ein",
        "nevada-removed-reviewjournal",
        "baltimore-county-removed-ein",
        "nevada-removed-again-newsmax",
    ]
    weekly = sources.sources[0]
    assert (weekly.address, weekly.address_seen, weekly.lifecycle) == (None, False, "ended")
    assert sources.settings.individual_rows == "full"


@pytest.mark.parametrize("word", ["off", "'off'", "counts"])
def test_the_bare_word_off_is_no_truth_value(tmp_path: Path, word: str) -> None:
    shipped_text = shipped("sources.yml").read_text("utf-8")
    file = tmp_path / "sources.yml"
    file.write_text(shipped_text.replace("individual_rows: full", f"individual_rows: {word}"))
    assert load_sources(file).settings.individual_rows == word.strip("'")


def test_what_is_not_said_has_a_default(tmp_path: Path) -> None:
    (source,) = load_sources(written(tmp_path, f"sources:{ENTRY}")).sources
    assert source.lifecycle == "active"
    assert source.discover.kind == "page"
    assert source.confirm_after == timedelta(hours=3)
    assert source.expect.max_lost == 0.5
    assert source.publish == "full"
    assert source.address_seen


@pytest.mark.parametrize(
    ("line", "instead", "said"),
    [
        ("id: zembla-list", "id: Zembla List", "id: allowed: small letters, digits and single"),
        ("title: List of Zembla", "title: ''", "title: allowed: a text that is not empty"),
        (
            "parser: table",
            "parser: pdf",
            "parser: allowed: an installed parser (amlegal, codepublishing, ddor,",
        ),
        ("parser: table", "parsr: table", "parsr: no such key; allowed: id, title, publisher,"),
        ("parser: table", "", "parser: it is missing"),
        ("editions: content", "editions: daily", "editions: allowed: 'period' or 'content'"),
        ("why: For tests.", "why: 7", "why: allowed: a text; it says 7"),
        (
            "address: https://example.org/list",
            "address: example.org/list",
            "address: allowed: an address that begins with http:// or https://; it says",
        ),
        (
            "address: https://example.org/list",
            "address: 'https://example.org/a list'",
            "address: allowed: an address that begins with",
        ),
        ("address: https://example.org/list", "address: file:///etc/passwd", "address: allowed:"),
        (
            "why: For tests.",
            "why: x\n    lifecycle: over",
            "lifecycle: allowed: 'active', 'one-off' or 'ended'; it says 'over'",
        ),
        (
            "why: For tests.",
            "why: x\n    schedule: yearly",
            "schedule: allowed: hourly, daily, weekly, or a cron expression of five fields",
        ),
        (
            "why: For tests.",
            "why: x\n    schedule: '*/5 * * * * *'",
            "schedule: allowed: hourly, daily, weekly, or a cron expression of five fields",
        ),
        (
            "why: For tests.",
            "why: x\n    timezone: Mars/Olympus",
            "timezone: allowed: a time zone like America/New_York; it says 'Mars/Olympus'",
        ),
        (
            "why: For tests.",
            "why: x\n    discover: {kind: dated, template: 'https://example.org/{start}'}",
            "discover: dated documents need a template and the first day of the first",
        ),
        (
            "why: For tests.",
            "why: x\n    publish: all",
            "publish: allowed: 'full', 'diff' or 'link'",
        ),
        (
            "why: For tests.",
            "why: x\n    confirm_after: 3 hours",
            "confirm_after: allowed: a number with s, m, h, d or w, like 3h; it says '3 hours'",
        ),
        ("why: For tests.", "why: x\n    max_gap: 3", "max_gap: allowed: a number with s, m, h"),
        (
            "why: For tests.",
            "why: x\n    expect: {min_rows: -1}",
            "expect: min_rows: allowed: 0 or more; it says -1",
        ),
        (
            "why: For tests.",
            "why: x\n    expect: {min_rows: 9, max_rows: 3}",
            "expect: min_rows 9 is more than max_rows 3",
        ),
        (
            "why: For tests.",
            "why: x\n    expect: {max_lost: 50}",
            "expect: max_lost: allowed: 1 at most; it says 50",
        ),
        (
            "why: For tests.",
            "why: x\n    expect: {filled: {county: 0.9, contry: 0.9}}",
            "expect: filled: no list has a column contry: about, addendum_url, addendum_url_text",
        ),
        (
            "why: For tests.",
            "why: x\n    expect: {newest_within: {sined: 30d}}",
            "expect: newest_within: no list has a column sined",
        ),
        (
            "why: For tests.",
            "why: x\n    expect: {rows: 50}",
            "expect: rows: no such key; allowed: min_rows, max_rows, max_lost",
        ),
        (
            "why: For tests.",
            "why: x\n    discover: {kind: index}",
            "discover: an index needs a pattern that its links answer to",
        ),
        (
            "why: For tests.",
            "why: x\n    discover: {kind: index, pattern: '(.pdf'}",
            "discover: pattern: allowed: a regular expression, which this is not",
        ),
        (
            "why: For tests.",
            "why: x\n    discover: {take: first}",
            "discover: pattern and take are for `kind: index`",
        ),
        (
            "why: For tests.",
            "why: x\n    discover: {kind: index, pattern: x, take: newest}",
            "discover: take: allowed: 'all', 'first' or 'last'; it says 'newest'",
        ),
        (
            "address: https://example.org/list",
            "address: null\n    discover: {kind: index, pattern: x}",
            "an index needs an address",
        ),
    ],
)
def test_a_fault_is_named_by_entry_and_key_and_says_what_is_allowed(
    tmp_path: Path, line: str, instead: str, said: str
) -> None:
    assert line in ENTRY
    found = faults(tmp_path, f"sources:{ENTRY.replace(line, instead)}")
    name = "Zembla List" if "Zembla List" in instead else "zembla-list"
    assert any(fault.startswith(f"source {name}: {said}") for fault in found), found


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("{contact: me at home}", "settings: contact: allowed: a web or mail address without"),
        (
            "{individual_rows: some}",
            "settings: individual_rows: allowed: 'full', 'counts' or 'off'; it says 'some'",
        ),
        ("{allow_hosts: [localhost]}", "settings: allow_hosts: 0: allowed: a host and a port"),
        (
            "{proxy: 'http://me:secret@proxy.example:3128'}",
            "settings: proxy: allowed: scheme, host and port, like http://proxy.example:3128; "
            "the login goes to proxy_login; it says 'http://…@proxy.example:3128'",
        ),
        (
            "{proxies: none}",
            "settings: proxies: no such key; allowed: contact, archive, individual_rows,",
        ),
    ],
)
def test_a_fault_of_the_settings_is_named_by_key(tmp_path: Path, settings: str, said: str) -> None:
    (fault,) = faults(tmp_path, f"settings: {settings}\nsources:{ENTRY}")
    assert fault.startswith(said)


def test_every_fault_is_told_at_once(tmp_path: Path) -> None:
    second = ENTRY.replace("zembla-list", "zembla-other").replace("parser: table", "parser: x")
    text = f"sources:{ENTRY.replace('content', 'daily')}{second}"
    assert [fault.split(":")[0] for fault in faults(tmp_path, text)] == [
        "source zembla-list",
        "source zembla-other",
    ]


def test_an_entry_without_an_id_is_named_by_its_place(tmp_path: Path) -> None:
    text = f"sources:{ENTRY}{ENTRY.replace('id: zembla-list', 'name: x')}"
    assert "source number 2: id: it is missing" in faults(tmp_path, text)


def test_an_id_that_stands_twice(tmp_path: Path) -> None:
    assert faults(tmp_path, f"sources:{ENTRY}{ENTRY}") == [
        "source zembla-list: id: it stands twice; each needs one of its own"
    ]


def test_a_key_that_stands_twice_is_not_dropped_in_silence(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, f"sources:{ENTRY}    title: Another\n")
    assert "the key title stands twice" in fault
    assert "line 10" in fault


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it holds no list of sources"),
        ("- id: x", "it holds no list of sources"),
        ("sources: []", "sources: allowed: a list of 1 or more"),
        ("sources: [", "it cannot be read"),
        ("sources: \x07", "it cannot be read"),
        (f"sources: {'[' * 5000}", "it cannot be read: lists within lists"),
        ("sources: [zembla-list]", "source number 1: allowed: keys, each with its value"),
        ("sources: {a: 1}", "sources: allowed: a list"),
        (f"sources:{ENTRY}\nwatch: x", "watch: no such key; allowed: settings, sources"),
        ("a: &a [*a]", "sources: it is missing"),
        ("? [1, 2]\n: x", "it cannot be read: a key has to be a word"),
        ("1: x", "1: "),
        ("!!python/object/apply:os.system ['true']", "it cannot be read"),
    ],
)
def test_what_is_no_list_of_sources(tmp_path: Path, text: str, said: str) -> None:
    assert any(fault.startswith(said) for fault in faults(tmp_path, text))


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    file = tmp_path / "watched.yml"
    file.write_bytes(b"\xff\xfe\x00binary")
    with pytest.raises(SourcesError, match="cannot be read"):
        load_sources(file)


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("https://example.org/list?x=1#y", True),
        ("http://127.0.0.1:8000/", True),
        ("http://[::1]:8000/", True),
        ("https://", False),
        ("https://exa mple.org", False),
        ("https://example.org\\@evil.example", False),
        ("http://[::1", False),
        ("http://example.org:port/", False),
        ("ftp://example.org/", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_what_is_an_address_of_the_web(address: str, good: bool) -> None:
    assert is_web_address(address) is good


def test_a_command_ends_with_a_line_for_each_fault(sanctuary: Commands) -> None:
    sanctuary.sources_file.write_text(f"sources:{ENTRY.replace('content', 'daily')}")
    for command in ("run", "sources", "sources zembla-list"):
        answer = sanctuary(*command.split())
        assert answer.code == 1
        assert answer.err == (
            f"sanctuary: {sanctuary.sources_file}: source zembla-list: editions: allowed: "
            "'period' or 'content'; it says 'daily'\n"
        )
        assert not sanctuary.data_dir.exists()


def test_sources_lists_what_is_watched(sanctuary: Commands) -> None:
    answer = sanctuary("sources")
    assert answer.code == 0
    assert "specimen-list  (active, parser table)\n" in answer.out
    assert "  no address: `sanctuary import` takes its documents\n" in answer.out
    data = sanctuary("sources", "--json").data()
    assert [each["id"] for each in data] == [
        entry["id"] for entry in yaml.safe_load(sanctuary.sources_file.read_text())["sources"]
    ]


def test_an_address_that_nobody_opened_says_so(sanctuary: Commands) -> None:
    entry = ENTRY.replace("parser", "address_seen: false\n    parser")
    sanctuary.sources_file.write_text(f"sources:{entry}")
    assert "https://example.org/list  (never seen)" in sanctuary("sources").out
