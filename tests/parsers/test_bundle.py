"""A bundle: its manifest names the parts, packed it holds them."""

from __future__ import annotations

import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.bundle import Listed, Part, Wanted, manifest, packed, parts_listed, parts_of

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


def test_what_is_posted_names_a_part_too() -> None:
    asked = Wanted("https://lf.example/GetText", "json", '{"pageNum": 2}')
    assert asked.name == 'https://lf.example/GetText#{"pageNum": 2}'
    assert Wanted("https://lf.example/", "html").name == "https://lf.example/"
