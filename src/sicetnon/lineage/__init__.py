"""What stays the same from version to version, however it is named, worded or numbered.

Every version has a layer of its own beside its graph: which lasting thing each of its occurrences
(a position, an event, a tension, an entry) continues, on what evidence, and how it changed. A layer
depends on earlier versions only, so what is asked as of a version never sees a later one; and it is
made from the order of the versions, so the order of their arrival does not show.
"""

from sicetnon.lineage.changes import Change
from sicetnon.lineage.diff import compare
from sicetnon.lineage.layer import layer_name
from sicetnon.lineage.report import FORMATS
from sicetnon.lineage.thread import judged, things, written

__all__ = [
    "FORMATS",
    "Change",
    "compare",
    "judged",
    "layer_name",
    "things",
    "written",
]
