"""The numbers of an inventory: cells, three totals that are never mixed, scopes beside each other, gases apart.

BASIC, BASIC+ and the territorial total are three sums over the same cells; none is made from another. Fuel that a
plant burns for the energy it supplies (I.4.4) and waste of others are in the territorial total only; what a network
brings (scope 2) never is. Biogenic CO2 is in none.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

import msgspec

from jasyl.quantities import decimal_text
from jasyl.texts import Refusal

from ..cogeneration import Shares, compared, double_counted
from ..finding import Finding
from .check import Places, findings, refused
from .document import Activity, Allocation, GwpSet, Inventory, Methane, Statement
from .factors import Used, used_factor
from .gases import BIOGENIC, warming
from .method_data import named_factors
from .structure import SECTORS, TOTALS, GpcCell, Quality, Total, cells
from .terms import Term, Variable, activity_terms

_GRADES: tuple[Quality, ...] = ("H", "M", "L")


@dataclass(frozen=True)
class CellValue:
    """What stands in a cell: ``co2e`` (kg) with the masses of its species, or a key with target or reason.

    Grades are the lowest among its activities. A cell left out that may be (``optional``) has neither.
    """

    cell: GpcCell
    co2e: Decimal | None
    masses: dict[str, Decimal]
    statement: Statement | None
    activities: tuple[str, ...]
    quality: Quality | None
    factor_quality: Quality | None

    @property
    def biogenic(self) -> Decimal:
        """kg of biogenic CO2, which is in no total."""
        return self.masses.get(BIOGENIC, Decimal(0))

    @property
    def key(self) -> str | None:
        return self.statement.key if self.statement else None


@dataclass(frozen=True)
class TotalValue:
    """One total in kg of CO2e, by sector, with the mass of each species; ``missing`` are its cells not estimated."""

    total: Total
    co2e: Decimal
    sectors: dict[str, Decimal]
    masses: dict[str, Decimal]
    missing: tuple[str, ...]
    numbered: int

    @property
    def complete(self) -> bool:
        """Whether every cell of it that occurs is estimated."""
        return not self.missing


@dataclass(frozen=True)
class Cogeneration:
    """The I.4.4 check: what plants in the city burn for energy they supply, beside what the city has bought.

    Both in kg CO2e. ``in_basic`` is what of the first got into BASIC: always 0, and shown. ``state``: ``none`` (no
    plant in the city), ``recorded`` (both sides and a choice), ``one_side`` (only one of them estimated). ``overlaps``
    are cells of one total that hold the same emission; ``shares`` what each way of sharing would give heat and power,
    where the document has the numbers.
    """

    state: str
    supplied: Decimal
    bought: Decimal
    in_basic: Decimal
    method: str | None
    reason: str | None
    overlaps: Mapping[str, tuple[str, ...]]
    shares: tuple[Shares, ...]


@dataclass(frozen=True)
class Result:
    """An inventory with its numbers."""

    inventory: Inventory
    terms: tuple[Term, ...]
    variables: dict[str, Variable]
    factors: dict[str, Used]
    cells: tuple[CellValue, ...]
    findings: tuple[Finding, ...]

    @cached_property
    def totals(self) -> dict[Total, TotalValue]:
        """The three totals, each summed for itself."""
        return {total: _total(total, self.cells) for total in TOTALS}

    @cached_property
    def by_ref(self) -> dict[str, CellValue]:
        return {one.cell.ref: one for one in self.cells}

    @cached_property
    def by_activity(self) -> dict[str, Decimal]:
        """kg CO2e of each activity by its id."""
        book, found = self.inventory, dict[str, Decimal]()
        for term in self.terms:
            co2e = warming(term.species, term.mass, book.gwp_set, book.methane)
            found[term.activity] = found.get(term.activity, Decimal()) + co2e
        return found

    @cached_property
    def scopes(self) -> dict[str, Decimal]:
        """kg CO2e of scopes 1, 2 and 3 beside each other; they are no parts of a sum (I.4.4 and I.x.2 overlap)."""
        known = [(one.cell.scope, one.co2e) for one in self.cells if one.co2e is not None]
        return {str(scope): sum((co2e for of, co2e in known if of == scope), Decimal()) for scope in (1, 2, 3)}

    @property
    def biogenic(self) -> Decimal:
        """kg of biogenic CO2 of the territory (scope 1 cells), outside every total."""
        return sum((one.biogenic for one in self.cells if one.cell.scope == 1), Decimal())

    def per_head(self, total: Total) -> Decimal | None:
        """kg CO2e for each inhabitant."""
        people = self.inventory.population.value
        return self.totals[total].co2e / people if people > 0 else None

    @cached_property
    def cogeneration(self) -> Cogeneration:
        """The double-count check of cities with cogeneration."""
        supplied = self.by_ref["I.4.4"].co2e
        scope2 = [one.co2e for one in self.cells if one.cell.sector == "I" and one.cell.scope == 2]
        bought = sum((one for one in scope2 if one is not None), Decimal())
        state = "none" if supplied is None and self.by_ref["I.4.4"].key == "NO" else "one_side"
        if supplied is not None and bought:
            state = "recorded"
        inside = supplied if supplied is not None and self.by_ref["I.4.4"].cell.basic else Decimal()
        choice = self.inventory.allocation
        return Cogeneration(
            state, supplied or Decimal(), bought, inside, choice.method if choice else None,
            choice.reason if choice else None, self._overlaps, _shares(choice),
        )  # fmt: skip

    @property
    def _overlaps(self) -> dict[str, tuple[str, ...]]:
        """Cells that tell of the same fuel within one total; empty for each of the three, by their very make."""
        counted = {
            total: {one.cell.ref: float(one.co2e) for one in self.cells if one.co2e and one.cell.part_of(total)}
            for total in TOTALS
        }
        return {total: double_counted(masses) for total, masses in counted.items()}

    @property
    def assumed(self) -> list[dict[str, str]]:
        """Every value that nobody measured, published or chose, one row each: assumed amounts and factors, amounts
        carried over (``why`` is their year), what a method took from the table unasked (``why`` is the activity),
        assumed errors."""
        rows = [
            {"kind": "amount", "id": one.id, "value": _amount_text(one), "why": one.note or one.source}
            for one in self.inventory.activities
            if one.assumed
        ]
        rows += [
            {"kind": "carried", "id": one.id, "value": _amount_text(one), "why": str(one.carried_from)}
            for one in self.inventory.activities
            if one.carried_from is not None
        ]
        rows += [
            {"kind": "factor", "id": one.id, "value": f"{decimal_text(one.value)} {one.unit}", "why": one.source}
            for one in self.factors.values()
            if one.assumed
        ]
        unasked = ((one.id, self.factors[name]) for one in self.inventory.activities for name in self._unasked(one))
        rows += [
            {"kind": "default", "id": used.id, "value": f"{decimal_text(used.value)} {used.unit}", "why": activity}
            for activity, used in unasked
        ]
        return rows + [
            {"kind": "uncertainty", "id": one.id, "value": f"±{one.deviation * 196:.3g} %", "why": "grade"}
            for one in self.variables.values()
            if one.basis == "grade"
        ]

    def _unasked(self, one: Activity) -> Iterable[str]:
        """The factors that the method of an activity took without the document naming them, whole or by the end of
        their id (``septic_system``)."""
        named = tuple(named_factors(one.calculation.data)) if one.calculation and one.calculation.data else ()
        ends = tuple(f".{each}" for each in named)
        used = (step.factor for term in self.terms if term.made and term.activity == one.id for step in term.steps)
        return [name for name in dict.fromkeys(used) if name not in named and not name.endswith(ends)]


def _amount_text(one: Activity) -> str:
    return "—" if one.amount is None else f"{one.amount} {one.unit}".strip()


def _shares(choice: Allocation | None) -> tuple[Shares, ...]:
    """What every way of sharing gives for which the document has the numbers."""
    if choice is None or choice.heat is None or choice.power is None:
        return ()
    given = {name: float(value) for name, value in choice.parameters.items()}
    return compared(float(choice.heat), float(choice.power), **given)


def evaluate(inventory: Inventory, places: Places | None = None) -> Result:
    """The numbers. Raises the first Refusal where :func:`.check.findings` refuses anything; all of them stand there."""
    found = findings(inventory, places)
    wrong = refused(found)
    if wrong:
        raise wrong[0]
    terms: list[Term] = []
    variables: dict[str, Variable] = {}
    for one in inventory.activities:
        made, own = activity_terms(inventory, one)
        terms += made
        for name, variable in own.items():
            before = variables.get(name)
            variables[name] = variable if before is None or variable.deviation > before.deviation else before
    ids = dict.fromkeys(step.factor for term in terms for step in term.steps)
    factors = {identifier: used_factor(inventory, identifier) for identifier in ids}
    values = tuple(_cell_value(inventory, each, terms) for each in cells())
    return Result(inventory, tuple(terms), variables, factors, values, found)


def in_set(inventory: Inventory, gwp_set: GwpSet, methane: Methane | None = None) -> Inventory:
    """The same inventory under another set of potentials.

    Raises Refusal ``inventory-equivalent-fixed`` where something is known as CO2e only: it cannot be converted.
    """
    fixed = [one.id for one in (*inventory.activities, *inventory.factors) if one.gwp_set not in {None, gwp_set}]
    if fixed:
        raise Refusal("inventory-equivalent-fixed", received=", ".join(fixed)[:200], expected=gwp_set)
    return msgspec.structs.replace(inventory, gwp_set=gwp_set, methane=None if gwp_set == "AR4" else methane)


def series_in_set(years: Iterable[Inventory], gwp_set: GwpSet, methane: Methane | None = None) -> list[Result]:
    """All years under one set: a series never mixes two."""
    return [evaluate(in_set(one, gwp_set, methane)) for one in sorted(years, key=lambda each: each.year)]


def _cell_value(inventory: Inventory, each: GpcCell, terms: Iterable[Term]) -> CellValue:
    inside = [one for one in inventory.activities if one.ref == each.ref]
    masses: dict[str, Decimal] = {}
    for term in terms:
        if term.ref == each.ref:
            masses[term.species] = masses.get(term.species, Decimal()) + term.mass
    co2e = _warmed(masses, inventory) if inside else None
    statement = next((one for one in inventory.cells if one.ref == each.ref), None)
    return CellValue(
        each, co2e, masses, statement, tuple(one.id for one in inside),
        _lowest(one.quality for one in inside), _lowest(one.factor_quality for one in inside),
    )  # fmt: skip


def _warmed(masses: dict[str, Decimal], inventory: Inventory) -> Decimal:
    return sum(
        (warming(species, mass, inventory.gwp_set, inventory.methane) for species, mass in masses.items()), Decimal()
    )


def _lowest(grades: Iterable[Quality]) -> Quality | None:
    found = set(grades)
    return next((grade for grade in reversed(_GRADES) if grade in found), None)


def _total(total: Total, values: Iterable[CellValue]) -> TotalValue:
    part = [one for one in values if one.cell.part_of(total)]
    sectors: dict[str, Decimal] = {sector: Decimal() for sector in SECTORS}
    masses: dict[str, Decimal] = {}
    for one in part:
        sectors[one.cell.sector] += one.co2e or Decimal()
        for species, mass in one.masses.items():
            if species != BIOGENIC:
                masses[species] = masses.get(species, Decimal()) + mass
    used = {one.cell.sector for one in part}
    missing = tuple(one.cell.ref for one in part if one.key == "NE")
    numbered = sum(one.co2e is not None for one in part)
    return TotalValue(
        total, sum(sectors.values(), Decimal()), {name: sectors[name] for name in SECTORS if name in used}, masses,
        missing, numbered,
    )  # fmt: skip
