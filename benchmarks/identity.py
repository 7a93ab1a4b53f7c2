"""Entries → works: how right, and how fast.

    python benchmarks/identity.py [GOLD] [--sizes 1000 10000 100000]

GOLD is the folder with works.tsv, by default ../shared/gold beside the repository; the seed page is
looked for in ../seed beside that. Only rows that are `certain` count. The mangled titles come from
mangle.py, which was written before the rules and is frozen. Each size runs in a process of its own.
"""

from __future__ import annotations

import argparse
import csv
import importlib.metadata
import itertools
import math
import multiprocessing
import platform
import random
import re
import resource
import time
from collections.abc import Mapping, Sequence
from itertools import combinations
from pathlib import Path

from mangle import Clean, clean, mangle, mangled
from sicetnon import ingest, model
from sicetnon.identity import Candidate, Clustering, cluster

GOLD = Path(__file__).resolve().parent.parent.parent / "shared" / "gold"
PACKAGES = ("sicetnon", "rapidfuzz")
OPENINGS = ("A Survey of", "Towards Understanding the", "On the Theory of", "Deep Learning for")


def pairs_of(groups: Mapping[str, str]) -> set[tuple[str, str]]:
    """Return the pairs of ids that have one group."""
    found: dict[str, list[str]] = {}
    for one, group in sorted(groups.items()):
        found.setdefault(group, []).append(one)
    return {pair for members in found.values() for pair in combinations(members, 2)}


def pairwise(truth: Mapping[str, str], made: Mapping[str, str]) -> tuple[float, float, float]:
    """Return precision, recall and F1 over pairs."""
    right, ours = pairs_of(truth), pairs_of(made)
    hit = len(right & ours)
    return _prf(hit / len(ours) if ours else 1.0, hit / len(right) if right else 1.0)


def b_cubed(truth: Mapping[str, str], made: Mapping[str, str]) -> tuple[float, float, float]:
    """Return B-cubed precision, recall and F1."""
    precision = recall = 0.0
    for one in truth:
        same = {other for other in truth if truth[other] == truth[one]}
        ours = {other for other in truth if made[other] == made[one]}
        precision += len(same & ours) / len(ours)
        recall += len(same & ours) / len(same)
    return _prf(precision / len(truth), recall / len(truth))


def _prf(precision: float, recall: float) -> tuple[float, float, float]:
    total = precision + recall
    return precision, recall, 2 * precision * recall / total if total else 0.0


def measured(name: str, truth: Mapping[str, str], found: Clustering) -> str:
    """Return one line of figures; entries without a truth take no part."""
    made = {one: group[0] for group in found.groups for one in group if one in truth}
    doubts = sum(one.decision == "doubtful" for one in found.judgements)
    pair, cubed = pairwise(truth, made), b_cubed(truth, made)
    figures = "".join(f"{figure:8.3f}" for figure in (*pair, *cubed))
    return f"{name:12}{len(truth):8}{len(set(truth.values())):7}{figures}{doubts:10}"


def seed(gold: Path) -> tuple[dict[str, str], list[Candidate]]:
    """Return the certain truth on the seed page, and all its entries with their origins."""
    with (gold / "works.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    path = next(iter(sorted((gold.parent / "seed").glob("*.txt"))), None)
    origins: dict[int, str | None] = {}
    if path:
        page = ingest.read(path.read_bytes(), path.name)
        origins = {entry.number: entry.origin for entry in model.entries(page)}
    candidates = [Candidate(r["source"], r["title"], origins.get(int(r["source"]))) for r in rows]
    return {r["source"]: r["work"] for r in rows if r["certainty"] == "certain"}, candidates


def synthetic(count: int) -> list[Candidate]:
    """Return made-up titles from the words of the clean ones, about three forms of each work.

    A fifth begins as many other titles do, so blocks have something to choke on.
    """
    rng = random.Random(count)
    words = sorted({word for work in clean() for word in work.title.split() if word.isalpha()})
    found: list[Candidate] = []
    for number in itertools.count():
        title = " ".join(rng.choices(words, k=rng.randint(5, 11)))
        title = f"{rng.choice(OPENINGS)} {title}" if rng.random() < 0.2 else title
        work = Clean(f"W{number:03}", "paper", title, "Lind")
        for _ in range(rng.choice((1, 2, 3, 4))):
            text, origin = mangle(rng, work, [])
            text = re.sub(r"\d{4}\.\d{3,}77", f"{1001 + number // 90000}.{number % 90000:05}", text)
            found.append(Candidate(f"{len(found):06}", text, origin))
        if len(found) >= count:
            break
    return found[:count]


def timed(count: int) -> tuple[float, float, int]:
    """Return seconds, the growth of peak memory in MB, and the number of groups."""
    candidates = synthetic(count)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start = time.perf_counter()
    found = cluster(candidates)
    taken = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return taken, (after - before) / 1024, len(found.groups)


def growth(sizes: Sequence[int]) -> None:
    """Print seconds and memory by size, and the exponent of the growth."""
    print(f"\n{'entries':>10}{'seconds':>10}{'peak MB':>10}{'groups':>10}{'exponent':>10}")
    last: tuple[int, float] | None = None
    for size in sizes:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            taken, memory, groups = pool.apply(timed, (size,))
        exponent = math.log(taken / last[1]) / math.log(size / last[0]) if last else math.nan
        print(f"{size:10}{taken:10.2f}{memory:10.0f}{groups:10}{exponent:10.2f}")
        last = size, taken


def main() -> None:
    """Print versions, figures on the seed and on mangled titles, and the growth."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", nargs="?", type=Path, default=GOLD)
    parser.add_argument("--sizes", nargs="*", type=int, default=[1000, 10_000, 100_000])
    asked = parser.parse_args()
    print(platform.python_implementation(), platform.python_version(), platform.machine())
    print("  ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES))
    head = f"{'':12}{'entries':>8}{'works':>7}{'pair P':>8}{'R':>8}{'F1':>8}"
    print(f"\n{head}{'B3 P':>8}{'R':>8}{'F1':>8}{'doubtful':>10}")
    if (asked.gold / "works.tsv").is_file():
        truth, candidates = seed(asked.gold)
        print(measured("seed", truth, cluster(candidates)))
    else:
        print(f"seed: skipped, {asked.gold} has no works.tsv")
    for number in (1, 2, 3):
        rows = mangled(seed=number)
        found = cluster([Candidate(row.id, row.title, row.origin) for row in rows])
        print(measured(f"mangled {number}", {row.id: row.work for row in rows}, found))
    growth(asked.sizes)


if __name__ == "__main__":
    main()
