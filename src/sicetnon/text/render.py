"""Write a page or one of its sections, from the store alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from sicetnon import graph, ingest, query
from sicetnon.errors import UsageError
from sicetnon.ingest.dates import MONTHS
from sicetnon.model import Page, Section
from sicetnon.query import Table, VersionRow
from sicetnon.query.table import Cell
from sicetnon.store import Store
from sicetnon.terms import section_name
from sicetnon.text.renumber import renumber as renumbered

if TYPE_CHECKING:
    from jinja2 import Environment

FORMATS = ("text", "markdown", "html")
PAGE = "page"

_MARK_COLUMNS = ("offset", "number", "space")


@dataclass(frozen=True, slots=True)
class Block:
    """What a section's template gets: the columns of one block, and its citation marks."""

    cells: Mapping[str, Cell]
    marks: tuple[tuple[int, int, str], ...]

    def __getattr__(self, column: str) -> Cell:
        try:
            return self.cells[column]
        except KeyError:
            raise AttributeError(column) from None

    def parts(self) -> list[tuple[str, str, int | None]]:
        """Cut the text at its marks: what stands before, the space before the mark, its number."""
        text, end, parts = str(self.cells["text"]), 0, []
        for offset, number, space in self.marks:
            parts.append((text[end:offset], space, number))
            end = offset
        return [*parts, (text[end:], "", None)]


def render(
    store: Store,
    name: str,
    thread: str | None,
    version: str | int | None = None,
    format: str = "text",  # noqa: A002 - the option's own name
    *,
    renumber: bool = False,
) -> str:
    """Write `page`, or a section: by the query of its name, or as the passages that it holds.

    `renumber` numbers the entries of a page as text by their first appearance.
    """
    if format not in FORMATS:
        raise UsageError(f"expected a format ({', '.join(FORMATS)}), found {format!r}")
    if renumber and (name, format) != (PAGE, "text"):
        raise UsageError(
            f"expected a whole page as text to be renumbered, found {name!r} as {format}"
        )
    row = query.graph_of(store, thread, version)
    page = _read(store, row, renumber=renumber)
    if name == PAGE and format == "text":
        return ingest.write_text(page)
    if name == PAGE:
        sections = [_section(store, each, page, format, linked=True) for each in page.sections]
        template = _templates().get_template(f"page.{format}.j2")
        return template.render(page=page, title=page.title, sections=sections)
    content = _section(store, _find(name, page), page, format, linked=False)
    if format != "html":
        return content
    frame = _templates().get_template("frame.html.j2")
    return frame.render(title=page.title, content=content)


def page_bytes(
    store: Store, thread: str | None, version: str | int | None, *, renumber: bool = False
) -> bytes:
    """Return the bytes of the file that a version was read from, built from the graph."""
    row = query.graph_of(store, thread, version)
    return ingest.write(_read(store, row, renumber=renumber))


def _read(store: Store, row: VersionRow, *, renumber: bool) -> Page:
    page = graph.from_quads(store.graph(row.iri))
    return renumbered(page) if renumber else page


def _find(name: str, page: Page) -> Section:
    found = {section_name(section.heading): section for section in page.sections}
    if name in found:
        return found[name]
    known = ", ".join([PAGE, *found])
    raise UsageError(f"expected a part of this page ({known}), found {name!r}")


def _section(store: Store, section: Section, page: Page, format: str, *, linked: bool) -> str:  # noqa: A002
    """Write one section by its own query and template, or by those of plain passages."""
    file = query.catalogue().get(section_name(section.heading))
    given = {"thread": page.thread, "version": page.version}
    if file is None or file.group != "section":
        file = query.load("passages", "section")
        given["section"] = section.heading
    blocks = _blocks(query.run(store, file, given))
    template = _templates().get_template(f"{file.name}.{format}.j2")
    return template.render(blocks=blocks, linked=linked, section=section)


def _blocks(table: Table) -> list[Block]:
    """Gather the rows that differ in their citation mark only into one block each."""
    own = [i for i, column in enumerate(table.columns) if column not in _MARK_COLUMNS]
    marked = "offset" in table.columns
    if not marked:
        return [Block(row, ()) for row in table.dicts()]
    places = [table.columns.index(column) for column in _MARK_COLUMNS]
    blocks = []
    for key, rows in groupby(table.rows, key=lambda row: tuple(row[i] for i in own)):
        marks = [tuple(row[i] for i in places) for row in rows]
        cells = dict(zip((table.columns[i] for i in own), key, strict=True))
        found = tuple((int(o), int(n), str(s or "")) for o, n, s in marks if o is not None)  # type: ignore[arg-type]
        blocks.append(Block(cells, found))
    return blocks


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

    environment = Environment(
        loader=PackageLoader("sicetnon", "text/templates"),
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["md"] = _markdown
    environment.filters["human_date"] = _human_date
    return environment


def _markdown(text: str) -> str:
    """Escape what CommonMark would read as markup (2.4, backslash escapes)."""
    escaped = re.sub(r"([\\`*_\[\]<>&#|~])", r"\\\1", text)
    escaped = re.sub(r"^(\s*)([-+=]|\d+[.)])(\s|$)", _shielded, escaped)
    return re.sub(r"^(\s*)([-=])(?=[-=\s]*$)", r"\1\\\2", escaped)


def _shielded(match: re.Match[str]) -> str:
    mark = match[2]
    return f"{match[1]}{mark[:-1]}\\{mark[-1]}{match[3]}"


def _human_date(date: str) -> str:
    """Write 2019, 2019-06 or 2019-06-12 as people read it."""
    year, *rest = date.split("-")
    month = MONTHS[int(rest[0]) - 1] if rest else ""
    day = str(int(rest[1])) if len(rest) > 1 else ""
    return " ".join(part for part in (day, month, year) if part)
