"""Reading pages: what is understood, what is refused, and that nothing is lost between the two."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import EXAMPLES
from sicetnon import graph, ingest, model
from sicetnon.errors import PageError
from sicetnon.ingest.dates import is_date, precision
from sicetnon.ingest.marks import put_marks, take_marks
from sicetnon.model import Event, Passage, Pointer, Position, Precision

CASES = sorted((Path(__file__).parent / "cases" / "pages").glob("*.txt"))
PAGE = EXAMPLES[-1].read_text(encoding="utf-8")


def small(**parts: str) -> bytes:
    """Return a small whole page with some of its parts replaced."""
    whole = {
        "title": "Small · history",
        "version": "Version 3",
        "issued": "2026-05-01 13:04 UTC · 2 items",
        "narrative": "One thing[1] and another [2].",
        "event": "  • 2019-01-01: It began. [1]",
        "holder": "Somebody (of somewhere)",
        "statement": "It holds.",
        "evolution": "Evolution: New.",
        "tension": "  • Does it hold? [1][2]",
        "entry": "  1. [1] A title — An outlet (2019-02-03)",
        "last": "  2. [2] Another — with a dash — elsewhere",
    } | parts
    headings = {
        "narrative": "Narrative",
        "event": "Timeline",
        "holder": "Perspectives",
        "tension": "Tensions",
        "entry": "Sources",
    }
    lines = []
    for name, text in whole.items():
        if name in headings:
            lines += [headings[name], ""]
        lines += [text] if name == "entry" else [text, ""]
    return "\n".join(lines[:-1]).encode()


def test_seed_holds_what_was_counted_by_hand(seed: Path) -> None:
    page = ingest.read(seed.read_bytes(), seed.name)
    assert (page.thread, page.version, page.items) == ("deep-learning-theory-limits", "8", 243)
    assert page.issued == dt.datetime(2026, 5, 1, 13, 4, tzinfo=dt.UTC)
    assert model.counts(page) == {
        "passage": 4,
        "event": 33,
        "perspective": 16,
        "tension": 8,
        "entry": 114,
        "pointer": 176,
    }
    marks = [
        sum(len(passage.pointers) for passage in model.passages(section))
        for section in page.sections
    ]
    assert marks == [16, 84, 0, 76, 0]
    dated = [entry.number for entry in model.entries(page) if entry.issued]
    assert dated == [13, 14, 16]


@pytest.mark.parametrize("path", [*EXAMPLES, *CASES], ids=lambda path: path.stem)
def test_page_comes_back_byte_for_byte_through_its_graph(path: Path) -> None:
    data = path.read_bytes()
    page = ingest.read(data, path.name)
    again = graph.from_quads(reversed(graph.to_quads(page)))
    assert again == page
    assert ingest.write(again) == data


def test_seed_comes_back_byte_for_byte_through_its_graph(seed: Path) -> None:
    page = ingest.read(seed.read_bytes(), seed.name)
    assert ingest.write(graph.from_quads(graph.to_quads(page))) == seed.read_bytes()


def test_small_page_is_read_in_full() -> None:
    page = ingest.read(small(), "page.txt")
    narrative, timeline, perspectives, _, _sources = page.sections
    assert narrative.blocks == (
        Passage("One thing and another.", (Pointer(9, 1), Pointer(21, 2, " "))),
    )
    assert timeline.blocks == (
        Event("2019-01-01", Precision.YEAR, Passage("It began.", (Pointer(9, 1, " "),))),
    )
    assert perspectives.blocks == (
        Position(Passage("Somebody (of somewhere)"), (Passage("It holds."),), Passage("New.")),
    )
    first, second = model.entries(page)
    assert (first.title, first.origin, first.issued) == (
        "A title",
        "An outlet",
        dt.date(2019, 2, 3),
    )
    assert (second.title, second.origin) == ("Another — with a dash", "elsewhere")
    assert page.thread == "small"


def test_lines_without_the_usual_bullet_are_kept_as_they_are() -> None:
    data = small(event="2019-01-01: It began. [1]", tension="  - Does it hold?")
    page = ingest.read(data, "page.txt")
    assert page.sections[1].blocks == ingest.read(small(), "page.txt").sections[1].blocks
    assert ingest.write(graph.from_quads(graph.to_quads(page))) == data


def test_header_without_a_section_is_a_page_without_sections() -> None:
    page = ingest.read(small().partition(b"\n\nNarrative")[0], "page.txt")
    assert (page.title, page.sections) == ("Small", ())


def test_positions_without_evolution_stay_apart() -> None:
    page = ingest.read(
        small(evolution="Somebody else (of elsewhere)\n\nIt does not hold.\n\nEvolution: New."), "p"
    )
    holders = [b.heading.text for b in page.sections[2].blocks if isinstance(b, Position)]
    assert holders == ["Somebody (of somewhere)", "Somebody else (of elsewhere)"]


def test_statement_of_two_paragraphs_stays_one_position() -> None:
    page = ingest.read(small(statement="It holds.\n\nIt holds for two reasons."), "p")
    (position,) = page.sections[2].blocks
    assert isinstance(position, Position)
    assert [passage.text for passage in position.statement] == [
        "It holds.",
        "It holds for two reasons.",
    ]


@pytest.mark.parametrize(
    ("name", "origin", "thread", "expected"),
    [
        ("x.txt", "reactive:some-thread", None, "some-thread"),
        ("other-v3.txt", "reactive:some-thread", None, "some-thread"),
        ("a/b/other-v3.txt", "An outlet", None, "other"),
        ("other-v4.txt", "An outlet", None, "small"),
        ("-", "An outlet", None, "small"),
        ("x.txt", "reactive:some-thread", "mine", "mine"),
    ],
)
def test_thread_is_found_in_origins_then_file_name_then_title(
    name: str, origin: str, thread: str | None, expected: str
) -> None:
    data = small(entry=f"  1. [1] A title — {origin}", last="  2. [2] B — Elsewhere")
    assert ingest.read(data, name, thread).thread == expected


@pytest.mark.parametrize(
    ("written", "text", "expected"),
    [
        ("2019", "It began.", Precision.YEAR),
        ("2019-06", "It began.", Precision.MONTH),
        ("2019-06-12", "It began.", Precision.DAY),
        ("2019-01-01", "It began.", Precision.YEAR),
        ("2019-06-01", "It began.", Precision.MONTH),
        ("2019-01-01", "It began in January 2019.", Precision.MONTH),
        ("2019-01-01", "On January 1, it began.", Precision.DAY),
        ("2019-06-01", "It began on 1 June.", Precision.DAY),
        ("2019-06-01", "It began on June 12.", Precision.MONTH),
        ("2026-05-01", "It began on the day of the page.", Precision.DAY),
    ],
)
def test_first_of_a_month_is_a_placeholder_unless_the_day_is_meant(
    written: str, text: str, expected: Precision
) -> None:
    assert precision(written, text, dt.date(2026, 5, 1)) is expected


@pytest.mark.parametrize("text", ["2019-02-30", "2019-13", "0000", "19", "2019-1-1", "2019-", ""])
def test_what_the_calendar_does_not_have_is_no_date(text: str) -> None:
    assert not is_date(text)


REFUSED = {
    "empty": (b"", 1, "an empty file"),
    "blank": (b"\n \n", 1, "an empty file"),
    "binary": (b"\x89PNG\r\n\x1a\n\x00\x00", 1, "0x89"),
    "control character": (small(title="Sm\x00all · history"), 1, r"'\x00'"),
    "not UTF-8": (small().replace("title —".encode(), b"title \x96"), 29, "0x96"),
    "one line end of another kind": (small().replace(b"\n", b"\r\n", 1), 2, "one in LF"),
    "prose": (b"Dear reader,\n\nthis is a letter.\n", 1, "'Dear reader,'"),
    "title only": (b"Small \xc2\xb7 history\n", 2, "the end of the page"),
    "no date": (small(issued="yesterday"), 5, "'yesterday'"),
    "no such day": (small(issued="2026-02-30 13:04 UTC · 2 items"), 5, "2026-02-30"),
    "no heading": (small(issued="2026-05-01 13:04 UTC · 2 items\n\nHello"), 7, "'Hello'"),
    "two narratives": (small(narrative="A.\n\nNarrative\n\nB."), 11, "a second one"),
    "event without date": (small(event="  • It began."), 13, "It began."),
    "event on no day": (small(event="  • 2019-02-30: It began."), 13, "2019-02-30"),
    "evolution first": (small(holder="Evolution: Odd."), 17, "Evolution: Odd."),
    "entry numbered twice": (small(last="  1. [1] Again — x"), 30, "[1] Again"),
    "two numbers in one line": (small(last="  2. [3] Again — x"), 30, "2. [3]"),
    "cut in an entry": (small(last="  2. [2"), 30, "'  2. [2'"),
    "spaces on a blank line": (small(narrative="A.\n  \nB."), 10, "'  '"),
    "marks in marks": (small(narrative="A[[1]2]."), 9, "'[2]'"),
    "items with a zero in front": (small(issued="2026-05-01 13:04 UTC · 02 items"), 5, "02 items"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_page_that_would_lose_something_is_refused_with_its_line(name: str) -> None:
    data, line, found = REFUSED[name]
    with pytest.raises(PageError) as refusal:
        ingest.read(data, "page.txt")
    assert refusal.value.line == line
    assert found in refusal.value.found


HOSTILE = [
    "<script>alert(1)</script>",
    "a \"quoted\" title with \\ backslashes \\n and 'apostrophes'",
    "tab\there",
    "} DROP ALL ; #",
    "\u2028 line separator \u0085 next line",
    "\u202eright to left",
    "🦉 emoji and e\u0301 combining",
    "x" * 200_000,
]


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_is_data_wherever_it_stands(text: str) -> None:
    data = small(
        title=f"{text} · history",
        narrative=f"{text}[1]",
        event=f"  • 2019-05-05: {text}",
        holder=text,
        statement=text,
        tension=f"  • {text}",
        entry=f"  1. [1] {text} — {text}",
    )
    page = ingest.read(data, "page.txt", "hostile")
    assert ingest.write(graph.from_quads(graph.to_quads(page))) == data


LINES = PAGE.split("\n")
MUTATIONS = st.one_of(
    st.tuples(st.just("delete line"), st.integers(0, len(LINES) - 1)),
    st.tuples(st.just("repeat line"), st.integers(0, len(LINES) - 1)),
    st.tuples(st.just("swap lines"), st.integers(0, len(LINES) - 2)),
    st.tuples(st.just("blank line"), st.integers(0, len(LINES) - 1)),
    st.tuples(st.just("truncate"), st.integers(0, len(PAGE))),
    st.tuples(
        st.just("insert"),
        st.integers(0, len(PAGE)),
        st.sampled_from(["[", "]", "[1]", " [2]", "[999]", " — ", ": ", "\n", "•", "\t", "\\", " "])
        | st.characters(),
    ),
    st.tuples(st.just("delete"), st.integers(0, len(PAGE) - 1), st.integers(1, 400)),
)


def mutate(page: str, mutation: tuple[object, ...]) -> str:
    lines = page.split("\n")
    match mutation:
        case ("delete line", int(at)) if at < len(lines):
            del lines[at]
        case ("repeat line", int(at)) if at < len(lines):
            lines.insert(at, lines[at])
        case ("swap lines", int(at)) if at + 1 < len(lines):
            lines[at], lines[at + 1] = lines[at + 1], lines[at]
        case ("blank line", int(at)):
            lines.insert(at, "")
        case ("truncate", int(at)):
            return page[:at]
        case ("insert", int(at), str(text)):
            return page[:at] + text + page[at:]
        case ("delete", int(at), int(length)):
            return page[:at] + page[at + length :]
    return "\n".join(lines)


@given(st.lists(MUTATIONS, min_size=1, max_size=20))
@settings(max_examples=300, deadline=None)
def test_mutated_page_comes_back_whole_or_is_refused_with_a_line(
    mutations: list[tuple[object, ...]],
) -> None:
    text = PAGE
    for mutation in mutations:
        text = mutate(text, mutation)
    data = text.encode("utf-8", "surrogatepass")
    try:
        page = ingest.read(data, "page.txt")
    except PageError as refusal:
        assert 1 <= refusal.line <= text.count("\n") + 2
        assert refusal.expected
        assert refusal.found
    else:
        assert ingest.write(graph.from_quads(graph.to_quads(page))) == data


@given(st.text(alphabet=st.sampled_from("ab []12 \n")).filter(lambda text: "\n" not in text))
def test_marks_taken_out_can_be_put_back(text: str) -> None:
    try:
        passage = take_marks(text, 1)
    except PageError:
        return
    assert put_marks(passage) == text
    assert "[1]" not in passage.text
