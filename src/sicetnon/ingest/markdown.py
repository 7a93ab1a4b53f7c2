"""Markdown saves: the blocks that markdown-it finds, each cut into parts as the HTML it stands for.

Only blocks have places in the source that markdown-it tells; what is lost within a block is sought
in the lines of the block.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from typing import Any

from bs4.element import Tag
from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from sicetnon.ingest.html import soup, spaced
from sicetnon.ingest.parts import Loss, Part
from sicetnon.ingest.walk import Walk

_NESTED = 20
_WINDOW = 20_000
_FRONT = re.compile(r"---\n.*?\n(?:---|\.\.\.)(?:\n|$)", re.DOTALL)
_FOOTNOTE = re.compile(r"\[\^[^\]\s]+\]:")
_RULES = {"fence": "code", "code_block": "code", "hr": "rule"}


def parts_of(source: str, starts: list[int]) -> tuple[list[Part], list[Loss]]:
    """Cut a Markdown page into parts; `starts` are the offsets of its lines."""
    parser = MarkdownIt("commonmark", {"maxNesting": _NESTED}).enable(["table", "strikethrough"])
    text, known = source, dict[str, Any]()
    front = _FRONT.match(source)
    if front:
        text = "\n" * front[0].count("\n") + source[front.end() :]
    reading = _Reading(parser, source, [*starts, len(source)], known)
    if front:
        reading.walk.lost.append(Loss(0, "front matter", " ".join(front[0].split())))
    numbered: dict[str, Any] = {}
    parser.core.ruler.after("block", "marks", partial(_keep_marks, numbered))
    tokens = parser.parse(spaced(text), known)
    reading.read(tokens)
    reading.references(known.get("references", {}) | numbered, tokens)
    return reading.walk.parts, reading.walk.lost


class _Reading:
    """The tokens of a page on their way through the walk that HTML takes too."""

    def __init__(self, parser: MarkdownIt, source: str, starts: list[int], known: Any) -> None:
        self.parser, self.source, self.starts, self.known = parser, source, starts, known
        self.inline = RendererHTML(parser).renderInline
        self.walk = Walk(self._locate)
        self.start = self.end = self.cursor = 0
        self.numbers: list[Iterator[tuple[int, bool]] | None] = []

    def read(self, tokens: list[Token]) -> None:
        """Cut all tokens into parts."""
        table = False
        for i, token in enumerate(tokens):
            if token.map:
                self._enter(token)
            if token.nesting == 1 and token.level >= _NESTED - 1:
                self._lose("what is nested too deep")
            table = token.type == "table_open" or (table and token.type != "table_close")
            if token.type == "table_open":
                self._lose("table")
            elif token.type == "inline" and _FOOTNOTE.match(token.content):
                self._lose("footnote")
            elif not table:
                self._block(token, tokens, i)
        self.walk.begin(None)

    def references(self, references: dict[str, Any], tokens: list[Token]) -> None:
        """Count the link definitions that nothing uses, and footnotes written as such."""
        used = {
            child.attrGet("href") or child.attrGet("src")
            for token in tokens
            for child in token.children or ()
        }
        for label, held in references.items():
            what = "footnote" if label.startswith("^") else "link target"
            if what == "footnote" or held["href"] not in used:
                text = " ".join(filter(None, [held["href"], held["title"]]))
                self.walk.lost.append(Loss(self.starts[held["map"][0]], what, text))

    def _block(self, token: Token, tokens: list[Token], at: int) -> None:
        match token.type:
            case "ordered_list_open" | "bullet_list_open":
                ordered = token.type == "ordered_list_open"
                self.numbers.append(iter(_numbers(tokens, at)) if ordered else None)
            case "ordered_list_close" | "bullet_list_close":
                self.numbers.pop()
            case "list_item_open":
                listed = self.numbers[-1]
                number, sure = next(listed) if listed else (None, False)
                self.walk.begin(Part(self.start, bullet=True, number=number, sure=sure))
            case "list_item_close":
                self.walk.begin(None)
            case "inline":
                html = self.inline(token.children or [], self.parser.options, self.known)
                self._run(f"<{tokens[at - 1].tag}>{html}</{tokens[at - 1].tag}>")
            case "html_block":
                self._run(token.content)
            case "fence" | "code_block" | "hr":
                self._lose(_RULES[token.type])

    def _run(self, html: str) -> None:
        self.walk.run(soup(html))

    def _lose(self, what: str) -> None:
        text = " ".join(self.source[self.start : self.end][:400].split())
        self.walk.lost.append(Loss(self.start, what, text))

    def _enter(self, token: Token) -> None:
        first, last = token.map or (0, 0)
        last = min(last, len(self.starts) - 1)
        self.start, self.end = self.starts[min(first, last)], self.starts[last]
        self.cursor = self.start

    def _locate(self, _: Tag, text: str) -> int:
        if not text:
            return self.start
        found = self.source.find(text, self.cursor, min(self.end, self.cursor + _WINDOW))
        if found < 0:
            return self.start
        self.cursor = found
        return found


def _keep_marks(numbered: dict[str, Any], state: StateCore) -> None:
    """Put link definitions by number aside, so that `[7][9]` stays two citation marks."""
    references = state.env.get("references", {})
    for label in [label for label in references if label.isdigit()]:
        numbered[label] = references.pop(label)


def _numbers(tokens: Sequence[Token], at: int) -> list[tuple[int, bool]]:
    """Number the items of a list as they are written if they ascend, or else by counting.

    Only numbers that counting would not give are sure.
    """
    start, level = int(tokens[at].attrGet("start") or 1), tokens[at].level
    written = []
    for token in tokens[at + 1 :]:
        if token.level == level:
            break
        if token.type == "list_item_open" and token.level == level + 1:
            written.append(int(token.info))
    counted = list(range(start, start + len(written)))
    ascends = all(a < b for a, b in pairwise(written))
    sure = ascends and written != counted
    return [(number, sure) for number in (written if ascends else counted)]
