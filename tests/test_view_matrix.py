"""The table of perspectives and tensions: a real table, words beside signs, nothing that runs."""

from __future__ import annotations

import json
import random
import xml.dom.minidom
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright
from pyoxigraph import Triple

from browser import find
from sicetnon import query
from sicetnon.errors import DataError
from sicetnon.store import connect
from sicetnon.view import Kind, draw
from test_view import ATTACK
from test_view_browser import FLAGS, WCAG

CASE = Path(__file__).parent / "cases" / "view" / "matrix.trig"


def constructed(case: Path = CASE) -> list[Triple]:
    return query.construct(connect(str(case)), query.load("matrix", "view"))


class Cells(HTMLParser):
    """The text of each cell, row by row, as a screen reader would say it."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.hidden = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"} and self.rows:
            self.rows[-1].append("")
        elif tag == "span":
            self.hidden = dict(attrs).get("aria-hidden") == "true"

    def handle_endtag(self, tag: str) -> None:
        if tag == "span":
            self.hidden = False

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1] and not self.hidden and self.get_starttag_text():
            self.rows[-1][-1] += data.strip()


def test_the_table_says_in_words_how_each_pair_meets() -> None:
    found = Cells()
    found.feed(draw(constructed(), "Who", "q", "html", "matrix").partition("</table>")[0])
    assert [row[1:] for row in found.rows[1:]] == [
        ["named, relation", "silent"],
        ["cited work", "silent"],
        ["named", "named"],
    ]
    assert [row[0] for row in found.rows[1:]] == ["Roe (tails)", "Poe (heads)", "Low (coins)"]


def test_the_data_carry_the_evidence() -> None:
    told = json.loads(draw(constructed(), "Who", "", "json", "matrix"))
    assert told["cells"][0][0]["ways"] == [
        ["named", ["Roe"]],
        ["relation", ["Roe contradicts Low"]],
    ]
    assert told["cells"][1][0]["ways"] == [["cited work", ["[1] On Heads"]]]


def test_the_matrix_and_the_questions_agree() -> None:
    store = connect(str(CASE))
    told = json.loads(draw(constructed(), "Who", "", "json", "matrix"))
    silent = {
        (row["iri"], column["iri"])
        for row, cells in zip(told["rows"], told["cells"], strict=True)
        for column, cell in zip(told["columns"], cells, strict=True)
        if not cell["ways"]
    }
    asked = query.run(store, query.load("silence")).rows
    assert {(row[0], row[1]) for row in asked} == silent
    rows = query.run(store, query.load("participation")).dicts()
    assert {(r["perspective"], r["tension"]) for r in rows if r["how"] == "silent"} == silent
    assert len({(r["perspective"], r["tension"]) for r in rows}) == 6


@pytest.mark.parametrize("kind", ["html", "svg", "json"])
def test_the_order_of_triples_does_not_matter(kind: Kind) -> None:
    triples = constructed()
    random.Random(5).shuffle(triples)
    assert draw(triples, "Who", "q", kind, "matrix") == draw(
        constructed(), "Who", "q", kind, "matrix"
    )


def test_the_svg_is_xml_with_words_for_every_cell() -> None:
    drawn = xml.dom.minidom.parseString(draw(constructed(), "Who", "", "svg", "matrix").encode())
    titles = [node.firstChild for node in drawn.getElementsByTagName("title")]
    words = [node.data for node in titles if isinstance(node, xml.dom.minidom.Text)]
    assert "Poe (heads) in tension 2: silent" in words
    assert len(words) == 7
    assert "var(--" not in drawn.toxml()


def test_hostile_words_stay_words(tmp_path: Path) -> None:
    hostile = ATTACK.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    text = CASE.read_text(encoding="utf-8").replace("Roe (tails)", hostile)
    (tmp_path / "case.trig").write_text(text, encoding="utf-8")
    triples = constructed(tmp_path / "case.trig")
    page = draw(triples, ATTACK, ATTACK, "html", "matrix")
    assert "<script" not in page
    xml.dom.minidom.parseString(draw(triples, ATTACK, "", "svg", "matrix").encode())


def test_what_is_no_matrix_is_refused() -> None:
    with pytest.raises(DataError, match="perspectives and tensions"):
        draw([], "Who", "", "html", "matrix")
    broken = [t for t in constructed() if not t.predicate.value.endswith("#how")]
    with pytest.raises(DataError, match="expected one how"):
        draw(broken, "Who", "", "svg", "matrix")
    with pytest.raises(DataError, match="expected a view"):
        draw([], "Who", "", "html", "pie")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_the_table(scheme: str, tmp_path: Path) -> None:
    found = find()
    assert found, "no Chromium for the browser tests: run `make browser`"
    file = tmp_path / "matrix.html"
    file.write_text(draw(constructed(), "Who", "q", "html", "matrix"), encoding="utf-8")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=found, args=FLAGS)
        options: Any = {"color_scheme": scheme, "viewport": {"width": 600, "height": 900}}
        page = launched.new_context(**options).new_page()
        page.goto(file.as_uri())
        result = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}})
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        launched.close()
    assert result.violations_count == 0, result.generate_report()
    assert wide <= 0
