"""Filters of Observations as questions to the segments: what a Datastream decides is decided first, the rest is SQL."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from jasyl.monitoring.reading_page import Condition
from jasyl.quantities import microseconds

from .evaluation import paths, value
from .expression import Call, Expression, Literal, Path, call, read_moment
from .fault import Fault, invalid

FAR = 2**61
# Paths that a stored reading answers itself.
_OWN = {"phenomenonTime": "start", "result": "result"}
_SQL = {
    "eq": "=",
    "ne": "<>",
    "gt": ">",
    "ge": ">=",
    "lt": "<",
    "le": "<=",
    "add": "+",
    "sub": "-",
    "mul": "*",
    "div": "/",
    "mod": "%",
}
_PARTS = {"year", "month", "day", "hour", "minute", "second"}
_ROUND = {"round": "round", "floor": "floor", "ceiling": "ceil"}


@dataclass
class Narrowed:
    """What a filter leaves: series numbers, a span of starts [low, high) in µs UTC, and a condition on readings."""

    series: list[int]
    low: int = -FAR
    high: int = FAR
    condition: Condition = field(default_factory=Condition)


def narrow(
    expression: Expression | None, series: Sequence[int], lookup: Callable[[int, tuple[str, ...]], Any]
) -> Narrowed:
    """The filter over readings of ``series``; ``lookup`` gives what a path comes to for one of them.

    Raises Fault 400 where types do not go together, 501 for what a segment cannot answer.
    """
    if expression is None:
        return Narrowed(list(series))
    if all(path.parts[0] in _OWN or path.parts[0] in {"id", "@iot.id"} for path in paths(expression)):
        return _compiled({expression: list(series)})
    groups: dict[Expression, list[int]] = defaultdict(list)
    for number in series:
        left = simplified(expression, lambda parts, number=number: lookup(number, parts))
        if left != Literal(value=False):
            groups[left].append(number)
    return _compiled(groups)


def simplified(expression: Expression, lookup: Callable[[tuple[str, ...]], Any]) -> Expression:
    """``expression`` with everything decided that the Datastream decides."""
    if isinstance(expression, Path):
        known = expression.parts[0] in _OWN or expression.parts[0] in {"id", "@iot.id"}
        return expression if known else Literal(lookup(expression.parts))
    if isinstance(expression, Literal):
        return expression
    given = [simplified(each, lookup) for each in expression.arguments]
    if all(isinstance(each, Literal) for each in given):
        return Literal(value(Call(expression.name, tuple(given)), lambda _: None))
    if expression.name in {"and", "or"}:
        decides = expression.name == "or"
        if any(isinstance(each, Literal) and (each.value is True) is decides for each in given):
            return Literal(value=decides)
        given = [each for each in given if not isinstance(each, Literal)]
        if len(given) == 1:
            return given[0]
    return call(expression.name, *given)


def _compiled(groups: Mapping[Expression, list[int]]) -> Narrowed:
    made = Narrowed(sorted(number for numbers in groups.values() for number in numbers))
    writer = _Writer()
    spans = [_span(expression) for expression in groups]
    made.low = min((low for low, _ in spans), default=FAR)
    made.high = max((high for _, high in spans), default=-FAR)
    parts: list[str] = []
    for expression, numbers in groups.items():
        test = writer.test(expression)
        if len(groups) > 1:
            test = f"(series in (select unnest({writer.bind(numbers)})) and {test})"
        parts.append(test)
    made.condition = Condition(" or ".join(parts) or "false", writer.parameters)
    return made


def _span(expression: Expression) -> tuple[int, int]:
    """The starts that an expression can hold for, from the comparisons with times that must all hold."""
    if not isinstance(expression, Call):
        return -FAR, FAR
    if expression.name == "and":
        spans = [_span(each) for each in expression.arguments]
        return max(low for low, _ in spans), min(high for _, high in spans)
    if expression.name not in {"eq", "gt", "ge", "lt", "le"}:
        return -FAR, FAR
    left, right = expression.arguments
    name = expression.name
    if isinstance(right, Path):
        left, right = right, left
        name = {"gt": "lt", "ge": "le", "lt": "gt", "le": "ge"}.get(name, name)
    if left != Path(("phenomenonTime",)) or not _decided(right):
        return -FAR, FAR
    at = _time(value(right, lambda _: None))
    return {"eq": (at, at + 1), "gt": (at + 1, FAR), "ge": (at, FAR), "lt": (-FAR, at), "le": (-FAR, at + 1)}[name]


def _decided(expression: Expression) -> bool:
    return not any(True for _ in paths(expression))


def _time(given: Any) -> int:
    found = given[0] if isinstance(given, tuple) else given
    if isinstance(found, str):
        found = read_moment(found)
    if not isinstance(found, dt.datetime):
        raise invalid("sta-type", received=f"phenomenonTime, {type(found).__name__}")
    return microseconds(found)


def impossible(what: str) -> Fault:
    """501: a segment cannot answer this."""
    return Fault(501, "sta-filter-unsupported", received=what[:80])


class _Writer:
    """Writes SQL; values become parameters, never text."""

    def __init__(self) -> None:
        self.parameters: dict[str, Any] = {}

    def bind(self, given: Any) -> str:
        name = f"p{len(self.parameters)}"
        self.parameters[name] = given
        return f"${name}"

    def test(self, expression: Expression) -> str:
        if isinstance(expression, Literal):
            return "true" if expression.value is True else "false"
        if isinstance(expression, Path):
            raise invalid("sta-type", received="/".join(expression.parts))
        name, given = expression.name, expression.arguments
        if name in {"and", "or"}:
            return "(" + f" {name} ".join(self.test(each) for each in given) + ")"
        if name == "not":
            return f"(not coalesce({self.test(given[0])}, false))"
        if name not in {"eq", "ne", "gt", "ge", "lt", "le"}:
            raise impossible(name)
        return self._comparison(name, *given)

    def _comparison(self, name: str, left: Expression, right: Expression) -> str:
        for one, other in ((left, right), (right, left)):
            if isinstance(one, Path) and one.parts[0] in {"id", "@iot.id"}:
                return self._identity(name, other)
            if one == Literal(None):
                return {"eq": "false", "ne": "true"}.get(name, "false")
        times = [self._is_time(each) for each in (left, right)]
        if any(times):
            return f"({self._moment(left)} {_SQL[name]} {self._moment(right)})"
        return f"({self._number(left)} {_SQL[name]} {self._number(right)})"

    def _is_time(self, expression: Expression) -> bool:
        return expression == Path(("phenomenonTime",)) or (
            isinstance(expression, Call)
            and expression.name in {"add", "sub"}
            and any(map(self._is_time, expression.arguments))
        )

    def _moment(self, expression: Expression) -> str:
        if isinstance(expression, Path):
            if expression.parts != ("phenomenonTime",):
                raise invalid("sta-type", received="/".join(expression.parts))
            return "start"
        if _decided(expression):
            found = value(expression, lambda _: None)
            if isinstance(found, dt.timedelta):
                return self.bind(int(found.total_seconds() * 1e6))
            return self.bind(_time(found))
        assert isinstance(expression, Call)
        if expression.name not in {"add", "sub"}:
            raise impossible(expression.name)
        left, right = expression.arguments
        return f"({self._moment(left)} {_SQL[expression.name]} {self._moment(right)})"

    def _number(self, expression: Expression) -> str:
        if _decided(expression):
            found = value(expression, lambda _: None)
            if isinstance(found, bool) or not isinstance(found, int | float | Decimal):
                raise invalid("sta-type", received=f"result, {type(found).__name__}")
            return self.bind(float(found))
        if isinstance(expression, Path):
            if expression.parts != ("result",):
                raise invalid("sta-type", received="/".join(expression.parts))
            return "result"
        assert isinstance(expression, Call)
        name, given = expression.name, expression.arguments
        if name in _PARTS and given[0] == Path(("phenomenonTime",)):
            return f"{name}(make_timestamp(start))"
        if name in _ROUND:
            return f"{_ROUND[name]}({self._number(given[0])})"
        if name == "neg":
            return f"(-{self._number(given[0])})"
        if name in {"add", "sub", "mul", "div", "mod"}:
            left, right = (self._number(each) for each in given)
            # Division by zero is null, which no comparison holds for.
            return f"({left} {_SQL[name]} {f'nullif({right}, 0)' if name in {'div', 'mod'} else right})"
        raise impossible(name)

    def _identity(self, name: str, other: Expression) -> str:
        if name not in {"eq", "ne"} or not isinstance(other, Literal):
            raise impossible(f"id {name}")
        key = read_identity(str(other.value))
        same = "false" if key is None else f"(series = {self.bind(key[0])} and start = {self.bind(key[1])})"
        return same if name == "eq" else f"(not {same})"


def write_identity(series: int, start: int) -> str:
    """The id of an Observation: its series and the start of its interval; a correction keeps it."""
    return f"{series}:{start}"


def read_identity(text: str) -> tuple[int, int] | None:
    """Series and start of an id, None for what is no id of ours."""
    first, colon, second = text.partition(":")
    if not colon or not first.isascii() or not first.isdigit() or len(first) > 9 or len(second) > 19:
        return None
    digits = second.removeprefix("-")
    return (int(first), int(second)) if digits.isascii() and digits.isdigit() else None
