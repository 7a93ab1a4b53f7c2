"""Reads a listed title: the work's own words, and what stands around them.

A title has several readings. The first is the title freed of all that is certainly not of it; each
other one leaves out a part that may or may not be of it (a tail, a byline, a subtitle) and costs
something. Two titles agree when a reading of one is a reading of the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from sicetnon.identity.kinds import ABOUT, Kind, marked
from sicetnon.identity.sites import sequel, site_kind
from sicetnon.identity.trim import (
    Around,
    back,
    file_name,
    front,
    identifiers,
    reference,
    soft_tail,
)
from sicetnon.identity.words import stems, tidy, words

Cut = Literal["", "tail", "byline", "subtitle"]
PRICES: dict[Cut, float] = {"": 0.0, "byline": 0.04, "tail": 0.05, "subtitle": 0.07}
_BYLINE = re.compile(
    r"^(.{8,}?)[,;]? [bB]y ([A-Z][\w.'-]*(?:(?:,| and| &)? [A-Z][\w.'-]*){0,7}(?: et al\.?)?)$"
)
_SUBTITLE = re.compile(r":\s|\s[-–—]\s|\?\s+(?=\w)|—")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read a title: its words, run together in `key`, without the part `left_out`."""

    key: str
    words: tuple[str, ...]
    cut: Cut = ""
    left_out: str = ""
    stems: tuple[str, ...] = ()

    @property
    def truncated(self) -> bool:
        """Whether the title goes on after this reading, in words that are not known."""
        return bool(self.stems)


@dataclass(frozen=True, slots=True)
class Title:
    """A listed title as it compares; `core` is its words run together, empty if it has none.

    `plain` is the first reading as a person would write it.
    """

    text: str
    plain: str
    core: str
    truncated: bool
    kind: Kind
    arxiv: str | None
    doi: str | None
    site: str | None
    pdf: bool
    year: int | None
    authors: tuple[str, ...]
    readings: tuple[Reading, ...]

    @property
    def subtitle_cut(self) -> str | None:
        """The words before the subtitle run together, None without a subtitle."""
        return next((r.key for r in self.readings if r.cut == "subtitle"), None)


@lru_cache(maxsize=1 << 12)  # those of a thread; a whole store reads each title once
def read_title(text: str, origin: str | None = None) -> Title:
    """Read a title as a page lists it, with the origin that the page names beside it."""
    plain = tidy(text)
    outlet = origin if origin and not re.match(r"\w+:\S", origin) else None
    around = Around(plain)
    identifiers(around)
    file_name(around)
    reference(around)
    front(around)
    back(around, outlet)
    readings = _readings(around)
    return Title(
        text=text,
        plain=around.text,
        core=readings[0].key if readings else "",
        truncated=around.truncated,
        kind=_kind(plain, around, outlet),
        arxiv=around.arxiv,
        doi=around.doi,
        site=around.sites[0][0] if around.sites else outlet,
        pdf=around.pdf,
        year=around.year,
        authors=tuple(around.authors),
        readings=readings,
    )


def _kind(plain: str, around: Around, outlet: str | None) -> Kind:
    """Decide the kind: a site that only carries talk about works, then the words, then the rest."""
    sites: list[Kind] = [kind for _, kind in around.sites if kind is not Kind.UNKNOWN]
    from_outlet = site_kind(outlet) if outlet else None
    told: list[Kind] = sites or ([from_outlet] if from_outlet else [])
    about = next((kind for kind in told if kind in ABOUT), None)
    found = about or marked(plain)
    if found:
        return found
    if around.poster:
        return Kind.POSTER
    if sites:
        return sites[0]
    if around.arxiv:
        return Kind.PAPER
    return from_outlet or Kind.UNKNOWN


def _readings(around: Around) -> tuple[Reading, ...]:
    text = around.text
    whole = words(text)
    if not whole:
        return ()
    found = [Reading("".join(whole), whole, stems=stems(text) if around.truncated else ())]
    tail = soft_tail(text)
    if tail:
        found.append(_reading(tail[0], "tail", tail[1]))
        text = tail[0]
    byline = _BYLINE.match(text)
    if byline and len(words(byline[1])) >= 2 and (tail or not around.truncated):
        found.append(_reading(byline[1], "byline", byline[2]))
        text = byline[1]
    place = _SUBTITLE.search(text)
    if place and words(text[: place.start()]):
        found.append(_reading(text[: place.start()], "subtitle", text[place.end() :].strip()))
    return tuple(found)


def _reading(text: str, cut: Cut, left_out: str) -> Reading:
    found = words(text)
    return Reading("".join(found), found, cut, left_out)


def numbered(reading: Reading) -> bool:
    """Tell whether what a reading leaves out names one of several works."""
    return bool(reading.left_out) and sequel(reading.left_out)
