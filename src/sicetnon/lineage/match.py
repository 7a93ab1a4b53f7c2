"""Which occurrence of a version continues which thing of the versions before it.

In three rounds, each thing and each occurrence taken once: what a person judged; what is equal;
what is alike enough, the likest first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from sicetnon.lineage.likeness import Rarity, questions, stems
from sicetnon.lineage.occurrences import ENTRY, EVENT, PERSPECTIVE, TENSION, Occurrence

_ENOUGH = {PERSPECTIVE: 0.5, EVENT: 0.55, ENTRY: 0.8}
_ENOUGH_ELSE = 0.45
_ENOUGH_QUESTION = 0.5
_CUT = re.compile(r"\s*(\.\.\.|…)\s*$")


@dataclass(frozen=True, slots=True)
class Known:
    """A lasting thing with its latest occurrence, and every IRI under which it was ever met."""

    iri: str
    latest: Occurrence
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Match:
    """One thing continued: on what rule, and how alike the two are (1 for equal)."""

    known: Known
    found: Occurrence
    score: float
    rule: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What persons decided: pairs of IRIs that are one thing, and pairs that are not."""

    same: frozenset[frozenset[str]] = frozenset()
    different: frozenset[frozenset[str]] = frozenset()

    def joins(self, left: Iterable[str], right: Iterable[str]) -> bool:
        """Say whether any of these names is judged to be the same as any of those."""
        return any(frozenset((a, b)) in self.same for a in left for b in right)

    def parts(self, left: Iterable[str], right: Iterable[str]) -> bool:
        """Say whether any of these names is judged to differ from any of those."""
        return any(frozenset((a, b)) in self.different for a in left for b in right)


NOTHING_JUDGED = Judged()


def match(
    known: Sequence[Known],
    found: Sequence[Occurrence],
    judged: Judged = NOTHING_JUDGED,
) -> list[Match]:
    """Return the matches between the things known and the occurrences found, kind by kind."""
    matches: list[Match] = []
    for kind in sorted({each.kind for each in found}):
        things = [each for each in known if each.latest.kind == kind]
        others = [each for each in found if each.kind == kind]
        matches += _Round(things, others, judged).run()
    return matches


class _Round:
    """The matching of one kind of thing."""

    def __init__(self, known: Sequence[Known], found: Sequence[Occurrence], judged: Judged) -> None:
        self.known = {each.iri: each for each in known}
        self.found = {each.iri: each for each in found}
        self.judged = judged
        self.kind = found[0].kind if found else ""
        self.matches: list[Match] = []

    def run(self) -> list[Match]:
        self.by_judgement()
        self.by_own_name()
        self.by_key(lambda each: (each.name, each.text), "equal")
        if self.kind == PERSPECTIVE:
            self.by_key(lambda each: each.name.casefold(), "same holder")
        self.by_key(lambda each: tuple(re.findall(r"\w+", each.text.casefold())), "same words")
        self.by_likeness()
        return self.matches

    def take(self, known: Known, found: Occurrence, score: float, rule: str) -> None:
        self.matches.append(Match(known, found, score, rule))
        del self.known[known.iri]
        del self.found[found.iri]

    def allowed(self, known: Known, found: Occurrence) -> bool:
        different = self.judged.different
        return not different or not self.judged.parts(known.names, names(known.iri, found))

    def by_judgement(self) -> None:
        """A person may join several occurrences of one version in one thing, but not entries."""
        if not self.judged.same or self.kind == ENTRY:
            return
        for found in list(self.found.values()):
            for known in list(self.known.values()):
                if self.judged.joins(known.names, names(known.iri, found)):
                    self.matches.append(Match(known, found, 1.0, "judged"))
                    del self.found[found.iri]
                    break
        for each in self.matches:
            self.known.pop(each.known.iri, None)

    def by_own_name(self) -> None:
        """An entry that comes back, of which no words are at hand, is known by its name alone."""
        bare = [each for each in self.known.values() if not each.latest.text]
        if not bare:
            return
        places: dict[str, list[Known]] = {}
        for known in bare:
            for name in dict.fromkeys((known.iri, re.sub(r"-[0-9]+$", "", known.iri))):
                places.setdefault(name, []).append(known)
        for found in list(self.found.values()):
            for known in places.get(own_iri(bare[0].iri, found), []):
                if known.iri in self.known and self.allowed(known, found):
                    self.take(known, found, 1.0, "same title")
                    break

    def by_key(self, key: Callable[[Occurrence], object], rule: str) -> None:
        places: dict[object, list[Known]] = {}
        for known in self.known.values():
            places.setdefault(key(known.latest), []).append(known)
        for found in list(self.found.values()):
            for known in places.get(key(found), []):
                if self.allowed(known, found):
                    places[key(found)].remove(known)
                    self.take(known, found, 1.0, rule)
                    break

    def by_likeness(self) -> None:
        texts = [each.latest.text for each in self.known.values()]
        texts += [each.text for each in self.found.values()]
        rarity = Rarity(texts)
        pairs = []
        places = _Places(self.found.values(), rarity)
        for i, known in enumerate(self.known.values()):
            for j, found in places.near(known.latest):
                score = _likeness(rarity, known.latest, found)
                if score >= _ENOUGH.get(found.kind, _ENOUGH_ELSE) and self.allowed(known, found):
                    pairs.append((-round(score, 6), i, j, known, found))
        for minus, _, _, known, found in sorted(pairs, key=lambda pair: pair[:3]):
            if known.iri in self.known and found.iri in self.found:
                self.take(known, found, -minus, "alike")


class _Places:
    """Which occurrences are worth comparing with a thing.

    On a page of usual size all of them; on a very long one those that share a rare word with it,
    so that the cost does not grow with the square of the page.
    """

    _ALL = 200
    _RARE = 6
    _COMMON = 40

    def __init__(self, found: Iterable[Occurrence], rarity: Rarity) -> None:
        self.found = list(enumerate(found))
        self.rarity = rarity
        self.index: dict[str, list[int]] = {}
        if len(self.found) > self._ALL:
            for place, each in self.found:
                for stem in stems(each.text):
                    self.index.setdefault(stem, []).append(place)

    def near(self, known: Occurrence) -> list[tuple[int, Occurrence]]:
        """Return the occurrences worth comparing, with their places, in order."""
        if not self.index:
            return self.found
        rare = sorted(stems(known.text), key=lambda stem: (self.rarity.seen[stem], stem))
        places = {
            place
            for stem in rare[: self._RARE]
            for place in self.index.get(stem, [])[: self._COMMON]
        }
        return [self.found[place] for place in sorted(places)]


def own_iri(thing: str, found: Occurrence) -> str:
    """Return the IRI that an occurrence would mint in the thread of another thing."""
    return thing.partition(f"/{found.kind}/")[0] + f"/{found.own_name}"


def names(thing: str, found: Occurrence) -> frozenset[str]:
    """Return the IRIs by which an occurrence can be judged: its own, and the one it would mint."""
    return frozenset({found.iri, own_iri(thing, found)})


def _likeness(rarity: Rarity, known: Occurrence, found: Occurrence) -> float:
    if known.kind == ENTRY:
        return _title_likeness(rarity, known.text, found.text)
    score = rarity.likeness(known.text, found.text)
    if known.kind == PERSPECTIVE:
        by_name = rarity.likeness(known.name, found.name)
        score = max(score, 0.5 * by_name + 0.5 * score)
    if known.kind == TENSION:
        asked = rarity.likeness(questions(known.text), questions(found.text))
        score = max(score, asked if asked >= _ENOUGH_QUESTION else 0.0)
    return score


def _title_likeness(rarity: Rarity, left: str, right: str) -> float:
    """Titles are one entry when nearly equal, or one cut short; numbers must not differ."""
    one, other = (_CUT.sub("", title).casefold() for title in sorted((left, right), key=len))
    if (_CUT.search(left) or _CUT.search(right)) and len(one) > 20 and other.startswith(one):
        return 0.95
    if re.findall(r"\d+", left) != re.findall(r"\d+", right):
        return 0.0
    return rarity.likeness(left, right)
