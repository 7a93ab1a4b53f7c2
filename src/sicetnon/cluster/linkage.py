"""Brings listings together that may be one work: Splink, a Fellegi-Sunter model, on Spark.

It decides nothing: within what it brings together, `sicetnon.identity` judges. So the model must
miss nothing, and its weights are set by hand, not trained: one key in common suffices, however
little the titles are alike, and the threshold is there for models that know more than titles.
"""

from __future__ import annotations

import logging
from typing import Any

LEAST = 0.01  # probability below which two listings are not brought together
_PRIOR = 0.1  # of two listings with a key in common


def near(spark: Any, table: Any) -> Any:
    """Return a Spark table of `id` and `near`, a name that all listings brought together share."""
    from splink import Linker, SettingsCreator, block_on
    from splink import comparison_library as compare
    from splink.backends.spark import SparkAPI

    logging.getLogger("splink").setLevel(logging.ERROR)
    core = compare.JaroWinklerAtThresholds("core", [0.97, 0.9]).configure(
        m_probabilities=[0.5, 0.2, 0.1, 0.2], u_probabilities=[0.001, 0.004, 0.015, 0.98]
    )
    keys = compare.ArrayIntersectAtSizes("keys", [1]).configure(
        m_probabilities=[0.99, 0.01], u_probabilities=[0.05, 0.95]
    )
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        probability_two_random_records_match=_PRIOR,
        blocking_rules_to_generate_predictions=[block_on("keys", arrays_to_explode=["keys"])],
        comparisons=[core, keys],
    )
    linker = Linker(SparkAPI(spark_session=spark).register(table), settings)
    pairs = linker.inference.predict(threshold_match_probability=LEAST)
    groups = linker.clustering.cluster_pairwise_predictions_at_threshold(
        pairs, threshold_match_probability=LEAST
    )
    found = groups.as_spark_dataframe()
    return found.select(found.id, found.cluster_id.alias("near"))
