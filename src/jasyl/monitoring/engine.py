"""DuckDB as a library: one in-memory instance a process, a cursor a question, every answer read to its end."""

import os
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    import duckdb

Columns = Mapping[str, NDArray[np.int64]]

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
        return {name: _integers(answer.column(name)) for name in answer.column_names}
    finally:
        cursor.close()


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
