"""The graph over HTTP: the SPARQL protocol, the questions as an API, and pages for its things."""

from sicetnon.web.app import LOOPBACK, Settings, application
from sicetnon.web.limits import Limits
from sicetnon.web.server import serve

__all__ = ["LOOPBACK", "Limits", "Settings", "application", "serve"]
