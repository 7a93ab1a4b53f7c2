"""Commands about proposals: propose, accept, refuse."""

from __future__ import annotations

import getpass
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from sicetnon.cli.common import STORE, WHO, WHY, library, made, today
from sicetnon.errors import UsageError
from sicetnon.model import STANCES

if TYPE_CHECKING:
    from sicetnon.library.proposing import Proposed
    from sicetnon.proposals import Scene
    from sicetnon.propose import Outcome

KEY = "SICETNON_MODEL_KEY"


@click.command(
    epilog="\b\nExample:\n  sicetnon propose --thread limits-of-deep-learning-theory"
    " --endpoint http://localhost:11434/v1 --model NAME",
)
@click.option("--thread", metavar="S", help="The thread.  [default: the only one]")
@click.option("--version", metavar="N", help="The version.  [default: latest]")
@click.option("--endpoint", metavar="URL", help="An endpoint that speaks the OpenAI API.")
@click.option("--model", metavar="NAME", help="The model to ask there.")
@click.option(
    "--timeout",
    type=click.FloatRange(1),
    default=120.0,
    show_default=True,
    metavar="SECONDS",
    help="For each question, all its tries together.",
)
@click.option("--dry-run", is_flag=True, help="Ask and list, but store nothing.")
@click.option("--show-requests", is_flag=True, help="Print what would be sent, and send nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print an object with all that came of it.")
@STORE
@click.pass_context
def propose(
    context: click.Context,
    thread: str | None,
    version: str | None,
    endpoint: str | None,
    model: str | None,
    timeout: float,
    dry_run: bool,
    show_requests: bool,
    as_json: bool,
    store: str | None,
) -> None:
    """Ask a language model for relations and claims, to wait for 'sicetnon review'.

    The page's words go to the endpoint; nothing is sent without one. A proposal whose quote does
    not stand on the page word for word is refused. A key is read from SICETNON_MODEL_KEY.
    """
    found = library(context, store)
    if show_requests:
        _show(found.scene(thread, version))
        return
    if not endpoint or not model:
        raise UsageError("expected --endpoint URL and --model NAME; no model is asked by default")
    from sicetnon.propose import connect

    key = os.environ.get(KEY, "")
    asked = connect(endpoint, model, key, timeout=timeout)
    outcome, proposed = found.propose(asked, thread, version, keep=not dry_run)
    if as_json:
        told = json.dumps(_object(outcome, proposed), ensure_ascii=False, indent=2)
        click.echo(_without(key, told))
    else:
        for line in _proposals(proposed):
            click.echo(_without(key, line))
        for line in _rest(outcome, proposed):
            click.echo(_without(key, line), err=True)
    if outcome.unanswered:
        context.exit(1)


@click.command(epilog="\b\nExample:\n  sicetnon accept 3f2a9c81d04b --why 'the sentence says so'")
@click.argument("proposal")
@click.option(
    "--stance", type=click.Choice(STANCES), help="The true stance.  [default: the proposed one]"
)
@WHY
@WHO
@STORE
@click.pass_context
def accept(
    context: click.Context,
    proposal: str,
    stance: str | None,
    why: str,
    who: str | None,
    store: str | None,
) -> None:
    """Accept a proposal: it then stands as judged; 'sicetnon undo' takes that back."""
    found = library(context, store)
    made(found, found.accept(proposal, why, who or getpass.getuser(), today(), stance))


@click.command(
    epilog="\b\nExample:\n  sicetnon refuse 3f2a9c81d04b --why 'named together, no more'"
)
@click.argument("proposal")
@WHY
@WHO
@STORE
@click.pass_context
def refuse(
    context: click.Context, proposal: str, why: str, who: str | None, store: str | None
) -> None:
    """Refuse a proposal: it waits no more, and is not asked about again."""
    found = library(context, store)
    made(found, found.refuse(proposal, why, who or getpass.getuser(), today()))


def _show(scene: Scene) -> None:
    from sicetnon.propose import requests

    sent = [list(each.messages) for each in requests(scene)]
    click.echo(json.dumps(sent, ensure_ascii=False, indent=2))


def _without(key: str, text: str) -> str:
    """Return a text that an endpoint had a hand in, without the key, which it may echo."""
    return text.replace(key, "…") if key else text


def _proposals(proposed: list[Proposed]) -> Iterator[str]:
    for each in proposed:
        one = each.proposal
        sides = " — ".join(side.rpartition("/")[2] for side in (one.source, one.target) if side)
        yield f"{one.name}  {each.status}  {one.stance}: {sides}: “{one.written or one.exact}”"


def _rest(outcome: Outcome, proposed: list[Proposed]) -> Iterator[str]:
    yield from (f"refused: {each.why}" for each in outcome.refused)
    yield from (f"unanswered: {each}" for each in outcome.unanswered)
    new = sum(each.status == "new" for each in proposed)
    counts = f"{new} new of {len(proposed)} proposals, {len(outcome.refused)} refused"
    yield f"{counts}, {len(outcome.unanswered)} of {outcome.parts} parts unanswered"


def _object(outcome: Outcome, proposed: list[Proposed]) -> dict[str, object]:
    return {
        "proposals": [
            {"name": each.proposal.name, "status": each.status, **asdict(each.proposal)}
            for each in proposed
        ],
        "refused": [{"why": each.why, **asdict(each.draft)} for each in outcome.refused],
        "unanswered": outcome.unanswered,
        "parts": outcome.parts,
    }
