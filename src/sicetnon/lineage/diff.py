"""What changed between two versions, by identity and not by number."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sicetnon.lineage.changes import CORRECTED, Change, changed_words, corrected, reworded
from sicetnon.lineage.layer import GONE, NEW, REDATED, RENAMED, REWORDED, how_changed
from sicetnon.lineage.likeness import Rarity, questions
from sicetnon.lineage.occurrences import (
    ENTRY,
    EVENT,
    PERSPECTIVE,
    TENSION,
    Occurrence,
    occurrences,
)
from sicetnon.model import Page, Passage, SectionKind

SPLIT, MERGED, RENUMBERED = "split", "merged", "renumbered"
RETITLED, RECITED, REATTRIBUTED = "retitled", "recited", "reattributed"

_PART = 0.75


def compare(old: Page, new: Page, things: Mapping[str, str]) -> list[Change]:
    """Return the changes from one version to another; `things` maps occurrences to what lasts."""
    return list(_Comparison(old, new, things).changes())


class _Comparison:
    def __init__(self, old: Page, new: Page, things: Mapping[str, str]) -> None:
        self.old, self.new = old, new
        self.before = self.by_thing(old, things)
        self.after = self.by_thing(new, things)
        self.titles_before = _entries(old, things)
        self.titles_after = _entries(new, things)
        self.titles = {
            iri: each.text for side in (self.before, self.after) for iri, each in side.items()
        }

    @staticmethod
    def by_thing(page: Page, things: Mapping[str, str]) -> dict[str, Occurrence]:
        found: dict[str, Occurrence] = {}
        for each in occurrences(page):
            found.setdefault(things.get(each.iri, each.iri), each)
        return found

    def changes(self) -> Iterator[Change]:
        if self.old.title != self.new.title:
            yield Change("page", RETITLED, self.old.title, self.new.title)
        yield from self.sections()
        for kind in (PERSPECTIVE, TENSION, EVENT, ENTRY):
            yield from self.of_kind(kind)
        yield from self.prose()

    def sections(self) -> Iterator[Change]:
        old = [section.heading for section in self.old.sections]
        new = [section.heading for section in self.new.sections]
        for heading in old:
            if heading not in new:
                yield Change("section", GONE, heading, None)
        for heading in new:
            if heading not in old:
                yield Change("section", NEW, None, heading)

    def of_kind(self, kind: str) -> Iterator[Change]:
        old = {iri: each for iri, each in self.before.items() if each.kind == kind}
        new = {iri: each for iri, each in self.after.items() if each.kind == kind}
        gone = {iri: each for iri, each in old.items() if iri not in new}
        come = {iri: each for iri, each in new.items() if iri not in old}
        parts = _parts(old, new, come, SPLIT) | _parts(new, old, gone, MERGED)
        if kind != TENSION:
            parts = {}
        covered = {iri for part in parts.values() for iri in part.covered}
        for part in parts.values():
            yield part.change
        for iri in old:
            if iri in new and iri not in covered:
                yield from self.changed(iri, old[iri], new[iri])
        for iri, each in gone.items():
            if iri not in covered:
                yield Change(kind, GONE, shown(each), None, {"thing": iri, "line": each.line})
        for iri, each in come.items():
            if iri not in covered:
                yield Change(kind, NEW, None, shown(each), {"thing": iri, "line": each.line})
        if kind == ENTRY:
            yield from _renumbered(old, new)

    def changed(self, iri: str, old: Occurrence, new: Occurrence) -> Iterator[Change]:
        evidence = {"thing": iri, "lines": [old.line, new.line]}
        for change in how_changed(old, new):
            if change == RENAMED:
                yield Change(old.kind, change, old.name, new.name, evidence)
            elif change == REDATED:
                yield Change(old.kind, change, shown(old), shown(new), evidence)
            elif corrected(old.text, new.text):
                yield Change("fact", CORRECTED, shown(old), shown(new), evidence)
            else:
                words = {**evidence, "words": changed_words(old.text, new.text)}
                yield Change(old.kind, change, shown(old), shown(new), words)
        if old.kind == ENTRY and old.name != new.name:
            yield Change(ENTRY, REATTRIBUTED, old.name, new.name, {**evidence, "title": new.text})
        if old.text == new.text and (cited := self.cited(old, new)):
            yield Change(old.kind, RECITED, *cited, {**evidence, "text": new.text})
        if old.kind == PERSPECTIVE and old.evolution != new.evolution:
            where = {"thing": iri, "section": "Evolution"}
            yield Change("passage", REWORDED, old.evolution or None, new.evolution or None, where)

    def cited(self, old: Occurrence, new: Occurrence) -> tuple[list[str], list[str]] | None:
        """Return the titles that only one of two occurrences cites; nothing where none differs."""
        before = {self.titles_before.get(number, str(number)) for number in old.cites}
        after = {self.titles_after.get(number, str(number)) for number in new.cites}
        if before == after:
            return None
        return (
            sorted(self.titles.get(iri, iri) for iri in before - after),
            sorted(self.titles.get(iri, iri) for iri in after - before),
        )

    def prose(self) -> Iterator[Change]:
        """Compare the prose of sections that both versions have, sentence by sentence."""
        for section in self.new.sections:
            if section.kind not in (SectionKind.PROSE, SectionKind.LIST, SectionKind.CLAIMS):
                continue
            old = next(
                (each for each in self.old.sections if each.heading == section.heading), None
            )
            if old:
                yield from reworded(section.heading, _texts(old.blocks), _texts(section.blocks))


def _entries(page: Page, things: Mapping[str, str]) -> dict[int, str]:
    """Map the numbers that a page cites by to the entries that last."""
    return {
        int(_number(each)): things.get(each.iri, each.iri)
        for each in occurrences(page)
        if each.kind == ENTRY
    }


def shown(each: Occurrence) -> str:
    """Return an occurrence as its page has it, without citation marks."""
    if each.kind == PERSPECTIVE:
        return f"{each.name}\n\n{each.text}"
    return f"{each.name}: {each.text}" if each.kind == EVENT else each.text


@dataclass(frozen=True, slots=True)
class _Part:
    change: Change
    covered: tuple[str, ...]


def _parts(
    wholes: Mapping[str, Occurrence],
    others: Mapping[str, Occurrence],
    loose: Mapping[str, Occurrence],
    change: str,
) -> dict[str, _Part]:
    """Find the tensions that came apart: besides what continues one, others stand in its words."""
    texts = [each.text for each in (*wholes.values(), *others.values())]
    rarity = Rarity(texts)
    fragments: dict[str, list[str]] = {}
    for iri, fragment in loose.items():
        scores = [(_stands_in(rarity, fragment, whole), at) for at, whole in wholes.items()]
        score, at = max(scores, default=(0.0, ""))
        if score >= _PART:
            fragments.setdefault(at, []).append(iri)
    found = {}
    for at, pieces in fragments.items():
        parts = [*([at] if at in others else []), *pieces]
        if len(parts) > 1:
            whole, words = shown(wholes[at]), [shown(others[iri]) for iri in parts]
            evidence = {"thing": at, "parts": parts}
            if change == SPLIT:
                told = Change(TENSION, change, whole, words, evidence)
            else:
                told = Change(TENSION, change, words, whole, evidence)
            found[at] = _Part(told, (at, *pieces))
    return found


def _stands_in(rarity: Rarity, fragment: Occurrence, whole: Occurrence) -> float:
    """Say how much of a tension, or of the question that it puts, stands in another."""
    asked = questions(fragment.text)
    by_question = rarity.within(asked, questions(whole.text)) if asked else 0.0
    return max(rarity.within(fragment.text, whole.text), by_question)


def _renumbered(old: Mapping[str, Occurrence], new: Mapping[str, Occurrence]) -> Iterator[Change]:
    """Count, in one change, the entries that only got another number."""
    moved = [iri for iri in old if iri in new and _number(old[iri]) != _number(new[iri])]
    if moved:
        evidence = {"count": len(moved), "kept": sum(iri in new for iri in old)}
        yield Change(ENTRY, RENUMBERED, None, None, evidence)


def _number(each: Occurrence) -> str:
    return each.iri.rpartition("/")[2]


def _texts(blocks: Sequence[object]) -> list[str]:
    return [block.text for block in blocks if isinstance(block, Passage)]
