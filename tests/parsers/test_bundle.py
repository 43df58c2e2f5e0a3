"""A bundle: its manifest names the parts, packed it holds them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.bundle import Listed, Part, Wanted, manifest, packed, parts_listed, parts_of
from parsers.records import Reading
from parsers.registry import Parser
from tests.parsers.host_walk import walked

ONE = Part("https://api.example/client", b'{"ClientID": 1}')
TWO = Part('https://api.example/text#{"page": 2}', b"\xff\x00 no text")


@given(st.lists(st.builds(Part, st.text(), st.binary())))
def test_what_is_packed_comes_out_as_it_went_in(parts: list[Part]) -> None:
    assert parts_of(packed(parts)) == tuple(parts)


def test_a_manifest_names_its_parts_by_hash_in_their_order() -> None:
    assert parts_listed(manifest([ONE, TWO])) == (
        Listed(ONE.name, hashlib.sha256(ONE.body).hexdigest()),
        Listed(TWO.name, hashlib.sha256(TWO.body).hexdigest()),
    )
    assert parts_listed(packed([ONE])) == parts_listed(manifest([ONE]))


@pytest.mark.parametrize("other", [b"", b"%PDF-1.7", b"<html>", b'{"parts": []}', b"[]"])
def test_any_other_document_is_no_bundle(other: bytes) -> None:
    assert parts_listed(other) is None
    assert parts_of(other) is None


def test_a_manifest_without_the_bytes_is_not_read() -> None:
    with pytest.raises(ValueError, match="lacks the bytes"):
        parts_of(manifest([ONE]))


@pytest.mark.parametrize("key", ["form", "parts"])
def test_a_manifest_of_another_form_is_refused(key: str) -> None:
    whole = json.loads(manifest([ONE]))
    whole[key] = 99
    with pytest.raises(ValueError, match="another form"):
        parts_listed(json.dumps(whole, indent=1).encode())


def test_a_part_without_a_hash_is_refused() -> None:
    whole = json.loads(manifest([ONE]))
    del whole["parts"][0]["sha256"]
    with pytest.raises(ValueError, match="broken"):
        parts_listed(json.dumps(whole, indent=1).encode())


def test_a_manifest_that_goes_deeper_than_can_be_read_is_refused() -> None:
    start = manifest([]).split(b"[", 1)[0]
    with pytest.raises(ValueError, match="nested too deep"):
        parts_listed(start + b"[" * 100_000)


def test_what_is_posted_names_a_part_too() -> None:
    asked = Wanted("https://lf.example/GetText", "json", '{"pageNum": 2}')
    assert asked.name == 'https://lf.example/GetText#{"pageNum": 2}'
    assert Wanted("https://lf.example/", "html").name == "https://lf.example/"


def test_a_page_that_is_opened_for_its_cookies_is_asked_for_and_is_no_part() -> None:
    page = Wanted("https://lf.example/view", "html", keep=False)
    text = Wanted("https://lf.example/GetText", "json", '{"pageNum": 1}')

    def follow(address: str, options: Mapping[str, object], parts: Sequence[Part]) -> list[Wanted]:
        return [] if parts else [page, text]

    parser = Parser("steps", 1, (), (), "json", _read_nothing, follow)
    answers = {page.name: b"<html>", text.name: b"{}"}
    assert parts_of(walked(parser, page.address, {}, answers)) == (Part(text.name, b"{}"),)
    with pytest.raises(KeyError):
        walked(parser, page.address, {}, {text.name: b"{}"})


def _read_nothing(document: bytes, options: Mapping[str, object]) -> Reading:
    raise NotImplementedError
