"""Relations and claims drawn from words: how right, by which rules, and how fast.

    python benchmarks/relations.py [GOLD.json ...] [--errors] [--rules]

Each gold file stands beside its page (same stem, .txt; the path in `seed` for the seed). By
default: ../shared/gold/relations.json, if there, and tests/cases/relations/*.gold.json.

How an end is mapped to a node of the gold: a perspective of the page belongs to the perspective
node whose alias or label its heading holds, as text after case folding or word by word, so that
"Ann Lee and Bo Roe (x)" holds "Lee and Roe"; the one that stands first, then the longest, and each
node to one heading. Any other end goes to the node with the same name, then to nodes of its own
kind, then to the one that shares the longest alias or label (containment either way, as text or
word by word). An end that maps to none counts as false.

- `challenges` is read as contradicts and `extends` as refines. Edges of status `open` and negatives
  are not to be drawn: one that is drawn (same two nodes, same stance) counts as two errors, unless
  the gold asserts the same edge elsewhere.
- An edge whose two ends are the page itself, or one node, is not counted.
- `pairs` compares unordered pairs of nodes; `edges` compares (from, to, stance), so a wrong
  direction is wrong; `evidence` is the share of right edges whose quotation covers, by characters,
  at least half of the gold's evidence (strict: overlap over the longer of both in `exact`).
- A claim is right when its quotation and the gold's overlap by half of the shorter one.
- Baselines on the same page in the same run: two names in one sentence support each other in the
  order of the text (co-mention), and any cue between the first two names of a sentence, without
  syntax, negation or questions (cue only).
- `--rules` counts every relation drawn, also where two have the same edge, and prints the counts
  as the tables of ontology/cues/measured.toml have them. AUC is the chance that a right relation
  has a higher confidence than a wrong one; it means something only for pages that are not among
  those counted there.
- CPU is process time of one reading, after a first one that loads the cues.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import platform
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from relation_gold import Gold, works_of
from relation_scores import Drawn, Score, calibration, claims, confidences, edges, evidence, pairs
from sicetnon.relations import Work, read
from sicetnon.relations.match import hits
from sicetnon.relations.places import places
from sicetnon.relations.register import register
from sicetnon.relations.sentence import Sentence, marks_of, sentence
from sicetnon.relations.words import sentences

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared" / "gold" / "relations.json"
CASES = ROOT / "tests" / "cases" / "relations"


def ours(gold: Gold, works: Sequence[Work]) -> list[Drawn]:
    """Return what the rules draw."""
    return [
        Drawn(
            gold.node(r.source),
            gold.node(r.target),
            r.stance,
            r.quote,
            f"{r.method} {r.status}",
            f"{r.source.name} {r.stance} {r.target.name}",
            r.confidence,
        )
        for r in read(gold.page, works).relations
    ]


def _sentences(gold: Gold, works: Sequence[Work]) -> Iterable[Sentence]:
    names = register(gold.page, works)
    for place in places(gold.page):
        for start, end in sentences(place.passage.text):
            yield sentence(place, start, end, names, marks_of(place, names))


def co_mention(gold: Gold, works: Sequence[Work]) -> list[Drawn]:
    """Return an edge for every two names of a sentence, in their order."""
    return [
        Drawn(gold.node(a.end), gold.node(b.end), "supports", s.quote(), "co-mention", "")
        for s in _sentences(gold, works)
        for i, a in enumerate(s.named)
        for b in s.named[i + 1 :]
        if a.end != b.end
    ]


def cue_only(gold: Gold, works: Sequence[Work]) -> list[Drawn]:
    """Return an edge for every cue of a sentence, from its first name to its second."""
    found = []
    for s in _sentences(gold, works):
        ends = list(dict.fromkeys(name.end for name in s.named))
        if s.holder and s.holder not in ends:
            ends.insert(0, s.holder)
        if len(ends) > 1:
            for hit in hits(s):
                source, target = gold.node(ends[0]), gold.node(ends[1])
                found.append(Drawn(source, target, hit.cue.stance, s.quote(), "cue", ""))
    return found


def _line(name: str, score: Score) -> str:
    p, r, f = score.figures
    if not score.gold:
        return f"  {name:22}{p:6.2f}{'':12}   {score.right} of {score.drawn}"
    counts = f"{score.right} of {score.drawn} drawn, {score.gold} in the gold"
    return f"  {name:22}{p:6.2f}{r:6.2f}{f:6.2f}   {counts}"


def _cpu(gold: Gold, works: Sequence[Work]) -> float:
    start = time.process_time()
    read(gold.page, works)
    return time.process_time() - start


def _errors(gold: Gold, drawn: Sequence[Drawn]) -> None:
    for d in drawn:
        if d.source is not None and d.source == d.target:
            continue
        if d.triple not in gold.edges:
            mark = "BARRED" if d.triple in gold.barred else "false"
            print(f"    {mark} {d.triple} [{d.says}] {d.method}\n        {d.quote.text}")
    made = {d.triple for d in drawn}
    for triple, spans in sorted(gold.edges.items()):
        if triple not in made:
            print(f"    missed {triple}: {gold.text[spans[0][0] : spans[0][1]]}")


def _counts(good: Counter[str], drawn_by: Counter[str], part: int) -> None:
    """Print right and drawn of each rule group (part 0) or status (1), for `measured.toml`."""
    right, every = Counter[str](), Counter[str]()
    for method, count in drawn_by.items():
        right[method.split()[part]] += good[method]
        every[method.split()[part]] += count
    for name, count in sorted(every.items()):
        print(f'"{name}" = [{right[name]}, {count}]')


METHODS: dict[str, Callable[[Gold, Sequence[Work]], list[Drawn]]] = {
    "rules": ours,
    "co-mention": co_mention,
    "cue only": cue_only,
}


def main() -> None:
    """Print the figures of every gold file and of all together."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("gold", nargs="*", type=Path)
    parser.add_argument("--errors", action="store_true", help="list what is wrong and missed")
    parser.add_argument(
        "--rules", action="store_true", help="right and drawn by rule group, calibration"
    )
    options = parser.parse_args()
    files = options.gold or [*([SHARED] if SHARED.is_file() else []), *CASES.glob("*.gold.json")]
    versions = " ".join(f"{p} {importlib.metadata.version(p)}" for p in ("sicetnon", "sentencex"))
    print(f"{versions}, Python {platform.python_version()}; columns: precision, recall, F1")
    totals: defaultdict[str, Score] = defaultdict(Score)
    good, drawn_by = Counter[str](), Counter[str]()
    sure: list[tuple[float, bool]] = []
    for path in sorted(files):
        gold = Gold(path)
        works = works_of(gold.page)
        print(gold.name)
        for method, draw in METHODS.items():
            drawn = draw(gold, works)
            score, right, every = edges(gold, drawn)
            rows = {"edges": score, "pairs": pairs(gold, drawn)}
            if method == "rules":
                rows["evidence"], rows["evidence, exact"] = evidence(gold, drawn)
                rows["claims"] = claims(gold, read(gold.page, works).claims)
                good += right
                drawn_by += every
                sure += confidences(gold, drawn)
            for what, figure in rows.items():
                totals[f"{method}: {what}"] += figure
                print(_line(f"{method}: {what}", figure))
            if method == "rules" and options.errors:
                _errors(gold, drawn)
        print(f"  CPU {1000 * _cpu(gold, works):.0f} ms")
    print("all together")
    for name, score in totals.items():
        print(_line(name, score))
    if options.rules:
        mean, share, order = calibration(sure)
        print(f"  confidence {mean:.2f} on average, {share:.2f} right, AUC {order:.2f}")
        print("[rules]")
        _counts(good, drawn_by, 0)
        print("[status]")
        _counts(good, drawn_by, 1)


if __name__ == "__main__":
    main()
