"""Markdown and HTML saves: they read as the text page reads, and what is lost is listed."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conftest import EXAMPLES
from sicetnon import graph, ingest, text
from sicetnon.errors import PageError
from sicetnon.ingest.saves import is_save
from sicetnon.model import Block, Event, Page
from sicetnon.store.embedded import EmbeddedStore

CASES = Path(__file__).parent / "cases"
SAVES = sorted(path for path in (CASES / "saves").iterdir() if path.suffix != ".txt")
PAGES = [*EXAMPLES, *sorted((CASES / "saves").glob("*.txt")), *(CASES / "pages").glob("*.txt")]
SMALL = "<main><h1>T · history</h1><p>Version 1</p><p>2026-05-01 13:04 UTC · 2 items</p>{}</main>"
NARRATIVE = "<h2>Narrative</h2><p>One.</p>"
LOST: dict[str, list[tuple[str, str]]] = {
    "history.html": [
        ("text outside the main content", "50 characters"),
        ("script", "alert(1)"),
        ("button", "Share"),
        ("link text", "¶"),
        ("link target", "https://example.org/roads"),
        ("table", "1820 7 roads"),
        ("image", "A road"),
        ("caption", "Seen from above"),
        ("iframe", "https://example.org/video"),
        ("link target", "https://example.org/1"),
        ("link text", "↑"),
    ],
    "history.md": [
        ("front matter", "--- saved: 2026-05-02 ---"),
        ("link target", "https://example.org/roads"),
        ("table", "| when | what | |------|---------| | 1820 | 7 roads |"),
        ("image", "A road"),
        ("code", "``` code that is no part of the page ```"),
        ("footnote", "[^1]: A footnote of the save's own."),
    ],
    "current.html": [
        ("text outside the main content", "4 characters"),
        ("link target", "/roads/history"),
    ],
    "current.md": [
        ("link target", "/roads/history"),
        ("link target", "https://example.org/7"),
        ("link target", "https://example.org/9"),
    ],
    "daily.html": [("text outside the main content", "15 characters")],
    "daily.md": [],
    "item.html": [("link target", "/roads")],
    "item.md": [("link target", "/roads")],
}


def save(html: str, name: str = "page.html") -> tuple[Page, list[dict[str, object]]]:
    """Read a save from its text."""
    return ingest.read_any(html.encode(), name)


def small(inner: str) -> tuple[str, list[tuple[object, object]]]:
    """Read a small history page with this content; return its text and what was lost."""
    page, lost = save(SMALL.format(inner))
    return ingest.write_text(page), [(loss["what"], loss["text"]) for loss in lost]


def narrative(html: str) -> str:
    """Return the text of a paragraph as a page has it."""
    return small(f"<h2>Narrative</h2>{html}")[0].partition("Narrative\n\n")[2].strip("\n")


def rendered(page: Page, form: str) -> str:
    """Write a page as `sicetnon render page` does."""
    store = EmbeddedStore.in_memory()
    store.add(graph.to_quads(page))
    return text.render(store, "page", page.thread, page.version, form)


def meant(page: Page) -> Page:
    """Return the page with every date written as exactly as it is meant."""

    def block(each: Block) -> Block:
        return replace(each, written=each.date) if isinstance(each, Event) else each

    sections = (
        replace(section, blocks=tuple(map(block, section.blocks))) for section in page.sections
    )
    return replace(page, sections=tuple(sections))


@pytest.mark.parametrize("path", SAVES, ids=lambda path: path.name)
def test_save_reads_as_its_text_page_reads(path: Path) -> None:
    data = path.with_suffix(".txt").read_bytes()
    page, lost = ingest.read_any(path.read_bytes(), path.name)
    assert page == ingest.read(data, path.with_suffix(".txt").name)
    assert ingest.write(page) == data
    assert [(loss["what"], loss["text"]) for loss in lost] == LOST[path.name]


@pytest.mark.parametrize("path", SAVES, ids=lambda path: path.name)
def test_losses_are_sorted_and_tell_where_they_stand(path: Path) -> None:
    source = path.read_text(encoding="utf-8")
    _, lost = ingest.read_any(path.read_bytes(), path.name)
    offsets = [loss["offset"] for loss in lost]
    assert all(isinstance(at, int) and 0 <= at < len(source) for at in offsets)
    assert all(a <= b for a, b in pairwise(offsets))  # type: ignore[operator]
    for loss in lost:
        at = loss["offset"]
        assert isinstance(at, int)
        assert loss["line"] == source.count("\n", 0, at) + 1
        assert set(loss) == {"what", "offset", "line", "text"}
        if path.suffix == ".html":
            assert source[at] == "<"


@pytest.mark.parametrize("form", ["html", "markdown"])
@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_our_own_output_reads_back_but_for_the_written_form_of_dates(path: Path, form: str) -> None:
    page = ingest.read(path.read_bytes(), path.name)
    again, lost = save(rendered(page, form), f"{path.stem}.{form}")
    assert meant(again) == meant(page)
    assert (again.issued, again.items, again.status) == (page.issued, page.items, page.status)
    assert again.site == (page.site if form == "html" else None)
    shown = [
        block
        for section in page.sections
        for block in section.blocks
        if isinstance(block, Event) and len(block.date) < 10
    ]
    assert [loss["what"] for loss in lost if loss["what"] != "note"] == [
        "written form of the date"
    ] * len(shown)


def test_seed_reads_back_from_our_own_output(seed: Path) -> None:
    page = ingest.read(seed.read_bytes(), seed.name)
    for form in ("html", "markdown"):
        assert meant(save(rendered(page, form), f"x.{form}")[0]) == meant(page)


WORDS = st.text(
    st.sampled_from([*"ab<>&*_`~#|\\[]()!-+=.:1'\"", " ", "—", "\u00a0", "é", "😀"]), min_size=1
).filter(lambda text: text.strip() == text and text[0] not in "•*–-" and text != "Evolution:")


@settings(max_examples=150, deadline=None)
@given(WORDS, WORDS, WORDS, WORDS, WORDS)
def test_hostile_text_comes_back_from_our_own_output(
    title: str, prose: str, event: str, tension: str, entry: str
) -> None:
    lines = [
        f"{title} · history\n\nVersion 3\n\n2026-05-01 13:04 UTC · 2 items\n\nNarrative\n\n{prose}",
        f"Timeline\n\n  • 2019-01-01: x{event}\n\nTensions\n\n  • {tension}\n\nSources\n",
        f"  1. [1] a{entry} — An outlet (2019-02-03)\n  7. [7] b{entry}\n",
    ]
    try:
        page = ingest.read("\n\n".join(lines[:2]).encode() + b"\n" + lines[2].encode(), "x", "t")
    except PageError:
        return
    for form in ("html", "markdown"):
        again, _ = ingest.read_any(rendered(page, form).encode(), f"x.{form}", "t")
        assert meant(again) == meant(page)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>It is<sup><a>7</a></sup>.</p>", "It is[7]."),
        ("<p>It is<sup><a href='/n'>7</a> <a>8</a></sup>.</p>", "It is[7][8]."),
        ("<p>It is <sup>[<a href='#x'>7</a>]</sup>.</p>", "It is [7]."),
        ("<p>It is<a href='#source-7'>[7]</a>.</p>", "It is[7]."),
        ("<p>In <a href='/2019'>2019</a>.</p>", "In 2019."),
        ("<p>10<sup>7</sup> of them</p>", "107 of them"),
        ("<p>&lt;b&gt; &amp;amp; &eacute;&nbsp;x&#8212;y</p>", "<b> &amp; é x—y"),
        ("<p>one<br>two<br/><br>three</p>", "one two\n\nthree"),
        ("<p>one\n   two <em> three</em>\n</p>", "one two three"),
        ("<p>kept:\u00a0this  and this</p>", "kept:\u00a0this  and this"),
        ("<p>&nbsp;</p><p>one<p>two", "one\n\ntwo"),
        ("bare <b>text</b><div>in <i>divs</i></div>", "bare text\n\nin divs"),
        ("<p>&#xD800;&#0;x</p>", "\ufffd\ufffdx"),
    ],
)
def test_inline_html_is_read_as_people_see_it(html: str, expected: str) -> None:
    assert narrative(html) == expected


@pytest.mark.parametrize(
    ("items", "numbers"),
    [
        ("<ol><li>A — x</li><li>B — y</li></ol>", [1, 2]),
        ("<ol start=7><li>A — x</li><li>B — y</li></ol>", [7, 8]),
        ("<ol><li value=3>A — x</li><li>B — y</li></ol>", [3, 4]),
        ("<ol><li>[7] A — x</li><li>[9] B — y</li></ol>", [7, 9]),
        ("<ul><li>[7] A — x</li><li>[9] B — y</li></ul>", [7, 9]),
        ("<p>[7] A — x</p><p>[9] B — y</p>", [7, 9]),
        ("<ul><li id='source-4'>A — x</li><li id='source-6'>B — y</li></ul>", [4, 6]),
        ("<ol><li value=1>[1] A — x</li><li value=5>[5] B — y</li></ol>", [1, 5]),
    ],
)
def test_sources_are_numbered_by_list_or_mark(items: str, numbers: list[int]) -> None:
    written, lost = small(f"{NARRATIVE}<h2>Sources</h2>{items}")
    titles = zip(numbers, ("A — x", "B — y"), strict=True)
    assert written.endswith("\n".join(f"  {n}. [{n}] {title}" for n, title in titles) + "\n")
    assert lost == []


@pytest.mark.parametrize(
    ("html", "expected", "lost"),
    [
        ("<li><time datetime='2019-06'>June 2019</time> x", "2019-06: x", ["June 2019"]),
        ("<li><time datetime='2019'>2019</time>: x", "2019: x", ["2019"]),
        ("<li><time datetime='2019-06-12T10:00'>12 June</time> — x", "2019-06-12: x", []),
        ("<li><time datetime='2019-06'>2019-06-01</time>: x", "2019-06-01: x", []),
        ("<li><b>June 12, 2019</b>: x", "2019-06-12: x", []),
        ("<li>Jun 2019: x", "2019-06: x", ["Jun 2019"]),
        ("<li>2019-01-01: x", "2019-01-01: x", []),
    ],
)
def test_events_are_dated_as_exactly_as_the_save_tells(
    html: str, expected: str, lost: list[str]
) -> None:
    written, found = small(f"{NARRATIVE}<h2>Timeline</h2><ul>{html}</ul>")
    assert written.endswith(f"  • {expected}\n")
    assert found == [("written form of the date", text) for text in lost]


@pytest.mark.parametrize(
    ("inner", "what", "text"),
    [
        ("<p><img src='a.png'></p>", "image", "a.png"),
        ("<p>x<a href='https://e.org'>y</a></p>", "link target", "https://e.org"),
        ("<pre>code</pre>", "code", "code"),
        ("<x-news>Subscribe</x-news>", "custom element", "Subscribe"),
        ("<p>x <y>z</p>", "unknown tag", "<y>"),
        ("<p hidden>secret</p>", "hidden text", "secret"),
        ("<aside>Related</aside>", "aside", "Related"),
        ("<section class='footnotes'><p>Note</p></section>", "footnotes", "Note"),
        ("<h2>Background</h2><p>x</p>", "heading", "Background"),
        ("<p>10<sup>7</sup></p>", "raised or lowered letters", "7"),
        ("<p>" + "x<table><td>" + "long " * 40 + "</table>", "table", ("long " * 16)[:79] + "…"),
    ],
)
def test_everything_that_did_not_go_into_the_page_is_listed(
    inner: str, what: str, text: str
) -> None:
    assert small(NARRATIVE + inner)[1] == [(what, text)]


def test_text_after_a_script_that_never_ends_is_listed() -> None:
    _, lost = save(SMALL.format(NARRATIVE + "<script>x = 1;<h2>Tensions</h2>"))
    assert [loss["what"] for loss in lost] == ["what follows an unclosed tag"]


@pytest.mark.parametrize(
    ("html", "line", "found"),
    [
        ("<title>Only a title</title>", 1, "no text"),
        ("<html>\n<body>\n<main>\n</main><p>Outside</p></body>", 3, "no text"),
        (SMALL.format("\n\n<h2>Timeline</h2>\n<ul>\n<li>Then it began.</ul>"), 5, "Then it began"),
        (SMALL.format("<h2>Narrative</h2>\n<p>x</p><h2>Sources</h2>\n<ul><li>A"), 3, "• A"),
        ("<main>\n<h1>T · history</h1>\n<p>Eighth</p><h2>Narrative</h2></main>", 3, "Eighth"),
        ("<main>\n\n<h1>Hello</h1><p>World</p></main>", 3, "Hello"),
        (SMALL.format("<h2>Narrative</h2>\n<p>&#27;[31mred</p>"), 2, "control character"),
    ],
)
def test_save_that_makes_no_page_is_refused_with_its_own_line(
    html: str, line: int, found: str
) -> None:
    with pytest.raises(PageError) as caught:
        save(html)
    assert caught.value.line == line
    assert found in caught.value.found


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(PageError, match="1: expected UTF-8 text, found the byte 0xe9"):
        ingest.read_any("<h1>Café</h1>".encode("latin-1"), "x.html")
    data = b"\xff\xfe" + SMALL.format(NARRATIVE).encode("utf-16-le")
    assert ingest.read_any(data, "x.html")[0] == save(SMALL.format(NARRATIVE))[0]


@pytest.mark.parametrize(
    ("data", "name", "expected"),
    [
        (b"T", "a/PAGE.HTML", True),
        (b"T", "page.v2.md", True),
        (b"<!doctype html><p>", "page.txt", False),
        (b"\n <!DOCTYPE HTML>", "-", True),
        (b"<main>", "-", True),
        (b"<mainly> a title", "-", False),
        (b"Title", "-", False),
        (b"", "-", False),
    ],
)
def test_save_is_told_by_its_name_or_on_standard_input_by_its_start(
    data: bytes, name: str, expected: bool
) -> None:
    assert is_save(data, name) is expected


@pytest.mark.parametrize(
    ("opening", "closing"),
    [("<div>", "</div>"), ("<b>", ""), ("<ul><li>", ""), ("<sup><a>", ""), ("<x>", "</x>")],
)
def test_markup_nested_ten_thousand_deep_is_read(opening: str, closing: str) -> None:
    deep = opening * 10_000 + "deep" + closing * 10_000
    assert "deep" in small(f"<h2>Narrative</h2><p>x</p>{deep}")[0]


@pytest.mark.parametrize("unit", ["<!--", "<a href='", "</", "<?", "&#", "<b", "a word "])
def test_five_megabytes_of_broken_markup_are_read(unit: str) -> None:
    html = SMALL.format(NARRATIVE + "<p>" + unit * (5_000_000 // len(unit)))
    assert save(html.removesuffix("</main>"))[0].title == "T"


def test_markdown_nested_too_deep_is_listed_and_not_lost_in_silence() -> None:
    markdown = (
        "# T · history\n\nVersion 1\n\n2026-05-01 13:04 UTC · 2 items\n\n## Narrative\n\nx\n\n"
    )
    _, lost = save(markdown + "> " * 10_000 + "deep", "x.md")
    assert "what is nested too deep" in {loss["what"] for loss in lost}


BITS = """
<main> </main> <h1> </h1> <h2> <p> </p> <ol> <ul> <li> </ul> <a href='#s7'> </a> <sup> </sup>
<table> </table> <img> <time datetime='2019'> </time> <br> <!-- --> <script> </script> Narrative
Sources T·history [7] 7 &nbsp; &#0; < > text
"""
MARKUP = st.lists(st.sampled_from([*BITS.split(), "\n"]), max_size=30).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(MARKUP, st.sampled_from(["x.html", "x.md"]))
def test_any_markup_is_read_canonically_or_refused_with_a_line(markup: str, name: str) -> None:
    source = SMALL.format(NARRATIVE + markup)
    try:
        page, lost = save(source, name)
    except PageError as error:
        assert 1 <= error.line <= source.count("\n") + 1
        return
    assert ingest.read(ingest.write(page), name) == page
    assert page.layout.form == "a"
    assert all(0 <= int(str(loss["offset"])) <= len(source) for loss in lost)
