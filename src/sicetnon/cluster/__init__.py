"""Corpora: pages by the hundred thousand, as sorted N-Quads, works and counts.

The steps are those of `sicetnon.cluster.steps`; an engine runs them: `local` in one process, for
what fits in its memory, or `spark` on as many machines as there are.
"""

from sicetnon.cluster.corpus import ENGINES, Corpus, build, load

__all__ = ["ENGINES", "Corpus", "build", "load"]
