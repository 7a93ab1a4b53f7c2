"""Whether two titles are one work: how they agree, and what speaks against it."""

from __future__ import annotations

from sicetnon.identity.compare import Agreement, Decision, agreement
from sicetnon.identity.kinds import ABOUT, Kind, family, together
from sicetnon.identity.sites import one_site
from sicetnon.identity.titles import Title

FAR = 2
SHORT = 4
HEADLINE = 8
_OWN = frozenset({Kind.DISCUSSION, Kind.REFERENCE})


def verdict(a: Title, b: Title) -> Agreement | None:
    """Judge two titles with their kinds, identifiers, sites, authors and years."""
    same_id = next(
        (name for name, mine, yours in _identifiers(a, b) if mine and mine == yours), None
    )
    if same_id:
        found: Agreement | None = Agreement("same", 1.0, same_id, f"they share the {same_id}")
    else:
        found = agreement(a, b)
    if found is None or found.decision == "different":
        return found
    if found.rule == "ending" and family(a.kind) != family(b.kind) and {a.kind, b.kind} & ABOUT:
        reason = f"one is a {a.kind}, the other a {b.kind} with the end of its title"
        return Agreement("different", 0.35, "about", reason)
    if not together(a.kind, b.kind):
        return _apart(a, b, found)
    return found if same_id else _doubts(a, b, found)


def _identifiers(a: Title, b: Title) -> tuple[tuple[str, str | None, str | None], ...]:
    return ("arXiv id", a.arxiv, b.arxiv), ("DOI", a.doi, b.doi)


def _apart(a: Title, b: Title, found: Agreement) -> Agreement:
    """Keep two kinds apart; where a person may know better it is a question."""
    kinds = {a.kind, b.kind}
    open_ = Kind.UNKNOWN in kinds or not kinds & ABOUT or found.decision == "doubtful"
    reason = f"{found.reason}, but one is {a.kind} and the other {b.kind}"
    return Agreement("doubtful" if open_ else "different", found.score / 2, "kind", reason)


def _doubts(a: Title, b: Title, found: Agreement) -> Agreement:
    """Return the first reason not to trust an agreement of titles, or the agreement."""
    if a.arxiv and b.arxiv:
        decision: Decision = "doubtful" if found.rule == "title" else "different"
        reason = f"{found.reason}, but arXiv has two: {a.arxiv}, {b.arxiv}"
        return Agreement(decision, 0.5, "two arXiv ids", reason)
    if _two_sites(a, b):
        decision = "different" if a.kind in _OWN else "doubtful"
        return Agreement(decision, 0.5, "two sites", f"{found.reason}, but on two sites")
    if a.authors and b.authors and not _share(a.authors, b.authors):
        return Agreement("doubtful", 0.5, "authors", f"{found.reason}, but the authors differ")
    apart = abs(a.year - b.year) if a.year and b.year else 0
    if apart > FAR and _length(a, b) < SHORT:
        reason = f"{found.reason}, but they are short and {apart} years apart"
        return Agreement("doubtful", 0.5, "years", reason)
    return found


def _two_sites(a: Title, b: Title) -> bool:
    """Tell whether two sites write of their own: threads, articles of reference, headlines."""
    if not a.site or not b.site or one_site(a.site) == one_site(b.site):
        return False
    if Kind.NEWS in (a.kind, b.kind):
        return _length(a, b) < HEADLINE
    return a.kind == b.kind and a.kind in _OWN


def _length(a: Title, b: Title) -> int:
    return max((len(t.readings[0].words) for t in (a, b) if t.readings), default=0)


def _share(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Tell whether two lists of authors may have one in common, `AdaR` as `Ada Rowe`."""
    mine = {name.casefold() for text in one for name in text.split() if len(name) > 2}
    yours = {name.casefold() for text in other for name in text.split() if len(name) > 2}
    return any(m.startswith(y) or y.startswith(m) for m in mine for y in yours)
