"""What rules read in the words of a page that a query cannot: names, figures, counts, reversals."""

from sicetnon.readings.layer import layer_name, readings
from sicetnon.readings.sentences import sentence, sentences

__all__ = ["layer_name", "readings", "sentence", "sentences"]
