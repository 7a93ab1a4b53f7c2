"""The methods of a library for what persons decide: to judge, to review and to undo."""

from __future__ import annotations

from typing import TypeVar

from sicetnon import judgements as judging
from sicetnon.errors import UsageError
from sicetnon.judgements import Acceptance, Decision, Judgement, Kept, Merged, Verdict
from sicetnon.library import names
from sicetnon.library import review as reviewing
from sicetnon.library.opened import Opened
from sicetnon.library.review import Question
from sicetnon.model import STANCES

_Decided = TypeVar("_Decided", Judgement, Verdict, Acceptance)


class Judging(Opened):
    """The part of a library that keeps decisions, and makes the layers that obey them."""

    def same(self, left: str, right: str, why: str, who: str, when: str) -> Judgement:
        """Judge that two things are one; `when` is a day as YYYY-MM-DD.

        Two entries that are one lead to one work; a work stands for one of its entries. What the
        same person decided on the two before gives way; what others decided stays, and the latest
        day counts.
        """
        return self._judge(judging.SAME, left, right, why, who, when)

    def different(self, left: str, right: str, why: str, who: str, when: str) -> Judgement:
        """Judge that two things are not one, whatever a rule finds."""
        return self._judge(judging.DIFFERENT, left, right, why, who, when)

    def _judge(
        self, decision: str, left: str, right: str, why: str, who: str, when: str
    ) -> Judgement:
        listed = [each for each in self.judgements() if isinstance(each, Judgement)]
        judged = {side for each in listed for side in (each.left, each.right)}
        one, other = names.pair(self.store, left, right, judged)
        return self._decide(Judgement(decision, one, other, why, who, when))

    def judge(self, relation: str, decision: str, why: str, who: str, when: str) -> Verdict:
        """Judge a drawn relation: its stance, or `none` where there is no such relation."""
        known = (*STANCES, judging.NONE)
        if decision not in known:
            raise UsageError(f"expected a stance ({', '.join(known)}), found {decision!r}")
        return self._decide(Verdict(decision, names.relation(self.store, relation), why, who, when))

    def review(self, thread: str | None = None, version: str | int | None = None) -> list[Question]:
        """Return what waits for a judgement, the most doubtful and most consequential first."""
        return reviewing.queue(self.store, thread, version)

    def decisions_as_turtle(self) -> str:
        """Return all that persons decided as Turtle, to be kept beside the pages."""
        return reviewing.as_turtle(self.judgements())

    def merge(self, data: bytes, name: str) -> Merged:
        """Take in decisions from Turtle, all or, where one of them is not whole, none."""
        new = reviewing.from_turtle(data, name)
        listed, merged = judging.merging(judging.decisions(self._write()), new)
        if merged.new or merged.changed:
            self._keep(listed, judging.threads_of(new))
        return merged

    def undo(self, name: str) -> None:
        """Take a decision back: the graph is then as if it had never been made."""
        _ = self.store  # refuses a store that is not there, where the writer would make one
        present = judging.decisions(self._write())
        kept = judging.without(present, name)
        taken_back = [each for each in present if each not in kept]
        self._keep(kept, judging.threads_of(taken_back))

    def judgements(self) -> list[Decision]:
        """Return all that persons decided, judgements before verdicts, each sorted."""
        return judging.decisions(self.store)

    def _decide(self, decision: _Decided) -> _Decided:
        listed = judging.adding(judging.decisions(self._write()), decision)
        self._keep(listed, judging.threads_of([decision]))
        return decision

    def _keep(self, listed: list[Decision], threads: set[str]) -> None:
        """Store the decisions and the layers of every thread that they touch, in one step."""
        from sicetnon import inference

        found, kept = self._write(), Kept.of(listed)
        layers = [
            layer
            for thread in sorted(threads)
            for layer in inference.all_layers(found, thread, kept)
        ]
        quads = judging.quads(listed)
        graphs = [judging.GRAPH, *(name for name, _ in layers)]
        found.replace(graphs, [*sorted(quads, key=str), *(q for _, layer in layers for q in layer)])
