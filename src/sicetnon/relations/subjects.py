"""Who acts in a clause."""

from __future__ import annotations

from sicetnon.relations.anaphora import anaphor, under
from sicetnon.relations.clause import NOBODY, Found, coordinated, default, head_of, headless
from sicetnon.relations.cues import grammar, is_cue_verb, listed
from sicetnon.relations.mentions import Named
from sicetnon.relations.sentence import CLAUSE, Sentence

_BACK, _ASIDE, _PHRASE = 40, 25, 6
_OPENING = frozenset([";", "and", "but", "while", "whereas", "though", "although"])


def actor(s: Sentence, before: int) -> Found:
    """Return who the clause up to a word is about: its first name, or whom the place gives."""
    start = _clause_start(s, before)
    if start == 0 and s.place.part == "evolution" and s.holder and headless(s):
        return Found((s.holder,), sure=False)
    inside = [name for name in s.named if start <= name.first < before]
    if inside and (unnamed := _unnamed_subject(s, start, inside[0])):
        return unnamed
    for name in inside:
        lead = s.word(start)
        if lead in listed("opening") and name.first - start < 8 and _comma_after(s, name, before):
            continue
        if under(s, name, start) or (name.weak and name.first - start > 2 and not _makes(s, name)):
            continue
        return Found(coordinated(s, name), sure=True, near=name.first)
    if (
        s.place.part == "evolution"
        and s.holder
        and {"it", "they", "he", "she"} & set(s.low[start:before])
    ):
        return Found((s.holder,), sure=False)
    turned = start > 1 and (s.low[start - 1] == ";" or s.low[start - 1] in listed("turns"))
    if turned and not inside:
        found = actor(s, start - 1)
        return Found(found.ends, sure=False, near=found.near)
    return default(s)


def _unnamed_subject(s: Sentence, start: int, name: Named) -> Found | None:
    """Return what the subject of a clause stands for where its first name is not in the subject."""
    g = grammar()
    for at in range(start, name.first):
        word = s.low[at]
        finite = (
            g.verbs["reporting"].get(word) == "s" or is_cue_verb(word) or word in listed("finite")
        )
        if at > start and finite and s.word(at - 1) not in listed("determiners"):
            return anaphor(s, start, at - 1)
    noun = next(
        (i for i in range(start + 1, min(start + 4, name.first)) if g.has("work_nouns", s.low[i])),
        0,
    )
    takes_up = s.word(start) in {"the", "this", "these", "their", "its", "his", "her"}
    if takes_up and noun and s.word(noun + 1) not in {"of", "by", "from", ",", "in"} | {"'s", "'"}:
        return None if name.first == noun + 1 else anaphor(s, start, noun)
    return None


def _comma_after(s: Sentence, name: Named, before: int) -> bool:
    return "," in s.low[name.after : min(before, name.after + 12)]


def _clause_start(s: Sentence, before: int) -> int:
    """Return where the main clause begins that a word stands in: after the last semicolon."""
    for at in range(min(before, len(s.low)) - 1, max(-1, before - 400), -1):
        if s.low[at] == ";" or (s.low[at] in listed("turns") and s.word(at - 1) == ","):
            return at + 1
    return 0


def _region(s: Sentence, last: int) -> int:
    """Return where the noun phrase begins that ends at a word."""
    g = grammar()
    at = last
    while at >= 0 and last - at < _BACK:
        word = s.low[at]
        name = s.at.get(at)
        if name:
            at = name.first - 1
            continue
        joined = word in {",", "and", "or"} and at + 1 in s.at and at - 1 in s.at
        reporting = g.verbs["reporting"].get(word) in {"s", "base", "ed"} and at < last
        opens = word in {"that", "this"} and (
            at == 0 or s.low[at - 1] in CLAUSE or s.low[at - 1] == ","
        )
        stops = word in CLAUSE or word in {",", "and", "or"} or word in listed("subordinate")
        if stops and not joined and not opens:
            break
        if reporting and s.word(at - 1) not in {"the", "a", "'s", "this", "their", "its"}:
            break
        at -= 1
    return at + 1


def _begin(s: Sentence, last: int) -> int:
    """Return where a subject begins that ends at a word, after `According to Smith,`."""
    start = _region(s, last)
    if start == 0 and s.low[0] in listed("opening") and "," in s.low[:last]:
        return s.low.index(",") + 1
    return start


def subject(s: Sentence, verb: int) -> Found:
    """Return the subject of the finite verb or participle at a word."""
    last = head_of(s, verb) - 1
    if last < 0:
        return default(s)
    word = s.low[last]
    if word in {"which", "that", "who"} and last not in s.at:
        return _antecedent(s, last)
    if word == "and" and s.word(last - 1).endswith("ed") and last - 1 not in s.at:
        return subject(s, last - 1)
    if word in {",", "and", "but", "or", "nor", "then", "—", ")", "by", "while", "before", "after"}:
        return _tail(s, last)
    if word in CLAUSE:
        return default(s)
    start = _begin(s, last)
    if s.low[start] == "whose" and start > 0:
        return _antecedent(s, start)
    inside = [name for name in s.named if start <= name.first <= last]
    strong = [name for name in inside if not name.weak]
    if strong:
        return Found(coordinated(s, strong[0]), sure=not strong[0].loose, near=strong[0].first)
    if inside and s.actor and start == 0 and not _makes(s, inside[0]):
        return Found((s.actor,), sure=False)
    if inside:
        return Found(coordinated(s, inside[0]), sure=False, near=inside[0].first)
    return _said_that(s, start) or anaphor(s, start, last)


def _makes(s: Sentence, name: Named) -> bool:
    """Say whether a name opens a sentence or is whose work its subject is: `A note by Smith`."""
    at = name.first - 1 - (s.word(name.first - 1) == "the")
    return name.first == 0 or name.possessive or s.word(at) == "by"


def _said_that(s: Sentence, start: int) -> Found | None:
    """Return whose finding it is in `Smith's finding that the sample is small bears …`."""
    noun = start - 2
    if s.word(start - 1) != "that" or not grammar().has("position_nouns", s.word(noun)):
        return None
    for at in range(noun - 1, max(-1, noun - 4), -1):
        name = s.at.get(at - 1) if s.low[at] in {"'s", "'"} else None
        if name and (name.first == 0 or s.low[name.first - 1] in _OPENING):
            return Found((name.end,), sure=True, near=name.first)
    return None


def _tail(s: Sentence, last: int) -> Found:
    """Return the subject after a comma or `and`: that of the clause; in a statement, the holder."""
    if s.claimed and s.holder and s.low[last] in {",", "—"}:
        return Found((s.holder,), sure=False)
    return _interrupted(s, last) or actor(s, last)


def _interrupted(s: Sentence, comma: int) -> Found | None:
    """Return the subject of `Smith, asked for comment, doubts it`."""
    if s.low[comma] != ",":
        return None
    for at in range(comma - 1, max(0, comma - _ASIDE), -1):
        if s.low[at] in CLAUSE:
            return None
        if s.low[at] == ",":
            name = s.at.get(at - 1) or next(
                (n for n in s.named if n.possessive and 0 < at - n.after < _PHRASE), None
            )
            if name is None:
                return None
            first = name.first - (s.word(name.first - 1) == "the")
            opens = first == 0 or s.low[first - 1] in _OPENING
            return Found((name.end,), sure=True, near=name.first) if opens else None
    return None


def _antecedent(s: Sentence, relative: int) -> Found:
    """Return what a relative pronoun stands for: the name beside it, else who acts."""
    at = relative - 1 - (s.word(relative - 1) == ",")
    name = s.at.get(at)
    comma = s.word(relative - 1) == ","
    who = s.low[relative] in {"who", "whose"}
    beside = who or not comma or not (s.claimed or (name and under(s, name, 0)))
    if name and beside:
        return Found((name.end,), sure=not comma, near=name.first)
    if s.claimed and s.holder:
        return Found((s.holder,), sure=False)
    g = grammar()
    head = s.word(relative - 1)
    if not comma and not g.has("work_nouns", head) and not g.has("position_nouns", head):
        return NOBODY
    for at in range(relative - 2, max(0, relative - 6), -1):
        if s.low[at] == "as" and at - 1 in s.at:
            return Found((s.at[at - 1].end,), sure=True, near=s.at[at - 1].first)
    found = actor(s, relative)
    return Found(found.ends, sure=False, near=found.near)


def speaker(s: Sentence, before: int) -> Found:
    """Return who says what follows *that*; in a statement, its holder."""
    verbs = grammar().verbs["reporting"]
    for at in range(before - 1, max(-1, before - 20), -1):
        if s.low[at] in CLAUSE or s.low[at] == ",":
            break
        if at not in s.at and verbs.get(s.low[at]) and s.low[at] != "that":
            that = "that" in s.low[at + 1 : before]
            if that or s.word(at + 1) in {"the", s.low[before]}:
                return subject(s, at)
    if s.claimed and s.holder:
        return Found((s.holder,), sure=False)
    return _according(s, before)


def _according(s: Sentence, before: int) -> Found:
    """Return who says a clause: `According to Smith, …`, `…, Smith argues, …`."""
    g = grammar()
    for name in s.named:
        lead, after = s.word(name.first - 1), s.word(name.after)
        opens = s.low[0] in listed("according") and name.first < 6 and name.after < before
        if opens and after == ",":
            return Found((name.end,), sure=True, near=name.first)
        said = g.verbs["reporting"].get(after) and s.word(name.after + 1) in {",", ""}
        says = g.verbs["reporting"].get(lead) and after in {",", ""}
        comma = s.word(name.first - 1 - bool(says)) == ","
        if (said or says) and comma:
            return Found((name.end,), sure=True, near=name.first)
    return NOBODY
