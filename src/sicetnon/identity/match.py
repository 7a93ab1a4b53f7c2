"""Which entries are one work: judges pairs, gathers groups, leaves doubt to a person."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, replace

from sicetnon.errors import UsageError
from sicetnon.identity.block import pairs
from sicetnon.identity.compare import Agreement, Decision
from sicetnon.identity.doubt import ambiguous
from sicetnon.identity.groups import Edge, Node, Pair, grouped
from sicetnon.identity.kinds import Kind, family, together
from sicetnon.identity.titles import Title, read_title
from sicetnon.identity.verdict import verdict

_AGREED = 0.4


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be one work with others."""

    id: str
    title: str
    origin: str | None
    authors: tuple[str, ...] = ()
    year: int | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a rule or a person holds of two entries, or of two titles, and why."""

    left: str
    right: str
    decision: Decision
    score: float
    rule: str
    reason: str


@dataclass(frozen=True, slots=True)
class Clustering:
    """Groups of entries that are one work each, and every judgement made on the way."""

    groups: tuple[tuple[str, ...], ...]
    judgements: tuple[Judgement, ...]


def judge(a: Title, b: Title) -> Judgement | None:
    """Judge two titles by themselves; None when nothing suggests that they are one work."""
    found = verdict(a, b)
    if found is None:
        return None
    return Judgement(a.text, b.text, found.decision, found.score, found.rule, found.reason)


def _read(candidate: Candidate) -> Title:
    title = read_title(candidate.title, candidate.origin)
    if not candidate.authors and candidate.year is None:
        return title
    return replace(
        title, authors=candidate.authors or title.authors, year=candidate.year or title.year
    )


def _persons(judged: Sequence[Judgement], known: set[str]) -> dict[Pair, Judgement]:
    """Return a person's decisions by pair; those on entries that are not here wait."""
    found: dict[Pair, Judgement] = {}
    for one in judged:
        left, right = sorted((one.left, one.right))
        if left == right or one.decision == "doubtful" or not {left, right} <= known:
            continue
        earlier = found.setdefault((left, right), replace(one, left=left, right=right))
        if earlier.decision != one.decision:
            raise UsageError(f"{left} and {right}: expected one decision, found same and different")
    return found


def _bundles(titles: dict[str, Title], touched: set[str]) -> dict[str, list[str]]:
    """Gather entries whose titles read alike under the least id; those a person judged stay out."""
    first: dict[object, str] = {}
    found: dict[str, list[str]] = {}
    for name, title in titles.items():
        alike: object = name
        if title.core and name not in touched:
            read = title.readings, title.kind, title.arxiv, title.doi, title.site
            alike = read, title.pdf, title.year, title.authors
        found.setdefault(first.setdefault(alike, name), []).append(name)
    return found


def _verdicts(titles: Mapping[str, Title], settled: Container[Pair]) -> dict[Pair, Agreement]:
    """Judge every pair that has a key in common and that no person has settled."""
    names, read = list(titles), list(titles.values())
    found: dict[Pair, Agreement] = {}
    for left, right in pairs(read):
        pair = names[left], names[right]
        if pair not in settled and (held := verdict(read[left], read[right])):
            found[pair] = held
    for pair in ambiguous(found, {name: len(title.core) for name, title in titles.items()}):
        reason = f"{found[pair].reason}, and fits two works"
        found[pair] = replace(found[pair], decision="doubtful", score=0.5, reason=reason)
    return found


def _edge(one: Judgement, *, person: bool) -> Edge:
    """Kinds do not bind as pairs: the groups weigh them, and a person may have joined two."""
    binds = person or one.decision == "same" or one.rule not in ("kind", "about")
    return Edge(one.left, one.right, one.decision if binds else "doubtful", one.score, person)


def _known(
    made: Mapping[Pair, Judgement], groups: Sequence[Sequence[str]], kinds: Mapping[str, Kind]
) -> dict[Pair, Judgement]:
    """Return what is no question any more: an entry of no known kind that joined a known one."""
    group = {name: n for n, members in enumerate(groups) for name in members}
    told = [{kinds[name] for name in members} - {Kind.UNKNOWN} for members in groups]
    found: dict[Pair, Judgement] = {}
    for (left, right), one in made.items():
        if one.rule != "kind" or one.decision != "doubtful" or one.score < _AGREED:
            continue
        mine, yours = told[group[left]], told[group[right]]
        if mine and yours and not any(together(a, b) for a in mine for b in yours):
            reason = f"{one.reason}; the groups they are in have known kinds"
            found[left, right] = replace(one, decision="different", reason=reason)
    return found


def cluster(candidates: Sequence[Candidate], judged: Sequence[Judgement] = ()) -> Clustering:
    """Group the entries that are one work; a person's `judged` overrule the rules.

    The order of the candidates does not matter. Nothing is lost: without a judgement of `judged`
    the groups are what they were before it.
    """
    titles = {one.id: _read(one) for one in sorted(candidates, key=lambda one: one.id)}
    if len(titles) != len(candidates):
        raise UsageError("expected every entry once, found an id twice")
    persons = _persons(judged, set(titles))
    bundles = _bundles(titles, {name for pair in persons for name in pair})
    heads = {name: titles[name] for name in bundles}
    made = dict(persons)
    for (left, right), one in _verdicts(heads, persons).items():
        made[left, right] = Judgement(left, right, one.decision, one.score, one.rule, one.reason)
    groups, refused = grouped(
        {name: Node(family(title.kind), title.arxiv) for name, title in heads.items()},
        [_edge(one, person=pair in persons) for pair, one in made.items()],
    )
    for pair in refused:
        reason = f"{made[pair].reason}; not joined: another judgement keeps their groups apart"
        made[pair] = replace(made[pair], decision="doubtful", reason=reason)
    made |= _known(made, groups, {name: family(title.kind) for name, title in heads.items()})
    for head, members in bundles.items():
        for name in members[1:]:
            made[head, name] = Judgement(head, name, "same", 0.99, "title", "the titles are equal")
    whole = sorted(tuple(sorted(m for n in group for m in bundles[n])) for group in groups)
    return Clustering(tuple(whole), tuple(made[pair] for pair in sorted(made)))
