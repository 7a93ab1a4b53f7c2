"""The names in the words of a sentence: titles in quotes, known names, cited phrases."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from sicetnon.relations.book import agent
from sicetnon.relations.cues import cues, grammar, listed
from sicetnon.relations.described import described
from sicetnon.relations.names import Names, quoted
from sicetnon.relations.values import End
from sicetnon.relations.words import Token

_PLACED = frozenset(["in", "on", "at", "of"])


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
    return any(letter.isupper() for letter in shown[1:]) or not _in_capitals(shown, end.name)


@lru_cache(4096)
def _in_capitals(word: str, name: str) -> bool:
    """Say whether a name has a word in capitals throughout."""
    return re.search(rf"\b{re.escape(word.upper())}\b", name) is not None


def _begins(words: list[Token], at: int, names: Names) -> bool:
    """Say whether some name of several words begins with a word and the one after it."""
    after = at + 1
    while after < len(words) and words[after].low == ",":
        after += 1
    return after < len(words) and (words[at].low, words[after].low) in names.pairs


def _match(words: list[Token], at: int, names: Names) -> tuple[int, End] | None:
    """Return where the longest name that begins at a word ends, and what it denotes."""
    sizes = names.longest.get(words[at].low, ())
    if not _begins(words, at, names):
        sizes = tuple(size for size in sizes if size == 1)
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


def _is_text(word: str) -> bool:
    """Say whether a word names a kind of text, and is no cue as well."""
    if any(form.cue.frame == "noun" for form in cues().get(word, ())):
        return False
    return word in listed("writings") or grammar().has("work_nouns", word)


def cited(words: list[Token], marks: Mapping[int, End]) -> Iterator[Named]:
    """Yield phrases with the one work that they cite: `A bibliometric note[26]`."""
    for at, token in enumerate(words[:-1]):
        end = marks.get(token.end)
        if end is None:
            continue
        text = _is_text(token.low)
        goes_on = words[at + 1].word and words[at + 1].low not in listed("not_after")
        if not (text or goes_on):
            continue
        for first in range(at - 1, max(-1, at - 14), -1):
            if not words[first].word:
                break
            before = words[first - 1].low if first else ","
            opens = goes_on and before in listed("opens") and words[first].low in {"a", "an"}
            named = text and words[first].low in {"a", "an", "the"} and before not in _PLACED
            if opens or named:
                yield Named(first, at + 1, end)
                break
            if words[first].low in {"a", "an", "the"}:
                break
