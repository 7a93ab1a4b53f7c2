"""Says in plain words what an analysis found, and what a label does not mean."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sicetnon.analysis.parts import Argument, Edge
    from sicetnon.analysis.standing import Analysis, Bridge, Standing
    from sicetnon.analysis.what_if import Consequence

CAVEAT = (
    "A label tells how the drawn contradictions stand to one another, and nothing else. In: nothing"
    " that contradicts it stands unanswered. Out: something that contradicts it stands. Undecided:"
    " neither follows. In does not mean true, and out does not mean refuted: an attack that nobody"
    " has answered yet counts as much as one that nobody can answer, and a relation that was missed"
    " or drawn wrongly changes the label."
)
_MOST = 6
_SIGN = {
    "supports": "supports",
    "refines": "refines",
    "contradicts": "contradicts",
    "qualifies": "qualifies",
    "repliesTo": "replies to",
}
Section = tuple[str, list[str]]
Told = Callable[[Iterable[str]], list[str]]


def analysis_sections(argument: Argument, found: Analysis) -> list[Section]:
    """Return headings, each with its lines; a heading without lines has nothing to tell."""
    edges = {edge.iri: edge for edge in argument.edges}

    def told(relations: Iterable[str]) -> list[str]:
        return [told_edge(argument, edges[iri]) for iri in relations]

    labels = {standing.node: standing.label for standing in found.standings}
    sections = [
        ("Alone: in no relation", [argument.name(node) for node in found.alone]),
        ("Contested", list(_contested(argument, found, edges))),
        ("Unanswered: nothing here replies to", told(found.unanswered)),
        (
            "Against each other",
            [f"{argument.name(one)} and {argument.name(other)}" for one, other in found.mutual],
        ),
        ("Candidates for error", _frustrated(found, told)),
        ("Between others", [_bridge(argument, b) for b in found.bridges]),
        ("Labels", [_label(argument, each) for each in found.standings]),
        ("What one relation decides", _turns(argument, found, told)),
    ]
    if found.ways is not None and found.defensible is not None:
        ways = ["together: " + "; ".join(argument.name(node) for node in way) for way in found.ways]
        never = [
            f"in none: {argument.name(node)}"
            for node in labels
            if labels[node] == "undecided" and node not in found.defensible
        ]
        sections.append(("What can be held together", ways + never))
    return sections


def told_edge(argument: Argument, edge: Edge) -> str:
    """Return one relation as a sentence with its status, the words it rests on and their line."""
    said = f"{argument.name(edge.source)} {_SIGN.get(edge.stance, edge.stance)}"
    quote = next(iter(edge.quotes), None)
    words = f": “{quote.words}” (line {quote.line})" if quote else ""
    return f"{said} {argument.name(edge.target)} [{edge.status}]{words}"


def _contested(argument: Argument, found: Analysis, edges: dict[str, Edge]) -> Iterator[str]:
    for each in found.contested:
        by = _names(argument, (edges[iri].source for iri in each.against))
        line = f"{argument.name(each.node)}: contradicted by {by}"
        if each.agreeing:
            line += f"; {_names(argument, (edges[iri].source for iri in each.agreeing))} agrees"
        yield line


def _names(argument: Argument, nodes: Iterable[str]) -> str:
    named = sorted({argument.name(node) for node in nodes})
    more = f"; and {len(named) - _MOST} more" if len(named) > _MOST else ""
    return "; ".join(named[:_MOST]) + more


def _frustrated(found: Analysis, told: Told) -> list[str]:
    if not found.balance.fewest and found.balance.exact:
        return []
    how = "exactly" if found.balance.exact else "at least"
    lines = [
        f"{how} {found.balance.fewest} of the relations that agree or contradict keep the debate"
        " from falling into two camps; each may be a bridge, or drawn wrongly"
    ]
    for choice in found.balance.choices:
        lines += [
            f"either {line}" if at == 0 else f"  with {line}"
            for at, line in enumerate(told(choice))
        ]
    return lines


def _bridge(argument: Argument, bridge: Bridge) -> str:
    return f"{argument.name(bridge.voice)} {bridge.why}: {_names(argument, bridge.between)}"


def _label(argument: Argument, standing: Standing) -> str:
    return f"{argument.name(standing.node)}: {standing.label}. {_why(argument, standing)}"


def _why(argument: Argument, standing: Standing) -> str:
    by = _names(argument, standing.because)
    match standing.label:
        case "in" if not standing.because:
            return "Nothing drawn here contradicts it."
        case "in":
            back = _names(argument, standing.defended_by)
            return f"What contradicts it ({by}) is itself contradicted by what stands ({back})."
        case "out":
            return f"It is contradicted by what stands: {by}."
    return f"What contradicts it ({by}) is undecided too."


def _turns(argument: Argument, found: Analysis, told: Told) -> list[str]:
    if found.turns is None:
        return ["not tried: there are too many contradictions to leave each out in turn"]
    lines = []
    for turn in found.turns:
        changes = "; ".join(
            f"{argument.name(node)} from {before} to {after}"
            for node, before, after in turn.changes
        )
        lines.append(f"without “{'” and “'.join(told(turn.relations))}”: {changes}")
    return lines


def consequence_sections(
    argument: Argument, found: Consequence, names: Mapping[str, str]
) -> list[Section]:
    """Return what would fall, under headings."""
    edges = {edge.iri: edge for edge in argument.edges}

    def name(iri: str) -> str:
        return names.get(iri) or argument.name(iri)

    return [
        (
            "Left out",
            [f"entry [{number}]" for number in found.entries]
            + [f"work: {name(work)}" for work in found.works]
            + [f"holder: {name(holder)}" for holder in found.holders],
        ),
        *_authorship(found),
        (
            "Works that still stand, by other entries",
            [
                f"{name(kept.work)}: without {_marks(kept.without)}, by {_marks(kept.entries)}"
                for kept in found.still
            ],
        ),
        ("Claims that fall", [f"{name(each.node)}: {each.why}" for each in found.claims]),
        (
            "Relations that fall",
            [f"{told_edge(argument, edges[each.node])}: {each.why}" for each in found.relations],
        ),
        (
            "Labels that change",
            [f"{name(flip.node)}: from {flip.before} to {flip.after}" for flip in found.flips],
        ),
        (
            "Words that would cite nothing",
            [
                f"line {each.line}, {each.section}, {each.kind} {_marks(each.cited)}: {each.words}"
                for each in found.bare
            ],
        ),
        (
            "Perspectives that lose works",
            [f"{name(each.node)}: {each.why}" for each in found.perspectives],
        ),
    ]


def _authorship(found: Consequence) -> list[Section]:
    """Say what counts as the sources of a holder, and that the page may not tell all of them."""
    if not found.holders:
        return []
    counted = _marks(found.counted) or "none"
    lines = [
        f"counted, by the authors that titles and sentences tell: {counted}; others may be theirs"
    ]
    if found.perhaps:
        numbers = " ".join(map(str, found.perhaps))
        lines.append(
            f"not counted, though cited by a sentence that opens with the name:"
            f" {_marks(found.perhaps)}; to leave them out as well, add {numbers} to --without"
        )
    return [("Sources of the holders", lines)]


def _marks(numbers: Iterable[int]) -> str:
    return "".join(f"[{number}]" for number in numbers)
