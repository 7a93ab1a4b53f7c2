"""What the labellings of a debate cost: 1,000 and 10,000 arguments with attacks at random.

    python benchmarks/argument.py [--seed 3]

Each argument is attacked by two others on average; then every second attack is also answered in
kind, so that much stays undecided. Printed, in milliseconds of CPU time, the least of three: the
grounded labelling, and with clingo one preferred set. Then what it takes to read and analyse the
hand-kept debate.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import itertools
import platform
import random
import time
from collections.abc import Callable

from sicetnon import rooms
from sicetnon.analysis import analyse
from sicetnon.analysis.framework import grounded, preferred
from sicetnon.store import connect


def framework(size: int, seed: int, *, mutual: bool) -> tuple[list[str], list[tuple[str, str]]]:
    """Return arguments and twice as many attacks between them, drawn at random."""
    chance = random.Random(seed)
    nodes = [f"a{at:05}" for at in range(size)]
    attacks = [(chance.choice(nodes), chance.choice(nodes)) for _ in range(2 * size)]
    back = [(target, source) for source, target in attacks[::2]] if mutual else []
    return nodes, sorted({*attacks, *back})


def least(do: Callable[[], object], times: int = 3) -> float:
    """Return the least CPU time of some runs, in milliseconds."""
    taken = []
    for _ in range(times):
        start = time.process_time()
        do()
        taken.append(time.process_time() - start)
    return 1000 * min(taken)


def told(size: int, nodes: list[str], attacks: list[tuple[str, str]]) -> None:
    """Print the figures of one framework."""
    labels = list(grounded(nodes, attacks).values())
    counts = ", ".join(f"{labels.count(each)} {each}" for each in ("in", "out", "undecided"))
    print(f"{size} arguments, {len(attacks)} attacks: {counts}")
    print(f"  grounded labelling    {least(lambda: grounded(nodes, attacks)):8.1f} ms")
    print(f"  one preferred set     {least(lambda: preferred(nodes, attacks, 1)):8.1f} ms")


def main() -> None:
    """Print every figure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=3)
    seed = parser.parse_args().seed
    versions = (f"{name} {importlib.metadata.version(name)}" for name in ("clingo", "networkx"))
    print(platform.python_implementation(), platform.python_version(), *versions)
    for size, mutual in itertools.product((1000, 10_000), (False, True)):
        told(size, *framework(size, seed, mutual=mutual))
    store = connect(str(rooms.room("graphs")))
    print(f"the hand-kept debate      {least(lambda: analyse(store, None, None)):8.1f} ms")


if __name__ == "__main__":
    main()
