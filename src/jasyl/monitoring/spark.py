"""Spark as the engine of questions that outgrow one machine: a process of its own, in an environment of its own.

PySpark wants another pandas than the rest of the house, and a Java machine that nobody else should carry. So the
driver runs in the environment that ``make cluster`` sets up, takes compiled SQL from a pipe and leaves its answers in
Arrow files; what is asked is the same Ibis expression that DuckDB answers. See docs/engines.md.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any

from jasyl.texts import Refusal

from .engine import Columns, Question, integers

PYTHON = "JASYL_SPARK_PYTHON"
ENVIRONMENT = ".venv-cluster"
_LOOPBACK = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.session.timeZone": "UTC",
    # An overflow is an error, as in DuckDB, never a wrong sum.
    "spark.sql.ansi.enabled": "true",
    "spark.sql.execution.arrow.pyspark.enabled": "true",
    "spark.sql.shuffle.partitions": "8",
}


def spark_python() -> Path:
    """The Python that has PySpark: named by JASYL_SPARK_PYTHON, else of ``.venv-cluster`` beside our environment.

    Raises Refusal ``spark-missing`` and, without Java, ``spark-java``.
    """
    named = os.environ.get(PYTHON)
    found = Path(named) if named else Path(sys.prefix).parent / ENVIRONMENT / "bin" / "python"
    if not found.is_file():
        raise Refusal("spark-missing", received=str(found), expected=f"make cluster | {PYTHON}")
    if not (shutil.which("java") or os.environ.get("JAVA_HOME")):
        raise Refusal("spark-java", received="—", expected="Java 17")
    return found


class Spark:
    """A Spark session under ``master`` (``local[4]``, ``spark://host:7077``, ``local-cluster[2,1,1024]``).

    To be used in a ``with``: the end of the block ends the driver and all it started. ``settings`` are Spark's own
    (``spark.executor.memory``). Workers must see the files of readings under the paths that the driver sees.
    """

    def __init__(self, master: str = "local[*]", settings: Mapping[str, str] | None = None) -> None:
        self.settings = {"spark.master": master, **_SETTINGS, **(settings or {})}
        if master.startswith("local"):
            self.settings = {**_LOOPBACK, **self.settings}
        self.version = ""

    def __enter__(self) -> "Spark":
        python = spark_python()
        self._home = tempfile.TemporaryDirectory(prefix="jasyl-spark-")
        self._place = Path(self._home.name)
        self._count = 0
        self._log = (self._place / "log").open("wb")
        local = {"SPARK_LOCAL_IP": "127.0.0.1"} if "spark.driver.host" in self.settings else {}
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "SPARK_"))}
        self._process = subprocess.Popen(  # noqa: S603  (the operator's own Python)
            [python, "-I", Path(__file__).with_name("spark_driver.py")],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._log, text=True, encoding="utf-8",
            cwd=self._place, env={**kept, **local, "SPARK_LOCAL_DIRS": str(self._place)},
        )  # fmt: skip
        try:
            self.version = str(self._exchange({"settings": self.settings})["version"])
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.close()
            self._process.wait(timeout=30)
        except (OSError, subprocess.TimeoutExpired):
            self._process.kill()
            self._process.wait()
        finally:
            self._process.stdout.close()
            self._log.close()
            self._home.cleanup()

    def answer(self, question: Question) -> Columns:
        """The answer as int64 columns. Raises Refusal ``spark-failed`` with what Spark said."""
        from pyarrow import ipc  # noqa: PLC0415

        from .questions import compiled  # noqa: PLC0415

        self._count += 1
        into = self._place / f"answer-{self._count}.arrow"
        tables: dict[str, str] = {}
        for name, table in question.tables.items():
            file = self._place / f"{name}-{self._count}.arrow"
            with ipc.new_file(file, table.schema) as sink:
                sink.write_table(table)
            tables[name] = str(file)
        readings = {
            name: {
                "files": list(meant.files),
                "where": meant.condition(", ".join(map(str, meant.series or ()))),
            }
            for name, meant in question.readings.items()
        }
        asked = compiled(question.expression, question.grid, "pyspark")
        self._exchange({"sql": asked, "readings": readings, "tables": tables, "into": str(into)})
        with ipc.open_file(into) as source:
            found = integers(source.read_all())
        for file in (into, *map(Path, tables.values())):
            file.unlink()
        return found

    def _exchange(self, asked: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        try:
            self._process.stdin.write(json.dumps(asked) + "\n")
            self._process.stdin.flush()
            line = self._process.stdout.readline()
        except OSError:
            line = ""
        reply: dict[str, Any] = json.loads(line) if line else {"error": self._last_words()}
        if "OVERFLOW" in str(reply.get("error", "")):
            raise Refusal("sum-too-large", received="—")
        if "error" in reply:
            raise Refusal("spark-failed", received=self.settings["spark.master"], reason=str(reply["error"])[:600])
        return reply

    def _last_words(self) -> str:
        self._log.flush()
        said = (self._place / "log").read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return " ".join(said[-3:]) or "the driver ended"
