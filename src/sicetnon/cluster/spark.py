"""The steps on Apache Spark; listings that may be one work are brought together by Splink."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from sicetnon.cluster import linkage, steps
from sicetnon.cluster.steps import Fact
from sicetnon.errors import UsageError


class SparkEngine:
    """Runs the steps on a Spark master; every machine must see the pages and write the folder."""

    def __init__(self, master: str) -> None:
        try:
            from pyspark import StorageLevel
            from pyspark.sql import SparkSession
            from splink.backends.spark import similarity_jar_location
        except ImportError as error:
            raise UsageError(
                f"expected PySpark and Splink ({error.name} is missing); install them with:"
                " pip install 'sicetnon[spark]'"
            ) from None
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        builder = (
            SparkSession.builder.appName("sicetnon corpus")
            .master(master)
            .config("spark.jars", similarity_jar_location())
            .config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false")
        )
        if master.startswith("local"):
            builder = builder.config("spark.driver.bindAddress", "127.0.0.1")
            builder = builder.config("spark.driver.host", "127.0.0.1")
        try:
            self.spark: Any = builder.getOrCreate()
        except Exception as error:
            raise UsageError(
                f"expected Spark to start on {master!r} (it needs Java 17 or later):"
                f" {type(error).__name__}: {str(error).splitlines()[0]}"
            ) from error
        self.spark.sparkContext.setLogLevel("ERROR")
        self.spark.conf.set(
            "spark.sql.shuffle.partitions", str(2 * self.spark.sparkContext.defaultParallelism)
        )
        self.scratch = tempfile.TemporaryDirectory(prefix="sicetnon-")
        self.spark.sparkContext.setCheckpointDir(self.scratch.name)
        self.level = StorageLevel.MEMORY_AND_DISK
        self.told: Any = None

    def take(self, paths: Sequence[str]) -> None:
        """Read the pages, thread by thread."""
        context = self.spark.sparkContext
        wide = 4 * context.defaultParallelism
        threads = context.parallelize(list(paths), wide).map(steps.thread_of).groupByKey(wide)
        told = threads.flatMap(lambda pair: map(tuple, steps.facts(pair[1])))
        self.told = told.toDF("kind string, one string, two string, three string")
        self.told.persist(self.level)

    def facts(self, kind: str) -> Iterable[Fact]:
        """Return what was told of one kind."""
        return [Fact(*row) for row in self.told.where(self.told.kind == kind).collect()]

    def write_quads(self, folder: Path) -> None:
        """Write the quads, sorted by their bytes, as `part-*.nq`."""
        quads = self.told.where(self.told.kind == steps.QUAD).select("one").distinct()
        quads.orderBy("one").write.text(str(folder.absolute()))
        written = sorted(folder.glob("part-*.txt"))
        for number, part in enumerate(written):
            part.rename(folder / f"part-{number:05}.nq")
        for other in (*folder.glob(".*.crc"), folder / "_SUCCESS"):
            other.unlink(missing_ok=True)

    def works(self) -> Iterator[tuple[str, str]]:
        """Yield every entry and the entry that stands for its work, sorted."""
        from pyspark.sql import functions as f

        entries = self.told.where(self.told.kind == steps.ENTRY)
        listed = entries.groupBy("two", "three").agg(f.min("one").alias("id"))
        listings = listed.rdd.map(lambda row: tuple(steps.listing(row.id, row.two, row.three)))
        table = listings.toDF(
            "id string, title string, origin string, core string, keys array<string>"
        ).persist(self.level)
        with redirect_stdout(sys.stderr):  # where Splink tells of its progress
            near = linkage.near(self.spark, table)
        judged = (
            table.join(near, "id")
            .select("near", "id", "title", "origin")
            .rdd.map(lambda row: (row.near, (row.id, row.title, row.origin)))
            .groupByKey()
            .flatMap(lambda pair: steps.works(pair[1]))
            .toDF("id string, work string")
        )
        whole = entries.join(listed, ["two", "three"]).join(judged, "id").select("one", "work")
        yield from ((row.one, row.work) for row in whole.orderBy("one").toLocalIterator())

    def close(self) -> None:
        """Stop Spark."""
        self.spark.stop()
        self.scratch.cleanup()
