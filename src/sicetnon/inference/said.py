"""The layer `relations` of a version as quads: claims, relations, and what the page denies or asks.

What the words of two versions say alike is one node in both: its name comes from its ends, its
stance and its words, so that a verdict on it outlasts the version.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from pyoxigraph import Literal, NamedNode, Quad

from sicetnon import relations, terms
from sicetnon.inference.works import Works
from sicetnon.inference.written import Statement
from sicetnon.judgements import Kept
from sicetnon.model import Block, Event, Page, Passage, Position, Tension, as_written
from sicetnon.relations import End, Quote
from sicetnon.terms import LABEL, TYPE, agent, decimal, part, sen, stance

_TITLE = NamedNode(terms.DCTERMS + "title")
_EXACT = NamedNode(terms.OA + "exact")
_START = NamedNode(terms.OA + "start")
_END = NamedNode(terms.OA + "end")
_INTEGER = NamedNode(terms.XSD + "integer")


def relations_name(version: NamedNode) -> NamedNode:
    """Return the name of the graph that holds the claims and relations of a version."""
    return part(version, "relations")


def relations_quads(
    page: Page, works: Works, perspectives: Mapping[int, str], kept: Kept
) -> list[Quad]:
    """Return the layer of a version's claims and relations.

    `perspectives` names what each position of the page continues.
    """
    version = terms.version(page.thread, page.version)
    graph = relations_name(version)
    listed = [
        relations.Work(
            work.iri,
            work.title.removesuffix(" …"),
            work.kind.value,
            work.authors,
            tuple(entry.number for entry in work.entries),
        )
        for work in works.works
    ]
    writer = _Writer(page, works, list(perspectives.values()), kept)
    statements = [(version, sen("layer"), graph), *writer.all(relations.read(page, listed))]
    return [Quad(s, p, o, graph) for s, p, o in dict.fromkeys(statements)]


class _Writer:
    """Turns what was read from one page into statements."""

    def __init__(self, page: Page, works: Works, perspectives: list[str], kept: Kept) -> None:
        self.page = page
        self.version = terms.version(page.thread, page.version)
        self.thread = terms.thread(page.thread)
        self.perspectives = perspectives
        self.works = {work.iri for work in works.works}
        self.seen: set[NamedNode] = set()
        self.verdicts = {one.about: one for one in kept.verdicts}
        self.of_entry = {
            entry.number: NamedNode(work.iri) for work in works.works for entry in work.entries
        }

    def all(self, reading: relations.Reading) -> Iterator[Statement]:
        if self.page.kind != "item":  # such a page lists its claims outright, in its own graph
            for claim in reading.claims:
                yield from self.claim(claim)
        for relation in sorted(reading.relations, key=lambda each: -each.confidence):
            yield from self.relation(relation)
        for absence in reading.absences:
            yield from self.link(absence, "Absence", "absence")
        for question in reading.questions:
            yield from self.link(question, "OpenQuestion", "question")
        for mention in reading.mentions:
            yield from self.mention(mention)

    def claim(self, claim: relations.Claim) -> Iterator[Statement]:
        holder, told = (self.version, ()) if claim.holder is None else self.end(claim.holder)
        node = self.lasting("claim", holder.value, claim.text)
        yield from told
        yield node, TYPE, sen("Claim")
        yield node, sen("text"), Literal(claim.text)
        yield node, sen("holder"), holder
        yield from self.evidence(node, claim.quote)
        for number in claim.entries:
            if number in self.of_entry:
                yield node, sen("cites"), part(self.version, "entry", number)
                yield node, sen("restsOn"), self.of_entry[number]

    def relation(self, one: relations.Relation) -> Iterator[Statement]:
        """Two rules may draw one relation from the same words: the surer one is kept."""
        (source, of_source), (target, of_target) = self.end(one.source), self.end(one.target)
        node = self.lasting("relation", source.value, one.stance, target.value, one.quote.text)
        if node in self.seen:
            return
        self.seen.add(node)
        verdict = self.verdicts.get(node.value)
        drawn = stance(one.stance)
        yield from (*of_source, *of_target)
        yield node, TYPE, sen("RejectedRelation" if verdict and verdict.denies else "Relation")
        yield node, sen("from"), source
        yield node, sen("to"), target
        yield node, sen("method"), Literal(one.method)
        yield node, sen("confidence"), decimal(one.confidence)
        if verdict is None:
            yield node, sen("stance"), drawn
            yield node, sen("status"), sen(one.status)
        else:
            judged = drawn if verdict.denies else stance(verdict.decision)
            yield node, sen("stance"), judged
            yield node, sen("status"), sen("judged")
            yield node, sen("drawnStance"), drawn
            yield node, sen("drawnStatus"), sen(one.status)
            yield node, sen("verdict"), verdict.iri
        yield from self.evidence(node, one.quote)

    def link(
        self, one: relations.Absence | relations.OpenQuestion, kind: str, name: str
    ) -> Iterator[Statement]:
        """What the page denies or asks has the form of a relation and is none."""
        (source, of_source), (target, of_target) = self.end(one.source), self.end(one.target)
        node = self.lasting(name, source.value, one.stance, target.value, one.quote.text)
        if node in self.seen:
            return
        self.seen.add(node)
        yield from (*of_source, *of_target)
        yield node, TYPE, sen(kind)
        yield node, sen("from"), source
        yield node, sen("to"), target
        yield node, sen("stance"), stance(one.stance)
        yield node, sen("method"), Literal(one.method)
        yield from self.evidence(node, one.quote)

    def mention(self, one: relations.Mention) -> Iterator[Statement]:
        end, told = self.end(one.end)
        place = f"{_place(one.quote)}-{one.quote.start}-{one.quote.end}"
        node = part(self.version, "mention", place)
        yield from told
        yield node, TYPE, sen("Mention")
        yield node, sen("mentions"), end
        yield from self.words(node, one.quote)

    def end(self, end: End) -> tuple[NamedNode, tuple[Statement, ...]]:
        """Return the lasting thing that an end is, and what is to be said of it.

        A work may be named that the sources do not list.
        """
        match end.kind:
            case "perspective":
                return NamedNode(self.perspectives[int(end.ref)]), ()
            case "work" if end.ref in self.works:
                return NamedNode(end.ref), ()
            case "work":
                node = NamedNode(f"{terms.ID}work/{terms.slug(end.name)}")
                return node, ((node, TYPE, sen("Work")), (node, _TITLE, Literal(end.name)))
            case "agent":
                node = agent(end.name)
                return node, ((node, TYPE, sen("Agent")), (node, LABEL, Literal(end.name)))
        node = part(self.thread, "school", terms.slug(end.ref))
        return node, ((node, TYPE, sen("School")), (node, LABEL, Literal(end.name)))

    def lasting(self, kind: str, *parts: str) -> NamedNode:
        """Name a thing that several versions may say alike."""
        digest = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
        return part(self.thread, kind, digest)

    def evidence(self, node: NamedNode, quote: Quote) -> Iterator[Statement]:
        quotation = part(self.version, "quotation", f"{_place(quote)}-{quote.start}-{quote.end}")
        yield node, sen("evidence"), quotation
        yield quotation, TYPE, sen("Quotation")
        yield from self.words(quotation, quote)

    def words(self, node: NamedNode, quote: Quote) -> Iterator[Statement]:
        section = self.page.sections[quote.section]
        name = terms.section_name(section.heading)
        place = part(self.version, name, quote.block + 1, *[quote.part][: bool(quote.part)])
        yield node, sen("passage"), place
        yield node, _EXACT, Literal(quote.text)
        yield node, _START, Literal(str(quote.start), datatype=_INTEGER)
        yield node, _END, Literal(str(quote.end), datatype=_INTEGER)
        passage = _passage(section.blocks[quote.block], quote.part)
        written = as_written(passage, quote.start, quote.end)
        if written != quote.text:
            yield node, sen("asWritten"), Literal(written)


def _place(quote: Quote) -> str:
    tail = f"-{quote.part.replace('/', '-')}" if quote.part else ""
    return f"{quote.section + 1}-{quote.block + 1}{tail}"


def _passage(block: Block, name: str) -> Passage:
    match block:
        case Passage():
            return block
        case Event(passage=passage) | Tension(passage=passage):
            return passage
        case Position(heading=heading, statement=statement, evolution=evolution):
            parts = {f"statement/{n}": each for n, each in enumerate(statement, 1)}
            found = {"heading": heading, "evolution": evolution, **parts}[name]
            if found is not None:
                return found
    raise ValueError(f"expected a passage, found {name or type(block).__name__}")
