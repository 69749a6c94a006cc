"""Numbers as people write them: decimal comma or point, grouped thousands, a unit behind."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from typing import Literal

from jasyl.quantities import UNITS, Unit, convert, unit
from jasyl.texts import LANGUAGES, Refusal

from .cells import checked
from .raw import Raw, shown

# What the comma of a column means, and the point.
Sign = Literal["decimal", "grouping"]

_BLANKS = "\u0020\u00a0\u2009\u202f\u2007"
_MINUS = str.maketrans({"−": "-", "–": "-", "‒": "-"})
_PLAIN = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?", re.ASCII)
_GROUPED = re.compile(rf"([+-]?)(\d{{1,3}}(?:[{_BLANKS}'’]\d{{3}})+)([.,]\d+)?")
_WITH_UNIT = re.compile(rf"([+\-−–]?[\d.,{_BLANKS}'’]*\d(?:[eE][+-]?\d+)?)\s*([^\d\s.,+\-'’].*)", re.DOTALL)
_COMMA_DECIMAL = re.compile(r"[+-]?(?:\d*,\d{1,2}|\d*,\d{4,}|0+,\d+|\d{4,},\d+|,\d+)|[+-]?\d{1,3}(?:\.\d{3})+,\d+")
_COMMA_GROUPING = re.compile(r"[+-]?[1-9]\d{0,2}(?:,\d{3})+\.\d*|[+-]?[1-9]\d{0,2}(?:,\d{3}){2,}")
_COMMA_UNCLEAR = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")
_POINT_GROUPING = re.compile(r"[+-]?[1-9]\d{0,2}(?:\.\d{3}){2,}|[+-]?[1-9]\d{0,2}(?:\.\d{3})+,\d+")
_POINT_DECIMAL = re.compile(r"[+-]?(?:\d*\.\d{1,2}|\d*\.\d{4,}|0+\.\d+|\d{4,}\.\d+)|[+-]?[1-9]\d{0,2}(?:,\d{3})+\.\d+")
_POINT_UNCLEAR = re.compile(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_MAX_DIGITS = 60
_TO_SHAPE = str.maketrans("12345678", "99999999")


@dataclass(frozen=True)
class Convention:
    """What comma and point mean in a column, as far as its unmistakable values say; None: nothing said."""

    comma: Sign | None = None
    point: Sign | None = None


UNKNOWN = Convention()
_EVIDENCE: tuple[tuple[re.Pattern[str], Literal["comma", "point"], Sign], ...] = (
    (_COMMA_DECIMAL, "comma", "decimal"),
    (_COMMA_GROUPING, "comma", "grouping"),
    (_POINT_DECIMAL, "point", "decimal"),
    (_POINT_GROUPING, "point", "grouping"),
)


def is_unclear(written: str) -> bool:
    """Whether other values of the column have a say in what this text means: ``1,234``, and ``1.234`` too."""
    if "," in written or "." in written:
        number = split_unit(written)[0]
        return bool(_COMMA_UNCLEAR.fullmatch(number) or _POINT_UNCLEAR.fullmatch(number))
    return False


class Evidence:
    """What the unmistakable numbers of a column say about its comma and its point."""

    def __init__(self) -> None:
        self._shapes: set[str] = set()

    def see(self, values: Iterable[Raw]) -> None:
        """More values of the column. Only their shapes are kept, ``1234,5`` and ``9876,1`` being one."""
        self._shapes.update(
            raw.translate(_TO_SHAPE) for raw in set(values) if isinstance(raw, str) and len(raw) <= _MAX_DIGITS
        )

    def has_unclear_comma(self) -> bool:
        """Whether a number like ``1,234`` is among them."""
        return any(_COMMA_UNCLEAR.fullmatch(split_unit(shape)[0]) for shape in self._shapes)

    def convention(self) -> Convention:
        """What they say; values that contradict each other say nothing."""
        comma: set[Sign] = set()
        point: set[Sign] = set()
        for shape in self._shapes:
            number, _ = split_unit(shape)
            grouped = _GROUPED.fullmatch(number)
            if grouped and grouped[3]:
                (comma if grouped[3][0] == "," else point).add("decimal")
            for form, signs, sign in _EVIDENCE:
                if form.fullmatch(number):
                    (comma if signs == "comma" else point).add(sign)
        # A point that ends whole numbers leaves the comma nothing but grouping.
        if point == {"decimal"} and not comma:
            comma.add("grouping")
        return Convention(_only(comma), _only(point))


def split_unit(written: str) -> tuple[str, str]:
    """A number and the unit behind it: ``"50 МВт"`` → ``("50", "МВт")``; without a unit the second is empty."""
    text = written.strip()
    found = _WITH_UNIT.fullmatch(text)
    if found and not re.fullmatch(r"[eE][+-]?\d+", found[2]):
        return found[1].strip(_BLANKS).translate(_MINUS), found[2].strip()
    return text.translate(_MINUS), ""


@cache
def _written_units() -> dict[str, Unit]:
    return {"".join(known.written(language).split()): known for known in UNITS.values() for language in LANGUAGES}


def named_unit(written: str) -> Unit:
    """The unit of a UCUM code, a usual spelling, or the form in which Jasyl itself writes it in any language.

    Raises Refusal ``unknown-unit``.
    """
    return _written_units().get("".join(written.split())) or unit(written)


def decimal(raw: Raw, convention: Convention = UNKNOWN) -> Decimal | None:
    """The number in a cell, exact as written. Raises Refusal ``not-number``, ``number-unclear``."""
    if isinstance(raw, str):
        text = raw.strip()
        if not text:
            return None
        return _parse(text if text.isascii() else text.translate(_MINUS), raw, convention)
    return _of_sheet(raw)


def integer(raw: Raw, convention: Convention = UNKNOWN) -> int | None:
    """A whole number. Raises Refusal ``not-integer`` besides those of :func:`decimal`."""
    value = decimal(raw, convention)
    if value is None:
        return None
    if value != value.to_integral_value():
        raise Refusal("not-integer", received=shown(raw))
    return int(value)


def quantity(raw: Raw, of: Unit, to: Unit, convention: Convention = UNKNOWN) -> Decimal | None:
    """A number meant in ``of`` unless a unit stands behind it, expressed in ``to``.

    Raises Refusal ``unknown-unit``, ``unit-dimension`` besides those of :func:`decimal`.
    """
    if isinstance(raw, str) and not _PLAIN.fullmatch(raw):
        number, written_unit = split_unit(raw)
        if written_unit:
            of = named_unit(written_unit)
            raw = number
    value = decimal(raw, convention)
    if value is None or of == to:
        return value
    # A base unit has the factor 1, which saves the division that convert would do.
    converted = of.to_base(value) if of.dimension == to.dimension and to.factor == 1 else convert(value, of, to)
    # 50 MW are 50000000 W, not 5.0E+7.
    is_whole = converted == converted.to_integral_value() and converted.adjusted() < 28
    return converted.quantize(Decimal(1)) if is_whole else converted


def _parse(text: str, raw: Raw, convention: Convention) -> Decimal:
    if len(text) > _MAX_DIGITS:
        raise Refusal("not-number", received=shown(raw))
    if _PLAIN.fullmatch(text):
        if convention.point == "grouping" and _POINT_UNCLEAR.fullmatch(text):
            return Decimal(text.replace(".", ""))
        return Decimal(text)
    grouped = _GROUPED.fullmatch(text)
    if grouped:
        whole = re.sub(r"\D", "", grouped[2])
        return _number(grouped[1] + whole + (grouped[3] or "").replace(",", "."), raw)
    if _COMMA_UNCLEAR.fullmatch(text):
        match convention.comma:
            case "decimal":
                return _number(text.replace(",", "."), raw)
            case "grouping":
                return _number(text.replace(",", ""), raw)
            case None:
                both = f"{text.replace(',', '')} / {text.replace(',', '.')}"
                raise Refusal("number-unclear", received=shown(raw), expected=both)
    if _COMMA_GROUPING.fullmatch(text):
        return _number(text.replace(",", ""), raw)
    if _COMMA_DECIMAL.fullmatch(text):
        return _number(text.replace(".", "").replace(",", "."), raw)
    if _POINT_GROUPING.fullmatch(text):
        return _number(text.replace(".", ""), raw)
    raise Refusal("not-number", received=shown(raw))


def _number(text: str, raw: Raw) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation as error:
        raise Refusal("not-number", received=shown(raw)) from error


def _of_sheet(raw: Raw) -> Decimal | None:
    """A typed cell: the shortest decimal that gives the same binary number is meant."""
    value = checked(raw)
    if value is None:
        return None
    if isinstance(value, float) and math.isfinite(value):
        return Decimal(int(value)) if value.is_integer() and abs(value) < 1e15 else Decimal(repr(value))
    if isinstance(value, int | Decimal):
        return Decimal(value)
    raise Refusal("not-number", received=shown(raw))


def _only(signs: set[Sign]) -> Sign | None:
    return next(iter(signs)) if len(signs) == 1 else None
