"""What is drawn from a page's words, as plain values."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Work:
    """A work that a page lists: `entries` are the numbers of its lines in the sources."""

    key: str
    title: str
    kind: str
    authors: tuple[str, ...]
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True, order=True)
class End:
    """One side of a relation.

    `kind` is perspective, work, agent or school; `ref` is the perspective's place on the page as
    text, counted from 0, the work's key, or the slug of the name.
    """

    kind: str
    name: str
    ref: str


@dataclass(frozen=True, slots=True, order=True)
class Quote:
    """The exact slice `text` of a passage: section and block counted from 0, part, offsets.

    Offsets count code points of the passage, which has no citation marks. `part` is empty where the
    block is one passage; a perspective has `heading`, `statement/1` (counted from 1), …
    and `evolution`.
    """

    section: int
    block: int
    part: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody holds, in the page's words; `entries` are cited at the sentence."""

    holder: End | None
    text: str
    quote: Quote
    entries: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Relation:
    """How `source` stands to `target`; `status` is stated or inferred, `method` names the cue."""

    source: End
    stance: str
    target: End
    quote: Quote
    status: str
    method: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Absence:
    """A relation that the page says is not there."""

    source: End
    stance: str
    target: End
    quote: Quote
    method: str


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A relation that the page asks about, or puts no further than possible."""

    source: End
    stance: str
    target: End
    quote: Quote
    method: str


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a tension names somebody."""

    end: End
    quote: Quote


@dataclass(frozen=True, slots=True)
class Reading:
    """All that is drawn from one page, in the order of the page."""

    claims: tuple[Claim, ...]
    relations: tuple[Relation, ...]
    absences: tuple[Absence, ...]
    questions: tuple[OpenQuestion, ...]
    mentions: tuple[Mention, ...]
