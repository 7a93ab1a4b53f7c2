"""Every kind of page in both extractions: one page, however it was set, encoded or cut."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from conftest import EXAMPLES
from sicetnon import graph, ingest, model
from sicetnon.errors import PageError
from sicetnon.library import Library

FORMS = Path(__file__).parent / "cases" / "forms"
KINDS = sorted(path.stem.removesuffix("-a") for path in FORMS.glob("*-a.txt"))


def form_b(text: str) -> str:
    """Extract a page in form a as form b does: no site line, blank lines, bullets or numbers."""
    lines = [line for line in text.split("\n") if line.strip()][1:]
    bare = [re.sub(r"^  (?:• |\d+\. (?=\[))", "", line) for line in lines]
    return "\n".join(bare) + "\n"


def test_every_kind_of_page_has_a_pair_of_cases() -> None:
    assert set(KINDS) == set(ingest.READERS)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("form", ["a", "b"])
def test_page_of_every_kind_and_form_comes_back_byte_for_byte(kind: str, form: str) -> None:
    path = FORMS / f"{kind}-{form}.txt"
    page = ingest.read(path.read_bytes(), path.name)
    assert (page.kind, page.layout.form) == (kind, form)
    again = graph.from_quads(graph.to_quads(page))
    assert again == page
    assert again.layout == page.layout
    assert ingest.write(again) == path.read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_both_forms_of_a_page_are_equal(kind: str) -> None:
    pages = [ingest.read((FORMS / f"{kind}-{form}.txt").read_bytes(), "x.txt") for form in "ab"]
    assert pages[0] == pages[1]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_both_forms_of_an_example_are_equal(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    one, other = (ingest.read(form.encode(), path.name) for form in (text, form_b(text)))
    assert one == other
    assert ingest.write_text(other) == form_b(text)


def test_both_forms_of_the_seed_are_equal(seed: Path) -> None:
    text = seed.read_text(encoding="utf-8")
    one, other = (ingest.read(form.encode(), seed.name) for form in (text, form_b(text)))
    assert one == other


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("kind", KINDS)
def test_encodings_and_line_ends_come_back_as_they_were(
    encoding: str, newline: str, kind: str
) -> None:
    text = (FORMS / f"{kind}-a.txt").read_text(encoding="utf-8")
    data = text.replace("\n", newline).encode(encoding)
    page = ingest.read(data, "x.txt")
    assert page == ingest.read(text.encode(), "x.txt")
    assert ingest.write(graph.from_quads(graph.to_quads(page))) == data


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"A \xb7 history\n", "UTF-8 text"),
        ("A · history\n".encode("utf-16-le"), "UTF-8 text"),
        (b"\xff\xfeA\x00\xd8\xd8\n", "UTF-16-LE text"),
        ("A · history\r\n\r\nVersion 1\n".encode(), "lines that all end in CR LF"),
        ("A · history\rVersion 1".encode(), "plain text"),
    ],
)
def test_bytes_that_are_not_certain_are_refused(data: bytes, expected: str) -> None:
    with pytest.raises(PageError) as refusal:
        ingest.read(data, "x.txt")
    assert refusal.value.expected.startswith(expected)


def test_header_of_a_current_page_is_read() -> None:
    page = ingest.read((FORMS / "current-a.txt").read_bytes(), "x.txt")
    assert (page.version, page.status, page.items, str(page.issued)) == (
        "11",
        "closed",
        361,
        "2026-05-03",
    )
    assert page.title == "Do Paved Roads Last? — Part Two: Stone · Asphalt"
    assert [section.heading for section in page.sections][:4] == [
        "What's new in v11",
        "What",
        "Why it matters",
        "Open questions",
    ]


@pytest.mark.parametrize("status", ["cooling", "on hold", "neu eröffnet"])
def test_any_word_of_status_is_taken(status: str) -> None:
    text = (FORMS / "current-a.txt").read_text(encoding="utf-8").replace("closed ·", f"{status} ·")
    assert ingest.read(text.encode(), "x.txt").status == status


def test_current_page_without_status_or_news_takes_its_version_from_the_file_name() -> None:
    text = (FORMS / "current-b.txt").read_text(encoding="utf-8")
    bare = "\n".join([text.split("\n")[0], *text.split("\n")[4:]])
    assert ingest.read(bare.encode(), "roads-v7.txt").version == "7"
    with pytest.raises(PageError) as refusal:
        ingest.read(bare.encode(), "roads.txt")
    assert "a file name ending in -vN" in refusal.value.expected


def test_item_page_gives_its_claims_outright(tmp_path: Path) -> None:
    library = Library(":memory:")
    (taken,) = library.ingest([FORMS / "item-a.txt"])
    assert (taken.thread, taken.version) == ("forty-roads-a-survey-revised", "2026-05-01")
    rows = library.ask("claims", thread=taken.thread).dicts()
    assert [row["text"] for row in rows] == [
        "Frost does more harm to roads than carts.",
        "Small stones last longer than large ones.",
    ]
    assert {row["holder"] for row in rows} == {"Forty Roads: A Survey · Revised"}
    assert [row["evidence"] for row in rows] == [row["text"] for row in rows]
    assert library.check(severity="violation") == []


def test_daily_and_item_pages_are_rendered_by_their_date(tmp_path: Path) -> None:
    library = Library(":memory:")
    for kind in ("daily", "item"):
        (taken,) = library.ingest([FORMS / f"{kind}-a.txt"])
        written = library.page(taken.thread, taken.version)
        assert written == (FORMS / f"{kind}-a.txt").read_bytes()
        for form in ("markdown", "html"):
            assert "forty" in library.render("page", taken.thread, taken.version, form).lower()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("first", ["a", "b"])
def test_the_same_page_in_the_other_form_is_no_conflict(kind: str, first: str) -> None:
    library = Library(":memory:")
    second = "b" if first == "a" else "a"
    statuses = [
        next(iter(library.ingest([FORMS / f"{kind}-{form}.txt"], thread="roads"))).status
        for form in (first, second)
    ]
    assert statuses[0] == "stored"
    assert statuses[1] == ("unchanged" if first == "a" else "stored")
    assert library.page("roads") == (FORMS / f"{kind}-a.txt").read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_cut_anywhere_is_read_or_refused_with_its_line(kind: str) -> None:
    data = (FORMS / f"{kind}-a.txt").read_bytes()
    for end in range(0, len(data), 7):
        try:
            page = ingest.read(data[:end], "roads-v11.txt")
        except PageError as refusal:
            assert refusal.line >= 1
        else:
            assert ingest.write(page) == data[:end]
            assert model.counts(page)
