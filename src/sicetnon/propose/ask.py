"""Go through a page with a model, part by part, and ask again where an answer cannot be used."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from sicetnon.errors import ModelError
from sicetnon.proposals import Proposal, Refused, Scene, admit
from sicetnon.propose.answers import Malformed, drafts
from sicetnon.propose.client import Model, Silence
from sicetnon.propose.prompt import Request, requests

_TRIES = 3
_SILENT = 2  # parts in a row without an answer after which an endpoint is left alone
_SHOWN = 20
_KEPT = 20_000


@dataclass(slots=True)
class Outcome:
    """What came of asking: proposals by name, what was refused, and parts without an answer."""

    proposals: dict[str, Proposal] = field(default_factory=dict)
    refused: list[Refused] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    parts: int = 0


def gather(scene: Scene, model: Model, method: str) -> Outcome:
    """Ask a model about every part of a page; raises ModelError where none gets an answer."""
    outcome = Outcome()
    silent = 0
    for request in requests(scene):
        outcome.parts += 1
        if silent >= _SILENT:
            outcome.unanswered.append(f"part {outcome.parts}: not asked any more")
            continue
        try:
            _part(scene, model, method, request, outcome)
            silent = 0
        except Silence as reason:
            outcome.unanswered.append(f"part {outcome.parts}: {reason}")
            silent += 1
    if outcome.parts and len(outcome.unanswered) == outcome.parts:
        raise ModelError(f"{model.name}: expected an answer, found none; {outcome.unanswered[0]}")
    return outcome


def _part(scene: Scene, model: Model, method: str, request: Request, outcome: Outcome) -> None:
    """Ask about one part until every draft is admitted, or the tries are used up."""
    messages = list(request.messages)
    for left in reversed(range(_TRIES)):
        answer = model.answer(messages)
        try:
            found = [admit(scene, draft, method) for draft in drafts(answer, request)]
        except Malformed as error:
            if not left:
                raise Silence(str(error)) from None
            complaints = [str(error)]
        else:
            admitted = [each for each in found if isinstance(each, Proposal)]
            outcome.proposals |= {each.iri.value: each for each in admitted}
            refused = [each for each in found if isinstance(each, Refused)]
            if not refused or not left:
                outcome.refused += refused
                return
            complaints = [each.why for each in refused]
        messages = [
            *request.messages,
            {"role": "assistant", "content": answer[:_KEPT]},
            {"role": "user", "content": _again(complaints)},
        ]


def _again(complaints: Iterable[str]) -> str:
    told = "\n".join(f"- {each}" for each in list(complaints)[:_SHOWN])
    return (
        f"This cannot be used:\n{told}\nAnswer again with the whole JSON object, corrected;"
        " leave out what you cannot quote word for word from the passage that you name."
    )
