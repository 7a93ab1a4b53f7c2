"""What a page's own sentences tell of the works that it names: authors and identifiers.

A title in quotation marks is looked up among the titles of the sources. Names are taken only from
where they cannot well be anything else: `Rowe et al. post 'Title'`, `Rowe and Ibarra's 'Title'`,
`'Title' (Rowe and Ibarra)`; identifiers from the parenthesis behind the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sicetnon.identity import Title, read_title
from sicetnon.model import Page, passages

_QUOTED = re.compile(r"(?<!\w)['‘\"“](?!s )(?P<title>[^\"“”]{6,200}?)[,.]?['’\"”](?!\w)")
_PART = r"[A-Z][^\W\d_]*(?:[-'’.][^\W\d_]+)*\.?"
_NAME = rf"{_PART}(?: (?:(?:de|van|von|der|den|la) )*{_PART}){{0,3}}"
_NAMES = (
    rf"{_NAME}(?:, {_NAME}){{0,12}}(?:,? (?:and|&) (?:{_NAME}|co-authors|colleagues)| et al\.)?"
)
_MANY = rf"{_NAME}(?:, {_NAME}){{0,12}}(?:,? (?:and|&) (?:{_NAME}|co-authors|colleagues)| et al\.)"
_BEFORE = re.compile(
    rf"(?:^|[.;:—] )(?P<names>{_NAMES})(?: \([^()]{{1,60}}\))?(?:"
    r" (?:publish(?:es|ed)?|post(?:s|ed)?|releases?d?|present(?:s|ed)?|writes?|wrote"
    r"|circulates?d?|submit(?:s|ted)?|completes?d?) (?:[\w-]+ ){0,3}"
    r"|['’]s? (?:[\w-]+ ){0,3})$"
)
_AFTER = re.compile(r"\s*\((?P<inside>[^()]{3,80})\)")
_INSIDE = re.compile(rf"^(?P<names>{_MANY})(?:,? [^()]*)?$")
_ARXIV = re.compile(r"\barxiv[: ]*(?P<number>\d{4}\.\d{4,5})", re.IGNORECASE)
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>\])]+")
_ALSO = frozenset({"co-authors", "colleagues"})
_WINDOW = 160


@dataclass(frozen=True, slots=True)
class Told:
    """The authors and identifiers that a page gives for a work in its sentences."""

    authors: tuple[str, ...] = ()
    arxiv: str | None = None
    doi: str | None = None


class Titles:
    """The titles of the works of a page, to look quoted ones up."""

    def __init__(self, titles: Sequence[tuple[int, Title]]) -> None:
        self._whole: dict[str, int | None] = {}
        self._cut: dict[str, int | None] = {}
        for work, title in titles:
            for reading in title.readings:
                known = self._cut if reading.truncated else self._whole
                known[reading.key] = work if known.get(reading.key, work) == work else None
        self._lengths = sorted({len(key) for key in self._cut}, reverse=True)

    def find(self, quoted: str) -> int | None:
        """Return the one work whose title is quoted, whole or as far as it is listed."""
        title = read_title(quoted)
        for reading in title.readings:
            if self._whole.get(reading.key) is not None:
                return self._whole[reading.key]
        key = title.readings[0].key if title.readings else ""
        starts = (key[:length] for length in self._lengths if length <= len(key))
        return next((self._cut[start] for start in starts if start in self._cut), None)


def quoted(text: str, titles: Titles) -> Iterator[tuple[int, int, int]]:
    """Yield the works whose titles stand in quotation marks in a text, with their places."""
    for mark in _QUOTED.finditer(text):
        work = titles.find(mark["title"])
        if work is not None:
            yield work, mark.start(), mark.end()


def told(page: Page, titles: Titles) -> dict[int, Told]:
    """Return what the sentences of a page tell of its works; what comes first counts."""
    found: dict[int, Told] = {}
    for section in page.sections:
        for passage in passages(section):
            for work, start, end in quoted(passage.text, titles):
                one, old = _around(passage.text, start, end), found.get(work, Told())
                found[work] = Told(
                    old.authors or one.authors, old.arxiv or one.arxiv, old.doi or one.doi
                )
    return found


def _around(text: str, start: int, end: int) -> Told:
    before = _BEFORE.search(text[max(0, start - _WINDOW) : start])
    after = _AFTER.match(text, end)
    inside = after["inside"] if after else ""
    names = before or _INSIDE.match(inside)
    arxiv, doi = _ARXIV.search(inside), _DOI.search(inside)
    return Told(
        persons(names["names"]) if names else (),
        arxiv["number"] if arxiv else None,
        doi[0].rstrip(".,;").lower() if doi else None,
    )


def persons(text: str) -> tuple[str, ...]:
    """Split a list of names; `et al.` stays with the name that it belongs to."""
    parts = re.split(r",? (?:and|&) |, ", text)
    found = [part.strip() for part in parts if part.strip() and part not in _ALSO]
    if found and text.endswith(tuple(_ALSO)) and len(parts) > len(found):
        found[-1] = f"{found[-1]} et al."
    return tuple(name for name in found if name[0].isupper())


def surnames(authors: Mapping[str, object] | Sequence[str]) -> frozenset[str]:
    """Return the last names of persons, folded, to compare `J. Rowe` with `Rowe et al.`."""
    return frozenset(
        name.removesuffix(" et al.").split()[-1].casefold() for name in authors if name.strip()
    )
