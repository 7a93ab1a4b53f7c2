"""HTML saves: the main content, cut into parts; the rest is counted."""

from __future__ import annotations

import re
import warnings
from bisect import bisect_right
from collections.abc import Iterator

from bs4 import BeautifulSoup
from bs4.builder import ParserRejectedMarkup
from bs4.element import NavigableString, Tag

from sicetnon.errors import PageError
from sicetnon.ingest.parts import Loss, Part
from sicetnon.ingest.source import quoted
from sicetnon.ingest.walk import ASIDE, NOTES, UNSEEN, Walk, attr, hidden

EXPECTED = "a heading h1 and sections under it in the main content"

_NBSP = re.compile(r"&nbsp;?|&#160;|&#x[aA]0;")
_UNCLOSED = re.compile(r"<[a-zA-Z/!?]")


def spaced(source: str) -> str:
    """Write the entity of a space that must not break as that of a space, equally long."""
    return _NBSP.sub(lambda found: "&#" + "32;".rjust(len(found[0]) - 2, "0"), source)


def soup(text: str) -> BeautifulSoup:
    """Parse HTML of any quality."""
    if _UNCLOSED.search(text, text.rfind(">") + 1):
        text += ">"  # else the parser looks for it from every "<" anew
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return BeautifulSoup(text, "html.parser")
        except ParserRejectedMarkup as error:
            raise PageError(1, "HTML", quoted(str(error))) from None


def parts_of(source: str, starts: list[int]) -> tuple[list[Part], list[Loss]]:
    """Cut the main content of an HTML page into parts; `starts` are the offsets of its lines."""
    parsed = soup(spaced(source))

    def locate(tag: Tag, _: str) -> int:
        return starts[(tag.sourceline or 1) - 1] + (tag.sourcepos or 0)

    found = _main(parsed)
    root: Tag = found or parsed.body or parsed
    walk = Walk(locate, frozenset() if found else ASIDE | {"header"})
    for block in parsed.find_all(class_="footnotes") + parsed.find_all(role=NOTES):
        walk.notes |= {attr(each, "id") for each in [block, *block.find_all(id=True)]}
    walk.run(root)
    walk.begin(None)
    if not walk.parts:
        raise PageError(bisect_right(starts, locate(root, "")), EXPECTED, "no text")
    swallowed = parsed.find_all(UNSEEN)[-1:]
    if swallowed and f"</{swallowed[0].name}" not in source[locate(swallowed[0], "") :].lower():
        start = locate(swallowed[0], "")
        walk.lost.append(Loss(start, "what follows an unclosed tag", source[start:]))
    titles = {part.text for part in walk.parts if part.level == 1}
    outside = list(_outside(parsed, root, walk.skip, titles))
    if outside:
        text = f"{sum(length for _, length in outside)} characters"
        start = locate(outside[0][0], "")
        walk.lost.append(Loss(start, "text outside the main content", text))
    return walk.parts, walk.lost


def _main(parsed: BeautifulSoup) -> Tag | None:
    """Find the element that is the main content, if one says so."""
    for tag in parsed.find_all("main"):
        if not hidden(tag):
            return tag
    articles = parsed.find_all("article")
    if articles and len(articles) == len(articles[0].find_all("article")) + 1:
        return articles[0]
    return parsed.find(role="main")


def _outside(
    parsed: Tag, root: Tag, skip: frozenset[str], titles: set[str]
) -> Iterator[tuple[Tag, int]]:
    """Yield the lengths of what people see outside the main content, but not a title said again."""
    stack: list[tuple[Tag, Iterator[object], bool]] = [
        (parsed, iter(parsed.children), parsed is root)
    ]
    while stack:
        tag, children, inside = stack[-1]
        node = next(children, None)
        if node is None:
            stack.pop()
        elif isinstance(node, Tag):
            if node.name not in UNSEEN:
                within = (inside or node is root) and node.name not in skip
                stack.append((node, iter(node.children), within))
        elif type(node) is NavigableString and not inside:
            text = " ".join(node.split())
            if text and not (tag.name == "title" and text in titles):
                yield tag, len(text)
