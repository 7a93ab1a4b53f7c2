"""Names that only the page's text gives: authors together, programmes, capitalized runs."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from itertools import chain

from sicetnon.relations.book import Book, Person, agent, person_of, school
from sicetnon.relations.cues import cues, grammar, listed
from sicetnon.relations.heads import OTHERS, PERSON
from sicetnon.relations.names import Words, quoted
from sicetnon.relations.words import low

_GROUP = re.compile(
    rf"(?<![\w'’-])({PERSON}(?:, {PERSON}){{0,6}})(?:,? (?:and|&) ({PERSON})|,? ({OTHERS}))"
)
_CAPITALS = re.compile(
    r"(?<=[\w,;:—)\]] )(?!(?:The|An?)\b)"
    r"[A-Z]\w{0,40}(?:[’'](?!s\b)\w{1,20}){0,2}(?:-\w{1,40}){0,4}"
    r"(?: (?:(?:of|on|for|and the|at) )?[A-Z]\w{1,40}(?:-\w{1,40}){0,4}){0,5}"
    r"|(?:(?<=[.;:] )|^)[A-Z][a-z]{1,40}"
    r"(?=['’]s |, | (?:has|have|had|is|was|also|himself|herself) )"
    r"|(?<![\w'’-])[A-Z][\w-]{1,40}(?: [A-Z]\w{1,40}(?:-\w{1,40}){0,4}){1,5}"
)
_SCHOOL = re.compile(
    r"\b(?:[a-z][\w-]{3,30} ){1,3}"
    r"(?:theory|hypothesis|paradigm|orthodoxy|doctrine|programme|program)\b"
)
_INNER = re.compile(r"\w-[A-Z]|[a-z][A-Z]|[A-Z]{2}")
_LOWER = re.compile(r"\b[^\W\d_A-Z]{3,}\b")
_TERM = re.compile(r"(?<![\w-])(?:[A-Z\u0370-\u03ff]{3,6}|[A-Z]-[a-z]{3,20})(?![\w-])")
_HELD, _GROUPED, _REPEATED = 6, 4, 4


def bare(text: str) -> str:
    """Return a text with what stands in quotes blotted out, at the same offsets."""
    pieces, at = [], 0
    for start, end, _ in quoted(text):
        pieces += [text[at:start], "_" * (end - start)]
        at = end
    return "".join([*pieces, text[at:]])


def add_groups(book: Book, texts: Sequence[str]) -> None:
    """Add authors who are named together, outside quotes, and have no perspective."""
    matches = [match for text in texts for match in _GROUP.finditer(text)]
    times = Counter(match[0] for match in matches)
    for match in {one[0]: one for one in matches}.values():
        others = match[3] or ""
        persons = [person_of(name) for name in (*match[1].split(", "), match[2] or "")]
        persons = [_unopened(one) for one in persons if one and one[0][0] not in listed("spare")]
        if others.startswith("et"):
            persons = persons[-1:]
        if not persons or (len(persons) == 1 and not others):
            continue
        holder = book.held(persons[0][-1], _HELD) if len(persons) == 1 else None
        if holder:
            book.company(persons, holder, _GROUPED)
        elif times[match[0]] > 1 or not _apart(book, persons):
            _add_group(book, persons, _named_after(match[0]), alone=bool(others))


def _unopened(person: Person) -> Person:
    """Return a name without the verb with which its sentence opens: `Defends Smith et al.`."""
    verb = _is_verb(person[0])
    return person[1:] if verb and len(person) > 1 else person


def _is_verb(words: Words) -> bool:
    return words[0] in cues() or words[0] in grammar().verbs["reporting"]


def _apart(book: Book, persons: Sequence[Person]) -> bool:
    """Say whether every one of several persons has a perspective already."""
    held = [book.strength(person[-1]) for person in persons]
    return len(persons) > 1 and min(held) > _GROUPED


def _add_group(book: Book, persons: Sequence[Person], text: str, *, alone: bool) -> None:
    last = tuple(person[-1] for person in persons)
    together = tuple(chain(*last))
    key = (*together, "et", "al") if alone else (*chain(*last[:-1]), "and", *last[-1])
    if book.strength(key) > _GROUPED:
        return
    shown = text if len(persons) > 1 else text.rpartition(", ")[2]
    end = book.held(key, _GROUPED) or agent(" ".join(shown.split()))
    book.company(persons, end, _GROUPED)
    if alone:
        book.add(last[0], end, 1)


def add_schools(
    book: Book, headings: Sequence[str], texts: Sequence[str], plain: Sequence[str]
) -> None:
    """Add programmes: phrases that two headings share, or that the page repeats.

    `plain` are the texts without what stands in quotes.
    """
    for pair in sorted(_shared(headings)):
        book.drop(pair)
        book.add(pair, school(" ".join(pair)), 3)
    for words, shown in _terms(plain):
        strength = book.strength(words)
        if strength < 2 or len(book.claims[words]) > 1:
            book.drop(words)
            book.add(words, school(shown), 2)
    repeated = Counter(words for text in texts for words in _programmes(text))
    for words, count in sorted(repeated.items()):
        if count > 1 and words not in book and not words[0].endswith("ing"):
            book.add(words, school(" ".join(words)), 2)


def _terms(texts: Sequence[str]) -> Iterator[tuple[Words, str]]:
    """Yield the short forms and hyphenated terms that a page repeats: `MOND`, `J-curve`."""
    found = Counter(match[0] for text in texts for match in _TERM.finditer(text))
    for shown, count in sorted(found.items()):
        words = low(shown)
        if count >= _REPEATED and not set(words) & (listed("nobody") | listed("venues")):
            yield words, shown


def _shared(headings: Sequence[str]) -> set[Words]:
    """Return the pairs of words that stand in two headings and are no common words."""
    plain = listed("spare") | listed("roles") | listed("nobody") | _nouns()
    where: defaultdict[Words, set[int]] = defaultdict(set)
    for number, heading in enumerate(headings):
        words = low(heading)
        for at in range(len(words) - 1):
            where[words[at : at + 2]].add(number)
    return {
        pair
        for pair, found in where.items()
        if len(found) > 1 and not set(pair) & plain and all(len(word) > 3 for word in pair)
    }


def _programmes(text: str) -> Iterator[Words]:
    for match in _SCHOOL.finditer(text):
        shown = [low(word) for word in match[0].split()]
        while len(shown) > 1 and (shown[0][0] in listed("spare") or len(shown[0][0]) < 4):
            shown = shown[1:]
        for size in range(2, len(shown) + 1):
            yield tuple(word for words in shown[-size:] for word in words)


def _nouns() -> frozenset[str]:
    return listed("study_nouns") | listed("view_nouns")


def add_capitals(book: Book, texts: Sequence[str], plain: Sequence[str]) -> None:
    """Add other names: runs of capitalized words that the page writes so inside sentences.

    `plain` are the texts without what stands in quotes.
    """
    lower = {word for text in texts for word in _LOWER.findall(text)}
    runs: dict[Words, str] = {}
    for text in plain:
        for match in _CAPITALS.finditer(text):
            opens = match.start() == 0 or text[match.start() - 2] in ".?!"
            shown = _named_after(match[0]) if opens else match[0]
            words = low(shown)
            if _is_name(shown, words, lower, opens=opens) and words not in book:
                runs.setdefault(words, shown)
    common = lower | listed("roles") | listed("nobody") | _nouns()
    for words, shown in sorted(runs.items(), key=lambda run: (-len(run[0]), run[0])):
        end = agent(shown)
        if len(words) > 1 or words not in book:
            book.add(words, end, 0)
        if 1 < len(words) < 4 and words[-1] not in common:
            book.add(words[-1:], end, 0)


def _named_after(shown: str) -> str:
    """Return a run of capitals that opens a sentence without an article or a verb before it."""
    first, _, rest = shown.partition(" ")
    opens = first in {"The", "A", "An"} or _is_verb((first.casefold(),))
    return rest if rest and opens else shown


def _is_name(shown: str, words: Words, lower: set[str], *, opens: bool) -> bool:
    """Say whether a capitalized run can name somebody: not a word that only begins a sentence."""
    outlet = bool(words) and words[-1] in listed("outlets")
    if not words or outlet or shown[1:2] == "-" or set(words) & listed("nobody"):
        return False
    if words[0] in listed("spare") and (opens or len(words) == 1):
        return False
    first = shown.split()[0].split("-")[0].casefold()
    plain = first in lower or first in listed("spare")
    return len(words) > 2 or not plain or bool(_INNER.search(shown))
