"""A page as its citations make it: sources, the works behind them, and the marks that cite."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Source:
    """An entry with its works (one, unless judgements disagree) and the authors of those."""

    number: int
    title: str
    works: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Mark:
    """One citation mark: its passage, and how many code points stand before it there."""

    passage: str
    line: int
    section: str
    text: str
    offset: int
    number: int


@dataclass(frozen=True)
class Page:
    """Sources sorted by number, marks in the order of the page, and the voices of its debate."""

    sources: tuple[Source, ...]
    marks: tuple[Mark, ...]
    people: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    likely: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
