"""Tables of benchmarks: our proposals in the package, and those that people keep in CSV or XLSX."""

import hashlib
from collections.abc import Iterable
from dataclasses import astuple
from functools import cache
from importlib.resources import files
from pathlib import Path

from jasyl.intake import Row, Table, read_tables
from jasyl.quantities import decimal_text
from jasyl.texts import Refusal

from .benchmarks import WHY_NONE, Benchmark, Benchmarks, NoBenchmark
from .catalogue import Catalogue
from .catalogue_columns import DIRECTIONS
from .catalogue_files import catalogue
from .evaluation import check_benchmarks
from .table_cells import number_of, texts_of

COLUMNS = ("point", "target", "worst", "direction", "basis", "source", "label")
_NEEDED = ("point", "target", "source")
_HOUSE = ("u4ssc",)
_HOUSE_VERSION = "house-2026.3"


@cache
def house_benchmarks(name: str = "u4ssc") -> Benchmarks:
    """Our own choice for a catalogue: targets of the SDGs, of WHO, of programmes of Kazakhstan, of law elsewhere, each
    labelled by who set it, ``house proposal`` where we did; and why the others have none.

    Raises Refusal ``benchmarks-none``.
    """
    if name not in _HOUSE:
        raise Refusal("benchmarks-none", received=name[:80], expected=", ".join(_HOUSE))
    content = (files("jasyl.indicators") / "data" / "benchmarks" / f"{name}.csv").read_bytes()
    rows, none = _rows(read_tables(content, f"{name}.csv")[0])
    return _checked(Benchmarks(_HOUSE_VERSION, rows, "indicator-house-title", none), catalogue(name))


def read_benchmarks(given: Path | str | bytes, of: Catalogue, name: str | None = None) -> Benchmarks:
    """One's own table: columns ``point``, ``target``, ``source``, and where wanted ``worst``, ``direction``,
    ``basis``, ``label`` (``user`` where empty). A row without a target says by its ``basis`` why there is none, or is
    skipped, so that a list of every data point may be filled in bit by bit. The version is the name of the file and
    the beginning of a hash of the rows: the same rows have the same version wherever they come from.

    Raises Refusal ``benchmark-cell``, ``benchmark-twice``, ``indicator-unknown-point``, ``indicator-benchmark``, and
    those of the file.
    """
    table = read_tables(given, name)[0]
    rows, none = _rows(table)
    return _checked(Benchmarks(f"{Path(table.file).stem}-{_fingerprint(rows)}", rows, table.file, none), of)


def layered(base: Benchmarks, over: Benchmarks) -> Benchmarks:
    """``base`` with the rows of ``over`` in place of its own; the version names both."""
    kept = tuple(row for row in base if over.get(row.point) is None)
    none = {one.point: one for one in (*base.none, *over.none)}
    return Benchmarks(
        f"{base.version}+{over.version}", (*kept, *over.rows), over.title or base.title, tuple(none.values())
    )


def benchmark_table(benchmarks: Benchmarks, of: Catalogue) -> list[dict[str, str | None]]:
    """Every data point of the catalogue as a row of ``COLUMNS``, the target empty and the basis saying why where there
    is none: what people edit and ``read_benchmarks`` reads back."""
    return [
        _written(benchmarks.get(point.id) or benchmarks.why_none(point.id) or NoBenchmark(point.id, ""))
        for point in of.points
    ]


def _written(row: Benchmark | NoBenchmark) -> dict[str, str | None]:
    if isinstance(row, NoBenchmark):
        said = {"point": row.point, "basis": row.basis or None, "source": row.source or None}
        return {column: said.get(column) for column in COLUMNS}
    return {
        "point": row.point,
        "target": decimal_text(row.target),
        "worst": None if row.worst is None else decimal_text(row.worst),
        "direction": row.direction,
        "basis": row.basis or None,
        "source": row.source or None,
        "label": row.label,
    }


def _rows(table: Table) -> tuple[tuple[Benchmark, ...], tuple[NoBenchmark, ...]]:
    for column in table.header:
        if column not in COLUMNS:
            raise _wrong(table, None, column, column, ", ".join(COLUMNS))
    for column in _NEEDED:
        if column not in table.header:
            raise _wrong(table, None, column, ", ".join(table.header), column)
    found = dict[str, Benchmark | NoBenchmark]()
    for row in table.rows():
        made = _row(table, row)
        if made is None:
            continue
        if made.point in found:
            raise Refusal("benchmark-twice", where=table.where(row.number, "point"), received=made.point)
        found[made.point] = made
    return (
        tuple(one for one in found.values() if isinstance(one, Benchmark)),
        tuple(one for one in found.values() if isinstance(one, NoBenchmark)),
    )


def _row(table: Table, row: Row) -> Benchmark | NoBenchmark | None:
    said = texts_of(table, row, COLUMNS)
    if not said["target"]:
        return NoBenchmark(said["point"], said["basis"], said["source"]) if said["basis"] in WHY_NONE else None
    for column in _NEEDED:
        if not said[column]:
            raise _wrong(table, row.number, column, said[column], column)
    direction = said["direction"]
    if direction and direction not in DIRECTIONS:
        raise _wrong(table, row.number, "direction", said["direction"], ", ".join(DIRECTIONS))
    target = number_of(table, row, "target")
    assert target is not None
    return Benchmark(
        point=said["point"],
        target=target,
        worst=number_of(table, row, "worst") if said["worst"] else None,
        basis=said["basis"],
        source=said["source"],
        label=said["label"] or "user",
        direction=direction or None,
    )


def _wrong(table: Table, row: int | None, column: str, received: str, expected: str) -> Refusal:
    return Refusal("benchmark-cell", where=table.where(row, column), received=received, expected=expected)


def _checked(made: Benchmarks, of: Catalogue) -> Benchmarks:
    check_benchmarks(of, made)
    return made


def _fingerprint(rows: Iterable[Benchmark]) -> str:
    whole = "\n".join(sorted(repr(astuple(row)) for row in rows))
    return hashlib.sha256(whole.encode()).hexdigest()[:8]
