"""A book of names under collection: who claims a name, and how strongly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from itertools import chain

from sicetnon import terms
from sicetnon.relations.cues import listed
from sicetnon.relations.names import Words
from sicetnon.relations.values import End
from sicetnon.relations.words import low

_WITH = (
    ("et", "al"),
    *(
        ("and", *whose, who)
        for whose in ((), ("his",), ("her",), ("their",))
        for who in (
            "colleagues",
            "others",
            "co",
            "coauthors",
            "collaborators",
            "team",
            "coworkers",
            "allies",
            "followers",
            "students",
            "supporters",
            "school",
        )
    ),
)


Person = tuple[Words, ...]


def person_of(text: str) -> Person:
    """Return the names of a person, first to last, each as its words: one with a hyphen has two."""
    return tuple(words for name in text.split() if (words := low(name)))


class Book:
    """Names and the ends that claim them; two ends with one strength cancel each other.

    `said` is the text of the page, in lower case: of the ways to name others beside a person,
    only those that it uses are kept.
    """

    def __init__(self, said: str = "") -> None:
        self.claims: defaultdict[Words, dict[End, int]] = defaultdict(dict)
        self.others = tuple(others for others in _WITH if " ".join(others) in said)

    def __contains__(self, words: Words) -> bool:
        return words in self.claims

    def add(self, words: Words, end: End, strength: int) -> None:
        """Let an end claim a name, unless the name says nothing."""
        if words and (len(words) > 1 or len(words[0]) > 2) and not set(words) <= listed("spare"):
            known = self.claims[words]
            known[end] = max(known.get(end, 0), strength)

    def drop(self, words: Words) -> None:
        """Take a name out, whoever claims it."""
        self.claims.pop(words, None)

    def strength(self, words: Words) -> int:
        """Return how strongly a name is claimed, -1 if it is not."""
        return max(self.claims.get(words, {}).values(), default=-1)

    def held(self, words: Words, strength: int) -> End | None:
        """Return who claims a name with a strength."""
        ends = self.claims.get(words, {})
        return next((end for end, known in ends.items() if known == strength), None)

    def company(self, persons: Sequence[Person], end: End, strength: int) -> None:
        """Add the ways to name several persons together, or one with others."""
        last = [person[-1] for person in persons]
        together = tuple(chain(*last))
        for others in self.others:
            self.add((*last[0], *others), end, strength)
            self.add((*chain(*persons[0]), *others), end, strength)
            if len(last) > 1:
                self.add((*together, *others), end, strength)
        if len(last) > 1:
            self.add((*chain(*last[:-1]), "and", *last[-1]), end, strength)
            self.add(together, end, strength)
            full = [word for person in persons[:-1] for word in chain(*person)]
            self.add((*full, "and", *chain(*persons[-1])), end, strength)

    def settled(self) -> dict[Words, End]:
        """Return what each name denotes; a name that two claim alike is left out."""
        found: dict[Words, End] = {}
        for words, ends in self.claims.items():
            if len(ends) == 1:
                found[words] = next(iter(ends))
                continue
            best = max(ends.values())
            top = [end for end, strength in ends.items() if strength == best]
            if len(top) == 1:
                found[words] = top[0]
        return found

    def weak(self) -> frozenset[End]:
        """Return the ends that only their capitals make a name."""
        best: defaultdict[End, int] = defaultdict(int)
        for ends in self.claims.values():
            for end, strength in ends.items():
                best[end] = max(best[end], strength)
        return frozenset(end for end, strength in best.items() if strength == 0)


def school(name: str) -> End:
    """Return the end of a programme that a phrase names."""
    return End("school", name, terms.slug(name))


def agent(name: str) -> End:
    """Return the end of somebody without a perspective."""
    return End("agent", name, terms.slug(name))
