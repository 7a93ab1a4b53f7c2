"""Titles that are cut and fit two works: a question for a person."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from itertools import combinations

from sicetnon.identity.compare import WEAK, Agreement
from sicetnon.identity.groups import Pair, joined


def ambiguous(found: Mapping[Pair, Agreement], sizes: Mapping[str, int]) -> list[Pair]:
    """Return the pairs by which a short title could be either of two longer ones.

    `sizes` is the length of every title's core. The longer titles are two works when no title, the
    longer of the two or a third, could be both.
    """
    same = {pair: one.rule in WEAK for pair, one in found.items() if one.decision == "same"}
    root = joined(sizes, (pair for pair, weak in same.items() if not weak))
    kinds = {
        frozenset((root[left], root[right]))
        for (left, right), one in found.items()
        if one.rule == "kind"
    }
    weak: dict[str, list[Pair]] = defaultdict(list)
    above: dict[str, set[str]] = {name: {name} for name in root.values()}
    for pair in (pair for pair, weakly in same.items() if weakly):
        short, long = sorted(pair, key=lambda name: (sizes[name], name))
        weak[root[short]].append((short, long))
        above[root[short]].add(root[long])
    doubted = _known_otherwise(same, weak, root, sizes)
    for short, pairs in weak.items():
        works = sorted(above[short] - {short})
        if any(
            above[one].isdisjoint(above[other]) and frozenset((one, other)) not in kinds
            for one, other in combinations(works, 2)
        ):
            doubted.update(pairs)
    return sorted({(min(pair), max(pair)) for pair in doubted})


def _known_otherwise(
    same: Mapping[Pair, bool],
    weak: Mapping[str, list[Pair]],
    root: Mapping[str, str],
    sizes: Mapping[str, int],
) -> set[Pair]:
    """Return the pairs of a short title whose whole, known by an identifier, is not the longer."""
    members: dict[str, list[str]] = defaultdict(list)
    for name, top in root.items():
        if top in weak:
            members[top].append(name)
    near = {(name, root[other]) for pair in same for name, other in (pair, pair[::-1])}
    doubted: set[Pair] = set()
    for top, pairs in weak.items():
        for short, long in pairs:
            whole = [name for name in members[top] if sizes[name] > sizes[short]]
            if whole and not any((name, root[long]) in near for name in whole):
                doubted.add((short, long))
    return doubted
