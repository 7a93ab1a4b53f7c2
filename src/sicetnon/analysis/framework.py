"""Labellings of an attack graph: what stands, what falls, what nothing on the page decides.

The semantics are Dung's, in the words of Caminada's labellings. They look at attacks alone: what
supports a claim, and how good an argument is, plays no part.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from sicetnon.errors import UsageError

if TYPE_CHECKING:
    from clingo import Control

Label = Literal["in", "out", "undecided"]
Attack = tuple[str, str]

_ADMISSIBLE = """
#defined argument/1.
#defined attack/2.
{ in(X) } :- argument(X).
:- in(X), in(Y), attack(X, Y).
defeated(X) :- in(Y), attack(Y, X).
:- in(X), attack(Y, X), not defeated(Y).
#heuristic in(X) : argument(X). [1, true]
#show in/1.
"""


def grounded(nodes: Iterable[str], attacks: Iterable[Attack]) -> dict[str, Label]:
    """Label each node: in when all that attack it are out, out when one that attacks it is in.

    Whatever neither rule reaches is undecided. The time is linear in nodes and attacks.
    """
    labels: dict[str, Label] = dict.fromkeys(sorted(nodes), "undecided")
    targets, open_attacks = defaultdict(list), dict.fromkeys(labels, 0)
    for source, target in sorted(set(attacks)):
        targets[source].append(target)
        open_attacks[target] += 1
    waiting = deque(node for node, count in open_attacks.items() if not count)
    while waiting:
        labels[standing := waiting.popleft()] = "in"
        for fallen in targets[standing]:
            if labels[fallen] == "out":
                continue
            labels[fallen] = "out"
            for freed in targets[fallen]:
                open_attacks[freed] -= 1
                if not open_attacks[freed] and labels[freed] == "undecided":
                    waiting.append(freed)
    return labels


def preferred(
    nodes: Iterable[str], attacks: Iterable[Attack], most: int = 0
) -> list[tuple[str, ...]]:
    """Return the largest sets that attack nothing within and answer whatever attacks them.

    At most `most` of them, all where that is 0; sorted when all are asked for. What is grounded
    stands in each, so only the undecided rest is searched. Raises UsageError where clingo is not
    installed.
    """
    standing, rest, open_attacks = _undecided(nodes, attacks)
    control = _control(["--heuristic=Domain", "--enum-mode=domRec", str(most)], rest, open_attacks)
    return sorted(tuple(sorted(standing | found)) for found in _models(control, rest))


def defensible(nodes: Iterable[str], attacks: Iterable[Attack]) -> set[str]:
    """Return what stands in at least one preferred set; raises UsageError without clingo."""
    standing, rest, open_attacks = _undecided(nodes, attacks)
    *_, union = _models(_control(["--enum-mode=brave", "0"], rest, open_attacks), rest)
    return standing | union


def _undecided(
    nodes: Iterable[str], attacks: Iterable[Attack]
) -> tuple[set[str], list[str], list[Attack]]:
    """Return what is grounded, and the undecided nodes with the attacks between them."""
    listed = list(attacks)
    labels = grounded(nodes, listed)
    rest = [node for node, label in labels.items() if label == "undecided"]
    among = [(a, b) for a, b in listed if labels[a] == labels[b] == "undecided"]
    return {node for node, label in labels.items() if label == "in"}, rest, among


def turning(
    nodes: Sequence[str], attacks: Sequence[Attack], labels: Mapping[str, Label]
) -> dict[Attack, dict[str, Label]]:
    """Return the single attacks without which a label would be another, and the labels then.

    Only what is in makes another out, and only what is not out leaves another undecided, so the
    other attacks need not be tried.
    """
    found = {}
    for attack in attacks:
        source, target = attack
        if labels[source] == "out" or (labels[source] == "undecided" and labels[target] == "out"):
            continue
        without = grounded(nodes, (each for each in attacks if each != attack))
        if changed := {node: new for node, new in without.items() if new != labels[node]}:
            found[attack] = changed
    return found


def _models(control: Control, names: Sequence[str]) -> Iterator[set[str]]:
    with control.solve(yield_=True) as handle:
        for model in handle:
            yield {names[atom.arguments[0].number] for atom in model.symbols(shown=True)}


def _control(options: list[str], names: Sequence[str], attacks: Iterable[Attack]) -> Control:
    try:
        from clingo import Control
        from clingo.symbol import Function, Number
    except ImportError:
        raise UsageError(
            "expected clingo; install it with: pip install 'sicetnon[argue]'"
        ) from None
    number = {name: Number(at) for at, name in enumerate(names)}
    control = Control(options)
    with control.backend() as facts:
        for name in names:
            facts.add_rule([facts.add_atom(Function("argument", [number[name]]))])
        for source, target in sorted(set(attacks)):
            edge = Function("attack", [number[source], number[target]])
            facts.add_rule([facts.add_atom(edge)])
    control.add("base", [], _ADMISSIBLE)
    control.ground([("base", [])])
    return control
