"""Part of a public Zarr 2 store as files: metadata, coordinates, and the chunks of the years asked for.

What arrives is itself a Zarr store, with holes where nobody asked; the weather store is converted from it.
"""

import json
import math
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

from jasyl.storage import write_durably
from jasyl.texts import Refusal

from .catalogue import Publisher
from .plan import Piece, Wanted
from .transfer import Transfer

METADATA = ".zmetadata"
# ARCO-ERA5 counts its hours from here.
ORIGIN = datetime(1900, 1, 1, tzinfo=UTC)


def store_pieces(source: Publisher, wanted: Wanted, store: Path, how: Transfer) -> list[Piece]:
    """Every chunk of the store that the years and variables need; the metadata are written first.

    Raises Refusal ``fetch-store`` when the metadata are not those of a Zarr 2 store with these variables.
    """
    base = source.address[0]
    answer = how.request("GET", f"{base}/{METADATA}", {})
    try:
        metadata: dict[str, Any] = json.loads(answer.body)["metadata"]
    except (ValueError, KeyError, TypeError) as error:
        raise Refusal("fetch-store", received=source.title, reason=f"{METADATA}: HTTP {answer.status}") from error
    variables = wanted.variables or source.variables
    unknown = [name for name in variables if f"{name}/.zarray" not in metadata]
    if unknown:
        raise Refusal("fetch-store", received=source.title, reason=", ".join(unknown))
    dimensions = {name for variable in variables for name in metadata[f"{variable}/.zattrs"]["_ARRAY_DIMENSIONS"]}
    names = (*sorted(dimensions), *variables)
    kept = {key: value for key, value in metadata.items() if "/" not in key or key.split("/")[0] in names}
    store.mkdir(parents=True, exist_ok=True)
    for key, value in kept.items():
        (store / key).parent.mkdir(exist_ok=True)
        (store / key).write_text(json.dumps(value), encoding="utf-8")
    write_durably(store / METADATA, json.dumps({"metadata": kept, "zarr_consolidated_format": 1}).encode())
    found: list[Piece] = []
    for name in names:
        array = metadata[f"{name}/.zarray"]
        timed = name not in dimensions and metadata[f"{name}/.zattrs"]["_ARRAY_DIMENSIONS"][0] == "time"
        keys = _keys(array, wanted.years if timed else ())
        # A chunk that a store does not have is one of fill values.
        found.extend(Piece(f"{name}/{key}", f"{base}/{name}/{key}", may_miss=True) for key in keys)
    return found


def _keys(array: dict[str, Any], years: tuple[int, ...]) -> Iterator[str]:
    """Names of the chunks of an array; of a timed one those with an hour of the years, and of the hour after them.

    A radiation value of ERA5 stands at the end of its hour: the last of a year stands in the next.
    """
    shape: list[int] = array["shape"]
    chunks: list[int] = array["chunks"]
    counts = [range(math.ceil(size / chunk)) for size, chunk in zip(shape, chunks, strict=True)]
    firsts: list[int] = sorted({first for year in years for first in _time_chunks(year, chunks[0], shape[0])})
    separator = array.get("dimension_separator", ".")
    for index in product(firsts if years else counts[0], *counts[1:]) if shape else [(0,)]:
        yield separator.join(map(str, index))


def _time_chunks(year: int, size: int, hours: int) -> Iterator[int]:
    first, after = (int((datetime(one, 1, 1, tzinfo=UTC) - ORIGIN).total_seconds()) // 3600 for one in (year, year + 1))
    yield from range(first // size, min(after + 1, hours - 1) // size + 1)
