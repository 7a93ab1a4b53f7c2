"""The way through markup that every save takes: HTML whole, Markdown block by block."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from bs4.element import NavigableString, Tag

from sicetnon.ingest.parts import BREAK, Loss, Part, Piece

_SOURCE = re.compile(r"source-([1-9][0-9]{0,5})")
NOTES = re.compile(r"doc-(?:endnotes|footnote)")

_MEDIA = dict.fromkeys(["img", "picture", "svg", "canvas", "map"], "image")
_MEDIA |= dict.fromkeys(["object", "embed"], "embedded object")
_MEDIA |= {"video": "video", "audio": "audio", "iframe": "iframe"}
_LOST = dict.fromkeys(["input", "select", "textarea", "label", "fieldset"], "control")
_LOST |= {"table": "table", "pre": "code", "math": "formula", "figcaption": "caption"}
_LOST |= {"button": "button", "menu": "menu", "dialog": "dialog", "rt": "ruby", "rp": "ruby"}
_LOST |= _MEDIA
UNSEEN = frozenset(["script", "style", "template", "noscript"])
ASIDE = frozenset(["nav", "footer", "aside", "form", "title", "head", *UNSEEN])
_LITTLE = 12
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_LISTS = ("ol", "ul", "dl")
_BLOCK_NAMES = """
p li dt dd div section article main body html header hgroup blockquote figure address details
summary center hr
"""
_BLOCKS = {*_HEADINGS, *_LISTS, *_BLOCK_NAMES.split()}
_INLINE_NAMES = """
em strong b i u a span cite q abbr small mark s del ins strike sup sub time br wbr code kbd samp
var tt dfn bdi bdo font big data ruby nobr meta link
"""
_INLINE = frozenset(_INLINE_NAMES.split())
_ANCHORS = {"", "#", "¶", "§", "🔗", "↑", "↩", "↩︎", "^", "↵"}

Locate = Callable[[Tag, str], int]


class Walk:
    """A way through markup, without recursion, that gathers parts and losses."""

    def __init__(self, locate: Locate, skip: frozenset[str] = frozenset()) -> None:
        self.parts: list[Part] = []
        self.lost: list[Loss] = []
        self.notes: set[str] = set()
        self.locate = locate
        self.skip = skip
        self._open: Part | None = None
        self._lists: list[int | None] = []
        self._raised = 0

    def run(self, root: Tag) -> None:
        """Walk through everything in a tag."""
        stack: list[tuple[Tag, Iterator[object]]] = [(root, iter(root.children))]
        while stack:
            tag, children = stack[-1]
            node = next(children, None)
            if node is None:
                stack.pop()
                self._leave(tag)
            elif isinstance(node, Tag):
                if self._enter(node):
                    stack.append((node, iter(node.children)))
            elif type(node) is NavigableString:
                self._say(str(node), tag)

    def begin(self, part: Part | None) -> None:
        """Close the open part, which counts if it holds text, and open another."""
        if self._open and any(piece.text.strip() for piece in self._open.pieces):
            self.parts.append(self._open)
        self._open = part

    def lose(self, tag: Tag, what: str, text: str | None = None) -> bool:
        """Count a tag as lost with all that it holds; False, since nobody need look into it."""
        if text is None:
            text = " ".join(" ".join(islice(tag.strings, 400)).split())
            image = tag if tag.name == "img" else tag.find("img")
            told = image if isinstance(image, Tag) else tag
            text = text or next((t for a in ("alt", "title", "src") if (t := attr(told, a))), "")
        if text or what in _MEDIA.values():
            self.lost.append(Loss(self.locate(tag, text), what, text))
        return False

    def _enter(self, tag: Tag) -> bool:
        name = tag.name
        if name in self.skip:
            return False
        if what := _unusable(tag):
            return self.lose(tag, what)
        if name in _BLOCKS:
            return self._block(tag)
        if name not in _INLINE:
            self.lose(tag, "unknown tag", f"<{name}>")
        return self._inline(tag)

    def _block(self, tag: Tag) -> bool:
        name, at = tag.name, self.locate(tag, "")
        if self._stays(name):
            assert self._open
            self._open.pieces.append(Piece(" ", at))
            return True
        self.begin(None)
        if name in _LISTS:
            start = attr(tag, "start")
            self._lists.append((int(start) if _digits(start) else 1) if name == "ol" else None)
        elif name == "li":
            self.begin(self._item(tag, at))
        elif name in _HEADINGS or name == "p":
            self.begin(Part(at, _HEADINGS.get(name, 0), lead="lead" in attr(tag, "class").split()))
        return True

    def _item(self, tag: Tag, at: int) -> Part:
        value, anchor = attr(tag, "value"), _SOURCE.fullmatch(attr(tag, "id"))
        told = anchor[1] if anchor else value if _digits(value) else ""
        number = int(told) if told else self._lists[-1] if self._lists else None
        if number is not None and self._lists and self._lists[-1] is not None:
            self._lists[-1] = number + 1
        return Part(at, bullet=True, number=number, sure=bool(told))

    def _inline(self, tag: Tag) -> bool:
        match tag.name:
            case "br":
                self._put(Piece(BREAK, self.locate(tag, "")))
            case "a":
                return self._link(tag)
            case "time":
                text = "".join(tag.strings)
                self._put(Piece(text, self.locate(tag, text), attr(tag, "datetime")))
                return False
            case "small" if _short(tag) == "never cited":
                return self.lose(tag, "note")
            case "sup" | "sub":
                self._raised += tag.name == "sup"
                text = _short(tag) or ""
                if _digits(text) and not tag.find("a"):
                    self.lose(tag, "raised or lowered letters", text)
        return True

    def _link(self, tag: Tag) -> bool:
        href, text = attr(tag, "href"), _short(tag)
        anchor = _SOURCE.fullmatch(attr(tag, "id") or attr(tag, "name"))
        if anchor and self._open and self._open.bullet and not text:
            self._open.number, self._open.sure = int(anchor[1]), True
        inside = href.startswith("#")
        if inside and href[1:] in self.notes:
            return self.lose(tag, "footnote mark")
        if inside and text in _ANCHORS:
            return self.lose(tag, "link text")
        if href and not inside:
            self.lose(tag, "link target", href)
        if text and _digits(text) and self._cites(text, href) and not self._ends("["):
            self._put(Piece(f"[{text}]", self.locate(tag, text)))
            return False
        return True

    def _cites(self, text: str, href: str) -> bool:
        return self._raised > 0 or bool(re.search(rf"^#(?:.*[^0-9])?{text}$", href))

    def _ends(self, text: str) -> bool:
        return bool(self._open and self._open.pieces and self._open.pieces[-1].text.endswith(text))

    def _say(self, text: str, tag: Tag) -> None:
        if self._raised and self._ends("]") and not text.strip(" ,;\n"):
            return
        if self._open or text.strip():
            self._put(Piece(text, self.locate(tag, "")))

    def _put(self, piece: Piece) -> None:
        if not self._open:
            self.begin(Part(piece.offset))
        assert self._open
        self._open.pieces.append(piece)

    def _stays(self, name: str) -> bool:
        """Tell whether what a block holds belongs to the open bullet."""
        bullet = bool(self._open and self._open.bullet)
        return bullet and name in _BLOCKS and name not in {*_HEADINGS, *_LISTS, "li"}

    def _leave(self, tag: Tag) -> None:
        if tag.name == "sup":
            self._raised -= 1
        if self._stays(tag.name):
            assert self._open
            self._open.pieces.append(Piece(" ", self._open.offset))
        elif tag.name in _BLOCKS:
            self.begin(None)
            if tag.name in _LISTS:
                self._lists.pop()


def attr(tag: Tag, name: str) -> str:
    """Return an attribute as text, empty where there is none."""
    value = tag.get(name)
    return " ".join(value) if isinstance(value, list) else str(value or "").strip()


def hidden(tag: Tag) -> bool:
    """Tell what a browser does not show."""
    style = attr(tag, "style").replace(" ", "").lower()
    marked = tag.has_attr("hidden") or attr(tag, "aria-hidden") == "true"
    return marked or "display:none" in style


def _unusable(tag: Tag) -> str:
    """Say what a tag is that no part can hold; empty where one can."""
    if tag.name in _LOST or tag.name in ASIDE:
        return _LOST.get(tag.name, tag.name)
    if "footnotes" in attr(tag, "class").split() or NOTES.match(attr(tag, "role")):
        return "footnotes"
    if "-" in tag.name:
        return "custom element"
    return "hidden text" if hidden(tag) else ""


def _short(tag: Tag) -> str | None:
    """Return the text of a tag that holds little; None where it holds much."""
    text, left = "", list(reversed(tag.contents[:_LITTLE]))
    for _ in range(_LITTLE):
        if not left:
            return text.strip()
        node = left.pop()
        if isinstance(node, Tag):
            left += reversed(node.contents[:_LITTLE])
        elif type(node) is NavigableString:
            text += node
    return None


def _digits(text: str) -> bool:
    return bool(re.fullmatch(r"[1-9][0-9]{0,5}", text))
