"""Filter expressions: the grammar of 18-088 clause 9.3.3.5 (a part of OData 4), read into a small tree."""

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from lark import Lark, Token, Transformer
from lark.exceptions import LarkError, VisitError

from jasyl.quantities import UTC

from .fault import Fault, invalid

MOST_CHARACTERS, DEEPEST = 8_000, 60
COMPARISONS = ("eq", "ne", "gt", "ge", "lt", "le")
FUNCTIONS = {
    "substringof": 2,
    "startswith": 2,
    "endswith": 2,
    "length": 1,
    "indexof": 2,
    "substring": (2, 3),
    "tolower": 1,
    "toupper": 1,
    "trim": 1,
    "concat": 2,
    "year": 1,
    "month": 1,
    "day": 1,
    "hour": 1,
    "minute": 1,
    "second": 1,
    "fractionalseconds": 1,
    "date": 1,
    "time": 1,
    "totaloffsetminutes": 1,
    "now": 0,
    "mindatetime": 0,
    "maxdatetime": 0,
    "round": 1,
    "floor": 1,
    "ceiling": 1,
    "geo.distance": 2,
    "geo.length": 1,
    "geo.intersects": 2,
    "st_equals": 2,
    "st_disjoint": 2,
    "st_touches": 2,
    "st_within": 2,
    "st_overlaps": 2,
    "st_crosses": 2,
    "st_intersects": 2,
    "st_contains": 2,
    "st_relate": 3,
}

_GRAMMAR = r"""
?start: or_
?or_: and_ ("or" and_)*              -> or_
?and_: not_ ("and" not_)*            -> and_
?not_: "not" not_                    -> not_
     | comparison
?comparison: sum_ (COMPARISON sum_)? -> comparison
?sum_: product (SUM product)*        -> chain
?product: unary (PRODUCT unary)*     -> chain
?unary: "-" unary                    -> negative
     | atom
?atom: "(" or_ ")"                   -> inner
     | FUNCTION "(" [or_ ("," or_)*] ")" -> call
     | INTERVAL                      -> interval
     | MOMENT                        -> moment
     | DAY                           -> day
     | DURATION                      -> duration
     | GEOGRAPHY                     -> geography
     | NUMBER                        -> number
     | TEXT                          -> text
     | "true"                        -> true
     | "false"                       -> false
     | "null"                        -> null
     | NAME ("/" NAME)*              -> path
COMPARISON: /(eq|ne|gt|ge|lt|le)(?=[\s(])/
SUM.2: /(add|sub)(?=[\s(])/
PRODUCT.2: /(mul|div|mod)(?=[\s(])/
FUNCTION.3: /(?!(?:not|and|or|eq|ne|gt|ge|lt|le|add|sub|mul|div|mod)\b)[a-z_]+(\.[a-z]+)?(?=\s*\()/
INTERVAL.5: /\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d)?\/\d{4}-\d\d-\d\dT[0-9:.]+(?:Z|[+-]\d\d:\d\d)?/
MOMENT.4: /\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d([.]\d{1,9})?)?(Z|[+-]\d\d:\d\d)?/
DAY.3: /\d{4}-\d\d-\d\d/
DURATION.3: /duration'[^']*'/
GEOGRAPHY.3: /(geography|geometry)'[^']*'/
NUMBER.2: /\d+([.]\d+)?([eE][+-]?\d{1,3})?/
TEXT: /'(?:[^']|'')*'/
NAME: /@?[A-Za-z_\u0080-\uffff][\w.\-]*/
%ignore /\s+/
"""


@dataclass(frozen=True)
class Literal:
    """A value: text, Decimal, bool, None, an aware datetime, a date, a timedelta, a pair of datetimes, or a shape."""

    value: Any

    @property
    def depth(self) -> int:
        return 1


@dataclass(frozen=True)
class Path:
    """A property, perhaps through navigation links: ``Datastream/Thing/name``."""

    parts: tuple[str, ...]

    @property
    def depth(self) -> int:
        return 1


@dataclass(frozen=True)
class Call:
    """An operator or a function with its arguments; ``and`` and ``or`` take any number."""

    name: str
    arguments: tuple["Expression", ...]
    depth: int = 1


Expression = Literal | Path | Call


def call(name: str, *arguments: Expression) -> Call:
    """A call that knows how deep it is. Raises Fault ``sta-filter-deep``."""
    depth = 1 + max((each.depth for each in arguments), default=0)
    if depth > DEEPEST:
        raise invalid("sta-filter-deep", expected=DEEPEST)
    return Call(name, arguments, depth)


@dataclass(frozen=True)
class Shape:
    """Well-known text of a geometry; compared by what it says."""

    text: str


class _Reader(Transformer[Token, Any]):
    """Builds the tree while the parser goes, so that nothing recurses."""

    def or_(self, parts: list[Any]) -> Any:
        return parts[0] if len(parts) == 1 else call("or", *parts)

    def and_(self, parts: list[Any]) -> Any:
        return parts[0] if len(parts) == 1 else call("and", *parts)

    def not_(self, parts: list[Any]) -> Any:
        return call("not", *parts)

    def comparison(self, parts: list[Any]) -> Any:
        return parts[0] if len(parts) == 1 else call(str(parts[1]), parts[0], parts[2])

    def chain(self, parts: list[Any]) -> Any:
        made = parts[0]
        for place in range(1, len(parts), 2):
            made = call(str(parts[place]), made, parts[place + 1])
        return made

    def negative(self, parts: list[Any]) -> Any:
        held = parts[0]
        return (
            Literal(-held.value) if isinstance(held, Literal) and isinstance(held.value, Decimal) else call("neg", held)
        )

    def inner(self, parts: list[Any]) -> Any:
        return parts[0]

    def call(self, parts: list[Any]) -> Any:
        name, arguments = str(parts[0]), [each for each in parts[1:] if each is not None]
        wanted = FUNCTIONS.get(name)
        if wanted is None:
            raise invalid("sta-function", received=name[:40], expected=", ".join(FUNCTIONS))
        if len(arguments) not in (wanted if isinstance(wanted, tuple) else (wanted,)):
            raise invalid("sta-arguments", received=len(arguments), function=name, expected=str(wanted))
        return call(name, *arguments)

    def path(self, parts: list[Any]) -> Path:
        return Path(tuple(str(part) for part in parts))

    def number(self, parts: list[Any]) -> Literal:
        return Literal(Decimal(str(parts[0])))

    def text(self, parts: list[Any]) -> Literal:
        return Literal(str(parts[0])[1:-1].replace("''", "'"))

    def moment(self, parts: list[Any]) -> Literal:
        return Literal(read_moment(str(parts[0])))

    def interval(self, parts: list[Any]) -> Literal:
        return Literal(tuple(read_moment(each) for each in str(parts[0]).split("/")))

    def day(self, parts: list[Any]) -> Literal:
        try:
            return Literal(dt.date.fromisoformat(str(parts[0])))
        except ValueError:
            raise invalid("sta-time", received=str(parts[0])) from None

    def duration(self, parts: list[Any]) -> Literal:
        return Literal(read_duration(str(parts[0])[9:-1]))

    def geography(self, parts: list[Any]) -> Literal:
        return Literal(Shape(str(parts[0]).partition("'")[2][:-1]))

    def true(self, _: list[Any]) -> Literal:
        return Literal(value=True)

    def false(self, _: list[Any]) -> Literal:
        return Literal(value=False)

    def null(self, _: list[Any]) -> Literal:
        return Literal(None)


@cache
def _parser() -> Lark:
    return Lark(_GRAMMAR, parser="lalr", transformer=_Reader(), maybe_placeholders=True)


def parse(text: str) -> Expression:
    """The tree of a filter. Raises Fault 400 for one that is too long, too deep, or not in the grammar."""
    if len(text) > MOST_CHARACTERS:
        raise invalid("sta-filter-long", received=len(text), expected=MOST_CHARACTERS)
    try:
        found: Any = _parser().parse(text)
    except VisitError as error:
        raise error.orig_exc if isinstance(error.orig_exc, Fault) else _unreadable(text, 0) from None
    except LarkError as error:
        raise _unreadable(text, getattr(error, "pos_in_stream", None) or 0) from None
    return found


def _unreadable(text: str, place: int) -> Fault:
    return invalid("sta-filter", received=text[max(0, place - 20) : place + 20][:60], place=place + 1)


def read_moment(text: str) -> dt.datetime:
    """An ISO 8601 time, UTC where no offset is given. Raises Fault ``sta-time``."""
    try:
        found = dt.datetime.fromisoformat(text.strip())
        return (found.replace(tzinfo=UTC) if found.tzinfo is None else found).astimezone(UTC)
    except (ValueError, OverflowError):
        raise invalid("sta-time", received=text[:60]) from None


def read_duration(text: str) -> dt.timedelta:
    """``P1DT2H`` without years and months, whose length varies. Raises Fault ``sta-time``."""
    shape = r"(-)?P(?:(\d{1,7})D)?(?:T(?:(\d{1,7})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,6})?)S)?)?"
    found = re.fullmatch(shape, text, re.ASCII)
    if found is None or not any(found.groups()[1:]):
        raise invalid("sta-time", received=text[:60])
    days, hours, minutes, seconds = (float(part or 0) for part in found.groups()[1:])
    made = dt.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    return -made if found[1] else made
