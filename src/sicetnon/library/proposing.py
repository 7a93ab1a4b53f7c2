"""The methods of a library for what is proposed: to propose, to accept and to refuse."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from pyoxigraph import Literal, NamedNode

from sicetnon import graph, proposals, query, terms
from sicetnon import judgements as judging
from sicetnon.errors import DataError, UsageError
from sicetnon.judgements import Acceptance, Verdict
from sicetnon.library import names
from sicetnon.library.judging import Judging
from sicetnon.model import STANCES, Page
from sicetnon.proposals import CLAIMS, Draft, Missing, Proposal, Refused, Scene, Side
from sicetnon.query import Table
from sicetnon.store import Store, Term

if TYPE_CHECKING:
    from sicetnon.propose import Model, Outcome

_Given = TypeVar("_Given", Verdict, Acceptance)

_TEXT = f"PREFIX sen: <{terms.SEN}> SELECT ?text WHERE {{ ?passage sen:text ?text }}"
_DRAWN = f"""PREFIX sen: <{terms.SEN}>
ASK {{ ?drawn a ?kind FILTER(?kind IN (sen:Relation, sen:RejectedRelation, sen:Claim)) }}"""

_WITHIN = f"""PREFIX sen: <{terms.SEN}> PREFIX oa: <http://www.w3.org/ns/oa#>
ASK {{ ?drawn a ?kind ; sen:from ?source ; sen:to ?target ; sen:stance ?stance ;
  sen:evidence/oa:exact ?exact
  FILTER(?kind IN (sen:Relation, sen:RejectedRelation) && CONTAINS(?words, ?exact)) }}"""


def _is_drawn(store: Store, one: Proposal) -> bool:
    """Say whether a rule drew the same from these words, or from a clause of them."""
    if store.query(query.bind(_DRAWN, {"drawn": one.drawn})) is True:
        return True
    if one.is_claim:
        return False
    given: dict[str, Term] = {
        "source": NamedNode(one.source),
        "target": NamedNode(one.target),
        "stance": terms.stance(one.stance),
        "words": Literal(one.exact),
    }
    return store.query(query.bind(_WITHIN, given)) is True


@dataclass(frozen=True, slots=True)
class Proposed:
    """What became of a proposal: `new`, `waiting`, `accepted`, `refused` or `drawn` by a rule."""

    proposal: Proposal
    status: str


class Proposing(Judging):
    """The part of a library that deals with proposals."""

    def proposals(self) -> list[Proposal]:
        """Return all proposals, those that a person has decided on among them, sorted."""
        return proposals.read(self.store.graph(proposals.GRAPH))

    def propose(
        self,
        model: Model,
        thread: str | None = None,
        version: str | int | None = None,
        *,
        keep: bool = True,
    ) -> tuple[Outcome, list[Proposed]]:
        """Ask a language model what it would propose for a page, and let that wait for a person.

        Without `keep` nothing is stored. Raises ModelError where the model does not answer.
        """
        from sicetnon import propose

        outcome = propose.gather(self.scene(thread, version), model, f"model {model.name}")
        found = list(outcome.proposals.values())
        return outcome, self._put(found) if keep else self._statuses(self.store, found)

    def propose_one(
        self, draft: Draft, method: str, thread: str | None = None, version: str | int | None = None
    ) -> Proposed:
        """Let one relation or claim wait for a person.

        Raises UsageError where a side is not known or the words do not stand on the page; says
        where else in the thread they stand, if they do.
        """
        scene = self.scene(thread, version)
        found = proposals.admit(scene, draft, method)
        if isinstance(found, Refused):
            raise UsageError(found.why + self._elsewhere(scene.page, found))
        return self._put([found])[0]

    def scene(self, thread: str | None = None, version: str | int | None = None) -> Scene:
        """Return a page of the store with all that can stand on a side of a relation on it."""
        row = query.graph_of(self.store, thread, version)
        page = graph.from_quads(self.store.graph(row.iri))
        given = {"thread": page.thread, "version": str(row.version)}
        rows = query.run(self.store, query.load("sides"), given).rows
        return Scene(page, tuple(Side(*map(str, cells)) for cells in rows))

    def accept(
        self, proposal: str, why: str, who: str, when: str, stance: str | None = None
    ) -> Acceptance:
        """Accept a proposal, with another stance where one is given: it then stands as judged.

        Raises DataError where its words no longer stand on the page.
        """
        found = names.proposal(self.store, proposal)
        decision = stance or found.stance
        if decision not in ((CLAIMS,) if found.is_claim else STANCES):
            known = CLAIMS if found.is_claim else ", ".join(STANCES)
            raise UsageError(f"expected a stance ({known}), found {decision!r}")
        text = str((Table.of(self.store.query(_bound(_TEXT, found))).rows or [("",)])[0][0])
        if text[found.start : found.end] != found.exact:
            raise DataError(f"{found.passage}: expected the proposal's words, found others")
        cites = self._cites(found) if found.is_claim else ()
        accepted = Acceptance(decision, found.iri.value, why, who, when, found, cites)
        return self._decide_on(accepted)

    def refuse(self, proposal: str, why: str, who: str, when: str) -> Verdict:
        """Refuse a proposal: it stays on record, and waits for nobody any more."""
        found = names.proposal(self.store, proposal)
        return self._decide_on(Verdict(judging.NONE, found.iri.value, why, who, when))

    def _decide_on(self, verdict: _Given) -> _Given:
        listed = judging.adding(judging.decisions(self._write()), verdict)
        self._keep(listed, set())
        return verdict

    def _put(self, new: Iterable[Proposal]) -> list[Proposed]:
        store = self._write()
        found = self._statuses(store, new)
        present = proposals.read(store.graph(proposals.GRAPH))
        added = [each.proposal for each in found if each.status in ("new", "waiting")]
        kept = proposals.adding(present, added)
        if kept != present:
            quads = [quad for each in kept for quad in each.quads()]
            store.replace([proposals.GRAPH], quads)
        return found

    def _statuses(self, store: Store, new: Iterable[Proposal]) -> list[Proposed]:
        waiting = {each.iri for each in proposals.read(store.graph(proposals.GRAPH))}
        counts = judging.Kept.of(judging.decisions(store)).verdicts
        decided = {each.about: each for each in counts}

        def status(one: Proposal) -> str:
            verdict = decided.get(one.iri.value)
            if verdict is not None:
                return "refused" if verdict.denies else "accepted"
            if one.iri in waiting:
                return "waiting"
            return "drawn" if _is_drawn(store, one) else "new"

        return [Proposed(one, status(one)) for one in sorted(new)]

    def _elsewhere(self, page: Page, refused: Refused) -> str:
        """Return, for words that the page lacks, which other version of the thread has them."""
        draft = refused.draft
        if refused.elsewhere or not isinstance(proposals.ground(page, draft.quote), Missing):
            return ""
        for row in reversed(query.versions(self.store, page.thread)):
            other = graph.from_quads(self.store.graph(row.iri))
            if not isinstance(proposals.ground(other, draft.quote), Missing):
                return f"; the words stand in version {row.version}"
        return ""

    def _cites(self, one: Proposal) -> tuple[str, ...]:
        """Return the entries that the page cites within or right after the words of a claim."""
        asked = f"""PREFIX sen: <{terms.SEN}>
        SELECT DISTINCT ?entry WHERE {{
          ?pointer sen:passage ?passage ; sen:offset ?offset ; sen:denotes ?entry .
          FILTER(?offset > {one.start} && ?offset <= {one.end})
        }} ORDER BY ?entry"""
        return tuple(str(row[0]) for row in Table.of(self.store.query(_bound(asked, one))).rows)


def _bound(text: str, one: Proposal) -> str:
    return query.bind(text, {"passage": NamedNode(one.passage)})
