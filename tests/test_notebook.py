"""The notebook runs, and shows what it shows; tables go into pandas and into HTML whole."""

from __future__ import annotations

import json
import subprocess
import sys
from html.parser import HTMLParser

import pandas as pd

import golden
from notebook import NOTEBOOK, ROOT
from sicetnon.library import Library
from sicetnon.query import Graph, Table

_RUN = (
    "import nbformat, notebook;"
    "kept = nbformat.read(notebook.NOTEBOOK, as_version=4);"
    "now = notebook.executed();"
    "assert notebook.shown(now) == notebook.shown(kept), 'run: make docs'"
)


def test_the_notebook_shows_what_it_would_show_now() -> None:
    """In a process of its own: a kernel's threads and warnings are not this project's."""
    done = subprocess.run(
        [sys.executable, "-c", _RUN],
        cwd=ROOT / "tests",
        capture_output=True,
        timeout=180,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]


def test_the_notebook_has_no_error_and_no_path_of_a_machine() -> None:
    text = NOTEBOOK.read_text(encoding="utf-8")
    cells = json.loads(text)["cells"]
    kinds = {out["output_type"] for cell in cells for out in cell.get("outputs", [])}
    assert kinds == {"execute_result"}
    assert str(ROOT) not in text


def test_a_table_becomes_a_frame() -> None:
    table = golden.library("debate").ask("most-cited-works", thread="timber-bridges")
    frame = pd.DataFrame(table.dicts(), columns=table.columns)
    assert list(frame.columns) == list(table.columns)
    assert [tuple(row) for row in frame.itertuples(index=False)] == table.rows
    assert frame["marks"].dtype.kind == "i"
    assert len(frame) == len(table)


def test_an_empty_table_becomes_a_frame_with_its_columns() -> None:
    table = golden.library("debate").ask("renumbered-entries", thread="timber-bridges")
    frame = pd.DataFrame(table.dicts(), columns=table.columns)
    assert list(frame.columns) == ["title", "before", "after"]
    assert frame.empty


class Reader(HTMLParser):
    """Collects the tags and the cells of a piece of HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.cells: list[str] = []
        self.open = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag in {"td", "th"}:
            self.cells.append("")
            self.open = True

    def handle_endtag(self, tag: str) -> None:
        self.open = self.open and tag not in {"td", "th"}

    def handle_data(self, data: str) -> None:
        if self.open:
            self.cells[-1] += data


HOSTILE = '<script>alert("1")</script> & <img src=x onerror=y> </td>'
PLAIN_TAGS = {"table", "thead", "tbody", "tr", "th", "td", "p"}


def test_what_stands_in_a_table_is_text_in_html() -> None:
    found = Reader(Table((HOSTILE, "b"), [(HOSTILE, None), (1, True)])._repr_html_())
    assert found.tags == PLAIN_TAGS
    assert found.cells == [HOSTILE, "b", HOSTILE, "", "1", "true"]


def test_a_long_table_is_cut_and_says_so() -> None:
    html = Table(("n",), [(n,) for n in range(1000)])._repr_html_()
    assert html.count("<tr>") == 101
    assert "100 of 1000 rows" in html


def test_a_graph_is_shown_as_text_with_short_names() -> None:
    triples = Library(":memory:").sparql(
        'CONSTRUCT { <https://w3id.org/sicetnon/id/work/x> sen:text "<b>&" } WHERE {}'
    )
    assert isinstance(triples, list)
    found = Reader(Graph(triples)._repr_html_())
    assert found.tags == PLAIN_TAGS
    assert found.cells[3:] == ["work/x", "sen:text", "<b>&"]
