"""One sentence with its words, the names in it, and who speaks there by default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from sicetnon.model import SectionKind
from sicetnon.relations.cues import listed
from sicetnon.relations.mentions import Named, cited, find_names
from sicetnon.relations.names import Names
from sicetnon.relations.places import Place
from sicetnon.relations.values import End, Quote
from sicetnon.relations.words import Token, tokens

CLAUSE = frozenset(";:—()[]")


@dataclass(slots=True)
class Sentence:
    """The words of a sentence, the names in it, and what it takes over from its surroundings.

    `holder` speaks in a perspective, `actor` is who a line of a timeline is about, `before` and
    `line_before` are whom the sentence and the line before were about, `text` is the last paper,
    post or talk that was spoken of before, `tied` are nouns that were somebody's before,
    `asked` says that
    it ends as a question, `cites` are the words with a citation of one work right after them,
    `opened` is where a question is said to be open, once somebody has looked.
    """

    place: Place
    start: int
    end: int
    words: list[Token]
    named: list[Named]
    holder: End | None = None
    actor: End | None = None
    before: End | None = None
    line_before: End | None = None
    text: End | None = None
    tied: Mapping[str, set[End]] = field(default_factory=dict)
    asked: bool = False
    cites: Mapping[int, End] = field(default_factory=dict)
    opened: list[int] | None = None
    kinds: Mapping[str, frozenset[End]] = field(default_factory=dict)
    answers: Mapping[int, End] = field(default_factory=dict)
    low: list[str] = field(init=False)
    known: frozenset[str] = field(init=False)
    at: dict[int, Named] = field(init=False)

    def __post_init__(self) -> None:
        self.low = [token.low for token in self.words]
        self.known = frozenset(self.low)
        self.at = {i: name for name in self.named for i in range(name.first, name.after)}

    @property
    def claimed(self) -> bool:
        """Whether the holder of a perspective says this, rather than the page about it."""
        return self.place.part.startswith("statement")

    def word(self, at: int) -> str:
        """Return a word as it compares; nothing outside the sentence."""
        return self.low[at] if 0 <= at < len(self.low) else ""

    def quote(self, first: int | None = None, last: int | None = None) -> Quote:
        """Return the sentence, or some of its words, as a quotation of the page."""
        start = self.start if first is None else self.words[first].start
        end = self.end if last is None else self.words[last].end
        text = self.place.passage.text[start:end]
        return Quote(self.place.section, self.place.block, self.place.part, start, end, text)


def marks_of(place: Place, names: Names) -> dict[int, End]:
    """Return offset → the one work that is cited there."""
    marks: dict[int, set[End | None]] = {}
    for pointer in place.passage.pointers:
        marks.setdefault(pointer.offset, set()).add(names.entries.get(pointer.number))
    return {at: end for at, ends in marks.items() if len(ends) == 1 for end in ends if end}


def _answers(words: list[Token], place: Place, names: Names) -> dict[int, End]:
    """Return the words with a citation of a work that answers somebody by its title.

    A line of the timeline has its citations at its end, and all of it is about what it cites.
    """
    line = place.kind is SectionKind.TIMELINE
    found: dict[int, End] = {}
    pointers = place.passage.pointers if words else ()
    if line and any(pointer.number not in names.about for pointer in pointers):
        return found
    for pointer in pointers:
        end = names.about.get(pointer.number)
        if end is None:
            continue
        if line:
            found[len(words) - 1] = end
        elif words[0].start < pointer.offset:
            at = max(i for i, token in enumerate(words) if token.end <= pointer.offset)
            if words[at].end >= pointer.offset - 2:
                found[at] = end
    return found


def _own(words: list[Token], name: Named, place: Place) -> bool:
    """Say whether a name such as *the group* is what its place calls its own holder."""
    body = name.after - name.first == 2 and words[name.first].low == "the"
    return body and place.holder is not None and words[name.first + 1].low in listed("bodies")


def sentence(
    place: Place, start: int, end: int, names: Names, marks: Mapping[int, End]
) -> Sentence:
    """Read one sentence of a passage whose citations are `marks`."""
    text = place.passage.text[start:end]
    words = tokens(text, start)
    citing = list(cited(words, marks))
    inside = {i for name in citing for i in range(name.first, name.after)}
    others = [
        name
        for name in find_names(text, start, words, names)
        if name.first not in inside and not _own(words, name, place)
    ]
    named = sorted([*citing, *others], key=lambda name: name.first)
    holder = names.holders[place.holder] if place.holder is not None else None
    asked = text.rstrip("\"'”’) ").endswith("?")
    cites = {at: marks[token.end] for at, token in enumerate(words) if token.end in marks}
    return Sentence(
        place,
        start,
        end,
        words,
        named,
        holder,
        asked=asked,
        cites=cites,
        kinds=names.kinds,
        answers=_answers(words, place, names),
    )
