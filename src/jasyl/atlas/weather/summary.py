"""What the record of a store says of its fields: how each is stored, what was found in it, what is missing."""

from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import msgspec
import numpy as np

from jasyl.quantities import decimal_text

from .check import survey
from .chunk import Packing
from .coverage import coverage
from .field import FIELDS
from .layout import Layout
from .reader import Reader
from .record import Gap, Remark, StoredField

PackingName = Literal["float32", "int16"]


def stored_field(name: str, packing: PackingName) -> StoredField:
    """How a field is stored: int16 where that is asked for and enough, else float32."""
    about = FIELDS[name]
    field = StoredField(name=name, units=about.units, standard_name=about.standard_name, in_time=about.in_time)
    if packing == "float32" or about.packing is None:
        return field
    scale, offset = (decimal_text(Decimal(str(number))) for number in about.packing)
    return msgspec.structs.replace(field, kind="int16", scale=scale, offset=offset)


def fits(lowest: float, highest: float, packing: Packing) -> bool:
    """Whether values between these can be packed. NaN: nothing to pack."""
    scale, offset = packing
    return not (lowest < offset - 32767 * scale or highest > offset + 32767 * scale)


def described(
    store: Path, layout: Layout, field: StoredField, reader: Reader, chunks: Sequence[dict[str, Any]]
) -> StoredField:
    """The field with its extremes and what is missing, from what was noted of each chunk."""
    if field.is_constant:
        found = survey(reader.constant(field.name))
        return msgspec.structs.replace(
            field, lowest=written(found.lowest), highest=written(found.highest), missing=found.missing
        )
    noted = [chunk[field.name] for chunk in chunks]
    lows = [float(entry[2]) for entry in noted if entry[2] is not None]
    highs = [float(entry[3]) for entry in noted if entry[3] is not None]
    missing = sum(entry[1] for entry in noted)
    empty, reach = coverage(store, layout, field) if missing else (0, None)
    return msgspec.structs.replace(
        field,
        lowest=written(min(lows)) if lows else None,
        highest=written(max(highs)) if highs else None,
        missing=missing,
        empty_cells=empty,
        reach=reach,
    )


def written(value: float) -> str | None:
    """A number of a record; None for one that is not there."""
    return None if np.isnan(value) else f"{value:.9g}"


def gaps_of(reader: Reader) -> tuple[Gap, ...]:
    """Gaps, fields with the same together."""
    by_spans: dict[tuple[tuple[int, int], ...], list[str]] = {}
    for field, spans in reader.gaps.items():
        by_spans.setdefault(spans, []).append(field)
    return tuple(Gap(tuple(sorted(fields)), spans) for spans, fields in by_spans.items())


def remarks(reader: Reader, fields: Sequence[StoredField]) -> tuple[Remark, ...]:
    """What was mended, what is missing; fields that lack the same cells together."""
    found = [Remark(note.code, dict(note.arguments)) for note in reader.notes]
    found += [
        Remark("gap", {"fields": ", ".join(gap.fields), "hours": str(gap.hours), "spans": str(len(gap.spans))})
        for gap in gaps_of(reader)
    ]
    empty: dict[tuple[int, str], list[str]] = {}
    for field in fields:
        if field.empty_cells:
            empty.setdefault((field.empty_cells, _reach(field)), []).append(field.name)
    found += [
        Remark("empty", {"field": ", ".join(names), "cells": str(cells), "reach": reach})
        for (cells, reach), names in empty.items()
    ]
    return tuple(found)


def _reach(field: StoredField) -> str:
    return ", ".join(field.reach) if field.reach else "∅"
