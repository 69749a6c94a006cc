# pyright: reportUnknownLambdaType=false, reportUnknownArgumentType=false
"""Filter expressions over entities in memory. Nothing compares with null but null itself; a path through many entities
means any of them."""

import datetime as dt
import math
import operator
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import lru_cache
from typing import Any

from jasyl.quantities import UTC

from .expression import Call, Expression, Literal, Path, Shape
from .fault import invalid

Lookup = Callable[[tuple[str, ...]], Any]
_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "gt": operator.gt,
    "ge": operator.ge,
    "lt": operator.lt,
    "le": operator.le,
}


class Many(tuple[Any, ...]):
    """Values of a path that leads to several entities."""

    __slots__ = ()


def holds(expression: Expression, lookup: Lookup) -> bool:
    """Whether an entity, whose paths ``lookup`` knows, is in the filter. Raises Fault ``sta-type``."""
    return value(expression, lookup) is True


def value(expression: Expression, lookup: Lookup) -> Any:
    """What an expression comes to. Raises Fault ``sta-type`` where the types do not go together."""
    match expression:
        case Literal():
            return expression.value
        case Path():
            return lookup(expression.parts)
        case Call(name="and"):
            return all(value(each, lookup) is True for each in expression.arguments)
        case Call(name="or"):
            return any(value(each, lookup) is True for each in expression.arguments)
        case Call(name="not"):
            return value(expression.arguments[0], lookup) is not True
        case Call():
            given = [value(each, lookup) for each in expression.arguments]
            return _spread(expression.name, given)


def _spread(name: str, given: list[Any]) -> Any:
    for place, each in enumerate(given):
        if isinstance(each, Many):
            results = [_spread(name, [*given[:place], one, *given[place + 1 :]]) for one in each]
            return any(one is True for one in results) if _is_test(name) else Many(results)
    if name in _COMPARE:
        return _compared(name, *given)
    if name not in {"now", "mindatetime", "maxdatetime"} and any(each is None for each in given):
        return None
    try:
        return _RUN[name](*given)
    except (TypeError, ValueError, ArithmeticError, AttributeError, IndexError):
        shown = ", ".join(type(each).__name__ for each in given)
        raise invalid("sta-type", received=f"{name}({shown})"[:80]) from None


def _is_test(name: str) -> bool:
    return (
        name in _COMPARE
        or name.startswith("st_")
        or name in {"substringof", "startswith", "endswith", "geo.intersects"}
    )


def _compared(name: str, left: Any, right: Any) -> bool:
    if left is None or right is None:
        return {"eq": left is right, "ne": left is not right}.get(name, False)
    left, right = _like(left, right), _like(right, left)
    try:
        return bool(_COMPARE[name](left, right))
    except TypeError:
        raise invalid("sta-type", received=f"{type(left).__name__} {name} {type(right).__name__}") from None


def _like(one: Any, other: Any) -> Any:
    """An interval meets an instant by its start; numbers of any type meet as they are."""
    if isinstance(one, tuple) and not isinstance(other, tuple):
        return one[0]
    if isinstance(one, float):
        return Decimal(str(one)) if math.isfinite(one) else one
    if isinstance(one, str) and isinstance(other, dt.datetime):
        return _moment(one)
    return one


def _moment(text: str) -> Any:
    from .expression import read_moment  # noqa: PLC0415

    return read_moment(text)


def _instant(given: Any) -> dt.datetime:
    found = given[0] if isinstance(given, tuple) else given
    if isinstance(found, str):
        found = _moment(found)
    if not isinstance(found, dt.datetime):
        raise TypeError
    return found


def _text(given: Any) -> str:
    if not isinstance(given, str):
        raise TypeError
    return given


def _number(given: Any) -> Decimal:
    if isinstance(given, bool) or not isinstance(given, int | float | Decimal):
        raise TypeError
    return Decimal(str(given))


def _sum(left: Any, right: Any, sign: int) -> Any:
    if isinstance(left, dt.datetime | tuple):
        left = _instant(left)
        if isinstance(right, dt.datetime | tuple):
            return left - _instant(right)
        return left + right if sign > 0 else left - right
    if isinstance(left, dt.timedelta):
        return left + right if sign > 0 else left - right
    return _number(left) + sign * _number(right)


def _product(left: Any, right: Any) -> Any:
    if isinstance(left, dt.timedelta):
        return left * float(_number(right))
    return _number(left) * _number(right)


def _substring(text: Any, start: Any, length: Any = None) -> str:
    first = int(_number(start))
    return _text(text)[first:] if length is None else _text(text)[first : first + int(_number(length))]


@lru_cache(1000)
def _parsed(text: str) -> Any:
    import shapely  # noqa: PLC0415

    return shapely.from_wkt(text)


def shape(given: Any) -> Any:
    """A shapely geometry of well-known text or GeoJSON. Raises Fault ``sta-shape``."""
    import shapely  # noqa: PLC0415
    from shapely.geometry import shape as from_mapping  # noqa: PLC0415

    try:
        if isinstance(given, Shape):
            return _parsed(given.text)
        found = given.get("geometry") if given.get("type") == "Feature" else given
        return from_mapping(found)
    except (shapely.errors.ShapelyError, AttributeError, KeyError, TypeError, ValueError):
        raise invalid("sta-shape", received=str(given)[:80]) from None


def _spatial(name: str) -> Callable[[Any, Any], bool]:
    return lambda left, right: bool(getattr(shape(left), name)(shape(right)))


def _relate(left: Any, right: Any, pattern: Any) -> bool:
    return bool(shape(left).relate_pattern(shape(right), _text(pattern)))


def _joined(left: Any, right: Any) -> str:
    made = _text(left) + _text(right)
    if len(made) > 100_000:
        raise ValueError
    return made


_RUN: dict[str, Callable[..., Any]] = {
    "add": lambda a, b: _sum(a, b, 1),
    "sub": lambda a, b: _sum(a, b, -1),
    "mul": _product,
    "div": lambda a, b: _number(a) / _number(b),
    "mod": lambda a, b: _number(a) % _number(b),
    "neg": lambda a: -a if isinstance(a, dt.timedelta) else -_number(a),
    "substringof": lambda a, b: _text(a) in _text(b),
    "startswith": lambda a, b: _text(a).startswith(_text(b)),
    "endswith": lambda a, b: _text(a).endswith(_text(b)),
    "length": lambda a: Decimal(len(_text(a))),
    "indexof": lambda a, b: Decimal(_text(a).find(_text(b))),
    "substring": _substring,
    "tolower": lambda a: _text(a).lower(),
    "toupper": lambda a: _text(a).upper(),
    "trim": lambda a: _text(a).strip(),
    "concat": _joined,
    **{
        part: (lambda a, p=part: Decimal(getattr(_instant(a), p)))
        for part in ("year", "month", "day", "hour", "minute", "second")
    },
    "fractionalseconds": lambda a: Decimal(_instant(a).microsecond) / 1_000_000,
    "date": lambda a: _instant(a).date(),
    "time": lambda a: _instant(a).time(),
    "totaloffsetminutes": lambda a: Decimal(0) * _instant(a).year,
    "now": lambda: dt.datetime.now(UTC),
    "mindatetime": lambda: dt.datetime.min.replace(tzinfo=UTC),
    "maxdatetime": lambda: dt.datetime.max.replace(tzinfo=UTC),
    "round": lambda a: _number(a).to_integral_value("ROUND_HALF_UP"),
    "floor": lambda a: _number(a).to_integral_value("ROUND_FLOOR"),
    "ceiling": lambda a: _number(a).to_integral_value("ROUND_CEILING"),
    "geo.distance": lambda a, b: Decimal(str(shape(a).distance(shape(b)))),
    "geo.length": lambda a: Decimal(str(shape(a).length)),
    "geo.intersects": _spatial("intersects"),
    **{
        f"st_{name}": _spatial(name)
        for name in ("equals", "disjoint", "touches", "within", "overlaps", "crosses", "intersects", "contains")
    },
    "st_relate": _relate,
}


def paths(expression: Expression) -> Iterable[Path]:
    """Every path of an expression."""
    if isinstance(expression, Path):
        yield expression
    elif isinstance(expression, Call):
        for each in expression.arguments:
            yield from paths(each)
