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
from sicetnon.model import Section
from sicetnon.query import QueryFile, Table
from sicetnon.query.table import Cell
from sicetnon.store import Store
from sicetnon.terms import slug
from sicetnon.text.renumber import renumber as renumbered

if TYPE_CHECKING:
    from jinja2 import Environment

FORMATS = ("text", "markdown", "html")
PAGE = "page"

_MARK_COLUMNS = ("offset", "number", "space")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


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
    """Write `page`, or the section that a query of `queries/section/` is named after.

    `text` gives a page back byte for byte; `renumber` numbers its entries by first appearance.
    """
    if format not in FORMATS:
        raise UsageError(f"expected a format ({', '.join(FORMATS)}), found {format!r}")
    if name == PAGE:
        return _page(store, thread, version, format, renumber=renumber)
    section = query.load(name, "section")
    if renumber:
        raise UsageError(f"expected --renumber with a whole page, found it with {name!r}")
    row = query.graph_of(store, thread, version)
    content = _section(store, section, thread, row.number, format, linked=False)
    if format != "html":
        return content
    frame = _templates().get_template("frame.html.j2")
    return frame.render(title=f"{section.title} · {row.title}", content=content)


def _page(
    store: Store,
    thread: str | None,
    version: str | int | None,
    format: str,  # noqa: A002
    *,
    renumber: bool,
) -> str:
    row = query.graph_of(store, thread, version)
    page = graph.from_quads(store.graph(row.iri))
    if format == "text":
        return ingest.write(renumbered(page) if renumber else page)
    if renumber:
        raise UsageError(f"expected --renumber with --format text, found it with {format!r}")
    content = [
        _section(store, _query_of(section), thread, row.number, format, linked=True)
        for section in page.sections
    ]
    return (
        _templates()
        .get_template(f"page.{format}.j2")
        .render(page=page, title=page.title, sections=content)
    )


def _query_of(section: Section) -> QueryFile:
    return query.load(slug(section.heading), "section")


def _section(
    store: Store,
    section: QueryFile,
    thread: str | None,
    version: int,
    format: str,  # noqa: A002
    *,
    linked: bool,
) -> str:
    given = {"version": str(version)} | ({"thread": thread} if thread else {})
    blocks = _blocks(query.run(store, section, given))
    template = _templates().get_template(f"{section.name}.{format}.j2")
    return template.render(blocks=blocks, linked=linked)


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
    return re.sub(r"^(\s*)([-+=]|\d+[.)])(\s|$)", _shielded, escaped)


def _shielded(match: re.Match[str]) -> str:
    mark = match[2]
    return f"{match[1]}{mark[:-1]}\\{mark[-1]}{match[3]}"


def _human_date(date: str) -> str:
    """Write 2019, 2019-06 or 2019-06-12 as people read it."""
    year, *rest = date.split("-")
    month = _MONTHS[int(rest[0]) - 1] if rest else ""
    day = str(int(rest[1])) if len(rest) > 1 else ""
    return " ".join(part for part in (day, month, year) if part)
