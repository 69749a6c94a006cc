"""Who answers questions on readings. DuckDB, the usual one, is a library: one in-memory instance a process, a cursor a
question, every answer read to its end.
"""

import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

if TYPE_CHECKING:
    import duckdb

Columns = Mapping[str, NDArray[np.int64]]


@dataclass(frozen=True)
class Question:
    """An Ibis expression and what its tables are: ``files`` of readings (Parquet), and small Arrow ``tables``."""

    expression: Any
    files: Mapping[str, Sequence[Path]] = field(default_factory=dict[str, Sequence[Path]])
    tables: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Engine(Protocol):
    """Whatever answers a question; the same question gets the same integers from each."""

    def answer(self, question: Question) -> Columns:
        """The answer as int64 columns, in no particular order."""
        ...


class DuckDB:
    """The engine that is always there: this process, this machine."""

    def answer(self, question: Question) -> Columns:
        from .questions import compiled  # noqa: PLC0415  (loads Ibis; reading readings does not need it)

        columns = ", ".join(("series", "start", "value", "revision", "source"))
        views = [
            f'"{name}" as (select {columns} from read_parquet(${name}))'  # noqa: S608  (names are ours)
            for name in question.files
        ]
        asked = compiled(question.expression, "duckdb")
        if views:
            asked = f"with {', '.join(views)} select * from ({asked})"  # noqa: S608
        files = {name: [str(file) for file in found] for name, found in question.files.items()}
        import pyarrow as pa  # noqa: PLC0415

        try:
            return ask(asked, files, **question.tables)
        except pa.ArrowInvalid as error:  # DuckDB adds up in 128 bits; what does not fit into 64 is refused
            raise Refusal("sum-too-large", received="—") from error


_lock = threading.Lock()
_instances: dict[int, "duckdb.DuckDBPyConnection"] = {}


def ask(question: str, parameters: Mapping[str, Any], **tables: Any) -> Columns:
    """The answer to one SQL question as int64 columns (booleans as 0 and 1; no nulls may occur).

    ``tables`` are Arrow tables visible under their names. A result that is not read to its end blocks its connection,
    hence a cursor of its own and the whole answer at once; over Arrow, because DuckDB's way to NumPy loads pandas.
    """
    cursor = _instance().cursor()
    try:
        for name, table in tables.items():
            cursor.register(name, table)
        answer = cursor.sql(question, params=dict(parameters)).to_arrow_table()
        return integers(answer)
    finally:
        cursor.close()


def integers(answer: Any) -> Columns:
    """The columns of a pyarrow.Table as int64."""
    return {name: _integers(answer.column(name)) for name in answer.column_names}


def _integers(column: Any) -> NDArray[np.int64]:
    import pyarrow as pa  # noqa: PLC0415  (with DuckDB, on first use)

    array = column.cast(pa.int64()).combine_chunks()
    if not len(array):
        return np.empty(0, np.int64)
    return np.frombuffer(array.buffers()[1], np.int64, len(array), array.offset * 8)


def _instance() -> "duckdb.DuckDBPyConnection":
    import duckdb  # noqa: PLC0415  (loads a large library; wanted on first use)

    # Keyed by process: an instance carried over a fork has lost its threads and would wait for ever.
    with _lock:
        if os.getpid() not in _instances:
            _instances.clear()
            _instances[os.getpid()] = duckdb.connect(":memory:", config={"memory_limit": "1GB"})
        return _instances[os.getpid()]
