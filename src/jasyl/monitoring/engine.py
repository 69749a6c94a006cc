"""DuckDB as a library: one in-memory instance a process, a cursor a question, every answer read to its end."""

import os
import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import duckdb
    import numpy as np

_lock = threading.Lock()
_instances: dict[int, "duckdb.DuckDBPyConnection"] = {}


def ask(question: str, parameters: Mapping[str, Any], **tables: Any) -> "dict[str, np.ndarray]":
    """The answer to one SQL question as columns. ``tables`` are Arrow tables visible under their names.

    A result that is not read to its end blocks its connection, hence the cursor of its own and ``fetchnumpy``.
    DuckDB sums BIGINT into HUGEINT, which arrives as a float: cast sums back to BIGINT in the question.
    """
    cursor = _instance().cursor()
    try:
        for name, table in tables.items():
            cursor.register(name, table)
        return cursor.execute(question, dict(parameters)).fetchnumpy()
    finally:
        cursor.close()


def _instance() -> "duckdb.DuckDBPyConnection":
    import duckdb  # noqa: PLC0415  (loads a large library; wanted on first use)

    # Keyed by process: an instance carried over a fork has lost its threads and would wait for ever.
    with _lock:
        if os.getpid() not in _instances:
            _instances.clear()
            _instances[os.getpid()] = duckdb.connect(":memory:", config={"memory_limit": "1GB"})
        return _instances[os.getpid()]
