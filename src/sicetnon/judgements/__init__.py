"""What persons decide: that two things are one or are not, what is true of a drawn relation, and
whether what somebody proposes holds.

Every decision is a node of its own in the graph `judged`, one for each person and matter, beside
what rules find; nothing is merged where it stands. Where persons disagree, all that they decided is
kept and one decision counts. Rules obey it when they run, so taking it back gives the state before.
"""

from sicetnon.judgements.deciding import (
    Conflict,
    Kept,
    Merged,
    adding,
    conflicts,
    merging,
    quads,
    threads_of,
    without,
)
from sicetnon.judgements.reading import decisions, read
from sicetnon.judgements.values import (
    DIFFERENT,
    GRAPH,
    NONE,
    SAME,
    Acceptance,
    Decision,
    Judgement,
    Verdict,
)

__all__ = [
    "DIFFERENT",
    "GRAPH",
    "NONE",
    "SAME",
    "Acceptance",
    "Conflict",
    "Decision",
    "Judgement",
    "Kept",
    "Merged",
    "Verdict",
    "adding",
    "conflicts",
    "decisions",
    "merging",
    "quads",
    "read",
    "threads_of",
    "without",
]
