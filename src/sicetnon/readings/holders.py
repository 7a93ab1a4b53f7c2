"""Whose names a heading gives: the people and bodies that hold a position."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NAME = r"[A-ZÀ-ÖØ-ÞĀ-Ž][\w'’.-]*"
_BODY = re.compile(rf"(?<![\w'’-]){_NAME}(?: {_NAME})+")
_PERSON = re.compile(rf"{_NAME}(?: (?:(?:van|von|de|der|den|di|da|la|le|bin|ter) )?{_NAME}){{0,3}}")
_PARTS = re.compile(r",? and |, | & |; | / ")
_AND_OTHERS = re.compile(
    r",? (?:et al\.?|and (?:colleagues|co-authors|coauthors|others|co\.|collaborators))(?=$|\W)"
    r"(?: (?:19|20)\d\d)?"
)
_OPENS = re.compile(r" ?\(| — | – |: ")
# A capital letter that opens such a word makes no name of it.
_COMMON = frozenset(
    re.findall(
        r"\w+",
        "The A An Independent Anonymous Various Several Some Critics Proponents Researchers Authors"
        " Community Group Team School Advocates Sceptics Skeptics Commentators Defenders Others"
        " Algorithmic Mechanistic Classical New Early Recent",
    )
)
_VENUE = re.compile(r"\b(?:19|20)\d\d\b|(?<!\w)['‘’]|['’](?!\w)|[“”\"]")
_BODIES = frozenset(
    re.findall(
        r"\w+",
        "Academies Academy Agency Alliance Association Board Bureau Center Centre Collaboration"
        " College Commission Committee Consortium Council Foundation Group Initiative Institute"
        " Laboratory Lab Labs Network Organization Organisation Panel Project School Society Team"
        " Union University",
    )
)

Named = tuple[int, int, str]


def holders(heading: str) -> Iterator[Named]:
    """Yield start, end and key of each name that holds: a person's surname, or a body's name.

    A heading that tells of a topic, a venue or a title gives none.
    """
    opening = _OPENS.search(heading)
    front = heading[: opening.start() if opening else len(heading)]
    others = _AND_OTHERS.search(front)
    names = front[: others.start()] if others else front
    at = 0
    found: list[Named] = []
    for piece in _PARTS.split(names):
        start = heading.index(piece, at)
        at = start + len(piece)
        if not piece.strip() or _VENUE.search(piece) or piece.split()[0] in _COMMON:
            continue
        if _PERSON.fullmatch(piece):
            found.append((start, at, _surname(piece)))
        elif body := _BODY.match(piece):
            found.append((start, start + body.end(), body[0]))
    yield from found


def affiliations(heading: str) -> Iterator[Named]:
    """Yield the names of bodies and people after the opening bracket of a heading."""
    opening = _OPENS.search(heading)
    if not opening:
        return
    for body in _BODY.finditer(heading, opening.end()):
        if not _VENUE.search(body[0]) and body[0].split()[0] not in _COMMON:
            yield body.start(), body.end(), body[0]


def _surname(name: str) -> str:
    """Return the last word of a person's name; of a body's name that reads like one, all of it."""
    words = name.split()
    body = words[-1] in _BODIES or any(len(word) > 1 and word.isupper() for word in words)
    return name if body else words[-1]
