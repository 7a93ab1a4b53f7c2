"""Relations and claims that somebody proposes and that wait for a person.

A model or an assistant may propose, never assert: a proposal names two sides that the page knows
and quotes it word for word, or it is refused. What is admitted waits in a graph of its own, apart
from what rules draw and from what persons decide.
"""

from sicetnon.proposals.admission import Draft, Refused, Scene, Side, admit
from sicetnon.proposals.grounding import Found, Missing, ground
from sicetnon.proposals.standing import accepted, cited, standing
from sicetnon.proposals.values import CLAIMS, GRAPH, Proposal, adding, nodes, proposal, read

__all__ = [
    "CLAIMS",
    "GRAPH",
    "Draft",
    "Found",
    "Missing",
    "Proposal",
    "Refused",
    "Scene",
    "Side",
    "accepted",
    "adding",
    "admit",
    "cited",
    "ground",
    "nodes",
    "proposal",
    "read",
    "standing",
]
