"""What makes a store readable for every Zarr 3 and CF reader: array metadata, coordinates, attributes."""

from pathlib import Path
from typing import Any

import numpy as np

from jasyl.atlas.layer import Source

from .chunk import MISSING
from .field import FIELDS
from .layout import WINDOW, Layout
from .record import StoredField

SECOND = 1_000_000
TIME_UNITS = "seconds since 1970-01-01 00:00:00"


def write_metadata(
    store: Path, layout: Layout, start: int, step: int, fields: tuple[StoredField, ...], source: Source
) -> None:
    """Create the two Zarr groups with their arrays (no data yet) and coordinates."""
    import zarr  # noqa: PLC0415

    about = {
        "Conventions": "CF-1.11",
        "title": source.name,
        "source": source.version,
        "license": source.licence,
        "references": source.reference,
        "comment": "Times open their interval: fluxes and sums are over it, other fields hold at its end.",
    }
    for name in ("map.zarr", "series.zarr"):
        group = zarr.create_group(store / name, zarr_format=3, overwrite=True, attributes=about)
        _coordinates(group, layout, start, step)
        for field in fields:
            if field.is_constant:
                if name == "map.zarr":
                    _array(group, field, layout.grid.shape, layout.grid.shape, None, ("y", "x"))
            elif name == "map.zarr":
                chunk = (layout.chunk_steps, *layout.grid.shape)
                shard = (layout.shard_steps, *layout.grid.shape)
                _array(group, field, (layout.steps, *layout.grid.shape), chunk, shard, ("time", "y", "x"))
            else:
                chunk = (WINDOW, WINDOW, layout.shard_steps)
                shard = (*layout.tile, layout.shard_steps)
                _array(group, field, (*layout.grid.shape, layout.steps), chunk, shard, ("y", "x", "time"))


def attributes(field: StoredField) -> dict[str, Any]:
    """CF attributes of a field; those of packing where it is packed."""
    about = FIELDS[field.name]
    found: dict[str, Any] = {"units": field.units, "long_name": about.long_name}
    if about.standard_name:
        found["standard_name"] = about.standard_name
    if about.cell_methods:
        found["cell_methods"] = about.cell_methods
    if field.packing is not None:
        scale, offset = field.packing
        found |= {"scale_factor": scale, "add_offset": offset, "_FillValue": MISSING}
    return found


def _array(
    group: Any,
    field: StoredField,
    shape: tuple[int, ...],
    chunk: tuple[int, ...],
    shard: tuple[int, ...] | None,
    dimensions: tuple[str, ...],
) -> None:
    group.create_array(
        field.name,
        shape=shape,
        chunks=chunk,
        shards=shard,
        dtype=field.kind,
        fill_value=MISSING if field.packing else float("nan"),
        compressors=None,
        filters=None,
        dimension_names=dimensions,
        attributes=attributes(field),
    )


def _coordinates(group: Any, layout: Layout, start: int, step: int) -> None:
    opens = (start + np.arange(layout.steps, dtype=np.int64) * step) // SECOND
    bounds = np.stack([opens, opens + step // SECOND], axis=1)
    # The calendar is the one that does not change in 1582.
    time = {"standard_name": "time", "units": TIME_UNITS, "calendar": "proleptic_gregorian", "axis": "T"}
    plain: list[tuple[str, Any, tuple[str, ...], dict[str, str]]] = [
        ("time", opens, ("time",), time | {"bounds": "time_bnds"}),
        ("time_bnds", bounds, ("time", "bounds"), {}),
        ("y", layout.grid.latitudes, ("y",), {"standard_name": "latitude", "units": "degrees_north", "axis": "Y"}),
        ("x", layout.grid.longitudes, ("x",), {"standard_name": "longitude", "units": "degrees_east", "axis": "X"}),
    ]
    for name, values, dimensions, about in plain:
        made = group.create_array(
            name,
            shape=values.shape,
            chunks=values.shape,
            dtype=values.dtype,
            dimension_names=dimensions,
            attributes=about,
            compressors=None,
            filters=None,
        )
        made[...] = values
