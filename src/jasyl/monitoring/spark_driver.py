"""The program that runs beside ours in the environment of Spark: takes SQL on standard input, leaves Arrow files.

Started by :mod:`jasyl.monitoring.spark` with a Python that has PySpark; imports nothing of Jasyl, for that Python has
no Jasyl. Each line on standard input is a JSON object: ``sql``, ``readings`` (view → Parquet files, and a condition on
rows), ``tables`` (view →
Arrow file) and ``into`` (Arrow file to write). Each line on standard output answers one: ``{}`` or ``{"error": …}``.
"""

import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

# What a file of readings holds, spelt out so that Spark need not open a file to find out.
READINGS = "series int, start bigint, value bigint, revision int, source int"


def session(settings: dict[str, str]) -> Any:
    """A session with these settings."""
    builder = import_module("pyspark.sql").SparkSession.builder.appName("jasyl")
    for name, value in settings.items():
        builder = builder.config(name, value)
    made = builder.getOrCreate()
    made.sparkContext.setLogLevel("ERROR")
    return made


def answer(spark: Any, asked: dict[str, Any]) -> None:
    """Answer one question into its file."""
    ipc = import_module("pyarrow.ipc")
    for name, meant in asked["readings"].items():
        rows = spark.read.schema(READINGS).parquet(*meant["files"])
        rows.where(meant["where"]).createOrReplaceTempView(name)
    for name, file in asked["tables"].items():
        with ipc.open_file(file) as source:
            spark.createDataFrame(source.read_all()).createOrReplaceTempView(name)
    found = spark.sql(asked["sql"]).toArrow()
    with ipc.new_file(asked["into"], found.schema) as sink:
        sink.write_table(found)


def main() -> None:
    """Answer until standard input ends."""
    replies = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # what Spark prints by itself is no answer
    os.environ.setdefault("SPARK_HOME", str(Path(str(import_module("pyspark").__file__)).parent))
    spark: Any = None
    for line in sys.stdin:
        asked = json.loads(line)
        reply: dict[str, Any] = {}
        try:
            if spark is None:
                spark = session(asked["settings"])
                reply = {"version": spark.version}
            else:
                answer(spark, asked)
        except Exception as error:  # noqa: BLE001  (whatever it is, whoever asked must hear of it)
            reply = {"error": f"{type(error).__name__}: {error}"[:2000]}
        replies.write(json.dumps(reply) + "\n")
        replies.flush()
    if spark is not None:
        spark.stop()


if __name__ == "__main__":
    main()
