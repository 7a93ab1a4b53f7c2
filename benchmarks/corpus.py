"""Synthetic debates of any size: threads of pages that read, write and link like real ones.

    python benchmarks/corpus.py --quads 1000000 [--layers] -o corpus.nq
    python benchmarks/corpus.py --pages 100 -o pages/

A thread has six to nine versions and, with its layers, about 8,700 quads. From one version to the
next it gains and loses events, positions and sources, rewords and renames some, and numbers its
sources anew. About a third of the sources are shared between threads. The same call gives the same
bytes.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, count, islice
from pathlib import Path
from typing import BinaryIO

from pyoxigraph import Quad, RdfFormat, serialize

from sicetnon import graph, ingest
from sicetnon.lineage.layer import layers as linked
from sicetnon.model import Page

SHARED_WORKS = 400

_QUALITIES = "slow tidal buried braided seasonal drowned shifting frozen urban upland saline old"
_THINGS = (
    "rivers deltas dunes marshes glaciers orchards harbours terraces estuaries peatlands reefs"
    " aquifers floodplains moraines canals islands"
)
_MEASURES = (
    "sediment salinity erosion discharge temperature drainage nutrient subsidence turbidity"
    " carbon methane nitrate rainfall gradient"
)
_KINDS = "budgets records models surveys limits thresholds gradients transects archives cycles"
_NAMES = (
    "Abara Belmonte Castell Dvorak Eriksen Fontaine Galli Haddad Ibarra Jansen Kowal Lindqvist"
    " Moreau Nakata Okafor Petrov Quiroga Rossi Sato Tamm Urbina Varga Wolff Yilmaz Zielinski"
)
_ORIGINS = ("arXiv", "OpenReview", "Nature", "Science", "PNAS", "Catena")
_STEMS = (
    "argue that {measure} decides the fate of {quality} {things}",
    "deny that {measure} alone explains what happened to {quality} {things}",
    "find that {quality} {things} recover once {measure} falls below its old mean",
    "read the same cores as {other} and come to the opposite view of {measure}",
    "refine what {other} said: {measure} matters in {quality} {things}, not elsewhere",
    "report {measure} {kinds} from {number} sites, which {other} had asked for",
)
_ENDS = (
    "and give the field notes with the figures",
    "within the error that the instruments allow",
    "but not in years of drought",
)
_LISTS = {
    "quality": _QUALITIES.split(),
    "things": _THINGS.split(),
    "measure": _MEASURES.split(),
    "kinds": _KINDS.split(),
    "who": _NAMES.split(),
    "other": _NAMES.split(),
}


def _sentence(chance: random.Random) -> str:
    words = {name: chance.choice(values) for name, values in _LISTS.items()}
    while words["other"] == words["who"]:
        words["other"] = chance.choice(_LISTS["other"])
    stem = chance.choice(_STEMS).format(**words, number=chance.randrange(4, 90))
    return f"{words['who']} and colleagues {stem}, {chance.choice(_ENDS)}."


def _title(number: int) -> str:
    """Return the title of a work; all titles differ."""
    rest, parts = number, []
    for name in ("quality", "things", "measure", "kinds"):
        rest, at = divmod(rest * 7 + 3 if name == "quality" else rest, len(_LISTS[name]))
        parts.append(_LISTS[name][at])
    quality, things, measure, kinds = parts
    return f"{measure.capitalize()} {kinds} of {quality} {things}, part {number}"


@dataclass(slots=True)
class _Thread:
    """What a thread holds at one version; citations are the numbers of works."""

    number: int
    chance: random.Random
    works: list[int] = field(default_factory=list)
    narrative: list[tuple[str, list[int]]] = field(default_factory=list)
    events: list[tuple[dt.date, str, list[int]]] = field(default_factory=list)
    positions: list[tuple[str, str, list[int], str]] = field(default_factory=list)
    tensions: list[tuple[str, list[int]]] = field(default_factory=list)
    day: dt.date = dt.date(2024, 1, 1)

    def grow(self) -> None:
        """Move on to the next version."""
        chance = self.chance
        self.day += dt.timedelta(days=chance.randrange(3, 60))
        chance.shuffle(self.works)
        self.works = self.works[2:] if len(self.works) > 20 else self.works
        self.works += [self._work() for _ in range(28 - len(self.works))]
        held = set(self.works)
        self.events = [each for each in self.events if held.issuperset(each[2])][:14]
        self.events += [self._event() for _ in range(16 - len(self.events))]
        self.events.sort()
        self.positions = [self._later(each) for each in self.positions[1:]]
        self.positions += [self._position() for _ in range(6 - len(self.positions))]
        self.tensions = [each for each in self.tensions if held.issuperset(each[1])][:3]
        self.tensions += [self._tension() for _ in range(4 - len(self.tensions))]
        self.narrative = [self._paragraph() for _ in range(4)]

    def _work(self) -> int:
        known = set(self.works)
        while True:
            shared = self.chance.random() < 0.35
            number = self.chance.randrange(SHARED_WORKS if shared else 1000)
            work = number if shared else SHARED_WORKS + self.number * 1000 + number
            if work not in known:
                return work

    def _cited(self, most: int) -> list[int]:
        return self.chance.sample(self.works[:-2], self.chance.randrange(1, most + 1))

    def _event(self) -> tuple[dt.date, str, list[int]]:
        day = self.day - dt.timedelta(days=self.chance.randrange(1, 6000))
        return day, _sentence(self.chance), self._cited(3)

    def _position(self) -> tuple[str, str, list[int], str]:
        one, two = self.chance.sample(_LISTS["who"], 2)
        measure, things = (self.chance.choice(_LISTS[name]) for name in ("measure", "things"))
        heading = f"{one} and {two} (the {measure} of {things})"
        return heading, _sentence(self.chance), self._cited(3), "New in this version."

    def _later(self, old: tuple[str, str, list[int], str]) -> tuple[str, str, list[int], str]:
        heading, statement, _, _ = old
        cited = self._cited(3)
        chosen = self.chance.random()
        if chosen < 0.2:
            statement = f"{statement} {_sentence(self.chance)}"
            return heading, statement, cited, "Restated: an exception is now named."
        if chosen < 0.3:
            return f"{heading}, restated", statement, cited, "Renamed; the statement stands."
        return heading, statement, cited, "Consistent."

    def _tension(self) -> tuple[str, list[int]]:
        things, measure = (self.chance.choice(_LISTS[name]) for name in ("things", "measure"))
        text = f"Whether {measure} can be told from the noise in {things}: {_sentence(self.chance)}"
        return text, self._cited(2)

    def _paragraph(self) -> tuple[str, list[int]]:
        return " ".join(_sentence(self.chance) for _ in range(5)), self._cited(6)

    def text(self, version: int) -> str:
        """Return the page of the present state; sources are numbered in their present order."""
        numbers = {work: number for number, work in enumerate(self.works, 1)}

        def marked(text: str, cited: list[int]) -> str:
            return text + "".join(f"[{numbers[work]}]" for work in cited if work in numbers)

        blocks = [
            "Sic et Non corpus",
            f"{self.title} · history",
            f"Version {version}",
            f"{self.day.isoformat()} 12:00 UTC · {len(self.works)} items",
            "Narrative",
            *(marked(*each) for each in self.narrative),
            "Timeline",
            "\n".join(
                f"  • {day.isoformat()}: {marked(f'{text} ', cited)}"
                for day, text, cited in self.events
            ),
            "Perspectives",
        ]
        for heading, statement, cited, told in self.positions:
            blocks += [heading, marked(statement, cited), f"Evolution: {told}"]
        blocks += ["Tensions", "\n".join(f"  • {marked(*each)}" for each in self.tensions)]
        origins = [(_title(work), _ORIGINS[work % len(_ORIGINS)]) for work in self.works]
        entries = (
            f"  {n}. [{n}] {title} — {origin}" for n, (title, origin) in enumerate(origins, 1)
        )
        return "\n\n".join([*blocks, "Sources", "\n".join(entries)]) + "\n"

    @property
    def title(self) -> str:
        """The title of the thread, from which its slug follows."""
        return f"Debate {self.number}: {_title(self.number).lower()}"


def thread(number: int) -> list[Page]:
    """Return the versions of one thread, six to nine, as pages with their lines."""
    chance = random.Random(f"sicetnon corpus {number}")
    state = _Thread(number, chance)
    made = []
    for version in range(1, chance.randrange(6, 10) + 1):
        state.grow()
        made.append(ingest.read(state.text(version).encode(), f"debate-{number}-v{version}.txt"))
    return made


def models() -> Iterator[Page]:
    """Yield pages without end, thread after thread, versions ascending."""
    return chain.from_iterable(thread(number) for number in count())


def pages(n: int) -> Iterator[bytes]:
    """Yield `n` pages as the bytes of their files; each names its own thread and version."""
    return (ingest.write(page) for page in islice(models(), n))


def quads(n: int, *, layers: bool = False) -> Iterator[Quad]:
    """Yield the quads of whole pages until there are `n` or a page's more.

    With `layers`, the quads that tell what lasts from version to version follow each thread.
    """
    given = 0
    for number in count():
        versions = thread(number)
        told = linked(versions) if layers else ()
        parts = [graph.to_quads(page) for page in versions] + [layer.quads for layer in told]
        for built in parts:
            yield from built
            given += len(built)
            if given >= n:
                return


def write_quads(n: int, file: BinaryIO, *, layers: bool = False) -> None:
    """Write `quads(n)` as N-Quads."""
    serialize(quads(n, layers=layers), file, format=RdfFormat.N_QUADS)


def main() -> None:
    """Write a corpus to a file of N-Quads or to a folder of pages."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quads", type=int)
    parser.add_argument("--pages", type=int)
    parser.add_argument("--layers", action="store_true")
    parser.add_argument("-o", "--output", type=Path, required=True)
    asked = parser.parse_args()
    if asked.quads:
        with asked.output.open("wb") as file:
            write_quads(asked.quads, file, layers=asked.layers)
        return
    asked.output.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(pages(asked.pages or 10)):
        (asked.output / f"page-{number:06}.txt").write_bytes(data)


if __name__ == "__main__":
    main()
