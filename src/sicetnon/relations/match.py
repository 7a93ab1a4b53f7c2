"""Find the cues in a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sicetnon.relations.clause import head_of
from sicetnon.relations.cues import Cue, Form, cues, grammar, listed, verb_forms
from sicetnon.relations.sentence import CLAUSE, Sentence

_GAP = 9


@dataclass(frozen=True, slots=True)
class Hit:
    """A cue at the words from `first` up to `after`; its object begins at `object`."""

    cue: Cue
    tag: str
    first: int
    after: int
    object: int


def hits(s: Sentence) -> list[Hit]:
    """Return the cues of a sentence from left to right; names hide the words in them."""
    found: list[Hit] = []
    known = cues()
    at = 0
    while at < len(s.low):
        forms = known.get(s.low[at])
        hit = None if forms is None or at in s.at else _hit(s, at, forms)
        if hit:
            found.append(hit)
        at = hit.after if hit and hit.object >= hit.after else at + 1
    return found


def _hit(s: Sentence, at: int, forms: Sequence[Form]) -> Hit | None:
    following = s.word(at + 1)
    loose = following.endswith("ly")
    for form in forms:
        if form.tight and form.rest[0] != following and not loose:
            continue
        if form.rest and not form.needed <= s.known:
            continue
        span = _span(s, at, form)
        if span and _fits(s, at, span[0], form):
            return Hit(form.cue, form.tag, at, *span)
    return None


def _span(s: Sentence, at: int, form: Form) -> tuple[int, int] | None:
    """Return where a form ends and where its object begins, if it stands at a word."""
    if form.cue.frame == "as-said":
        return _as_said(s, at, form)
    place, target, gap = at + 1, -1, ""
    for word in form.rest:
        if word in {"_", "*"}:
            target = place if word == "_" else target
            gap = word
            continue
        loose = form.cue.frame == "verb" and len(form.rest) > 1 and form.rest[-1] != word
        reach = _GAP if gap else 2 if loose else 0
        if word == "that" and s.word(place) in {"in", "on", "at"}:
            reach = _GAP
        if gap and s.word(place) in {",", "that", "which"}:
            return None
        place = _next(s, place + (gap != ""), word, reach)
        if place < 0:
            return None
        gap = ""
        place += 1
    return place, target if target >= 0 else place


def _next(s: Sentence, place: int, word: str, reach: int) -> int:
    """Return where a word of a cue stands: here, after an adverb, or some words on; else -1."""
    reach = reach or int(s.word(place).endswith("ly"))
    for step in range(place, min(place + reach, len(s.low) - 1) + 1):
        if s.low[step] == word:
            return step
        if s.low[step] in CLAUSE or s.low[step] in {",", "that", "which"}:
            return -1
    return -1


def _as_said(s: Sentence, at: int, form: Form) -> tuple[int, int] | None:
    """Return the span of `as Smith had predicted`: a name, helpers, the verb."""
    name = s.at.get(at + 1) or s.at.get(at + 2)
    if name is None:
        return None
    for place in range(name.after, min(name.after + 4, len(s.low))):
        if s.low[place] == form.rest[0]:
            return place + 1, at + 1
        if not grammar().has("auxiliary", s.low[place]) and not s.low[place].endswith("ly"):
            return None
    return None


def _fits(s: Sentence, at: int, after: int, form: Form) -> bool:
    if form.cue.frame == "as-said":
        return after - at > 2
    if form.cue.frame == "opening":
        name = s.at.get(after) or s.at.get(after + 1)
        return at == 0 and name is not None and s.word(name.after) == ","
    if form.cue.frame == "noun":
        return _is_noun(s, at, after, form)
    if form.cue.frame in {"verb", "opposite"}:
        return _is_verb(s, at, after, form)
    return True


def _is_noun(s: Sentence, at: int, after: int, form: Form) -> bool:
    """Tell the noun from the verb that is spelled like it."""
    before, following = s.word(at - 1), s.word(after)
    if len(form.rest) == 1 and form.rest[0] in listed("prepositions"):
        return before not in {"to", "not", "and", "they", "who"}
    if following in form.cue.prep | form.cue.agent | listed("aimed"):
        return before not in {"to", "not", "and", "they", "who"} or form.tag == "one"
    if before in {"'s", "'"}:
        return following in {"is", "was", "that", "has", ","}
    if "as" in s.low[max(0, at - 4) : at - 1] and before not in listed("adverbs"):
        return True
    if (form.cue.also or following == "that") and _published(s, at):
        return True
    return before == "no" or following == "has" or at in s.cites or _handed(s, at)


def _published(s: Sentence, at: int) -> bool:
    """Say whether somebody publishes what a noun names: `issues a sharp rejoinder`."""
    near = range(at - 1, max(-1, at - 4), -1)
    article = next((place for place in near if s.low[place] in {"a", "an", "the"}), 0)
    return article > 0 and s.word(article - 1) in grammar().verbs["light"]


def _twofold(word: str) -> bool:
    """Say whether a verb in -s is spelled like the plural of a noun."""
    return word in listed("twofold") or any(form.cue.frame == "noun" for form in cues()[word])


def _handed(s: Sentence, at: int) -> bool:
    """Say whether somebody is given what a noun names: `giving Smith a formal complement`."""
    for place in range(at - 1, max(0, at - 5), -1):
        if name := s.at.get(place):
            verb = name.first - 1 - (s.word(name.first - 1) == "the")
            return verb >= 0 and s.low[verb] in verb_forms("give")
    return False


def _is_verb(s: Sentence, at: int, after: int, form: Form) -> bool:
    """Tell the verb from the noun and the adjective that are spelled like it."""
    before = s.word(at - 1)
    if at - 1 in s.at:
        before = "NAME"
    single = not form.rest
    opens = grammar().has("openers", s.word(after)) or after in s.at
    if form.tag == "ed" and single and before == "that" and not opens:
        return False
    if before in {"this", "that"} and at == 1 and form.tag == "s":
        return s.word(after) not in {"of", "to", "for"}
    if before in listed("nounly") and not (before == "first" and form.tag == "base"):
        return form.tag == "ing" and before in {"of", "for", "in", "with", "from"}
    if single and form.tag in {"base", "s"} and s.word(after) in {"of", "to", "for", "from"}:
        return (
            before in {"NAME", "to", "and", "which", "that"}
            and form.tag != "base"
            and s.word(after) != "of"
        )
    if form.tag == "base" and grammar().has("be", before):
        return False
    if form.tag == "base":
        head = head_of(s, at)
        left = s.word(head - 1)
        return (
            head < at
            or before in listed("before_base")
            or head - 1 in s.at
            or left in listed("before_base")
            or (left.endswith("s") and left != "'s")
            or left in {",", "people", "data", ""}
        )
    if form.tag == "s" and single and _twofold(s.low[at]):
        sure = before in {"NAME", "it", "he", "she", "which", "that", "who"} or before.endswith(
            "ly"
        )
        return sure or grammar().has("openers", s.word(after)) or after in s.at
    if form.tag == "s":
        return not grammar().has("modal", before)
    return True
