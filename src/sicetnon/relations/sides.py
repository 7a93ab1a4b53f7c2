"""The two sides of a cue, and the side that a sentence leaves unsaid."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sicetnon.model import SectionKind
from sicetnon.relations.clause import Found
from sicetnon.relations.cues import listed
from sicetnon.relations.match import Hit
from sicetnon.relations.sentence import Sentence
from sicetnon.relations.values import End

_OPENING = 3


@dataclass(frozen=True, slots=True)
class Edge:
    """The two sides of a cue, and whether one of them had to be made out."""

    source: Found
    target: Found
    frame: str

    @property
    def turned(self) -> Edge:
        """The same with the sides exchanged."""
        return replace(self, source=self.target, target=self.source)


def text_before(s: Sentence, at: int) -> End | None:
    """Return whose paper, post or talk was last spoken of in a sentence before a word."""
    writings = listed("writings")
    for name in reversed(s.named):
        if name.after > at or name.weak:
            continue
        by = s.word(name.first - 1) == "by" and writings & set(s.low[max(0, name.first - 5) : at])
        own = name.possessive and writings & set(s.low[name.after : min(at, name.after + 6)])
        noun = s.word(name.first - 1) in listed("articles")
        if name.title or by or own or (s.word(name.after) in listed("publishing") and not noun):
            return name.end
    return None


def unsaid(s: Sentence, hit: Hit, source: Found) -> Edge | None:
    """Return the sides of `Smith's answer is that`: the target is whom the passage is about."""
    if hit.cue.frame == "noun" and not content(s, hit, source):
        return _opening_answer(s, hit, source)
    if s.place.part and s.holder and s.holder not in source.ends:
        return Edge(source, Found((s.holder,), sure=False), "unsaid")
    earlier = [
        n.end for n in s.named if n.after <= hit.first and n.end not in source.ends and not n.weak
    ]
    last = s.line_before if hit.cue.id.endswith(("/same", "/answers", "/answer")) else None
    end = earlier[0] if earlier else s.before or last
    timeline = s.place.kind is SectionKind.TIMELINE
    if not earlier and timeline and hit.cue.id.endswith("objects-that"):
        return None
    if end is None or end in source.ends:
        return None
    return Edge(source, Found((end,), sure=bool(earlier)), "unsaid")


def _opening_answer(s: Sentence, hit: Hit, source: Found) -> Edge | None:
    """Return the sides of `A riposte by Smith puts …`: it answers whom the passage was about."""
    answers = hit.cue.also or hit.cue.id.endswith("answer-noun")
    if s.place.part or not answers or hit.first > _OPENING or not s.before:
        return None
    if s.before in source.ends:
        return None
    return Edge(source, Found((s.before,), sure=False), "opening")


def content(s: Sentence, hit: Hit, source: Found) -> bool:
    """Say whether a noun goes on to say what somebody objects or answers."""
    if "of" not in hit.cue.agent:
        return False
    name = s.at.get(source.near)
    after = name.after if name and name.first >= hit.after else hit.after
    aside = s.low[after : after + 25]
    if aside[:1] == [","] and "," in aside[1:] and aside[1] != "that":
        after += aside.index(",", 1)
    return s.word(after + (s.word(after) == ",")) in {"is", "was", "that", "has", "had"}
