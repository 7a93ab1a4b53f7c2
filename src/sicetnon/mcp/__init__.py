"""The library as a Model Context Protocol server: tools that ask, read, render and propose.

Every tool is a short path to one method of the library. Nothing is fetched, and the only thing that
is written is a proposal, which waits for a person.
"""

from sicetnon.mcp.server import server

__all__ = ["server"]
