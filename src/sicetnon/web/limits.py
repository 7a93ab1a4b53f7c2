"""What one request may cost, and how many may run at once."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds that hold whatever a query does: times in seconds, sizes in bytes.

    `seconds` is wall time in an engine, `memory` what an engine may take beyond the graphs that all
    engines share, `answer` the size of an answer before compression. `engines` run at once, and
    `waiting` requests may stand in line for them, each for as long as a query may run. `unsent`
    bytes of large answers may wait for clients that read slowly.
    """

    seconds: float = 10.0
    memory: int = 1024 * MIB
    answer: int = 64 * MIB
    unsent: int = 512 * MIB
    engines: int = 8
    waiting: int = 100
    body: int = 10 * MIB
    head: int = 64 * 1024
    connections: int = 1000
    rows: int = 1000
