"""Who answers whom by the titles of the works that a sentence cites: `Reply to Smith`."""

from __future__ import annotations

from collections.abc import Iterator

from sicetnon.model import SectionKind
from sicetnon.relations.clause import Found
from sicetnon.relations.cues import Cue
from sicetnon.relations.match import Hit
from sicetnon.relations.sentence import Sentence
from sicetnon.relations.sides import Edge

_ANSWER = Cue("replies-to/title", "replies-to", "verdict", strong=False, prep=frozenset())


def answering(s: Sentence) -> Iterator[tuple[Hit, Edge]]:
    """Yield who answers whom by the title of the work that a sentence cites."""
    if s.place.kind is SectionKind.TENSIONS:
        return
    line = s.place.kind is SectionKind.TIMELINE
    for at, end in s.answers.items():
        others = [n for n in s.named if n.after <= at + 1 and n.end != end and not n.weak]
        if others:
            name = others[0 if line else -1]
            hit = Hit(_ANSWER, "", name.first, max(name.after, at), at + 1)
            source = Found((name.end,), sure=True, near=name.first)
            yield hit, Edge(source, Found((end,), sure=False), "title")
