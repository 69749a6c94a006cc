"""Is a notebook's dataset in the units it is taken for: a day out of its middle, looked at before the work."""

from collections.abc import Sequence
from typing import Any

from jasyl.texts import Refusal, Where

from .check import check, survey
from .dataset import time_of
from .field import FIELDS
from .xarray_source import loaded

DAY_STEPS = 24


def check_dataset(dataset: Any, fields: Sequence[str]) -> None:
    """Raises Refusal ``dataset-unit`` where ``fields`` of an xarray.Dataset look like another unit than theirs, and
    ``weather-fill`` and ``weather-range`` for what is not possible. To look at all of it would cost as much as the work
    itself; units are the same all the time."""
    time = time_of(dataset)
    middle = dataset.sizes[time] // 2
    first = max(middle - DAY_STEPS // 2, 0)
    known = [name for name in fields if name in FIELDS]
    part = loaded(dataset, known, time, first, first + DAY_STEPS)
    for name in known:
        try:
            check(name, survey(part[name].values), (name,), Where(name))
        except Refusal as refusal:
            if refusal.code != "weather-range-unit":
                raise
            raise Refusal("dataset-unit", where=refusal.where, **refusal.arguments) from None
