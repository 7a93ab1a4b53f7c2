"""What rules infer from the versions of a thread, in layers beside the graphs of its pages.

Every version has three layers: `lineage` (what lasts), `works` (which entries are one work) and
`relations` (who claims what, and how they stand to one another). Each depends on its own page, on
what is known after the version before it and on what persons decided, and on nothing else: the
order in which pages arrive does not show, and taking a decision back gives the layers from before.
"""

from sicetnon.inference.said import relations_name
from sicetnon.inference.thread import after_adding, all_layers
from sicetnon.inference.written import works_name

__all__ = ["after_adding", "all_layers", "relations_name", "works_name"]
