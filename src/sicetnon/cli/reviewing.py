"""Commands that judge what rules drew: judge, review."""

from __future__ import annotations

import getpass
import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sicetnon.cli.common import STORE, WHO, WHY, counted, differs, emit, library, made, today
from sicetnon.errors import UsageError
from sicetnon.model import STANCES

if TYPE_CHECKING:
    from sicetnon.judgements import Merged
    from sicetnon.library import Library
    from sicetnon.library.review import Question

_NONE = "none"
_KEYS = {"s": "supports", "c": "contradicts", "r": "refines", "q": "qualifies", "p": "replies-to"}


@click.command(
    epilog="\b\nExample:\n  sicetnon judge 3f2a9c81d04b none --why 'named together, no more'"
)
@click.argument("relation")
@click.argument("stance", type=click.Choice([*STANCES, _NONE]))
@WHY
@WHO
@STORE
@click.pass_context
def judge(
    context: click.Context, relation: str, stance: str, why: str, who: str | None, store: str | None
) -> None:
    """Give a verdict on a drawn relation, by its IRI or the end of it; the drawn one stays."""
    found = library(context, store)
    made(found, found.judge(relation, stance, why, who or getpass.getuser(), today()))


@click.command(
    epilog="\b\nExamples:\n  sicetnon review --thread limits-of-deep-learning-theory"
    "\n  sicetnon review -o links.ttl\n  sicetnon review --merge links.ttl",
)
@click.option("--thread", metavar="S", help="The thread.  [default: the only one]")
@click.option("--version", metavar="N", help="The version.  [default: latest]")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="How many.")
@click.option("--json", "as_json", is_flag=True, help="Print the whole queue as a list of objects.")
@click.option("-o", "--output", metavar="F", help="Write all decisions as Turtle to this file.")
@click.option("--merge", metavar="F", help="Take in decisions from this Turtle file.")
@WHO
@STORE
@click.pass_context
def review(
    context: click.Context,
    thread: str | None,
    version: str | None,
    limit: int,
    as_json: bool,
    output: str | None,
    merge: str | None,
    who: str | None,
    store: str | None,
) -> None:
    """Go through what rules are not sure of and what is proposed, the most doubtful first.

    On a terminal each question waits for an answer; piped, the questions are listed.
    """
    found = library(context, store)
    if merge is not None:
        _merged(found.merge(_read(merge), merge))
        return
    if output is not None:
        emit(found.decisions_as_turtle(), output)
        return
    queue = found.review(thread, version)
    if as_json:
        click.echo(json.dumps([asdict(each) for each in queue], ensure_ascii=False, indent=2))
    elif sys.stdin.isatty() and sys.stdout.isatty():
        _go_through(found, queue[:limit], who or getpass.getuser())
    else:
        for each in queue[:limit]:
            click.echo(f"{each.node.rpartition('/')[2]}  {_told(each)}")


def _merged(merged: Merged) -> None:
    """Tell what came of taking decisions in."""
    told = [f"took in {counted(merged.new, 'new decision')}"]
    if merged.changed:
        told.append(f"{counted(merged.changed, 'decision')} changed by the same person later")
    told.append(f"{merged.known} known already")
    told.append(counted(len(merged.conflicts), "conflict"))
    click.echo(", ".join(told), err=True)
    for each in merged.conflicts:
        click.echo(differs(each), err=True)


def _go_through(found: Library, queue: list[Question], who: str) -> None:
    for place, each in enumerate(queue, 1):
        click.echo(f"\n{place}/{len(queue)}  {_told(each)}")
        click.echo(f"  line {each.line}: “{each.evidence}”")
        if not _ASKED[each.kind](found, each, who):
            return


def _relation(found: Library, each: Question, who: str) -> bool:
    """Ask about one relation; say whether to go on."""
    answer = _asked(
        "[y]es as drawn, [n]one, [s]upports, [c]ontradicts, [r]efines, [q]ualifies, re[p]lies-to,"
        " enter to skip, [x] to stop",
        {"y", "n", "x", *_KEYS},
    )
    if answer in ("", "x"):
        return answer != "x"
    decision = {"y": each.stance, "n": _NONE, **_KEYS}[answer]
    found.judge(each.node, decision, click.prompt("why"), who, today())
    return True


def _entries(found: Library, each: Question, who: str) -> bool:
    """Ask whether two things are one; say whether to go on."""
    answer = _asked("[y]es, one, [n]o, two, enter to skip, [x] to stop", {"y", "n", "x"})
    if answer in ("", "x"):
        return answer != "x"
    decide = found.same if answer == "y" else found.different
    decide(each.left, each.right, click.prompt("why"), who, today())
    return True


def _proposal(found: Library, each: Question, who: str) -> bool:
    """Ask about what somebody proposes; say whether to go on."""
    stances = {} if each.kind == "proposed claim" else _KEYS
    other = ", [s]upports, [c]ontradicts, [r]efines, [q]ualifies, re[p]lies-to" if stances else ""
    answer = _asked(
        f"[y]es as proposed, [n]o{other}, enter to skip, [x] to stop", {"y", "n", "x", *stances}
    )
    if answer in ("", "x"):
        return answer != "x"
    why = click.prompt("why")
    if answer == "n":
        found.refuse(each.node, why, who, today())
    else:
        found.accept(each.node, why, who, today(), stances.get(answer))
    return True


_ASKED = {
    "relation": _relation,
    "entries": _entries,
    "identity": _entries,
    "proposed relation": _proposal,
    "proposed claim": _proposal,
}


def _asked(question: str, known: set[str]) -> str:
    answer = ""
    while True:
        answer = click.prompt(question, default="", show_default=False).strip().lower()
        if not answer or answer in known:
            return answer


def _told(each: Question) -> str:
    return f"contested: {_asks(each)}" if each.contested else _asks(each)


def _asks(each: Question) -> str:
    if each.kind == "identity":
        return f"are “{each.left_name}” and “{each.right_name}” one?"
    if each.kind == "entries":
        return f"are “{each.left_name}” and “{each.right_name}” one work? ({each.evidence})"
    if each.kind == "proposed claim":
        return f"{each.left_name} — claims — “{each.evidence}” (proposed by {each.method})"
    if each.kind == "proposed relation":
        sides = f"{each.left_name} — {each.stance} — {each.right_name}"
        return f"{sides} (proposed by {each.method})"
    sure = f"{each.method}, {each.confidence:.2f}"
    return f"{each.left_name} — {each.stance} — {each.right_name} ({sure})"


def _read(path: str) -> bytes:
    try:
        return sys.stdin.buffer.read() if path == "-" else Path(path).read_bytes()
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}") from None
