"""Sets of entities: filtered, ordered, cut into pages behind a key."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from jasyl.monitoring.reading_page import Condition, PageWanted, count, page
from jasyl.monitoring.segments import Readings
from jasyl.people import Actor
from jasyl.storage import DataFolder

from .evaluation import Many, holds
from .expression import Path
from .fault import Fault, invalid
from .model import SETS, TYPES
from .observation_filter import FAR, narrow, read_identity, write_identity
from .query_options import Options
from .view import Entity, Stream, View


@dataclass
class Reader:
    """One request's look at everything: a view, who looks, and a transaction for the segments.

    ``asked`` counts questions to the segments, so that an expansion cannot ask without end.
    """

    view: View
    actor: Actor
    connection: sa.Connection
    folder: DataFolder
    base: str
    asked: int = 0

    def lookup(self, entity: Entity, parts: tuple[str, ...]) -> Any:
        """What a path of an entity comes to; None where a property has no value. Raises Fault ``sta-property``."""
        head, rest = parts[0], parts[1:]
        kind = TYPES[entity.kind]
        if head in {"id", "@iot.id"}:
            return entity.id
        if head in kind.links:
            target, many = kind.links[head]
            if target == "Observation":
                raise Fault(501, "sta-filter-unsupported", received="/".join(parts)[:80])
            found = [self.lookup(one, rest or ("id",)) for one in self.view.linked(entity, head, self.actor)]
            flat = [one for each in found for one in (each if isinstance(each, Many) else (each,))]
            return Many(flat) if many else (flat[0] if flat else None)
        if head not in kind.properties:
            raise invalid(
                "sta-property", received="/".join(parts)[:60], expected=", ".join((*kind.properties, *kind.links))
            )
        found = entity.values.get(head)
        for name in rest:
            found = found.get(name) if isinstance(found, dict) else None
        return Decimal(str(found)) if isinstance(found, int | float) and not isinstance(found, bool) else found


@dataclass
class Page:
    """Entities, or readings with their streams, of a page; ``after`` is the key of the next page, if there is one."""

    entities: list[Entity] = field(default_factory=list[Entity])
    readings: Readings | None = None
    after: list[Any] | None = None
    count: int | None = None


def entities(reader: Reader, kind: str, of: Iterable[Entity], options: Options) -> Page:
    """A page of entities in memory."""
    found = list(of)
    if options.filter is not None:
        wanted = options.filter
        found = [one for one in found if holds(wanted, lambda parts, one=one: reader.lookup(one, parts))]
    total = len(found) if options.count else None
    keyed = [(_key(reader, one, options), one) for one in found]
    keyed.sort(key=lambda pair: pair[0])
    if options.after is not None:
        after = _known_key(options)
        keyed = [pair for pair in keyed if pair[0] > after]
    begin = options.skip
    part = keyed[begin : begin + options.top]
    more = len(keyed) > begin + options.top and part
    return Page([one for _, one in part], count=total, after=part[-1][0].written() if more else None)


class _Key:
    """Values in the asked order, then the id: what makes every place in a set one of its own."""

    __slots__ = ("descending", "parts")

    def __init__(self, parts: list[Any], descending: list[bool]) -> None:
        self.parts, self.descending = parts, descending

    def __lt__(self, other: "_Key") -> bool:
        for mine, its, down in zip(self.parts, other.parts, self.descending, strict=True):
            if mine != its:
                return (_rank(mine) < _rank(its)) is not down
        return False

    def __gt__(self, other: "_Key") -> bool:
        return other < self

    def written(self) -> list[Any]:
        return self.parts


def _rank(given: Any) -> tuple[int, Any]:
    """Nothing before truth values, before numbers, before words; other things by what they say."""
    match given:
        case None:
            return 0, 0
        case bool():
            return 1, given
        case int() | float():
            return 2, given
        case _:
            return 3, str(given)


def _key(reader: Reader, entity: Entity, options: Options) -> _Key:
    values: list[Any] = []
    for path, _ in options.orderby:
        found = reader.lookup(entity, path.parts)
        found = found[0] if isinstance(found, Many) and found else None if isinstance(found, Many) else found
        values.append(
            float(found)
            if isinstance(found, Decimal)
            else found
            if isinstance(found, str | bool | None)
            else str(found)
        )
    return _Key([*values, entity.id], [*(down for _, down in options.orderby), False])


def _known_key(options: Options) -> _Key:
    after = options.after or []
    if len(after) != len(options.orderby) + 1:
        raise invalid("sta-token", received=str(after)[:40])
    return _Key(list(after), [*(down for _, down in options.orderby), False])


MOST_QUESTIONS = 600


def observations(
    reader: Reader, streams: Mapping[int, Stream], options: Options, span: tuple[int, int] = (-FAR, FAR)
) -> Page:
    """A page of readings of ``streams`` (by number), asked of the segments; nothing is counted unless asked."""
    reader.asked += 1
    if reader.asked > MOST_QUESTIONS:
        raise invalid("sta-expand-wide", expected=MOST_QUESTIONS)

    def lookup(number: int, parts: tuple[str, ...]) -> Any:
        return observation_path(reader, streams[number], parts)

    left = narrow(options.filter, sorted(streams), lookup)
    if options.top == 0 and not options.count:
        return Page(readings=_none())
    order, descending = _order(options, single=len(left.series) == 1)
    wanted = PageWanted(
        left.series,
        max(left.low, span[0]),
        min(left.high, span[1]),
        options.top + 1,
        lambda number: (float(streams[number].factor), streams[number].definition.interval),
        order,  # pyright: ignore[reportArgumentType]
        descending,
        _after(options, order),
        options.skip,
        left.condition if options.filter is not None else Condition(),
    )
    total = count(reader.connection, reader.folder, wanted) if options.count else None
    rows = page(reader.connection, reader.folder, wanted) if options.top else _none()
    if len(rows) <= options.top or not options.top:
        return Page(readings=rows, count=total)
    import numpy as np  # noqa: PLC0415

    kept = rows.take(np.arange(options.top))
    number, start, value = int(kept.series[-1]), int(kept.start[-1]), int(kept.value[-1])
    result = float(value * streams[number].factor) if order == "result" else 0.0
    keys = {
        "series": [number, start],
        "start": [start, number],
        "result": [result, number, start],
        "arrival": [int(kept.source[-1]), number, start],
    }
    return Page(readings=kept, after=keys[order], count=total)


def _none() -> Readings:
    import numpy as np  # noqa: PLC0415

    return Readings(*(np.empty(0, np.int64) for _ in range(5)))


def _order(options: Options, *, single: bool) -> tuple[str, bool]:
    """The order of the segments, of time, of results, or of arrival (deliveries are numbered as they come);
    further properties are decided by the first and the id."""
    if not options.orderby:
        return "series", False
    path, descending = options.orderby[0]
    names = {"phenomenonTime": "start", "id": "series", "@iot.id": "series", "result": "result"}
    if path.parts in {("phenomenonTime",), ("result",), ("id",), ("@iot.id",)}:
        name = names[path.parts[0]]
    elif path.parts in {("Datastream", "id"), ("Datastream", "@iot.id")}:
        name = "series"
    elif path.parts == ("resultTime",):
        name = "arrival"
    else:
        ways = "phenomenonTime, resultTime, result, id"
        raise Fault(501, "sta-order-unsupported", received="/".join(path.parts)[:60], expected=ways)
    return ("series" if name == "start" and single else name), descending


def _after(options: Options, order: str) -> list[float | int] | None:
    after = options.after
    if after is None:
        return None
    if len(after) != (3 if order in {"result", "arrival"} else 2) or any(
        isinstance(one, bool) or not isinstance(one, int | float) for one in after
    ):
        raise invalid("sta-token", received=str(after)[:40])
    if any(abs(one) >= 2**62 for one in after):
        raise invalid("sta-token", received=str(after)[:40])
    return after


def observation_path(reader: Reader, stream: Stream, parts: tuple[str, ...]) -> Any:
    """What a path of an Observation comes to that its Datastream decides."""
    head, rest = parts[0], parts[1:]
    if head == "Datastream":
        return reader.lookup(stream.entity, rest or ("id",))
    if head == "FeatureOfInterest":
        found = reader.view.get("FeatureOfInterest", stream.feature, reader.actor)
        return reader.lookup(found, rest or ("id",)) if found else None
    if head in {"validTime", "resultQuality"}:
        return None
    if head in {"resultTime", "parameters"}:
        raise Fault(501, "sta-filter-unsupported", received="/".join(parts)[:80])
    known = TYPES["Observation"]
    raise invalid("sta-property", received="/".join(parts)[:60], expected=", ".join((*known.properties, *known.links)))


def streams_of(reader: Reader, entity: Entity | None, link: str) -> Mapping[int, Stream]:
    """The streams whose Observations a link leads to, by number: all, that of a Datastream, or those of a feature."""
    seen = reader.view.streams_seen(reader.actor)
    if entity is None:
        return seen
    if entity.kind == "Datastream":
        number = reader.view.numbers[entity.id]
        return {number: seen[number]} if number in seen else {}
    if entity.kind == "FeatureOfInterest":
        return {number: one for number, one in seen.items() if one.feature == entity.id}
    raise invalid("sta-link", received=link, expected=", ".join(TYPES[entity.kind].links))


__all__ = [
    "SETS",
    "Page",
    "Path",
    "Reader",
    "entities",
    "observations",
    "read_identity",
    "streams_of",
    "write_identity",
]
