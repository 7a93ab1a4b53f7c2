"""One sentence with its words, the names in it, and who speaks there by default."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from sicetnon.relations.book import agent
from sicetnon.relations.cues import cues, grammar, listed
from sicetnon.relations.described import described
from sicetnon.relations.names import Names, quoted
from sicetnon.relations.places import Place
from sicetnon.relations.values import End, Quote
from sicetnon.relations.words import Token, tokens

CLAUSE = frozenset(";:—()[]")


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a sentence: the words from `first` up to `after`, and what they denote."""

    first: int
    after: int
    end: End
    possessive: bool = False
    weak: bool = False
    title: bool = False
    loose: bool = False


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
    low: list[str] = field(init=False)
    at: dict[int, Named] = field(init=False)

    def __post_init__(self) -> None:
        self.low = [token.low for token in self.words]
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


def _in_quotes(text: str, start: int, words: list[Token], names: Names) -> Iterator[Named]:
    """Yield the titles in quotes; a title that the page does not list is a work by itself."""
    at = 0
    for begin, stop, title in quoted(text):
        while at < len(words) and words[at].start < start + begin:
            at += 1
        after = at
        while after < len(words) and words[after].end <= start + stop:
            after += 1
        end = names.title(title)
        shown = [word for word in title.split() if len(word) > 3]
        if end is None and len(shown) > 1 and all(word[0].isupper() for word in shown):
            end = replace(agent(title), kind="work")
        if end and after > at:
            possessive = after < len(words) and words[after].low == "'s"
            yield Named(at, after, end, possessive, title=True)


def _named_so(shown: str, end: End) -> bool:
    """Say whether a lone word is written as a name: a short form keeps its capitals."""
    if not shown[0].isupper():
        return False
    return any(letter.isupper() for letter in shown[1:]) or not re.search(
        rf"\b{re.escape(shown.upper())}\b", end.name
    )


def _match(words: list[Token], at: int, names: Names) -> tuple[int, End] | None:
    """Return where the longest name that begins at a word ends, and what it denotes."""
    sizes = names.longest.get(words[at].low, ())
    key: list[str] = []
    ends: list[int] = []
    after = at
    while after < len(words) and sizes and len(key) < sizes[0]:
        if words[after].word:
            key.append(words[after].low)
            ends.append(after + 1)
        elif words[after].low != ",":
            break
        after += 1
    for size in sizes:
        end = names.ends.get(tuple(key[:size])) if size <= len(key) else None
        if end and (size > 1 or _named_so(words[at].text, end)):
            return ends[size - 1], end
    return None


def _modifies(following: str) -> bool:
    """Say whether a lone capitalized word only describes the noun after it: `Gaussian mixtures`."""
    g = grammar()
    if g.has("work_nouns", following):
        return False
    if not following[:1].isalpha() or following in listed("not_after") | {
        "or",
        "also",
        "himself",
        "herself",
    }:
        return False
    verb = g.has("auxiliary", following) or any(following in table for table in g.verbs.values())
    return not (verb or following in cues() or following.endswith(("ed", "ly")))


def find_names(text: str, start: int, words: list[Token], names: Names) -> list[Named]:
    """Return the names in a sentence that begins at `start`, in order, none inside another."""
    found = list(_in_quotes(text, start, words, names))
    taken = {i for name in found for i in range(name.first, name.after)}
    at = 0
    while at < len(words):
        known = words[at].low in names.longest and at not in taken
        hit = _match(words, at, names) if known else None
        if hit is None and words[at].low == "the" and at not in taken:
            told = described(words, at, names.stems)
            if told and not taken & set(range(at, told[0])):
                found.append(Named(at, told[0], told[1], loose=True))
                at = told[0]
                continue
        if hit is None:
            at += 1
            continue
        after, end = hit
        following = words[after].low if after < len(words) else ""
        second = words[after + 1].low if after + 1 < len(words) else ""
        placed = following in listed("writings") and second in {"by", "from"}
        if end in names.weak and (placed or (after - at == 1 and _modifies(following))):
            at = after
            continue
        if following[:2] in {"19", "20"} and following.isdigit() and len(following) == 4:
            after += 1
            following = words[after].low if after < len(words) else ""
        mark = after < len(words) and following in {"'", "’"} and words[after - 1].low[-1] == "s"
        found.append(Named(at, after, end, following == "'s" or mark, end in names.weak))
        at = after
    return sorted(found, key=lambda name: name.first)


def marks_of(place: Place, names: Names) -> dict[int, End]:
    """Return offset → the one work that is cited there."""
    marks: dict[int, set[End | None]] = {}
    for pointer in place.passage.pointers:
        marks.setdefault(pointer.offset, set()).add(names.entries.get(pointer.number))
    return {at: end for at, ends in marks.items() if len(ends) == 1 for end in ends if end}


def _cited(words: list[Token], marks: Mapping[int, End]) -> Iterator[Named]:
    """Yield subjects such as `A bibliometric note[26]`: a phrase with the one work it cites."""
    for at, token in enumerate(words[:-1]):
        end = marks.get(token.end)
        if end is None or not words[at + 1].word or words[at + 1].low in listed("not_after"):
            continue
        for first in range(at - 1, max(-1, at - 14), -1):
            if not words[first].word:
                break
            opens = first == 0 or words[first - 1].low in listed("opens")
            if words[first].low in {"a", "an"} and opens:
                yield Named(first, at + 1, end)
                break


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
    cited = list(_cited(words, marks))
    inside = {i for name in cited for i in range(name.first, name.after)}
    others = [
        name
        for name in find_names(text, start, words, names)
        if name.first not in inside and not _own(words, name, place)
    ]
    named = sorted([*cited, *others], key=lambda name: name.first)
    holder = names.holders[place.holder] if place.holder is not None else None
    asked = text.rstrip("\"'”’) ").endswith("?")
    cites = {at: marks[token.end] for at, token in enumerate(words) if token.end in marks}
    return Sentence(place, start, end, words, named, holder, asked=asked, cites=cites)
