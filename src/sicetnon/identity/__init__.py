"""Which entries are one work: reads titles, judges pairs, gathers groups."""

from sicetnon.identity.compare import Decision
from sicetnon.identity.groups import joined
from sicetnon.identity.kinds import ABOUT, Kind, family
from sicetnon.identity.match import Candidate, Clustering, Judgement, cluster, judge
from sicetnon.identity.titles import Title, read_title

__all__ = [
    "ABOUT",
    "Candidate",
    "Clustering",
    "Decision",
    "Judgement",
    "Kind",
    "Title",
    "cluster",
    "family",
    "joined",
    "judge",
    "read_title",
]
