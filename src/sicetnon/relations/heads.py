"""The names in the heading of a perspective: persons, titles, topics, former names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from sicetnon.relations.book import Person, person_of
from sicetnon.relations.cues import listed
from sicetnon.relations.names import quoted
from sicetnon.relations.words import low

Words = tuple[str, ...]
NAME = r"(?:[A-Z][a-zA-Z]?\. ?){0,3}[^\W\d_a-z][^\W\d_]{0,40}(?:['’-][^\W\d_]{1,40}){0,3}"
PERSON = (
    rf"{NAME}(?: (?:(?:van|von|de|der|den|di|da|le|la|el|bin|ten|al|dos) ){{0,2}}{NAME}){{0,3}}"
)
OTHERS = (
    r"(?:et al\b\.?|and (?:(?:his|her|their) |[a-z]+ )?"
    r"(?:co-?workers|co-?authors|colleagues|others|collaborators|team|students))"
)
_PARENTHESIS = re.compile(r"\(([^()]*)\)")
_ALSO = re.compile(
    r"\b(?:formerly|previously|also known as|a\.k\.a\.|aka|confirmed as|identified as|renamed from|"
    r"writing as|once)\b:? (?:listed as |known as |called |as )?(.+)$",
    re.IGNORECASE,
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_PERSON = re.compile(rf"^{PERSON}$")
_SPLIT = re.compile(r",? and |,? & |, | / |/")
_OTHERS = re.compile(rf",? {OTHERS}.*$")


_PLAIN = 3
_UNDER = frozenset(["of", "on", "for", "in", "at"])


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading names: full and last names of persons, titles in quotes, and topics.

    `lone` are words that a page may name a study after.
    """

    persons: tuple[Person, ...]
    several: bool
    titles: tuple[str, ...]
    topics: tuple[tuple[Words, int], ...]
    lone: tuple[str, ...] = ()


def read_heading(text: str) -> Heading:
    """Read the heading of a perspective; a topic comes with how surely it is a name, 1 to 3."""
    quotes = list(quoted(text))
    titles = tuple(title for _, _, title in quotes)
    plain = text
    for start, end, _ in reversed(quotes):
        plain = f"{plain[:start]} {plain[end:]}"
    glosses = _PARENTHESIS.findall(plain)
    head = _PARENTHESIS.sub(" ", plain)
    also = ""
    if found := _ALSO.search(head):
        also, head = found[1], head[: found.start()]
    head = re.split(r"\s[—–-]\s|: ", head)[0].strip(" ,;—–-")
    several = bool(_OTHERS.search(head))
    persons: list[Person] = []
    topics: list[tuple[Words, int]] = []
    for part in [*_SPLIT.split(_OTHERS.sub("", head)), also.strip()]:
        bare = _strip(part)
        if _is_person(bare):
            persons.append(person_of(bare))
        topics.extend(_topic(part))
    for gloss in glosses:
        topics.extend(_gloss(gloss))
    topics.extend(_marked(plain))
    lone = tuple(_lone(plain))
    if listed("against_heads") & set(low(text)):
        against = listed("against_heads") & set(low(head))
        topics, lone = [] if against else list(_topic(head)), ()
    several = several or len(persons) - bool(also) > 1
    return Heading(tuple(persons), several, titles, tuple(topics), lone)


def _strip(part: str) -> str:
    words = [w for w in _YEAR.sub(" ", part).split() if w.casefold() not in listed("meetings")]
    return " ".join(words).strip(" ,.")


def _is_person(part: str) -> bool:
    words = low(part)
    if not words or len(words) > 4 or words[-1] in listed("roles") or not _PERSON.match(part):
        return False
    return not all(w.isupper() and len(w) > 1 for w in part.split())


def _topic(part: str) -> Iterator[tuple[Words, int]]:
    """Yield a topic with and without the word for those who hold it."""
    words = low(_strip(part))
    whole = words[1:] if words[:1] in {("the",), ("an",), ("a",)} else words
    bare = list(whole)
    while bare and bare[-1] in listed("roles"):
        bare.pop()
    while bare and bare[0] in listed("roles"):
        bare.pop(0)
    if len(whole) > 1:
        yield whole, 3
        body = next((a for a, b in pairwise((*whole, "of")) if b in _UNDER), "")
        if body in listed("bodies"):
            yield ("the", body), 1
            yield (body,), 1
    if len(bare) > 1 and tuple(bare) != whole:
        yield tuple(bare), 3
    if bare and len(bare) < len(whole) and len(bare) == 1 and len(bare[0]) > 3:
        yield tuple(bare), 2


def _marked(text: str) -> Iterator[tuple[Words, int]]:
    """Yield the words with two capitals or more, and lone words that a study is named after."""
    for shown in re.findall(r"[^\W_]+(?:-[^\W_]+)*", text):
        words = low(shown)
        if words[0] in listed("venues") or words[0].isdigit():
            continue
        if sum(letter.isupper() for letter in shown) > 1:
            yield words, 1


def _lone(text: str) -> Iterator[str]:
    """Yield the words that a study or a view may be named after: `the tidal theory`."""
    for shown in re.findall(r"[^\W_]+(?:-[^\W_]+)*", text):
        words = low(shown)
        plain = words[0] in listed("roles") or words[0] in listed("plain_heads")
        venue = words[0] in listed("venues") or words[0].isdigit()
        if len(words) == 1 and len(shown) > _PLAIN and not (plain or venue):
            yield words[0]


def _gloss(gloss: str) -> Iterator[tuple[Words, int]]:
    """Yield the names in a parenthesis: a phrase, a short form, a place with a kind of study."""
    parts = [part.strip() for part in re.split(r" / |[;,]", gloss)]
    for part in parts:
        words = low(part)
        shown = part.split()
        if not words or len(words) > 5 or _YEAR.search(part) or set(words) & listed("venues"):
            continue
        if len(words) > 1 and any(word.islower() for word in shown):
            yield words, 2
            if words[-1] in listed("roles") and len(words) > 2:
                yield words[:-1], 2
        elif len(parts) == 1 and (len(words) > 1 or part.isupper()):
            yield words, 2
        if len(words) > 1 and shown[0][0].isupper() and words[-1] in listed("study_nouns"):
            yield from (((words[0], noun), 2) for noun in sorted(listed("study_nouns")))
