"""Observations as clients write them, made into readings."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN
from typing import Any

import numpy as np

from jasyl.monitoring.delivery import LARGEST, Batch, Source
from jasyl.monitoring.push import exact
from jasyl.monitoring.series import SeriesDefinition
from jasyl.quantities import Unit, microseconds

from .expression import read_moment
from .fault import invalid


@dataclass(frozen=True)
class Given:
    """A reading: start in µs UTC, stored integer, revision (0: the store counts)."""

    start: int
    value: int
    revision: int = 0


def given(values: Mapping[str, Any], definition: SeriesDefinition, shown: Unit, now: int) -> Given:
    """The reading that an Observation means. Raises Fault 400."""
    for name in ("validTime", "resultQuality"):
        if values.get(name) not in (None, "", [], {}):
            raise invalid("sta-observation-extra", received=name)
    if values.get("resultTime") not in (None, ""):
        read_moment(str(values["resultTime"]).partition("/")[0])
    return Given(
        start(values.get("phenomenonTime"), definition, now),
        stored(values.get("result"), definition, shown),
        _revision(values),
    )


def stored(result: Any, definition: SeriesDefinition, shown: Unit) -> int:
    """A result in the Datastream's unit as the stored integer, rounded half to even. Raises Fault ``sta-value``."""
    found = None if isinstance(result, list | dict) else exact(result)
    if found is None:
        raise invalid("sta-value", field="result", received=str(result)[:40], expected="0.0")
    whole = int((found * shown.factor).scaleb(definition.scale).to_integral_value(ROUND_HALF_EVEN))
    if abs(whole) > LARGEST:
        raise invalid("reading-too-large", received=str(result)[:40], expected=str(LARGEST))
    return whole


def start(written: Any, definition: SeriesDefinition, now: int) -> int:
    """The start of the interval that a phenomenon time means; the present interval where none is given.

    An instant is the start, an interval must be just one of the series.
    """
    length = definition.interval
    if written in (None, ""):
        return now - now % length
    begin, slash, finish = str(written).partition("/")
    first = microseconds(read_moment(begin))
    if slash:
        last = microseconds(read_moment(finish))
        allowed = (
            {length} if definition.interval_seconds < 86_400 else {length + hour * 3_600_000_000 for hour in (-1, 0, 1)}
        )
        if last != first and last - first not in allowed:
            raise invalid("sta-interval", received=str(written)[:80], expected=definition.interval_seconds)
    return first


def _revision(values: Mapping[str, Any]) -> int:
    told = values.get("parameters")
    if told in (None, {}):
        return 0
    if not isinstance(told, dict) or set(told) - {"revision", "delivery"}:  # pyright: ignore[reportUnknownArgumentType]
        raise invalid("sta-observation-extra", received=f"parameters: {str(told)[:60]}")  # pyright: ignore[reportUnknownArgumentType]
    found: Any = told.get("revision", 0)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    if isinstance(found, bool) or not isinstance(found, int) or not 0 <= found < 2**31:
        raise invalid("sta-value", field="parameters/revision", received=str(found)[:40], expected="1 – 2147483647")
    return found


def batch_of(readings: Sequence[Given], definitions: Sequence[SeriesDefinition], source: Source) -> Batch:
    """Readings of the series beside them, as columns. Raises ``push-unsigned``: nothing that comes here is signed."""
    for each in definitions:
        if each.trust != "operator-entered":
            raise invalid("push-unsigned", received=each.id)
    revision = np.array([each.revision for each in readings], np.int64)
    return Batch(
        np.array([each.number for each in definitions], np.int64),
        np.array([each.start for each in readings], np.int64),
        np.array([each.value for each in readings], np.int64),
        source,
        revision if revision.any() else None,
    )
