"""Whether quoted words stand on a page, and where: word for word, never by likeness."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sicetnon import terms
from sicetnon.model import Event, Page
from sicetnon.proposals.folding import fold, occurrences
from sicetnon.relations.places import Place, places
from sicetnon.relations.words import sentences

LEAST = 12  # letters and digits: a quote of less says nothing that a person could judge
MOST = 2_000
_DATED = re.compile(r"\W*(\d{4}(?:-\d\d){0,2}):\s*")


@dataclass(frozen=True, slots=True)
class Found:
    """The sentence, or sentences, of a passage in which quoted words stand, in code points."""

    place: Place
    start: int
    end: int

    @property
    def text(self) -> str:
        """The sentence as the page's passage has it."""
        return self.place.passage.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Missing:
    """Quoted words that do not stand where they should; `elsewhere` is the passage that has them.

    `elsewhere` is empty where no passage of the page has them.
    """

    why: str
    elsewhere: str = ""


def key(page: Page, place: Place) -> str:
    """Return the name of a passage on its page, which is also the end of its IRI."""
    section = terms.section_name(page.sections[place.section].heading)
    return "/".join([section, str(place.block + 1), *[place.part][: bool(place.part)]])


def ground(page: Page, quote: str, where: str = "") -> Found | Missing:
    """Find the sentence of a page, or of its passage `where`, that holds a quote word for word.

    The whole sentence is what is found: a quote that leaves out a negation does not hide it. Words
    that run over the end of a passage are found in none.
    """
    letters = sum(letter.isalnum() for letter in fold(quote[:MOST]).text)
    if letters < LEAST:
        return Missing(f"expected a quote of at least {LEAST} letters, found {letters}")
    if len(quote) > MOST:
        return Missing(f"expected a quote of at most {MOST} characters, found {len(quote)}")
    found = list(_found(page, quote))
    for each in found:
        if where in ("", key(page, each.place)):
            return each
    if found:
        other = key(page, found[0].place)
        return Missing(f"expected the quote in passage {where}; it stands in {other}", other)
    return Missing("expected the page's own words, found a quote that stands nowhere on the page")


def _found(page: Page, quote: str) -> Iterator[Found]:
    for place in places(page):
        for start, end in occurrences(place.passage.text, _undated(page, place, quote)):
            yield Found(place, *_sentence(place.passage.text, start, end))


def _undated(page: Page, place: Place, quote: str) -> str:
    """Return a quote without the date before it, where that opens the line of this event."""
    block = page.sections[place.section].blocks[place.block]
    opening = _DATED.match(quote)
    if opening and isinstance(block, Event) and opening[1] == block.written:
        return quote[opening.end() :]
    return quote


def _sentence(text: str, start: int, end: int) -> tuple[int, int]:
    """Widen a range of a text to whole sentences."""
    touched = [each for each in sentences(text) if each[0] < end and start < each[1]]
    return (min(start, touched[0][0]), max(end, touched[-1][1])) if touched else (start, end)
