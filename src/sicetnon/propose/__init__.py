"""Ask a language model, if the user names one, for relations and claims to propose.

The model sees the words of a page and the names of its sides, and answers with drafts. Each is
admitted or refused by the same rules as anybody's (`sicetnon.proposals`); nothing that it says is
believed, run or stored as it came.
"""

from sicetnon.propose.ask import Outcome, gather
from sicetnon.propose.client import Model, connect
from sicetnon.propose.prompt import requests

__all__ = ["Model", "Outcome", "connect", "gather", "requests"]
