"""What people wrote in a row, as the codes of the register: technology, region, unit, BIN, size, money, key."""

import re
from collections.abc import Callable, Iterable, Sequence
from decimal import Context, Decimal
from functools import lru_cache
from typing import Any, ParamSpec, TypeVar

from jasyl.intake import ChoiceList
from jasyl.places import region, regions, resolve
from jasyl.quantities import CURRENCIES, UNITS, unit
from jasyl.texts import Refusal

from ..bin_number import parse_bin
from ..keys import is_key, own_key, slug
from ..taxonomy import family_of, resolve_technology, technologies

T = TypeVar("T")
P = ParamSpec("P")
Row = dict[str, Any]
Step = Callable[[Row], None]

# In base units: more power than mankind uses, and still a 64-bit integer.
_LARGEST = Decimal(10) ** 15
_KEPT = Context(prec=15)
# Sizes that are kept as written and never summed over facilities: counts, and masses, volumes, lengths per time.
_SIZE = re.compile(r"(?:kg|t|kt|m|m3|L)?\{[^{}\s]+\}(?:/(?:h|d|wk|mo|a))?|(?:kg|t|kt|m|m3|L)/(?:h|d|wk|mo|a)")


class RowFault(Exception):
    """A refusal and the column it speaks of."""

    def __init__(self, key: str, refusal: Refusal) -> None:
        super().__init__(key)
        self.key, self.refusal = key, refusal

    @property
    def faults(self) -> "tuple[RowFault, ...]":
        """Every fault of the row that was found, this one first."""
        return (self,)


class RowFaults(RowFault):
    """Several faults of one row."""

    def __init__(self, faults: Sequence[RowFault]) -> None:
        super().__init__(faults[0].key, faults[0].refusal)
        self._faults = tuple(faults)

    @property
    def faults(self) -> tuple[RowFault, ...]:
        return self._faults


def resolved(row: Row, steps: Iterable[Step]) -> Row:
    """A copy of ``row`` after every step. Raises RowFaults: everything the steps found."""
    made, faults = dict(row), list[RowFault]()
    for step in steps:
        try:
            step(made)
        except RowFault as fault:
            faults.append(fault)
    if faults:
        raise RowFaults(faults)
    return made


def technology(row: Row) -> None:
    _put(row, "technology", _technology_code)


def place(row: Row) -> None:
    """Region and district as codes; a KATO code names the region too. Both coordinates or none."""
    _put(row, "region", _region_code)
    if row.get("district"):
        row["region"] = _asked("district", lambda kato: _region_of_kato(kato, row.get("region")), row["district"])
    if (row.get("lon") is None) != (row.get("lat") is None):
        raise RowFault("lon", Refusal("half-a-place"))


def point(row: Row) -> None:
    if (row.get("lon") is None) != (row.get("lat") is None):
        raise RowFault("lon", Refusal("half-a-place"))


def bin_number(row: Row) -> None:
    _put(row, "bin", _bin)


def size(row: Row) -> None:
    """``capacity`` as the register keeps it, so that the same file says the same again: 15 digits, 6 behind the
    point."""
    _put(row, "capacity_unit", _unit_code)
    value, code = row.get("capacity"), row.get("capacity_unit")
    if value is None:
        return
    if not code:
        raise RowFault("capacity", Refusal("capacity-without-unit", received=str(value)))
    if row.get("technology") in _sized_by_power() and (code not in UNITS or UNITS[code].dimension != "power"):
        raise RowFault("capacity_unit", Refusal("unit-dimension", received=code, expected="MW"))
    if code in UNITS and UNITS[code].to_base(value) > _LARGEST:
        raise RowFault("capacity", Refusal("above-maximum", received=f"{value} {code}", expected=f"{_LARGEST:.0e}"))
    row["capacity"] = round(_KEPT.plus(value), 6)


@lru_cache(maxsize=1)
def _sized_by_power() -> frozenset[str]:
    return frozenset(each.code for each in technologies() if each.sized_by_power)


def investment(row: Row) -> None:
    """An amount and its currency (ISO 4217), one not without the other."""
    amount, currency = row.get("investment"), row.get("investment_currency")
    if currency:
        row["investment_currency"] = currency.strip().upper()
        if row["investment_currency"] not in CURRENCIES:
            raise RowFault("investment_currency", Refusal("unknown-currency", received=currency[:20]))
    if amount is None:
        return
    if not currency:
        raise RowFault("investment", Refusal("amount-without-currency", received=str(amount)))
    row["investment"] = round(amount, 2)


def listed(key: str, known: Callable[[], ChoiceList]) -> Step:
    """A step for several choices in one cell, divided by ``;``: their codes, blank-separated."""

    def step(row: Row) -> None:
        if row.get(key):
            codes = [_asked(key, known(), part) for part in parts(row[key])]
            row[key] = " ".join(dict.fromkeys(code for code in codes if code)) or None

    return step


def parts(text: str) -> list[str]:
    """What stands in one cell, divided by ``;``."""
    return [part.strip() for part in text.split(";") if part.strip()]


def key_of(*more: str) -> Step:
    """A step that checks the file's key, or makes one from the name and the columns ``more``."""

    def step(row: Row) -> None:
        given = row.get("key")
        if given and not is_key(given):
            raise RowFault("key", Refusal("key-form", received=given[:40], expected=slug(given)))
        if not given:
            row["key"] = own_key(row["name"], *(row.get(part) for part in more))

    return step


def _put(row: Row, key: str, resolver: Callable[[str], str]) -> None:
    if row.get(key):
        row[key] = _asked(key, resolver, row[key])


def _asked(key: str, resolver: Callable[[str], T], value: str) -> T:
    try:
        return resolver(value)
    except Refusal as refusal:
        raise RowFault(key, refusal) from refusal


def _remembered(resolver: Callable[P, T]) -> Callable[P, T]:
    """``resolver`` answering at once what it was asked lately, refusals too: a file of a million rows says few
    different words, and looking for words near an unknown one is slow."""

    @lru_cache(maxsize=4096)
    def answer(*asked: P.args, **more: P.kwargs) -> T | Refusal:
        try:
            return resolver(*asked, **more)
        except Refusal as refusal:
            return refusal

    def ask(*asked: P.args, **more: P.kwargs) -> T:
        found = answer(*asked, **more)
        if isinstance(found, Refusal):
            raise found.with_traceback(None)  # else each raising would lengthen the kept one's traceback
        return found

    return ask


_bin = _remembered(parse_bin)


@_remembered
def _technology_code(text: str) -> str:
    code = resolve_technology(text).code
    family_of(code)  # a heading over several families is no technology of a facility
    return code


@_remembered
def _region_code(text: str) -> str:
    return resolve(text).iso


@_remembered
def _region_of_kato(kato: str, declared: str | None) -> str:
    """The region that a KATO code lies in: its first two digits. Raises Refusal ``unknown-district``,
    ``district-elsewhere``."""
    iso = f"KZ-{kato[:2]}"
    if iso not in {one.iso for one in regions()} or kato == region(iso).kato:
        raise Refusal("unknown-district", received=kato, expected="710000000 … 751110000")
    if declared and declared != iso:
        raise Refusal("district-elsewhere", received=kato, found=iso, expected=declared)
    return iso


@_remembered
def _unit_code(text: str) -> str:
    """A unit of the house, a counted thing in braces (``{buses}``), or a throughput in UCUM (``t/d``, ``L/mo``)."""
    return text if _SIZE.fullmatch(text) else unit(text).ucum
