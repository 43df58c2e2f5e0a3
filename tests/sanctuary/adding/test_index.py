"""Of an index page, the documents that are alike are found, with a pattern for the next one."""

from __future__ import annotations

import re

import pytest

from sanctuary.adding.index import documents_linked

AT = "https://zembla.example/reports/"


def page(*links: str) -> bytes:
    return "".join(f'<a href="{link}">x</a>' for link in links).encode()


@pytest.mark.parametrize(
    ("links", "pattern", "next_one"),
    [
        (["ddor-01.pdf", "ddor-02.pdf"], r"/reports/ddor[^/]*\.pdf$", "ddor-17.pdf"),
        (["list08152025.xlsx"], r"/reports/list[^/]*\.xlsx$", "list08162025.xlsx"),
        (["/2025/03/a.csv", "/2025/04/b.csv"], r"/[0-9]+/[0-9]+/[^/]*\.csv$", "/2026/01/c.csv"),
        (["a.PDF?v=1", "b.PDF?v=2"], r"/reports/[^/]*\.pdf(?:$|\?)", "c.pdf?v=3"),
        (["/a.pdf"], r"/[^/]*\.pdf$", "/b.pdf"),
        (["a+b(c).pdf"], r"/reports/a\+b\(c\)[^/]*\.pdf$", "a+b(c)-2.pdf"),
    ],
)
def test_alike_documents_give_a_pattern_that_the_next_one_answers_to(
    links: list[str], pattern: str, next_one: str
) -> None:
    (found,) = documents_linked(page(*links, "/about", "page.html"), AT)
    assert found.pattern == pattern
    assert len(found.links) == len(links)
    (again,) = documents_linked(page(next_one), AT)
    assert re.search(found.pattern, again.links[0], re.IGNORECASE)


def test_the_kind_with_most_documents_comes_first() -> None:
    found = documents_linked(page("/x/terms.pdf", "a1.csv", "a2.csv"), AT)
    assert [(each.extension, len(each.links)) for each in found] == [(".csv", 2), (".pdf", 1)]
