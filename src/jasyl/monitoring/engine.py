"""Who answers questions on readings. DuckDB, the usual one, is a library: one in-memory instance a process, a cursor a
question, every answer read to its end.
"""

import os
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

if TYPE_CHECKING:
    import duckdb

    from .questions import Grid

Columns = Mapping[str, NDArray[np.int64]]


@dataclass(frozen=True)
class Files:
    """Parquet files of readings, and which of them are meant: of ``series`` (ascending; None: all), in [start, end)."""

    files: Sequence[str]
    start: int
    end: int
    series: Sequence[int] | None = None

    @property
    def in_a_row(self) -> bool:
        """Whether the series are all those between the first and the last."""
        return self.series is None or len(self.series) == self.series[-1] - self.series[0] + 1

    def condition(self, listed: str) -> str:
        """The condition on rows as SQL; ``listed`` is how the engine names the series when they are not in a row."""
        said = f"start >= {self.start} and start < {self.end}"
        if self.series is not None:
            said += f" and series between {self.series[0]} and {self.series[-1]}"
        return said if self.in_a_row else f"{said} and series in ({listed})"


@dataclass(frozen=True)
class Question:
    """An Ibis expression over a grid, and what its tables are: ``readings`` in files, and small Arrow ``tables``."""

    expression: "Callable[[Grid], Any]"
    grid: "Grid"
    readings: Mapping[str, Files] = field(default_factory=dict[str, Files])
    tables: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Engine(Protocol):
    """Whatever answers a question; the same question gets the same integers from each."""

    def answer(self, question: Question) -> Columns:
        """The answer as int64 columns, in no particular order."""
        ...


class DuckDB:
    """The engine that is always there: this process, this machine."""

    def answer(self, question: Question) -> Columns:
        import pyarrow as pa  # noqa: PLC0415

        from .questions import compiled  # noqa: PLC0415  (loads Ibis; reading readings does not need it)

        given: dict[str, Any] = {}
        views: list[str] = []
        for name, meant in question.readings.items():
            given[name] = list(meant.files)
            if not meant.in_a_row:
                given[f"of_{name}"] = list(meant.series or ())
            kept = meant.condition(f"select unnest($of_{name})")
            views.append(
                f'"{name}" as (select series, start, value, revision, source'  # noqa: S608  (names are ours)
                f" from read_parquet(${name}) where {kept})"
            )
        asked = compiled(question.expression, question.grid, "duckdb")
        if views:
            asked = f"with {', '.join(views)} select * from ({asked})"  # noqa: S608
        try:
            return ask(asked, given, **question.tables)
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


def arrow(columns: Mapping[str, NDArray[Any]]) -> Any:
    """Columns of integers (int32 as such, all others as int64) as a pyarrow.Table on the same memory. Handing arrays to
    pyarrow itself loads pandas, nearly a second of every process that stores its first reading."""
    import pyarrow as pa  # noqa: PLC0415  (with DuckDB, on first use)

    def held(column: NDArray[Any]) -> Any:
        narrow = getattr(column, "dtype", None) == np.int32
        whole = np.ascontiguousarray(column, np.int32 if narrow else np.int64)
        kind = pa.int32() if narrow else pa.int64()
        return pa.Array.from_buffers(kind, len(whole), [None, pa.py_buffer(whole)])

    return pa.table([held(column) for column in columns.values()], names=list(columns))


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
