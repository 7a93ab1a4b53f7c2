"""Markdown and HTML saves of pages: the text page that they hold, and what did not go into it.

The module of its syntax cuts a save into parts (headings, paragraphs, bullets), `setting` sets
them as a text page, and that is read as any text page is.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from sicetnon.errors import PageError
from sicetnon.ingest.marks import put_marks
from sicetnon.ingest.source import decode
from sicetnon.model import Page, Position

if TYPE_CHECKING:
    from sicetnon.ingest.parts import Loss, Part

HTML, MARKDOWN = (".html", ".htm"), (".md", ".markdown")

_SHOWN = 80
_STARTS = re.compile(
    r"\s*<(?:!--|\?xml|(?:!doctype|html|head|body|main|article|meta|title|h1)\b)", re.I
)


def is_save(data: bytes, name: str) -> bool:
    """Tell a save by the end of its name or, on standard input, by a start in HTML."""
    if name != "-":
        return name.lower().endswith(HTML + MARKDOWN)
    return bool(_STARTS.match(decode(data).text)) if data.strip() else False


def read_save(
    data: bytes, name: str, thread: str | None, read: Callable[[bytes, str, str | None], Page]
) -> tuple[Page, list[dict[str, object]]]:
    """Read a save with the reader of text pages; raises PageError with a line of the save."""
    if name.lower().endswith(MARKDOWN):
        from sicetnon.ingest.markdown import parts_of
    else:
        from sicetnon.ingest.html import parts_of
    source = decode(data).text
    starts = [0, *(found.end() for found in re.finditer("\n", source))]
    parts, lost = parts_of(source, starts)
    if not parts:
        raise PageError(1, "a heading and sections under it", "no text")
    from sicetnon.ingest.setting import Setting

    setting = Setting(parts, name, lost)
    origins: list[int] = []
    lines: list[str] = []
    for row in setting.rows:
        gap = [""] if lines and not row.tight else []
        lines += [*gap, row.text]
        origins += [row.offset] * (len(gap) + 1)
    try:
        page = read(("\n".join(lines) + "\n").encode(), setting.name, thread)
    except PageError as error:
        at = origins[min(error.line, len(origins)) - 1]
        raise PageError(bisect_right(starts, at), error.expected, error.found) from None
    return page, [_told(loss, starts) for loss in sorted([*lost, *_unheaded(parts, page)])]


def _unheaded(parts: list[Part], page: Page) -> Iterator[Loss]:
    """Yield the headings of a save that head nothing on the page: their text is there as prose."""
    known = {section.heading for section in page.sections}
    for section in page.sections:
        known |= {put_marks(b.heading) for b in section.blocks if isinstance(b, Position)}
    for part in parts:
        if part.level > 1 and part.text not in known:
            yield part.loss("heading", part.text, part.offset)


def _told(loss: Loss, starts: list[int]) -> dict[str, object]:
    text = loss.text if len(loss.text) <= _SHOWN else loss.text[: _SHOWN - 1] + "…"
    line = bisect_right(starts, loss.offset)
    return {"what": loss.what, "offset": loss.offset, "line": line, "text": text}
