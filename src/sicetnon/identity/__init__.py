"""Which entries are one work: reads titles, judges pairs, gathers groups."""

from sicetnon.identity.kinds import Kind
from sicetnon.identity.match import Candidate, Clustering, Judgement, cluster, judge
from sicetnon.identity.titles import Title, read_title

__all__ = [
    "Candidate",
    "Clustering",
    "Judgement",
    "Kind",
    "Title",
    "cluster",
    "judge",
    "read_title",
]
