"""Commands about versions and identity: diff, same, different, undo, identities."""

from __future__ import annotations

import getpass
import json
from dataclasses import asdict

import click

from sicetnon.cli.common import STORE, WHO, WHY, emit, library, made, today


@click.command(epilog="\b\nExample:\n  sicetnon diff limits-of-deep-learning-theory 1 2")
@click.argument("thread")
@click.argument("old")
@click.argument("new")
@click.option(
    "--format", type=click.Choice(["text", "markdown", "json"]), default="text", show_default=True
)
@click.option("-o", "--output", metavar="F", help="Write to this file.")
@STORE
@click.pass_context
def diff(
    context: click.Context,
    thread: str,
    old: str,
    new: str,
    format: str,
    output: str | None,
    store: str | None,
) -> None:
    """Tell what changed between two versions of a thread, by identity and not by number."""
    from sicetnon import lineage

    emit(lineage.FORMATS[format](library(context, store).diff(thread, old, new)), output)


def _judging(name: str, told: str, example: str) -> click.Command:
    """Make a command that judges two things to be the same or different."""

    @click.command(name, help=told, epilog=f"\b\nExample:\n  sicetnon {name} {example}")
    @click.argument("left", metavar="A")
    @click.argument("right", metavar="B")
    @WHY
    @WHO
    @STORE
    @click.pass_context
    def judge(
        context: click.Context, left: str, right: str, why: str, who: str | None, store: str | None
    ) -> None:
        found = library(context, store)
        verdict = getattr(found, name)
        made(found, verdict(left, right, why, who or getpass.getuser(), today()))

    return judge


same = _judging(
    "same",
    "Judge that A and B are one: perspectives, events, tensions or entries, by their IRIs.",
    "thread/roads/perspective/a thread/roads/perspective/b --why 'one person'",
)
different = _judging(
    "different",
    "Judge that A and B are not one, whatever a rule finds.",
    "thread/roads/perspective/a thread/roads/v2/position/3 --why 'a namesake'",
)


@click.command(epilog="\b\nExample:\n  sicetnon undo 3f2a9c81d04b")
@click.argument("judgement")
@STORE
@click.pass_context
def undo(context: click.Context, judgement: str, store: str | None) -> None:
    """Take a judgement back, named by its IRI or the end of it."""
    library(context, store).undo(judgement)


@click.command(epilog="\b\nExample:\n  sicetnon identities --json")
@click.option(
    "--json", "as_json", is_flag=True, help="Print an object with three lists of objects."
)
@STORE
@click.pass_context
def identities(context: click.Context, as_json: bool, store: str | None) -> None:
    """List what persons judged, what rules matched although it differs, and what they doubt.

    The keys of --json are judgements, matches and doubtful.
    """
    found = library(context, store)
    judged = [{**asdict(each), "judgement": each.iri.value} for each in found.judgements()]
    matched = found.ask("matches").dicts()
    doubtful = found.ask("doubtful-entries").dicts()
    if as_json:
        listed = {"judgements": judged, "matches": matched, "doubtful": doubtful}
        click.echo(json.dumps(listed, ensure_ascii=False, indent=2))
        return
    for each in judged:
        name = str(each["judgement"]).rpartition("/")[2]
        sides = each["about"] if "about" in each else f"{each['left']}  {each['right']}"
        click.echo(f"{name}  {each['decision']}  {sides}  {each['why']}")
    for row in matched:
        click.echo(f"{row['rule']} {row['score']}  {row['occurrence']}  {row['thing']}")
    for row in doubtful:
        click.echo(f"doubtful {row['confidence']}  {row['left']}  {row['right']}  {row['why']}")
