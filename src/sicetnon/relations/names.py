"""The names of a page's perspectives, works and authors, and what each name denotes."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from sicetnon.relations.cues import listed
from sicetnon.relations.values import End
from sicetnon.relations.words import low

Words = tuple[str, ...]
_MARKS = re.compile(r"['‘’\"“”]")
_ADDRESS = re.compile(r"\b(?:to|on|of|against)\b:? (?:the )?", re.IGNORECASE)
_SINGLE, _LONGEST = "'‘’", 200


@dataclass(frozen=True, slots=True)
class Names:
    """Words → what they denote.

    `longest` is the length of the longest name by its first word, `pairs` are the first two words
    of the names that have so many.
    """

    ends: Mapping[Words, End]
    longest: Mapping[str, tuple[int, ...]]
    titles: Mapping[Words, End]
    begun: Mapping[Words, tuple[tuple[Words, End], ...]]
    entries: Mapping[int, End]
    holders: tuple[End, ...]
    weak: frozenset[End] = frozenset()
    stems: Mapping[str, frozenset[End]] = field(default_factory=dict)
    kinds: Mapping[str, frozenset[End]] = field(default_factory=dict)
    about: Mapping[int, End] = field(default_factory=dict)
    pairs: frozenset[Words] = field(init=False)

    def __post_init__(self) -> None:
        pairs = frozenset(words[:2] for words in self.ends if len(words) > 1)
        object.__setattr__(self, "pairs", pairs)

    def title(self, text: str) -> End | None:
        """Return what a title in quotes denotes, whole, cut short, or without its subtitle."""
        words = low(text)
        if found := self.titles.get(words) or self.ends.get(words):
            return found
        if len(words) < 2:
            return None
        near = {end for key, end in self.begun.get(words[:2], ()) if _opens(words, key)}
        return near.pop() if len(near) == 1 else None

    def addressed(self, title: str) -> End | None:
        """Return whom a title answers: `Reply to Smith`, `Comment on "The Still Sea"`."""
        for match in _ADDRESS.finditer(title):
            rest = title[match.end() :]
            lead = low(re.split(r" by (?=[A-Z])", title[: match.start()])[0])
            if lead and lead[-1] not in listed("answering"):
                continue
            inside = next(quoted(rest), None)
            if inside and inside[0] == 0:
                return self.title(inside[2])
            words = low(rest)
            for size in self.longest.get(words[0], ()) if words else ():
                if found := self.ends.get(words[:size]):
                    return found
            named = re.split(r" by | [-–—|] ", rest)[0]
            if len(low(named)) > 2 and (found := self.title(named)):
                return found
        return None


def _opens(one: Words, other: Words) -> bool:
    shorter = min(len(one), len(other))
    return shorter > 1 and one[:shorter] == other[:shorter]


def quoted(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and words of every quotation in a text, without its marks.

    A mark opens before a word and closes after one, a single mark closes a single one, and the
    first that can close does, so one pass is enough.
    """
    marks = [match.start() for match in _MARKS.finditer(text)]
    closing = {
        single: [at for at in marks if (text[at] in _SINGLE) is single and _closes(text, at)]
        for single in (True, False)
    }
    free = 0
    for at in marks:
        if at < free or not _opens_quote(text, at):
            continue
        ends = closing[text[at] in _SINGLE]
        place = bisect_left(ends, at + 3)
        if place < len(ends) and ends[place] - at <= _LONGEST:
            free = ends[place] + 1
            yield at, free, text[at + 1 : free - 1].rstrip(",.")


def _opens_quote(text: str, at: int) -> bool:
    before = text[at - 1 : at]
    possessive = before == "." and text[at + 1 : at + 3] == "s "
    return not (possessive or before.isalnum() or text[at + 1 : at + 2].isspace())


def _closes(text: str, at: int) -> bool:
    return not text[at + 1 : at + 2].isalnum() and not text[at - 1 : at].isspace()


@lru_cache(4096)
def clean_title(title: str) -> str:
    """Return a listed title without identifiers, file marks and what follows a site's bar."""
    bare = re.sub(r"^\s*(?:\[[^\]]*\]|\([^)]*\))\s*", "", title)
    bare = re.split(r"\s+[|·]\s+|\s+[-–—]\s+(?=[^\s]+(?: \S+){0,2}$)", bare)[0]
    return re.sub(r"\s*(?:\.\.\.|…)\s*$", "", bare).strip(" .\"'“”‘’") or title


def title_words(title: str) -> Iterator[Words]:
    """Yield the words of a title, whole and without its subtitle."""
    bare = clean_title(title)
    yield low(bare)
    main = re.split(r":\s|\?\s|\s[–—]\s", bare)[0]
    if main != bare and len(low(main)) > 1:
        yield low(main)


_OPENING = re.compile(
    r"(?:The |An? )?(?P<name>[A-Z][\w.’'-]*(?: (?:(?:of|for|on|in|and|&|the) )*[A-Z][\w.’'-]*)+)"
    r"(?: \([^()]{1,60}\))? (?=[a-z])"
)


def opening_name(text: str) -> str:
    """Return the proper name of several words with which a line opens, or an empty text."""
    found = _OPENING.match(text)
    return found["name"] if found else ""
