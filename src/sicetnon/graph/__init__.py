"""A page ⇄ the graph of its version.

`to_quads` writes what a page states, and nothing else, into the graph named after the version;
`from_quads` gives an equal page back, lines included, so that a page can be written from the store
alone.
"""

from sicetnon.graph.read import from_quads
from sicetnon.graph.write import to_quads

__all__ = ["from_quads", "to_quads"]
