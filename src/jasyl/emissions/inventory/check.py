"""Examining an inventory: everything that is wrong with it, at once, each with its cell and its remedy.

What is refused makes a total mean something else than it says; what is warned of stands in the result as a mark.
Nothing is repaired.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal

from jasyl.texts import Refusal, Where

from ..cogeneration import PARAMETERS, allocate
from ..factors import is_factor
from ..finding import Finding
from .calculations import differing
from .document import Activity, Inventory, Statement
from .factors import used_factor
from .gases import BIOGENIC, EQUIVALENT, checked_species, family
from .method_data import TravelData, WastewaterData
from .structure import GpcCell, cell, cells
from .terms import Term, activity_terms
from .units import measure

# Where parts of the document stood in a file: ``activities.coal`` → file, sheet, row.
Places = Mapping[str, Where]
_GASES_ASKED = ("CO2", "CH4", "N2O")
# More nitrous oxide than this share of the CO2 mass is no combustion.
_LARGEST_N2O = Decimal("0.02")


def findings(inventory: Inventory, places: Places | None = None) -> tuple[Finding, ...]:
    """Everything found, refusals first, in the order of the document."""
    at = _Locator(places or {})
    found = [
        *_of_whole(inventory, at),
        *_of_activities(inventory, at),
        *_of_cells(inventory, at),
        *_of_cogeneration(inventory, at),
    ]
    return tuple(sorted(found, key=lambda one: one.level != "error"))


def refused(found: Iterable[Finding]) -> list[Refusal]:
    """Only what the inventory is refused for."""
    return [one.refusal for one in found if one.level == "error"]


class _Locator:
    def __init__(self, places: Places) -> None:
        self._places = places

    def __call__(self, section: str, key: str, field: str = "") -> Where:
        known = self._places.get(f"parameters.{key}") if field == "calculation" else None
        known = known or self._places.get(f"{section}.{key}")
        if known is not None:
            return Where(known.file, known.sheet, known.row, field or known.field)
        return Where(field=f"{section}[{key}]" + (f".{field}" if field else ""))


def _no(code: str, where: Where, **said: str | int | float | None) -> Finding:
    return Finding("error", Refusal(code, where=where, **said))


def _mark(code: str, where: Where, **said: str | int | float | None) -> Finding:
    return Finding("warning", Refusal(code, where=where, **said))


def _of_whole(inventory: Inventory, at: _Locator) -> Iterator[Finding]:
    if inventory.population.basis != "inhabitants":
        yield _no("inventory-population-basis", at("population", inventory.place), received=inventory.population.basis)
    if inventory.gwp_set != "AR4" and inventory.methane is None:
        yield _no("gwp-methane", at("inventory", "methane"), received=inventory.gwp_set, expected="split, unsplit")
    for named, value in _numbers(inventory):
        if not value.is_finite():
            yield _no("inventory-number", Where(field=named), received=str(value))
    for section, ids in (
        ("activities", [one.id for one in inventory.activities]),
        ("factors", [one.id for one in inventory.factors]),
        ("cells", [one.ref for one in inventory.cells]),
    ):
        for twice in sorted({one for one in ids if ids.count(one) > 1}):
            yield _no("inventory-twice", at(section, twice), received=twice)
    for one in inventory.factors:
        if is_factor(one.id):
            yield _no("inventory-factor-taken", at("factors", one.id, "id"), received=one.id)
    sets = {one.gwp_set for one in (*inventory.activities, *inventory.factors) if one.gwp_set}
    if sets - {inventory.gwp_set}:
        for one in (*inventory.activities, *inventory.factors):
            if one.gwp_set not in {None, inventory.gwp_set}:
                section = "activities" if isinstance(one, Activity) else "factors"
                where = at(section, one.id, "gwp_set")
                yield _no(
                    "gwp-mixed", where, received=f"{inventory.gwp_set}, {one.gwp_set}", expected=inventory.gwp_set
                )


def _numbers(inventory: Inventory) -> Iterator[tuple[str, Decimal]]:
    yield "population.value", inventory.population.value
    for one in inventory.activities:
        if one.amount is not None:
            yield f"activities[{one.id}].amount", one.amount
        yield from ((f"activities[{one.id}].masses.{gas}", mass) for gas, mass in one.masses.items())
        if one.uncertainty is not None:
            yield f"activities[{one.id}].uncertainty", one.uncertainty
    for one in inventory.factors:
        yield from (
            (f"factors[{one.id}].{name}", value)
            for name, value in (("value", one.value), ("low", one.low), ("high", one.high))
            if value is not None
        )
    yield from ((f"checks[{one.name}].value", one.value) for one in inventory.checks)


def _of_activities(inventory: Inventory, at: _Locator) -> Iterator[Finding]:
    for one in inventory.activities:
        if not all(value.is_finite() for value in (one.amount or Decimal(0), *one.masses.values())):
            continue  # told above; nothing can be calculated with it
        yield from _of_activity(inventory, one, at)


def _of_activity(inventory: Inventory, one: Activity, at: _Locator) -> Iterator[Finding]:
    try:
        where_it_stands = cell(one.ref)
        terms, _ = activity_terms(inventory, one)
        for gas in dict.fromkeys(term.species for term in terms):
            checked_species(gas, inventory.gwp_set, inventory.methane or "unsplit")
    except Refusal as refusal:
        by_method = one.calculation is not None and one.calculation.data is not None
        where = at("activities", one.id, _FIELD.get(refusal.code, "") or ("calculation" if by_method else ""))
        yield Finding("error", Refusal(refusal.code, where=where, **refusal.arguments))
        return
    yield from _amounts(inventory, one, where_it_stands, terms, at)
    yield from _gases(one, where_it_stands, terms, at)
    yield from _factors(inventory, one, terms, at)
    yield from _plausible(one, terms, at)
    yield from _calculation(inventory, one, terms, at)


# The field a refusal of a calculation is about.
_FIELD = {
    "inventory-ref": "ref", "inventory-unit": "unit", "inventory-density": "through", "inventory-amount": "amount",
    "inventory-conversion": "through", "inventory-gas-factor": "gases", "emission-factor-unknown": "gases",
    "gwp-gas": "gases",
}  # fmt: skip


def _amounts(
    inventory: Inventory, one: Activity, stands: GpcCell, terms: list[Term], at: _Locator
) -> Iterator[Finding]:
    values = (one.amount or Decimal(), *(term.mass for term in terms))
    if not stands.may_be_negative and any(value < 0 for value in values):
        yield _no("inventory-negative", at("activities", one.id, "amount"), received=str(one.amount or "kg"))
    if one.unit and measure(one.unit).dimension == "people" and (one.amount or 0) > inventory.population.value:
        where = at("activities", one.id, "amount")
        yield _no("inventory-populations", where, received=str(one.amount), expected=str(inventory.population.value))


def _gases(one: Activity, stands: GpcCell, terms: list[Term], at: _Locator) -> Iterator[Finding]:
    given = tuple(dict.fromkeys(term.species for term in terms))
    where = at("activities", one.id, "gases")
    for gas in given:
        if gas not in {EQUIVALENT, BIOGENIC} and family(gas) not in stands.gases:
            yield _no("inventory-gas-foreign", where, received=gas, expected=", ".join(stands.gases))
        if gas in one.omitted:
            yield _no("inventory-gas-twice", where, received=gas)
    if EQUIVALENT in given and one.gwp_set is None:
        yield _no("inventory-equivalent", at("activities", one.id, "gwp_set"), received=one.id)
    if EQUIVALENT in given or stands.sector not in {"I", "II", "III"}:
        return
    families = {family(gas) for gas in given}
    for gas in (gas for gas in stands.gases if gas in _GASES_ASKED):
        if gas not in families and not one.omitted.get(gas, "").strip():
            yield _no("inventory-gas-missing", where, received=gas, expected=f"{stands.ref}: {', '.join(stands.gases)}")


def _factors(inventory: Inventory, one: Activity, terms: list[Term], at: _Locator) -> Iterator[Finding]:
    for identifier in dict.fromkeys(step.factor for term in terms for step in term.steps):
        used = used_factor(inventory, identifier)
        if not used.confirmed:
            yield _mark("inventory-factor-unconfirmed", at("activities", one.id, "gases"), received=used.id)
        if used.gwp_set not in {None, inventory.gwp_set}:
            continue  # told of the whole
        if used.gas == EQUIVALENT and "life_cycle" in used.id:
            yield _mark("inventory-life-cycle", at("activities", one.id, "gases"), received=used.id)


def _calculation(inventory: Inventory, one: Activity, terms: list[Term], at: _Locator) -> Iterator[Finding]:
    """Masses given beside the data they come from are compared; a difference is marked, nothing is corrected."""
    data = one.calculation.data if one.calculation else None
    where = at("activities", one.id, "calculation")
    if isinstance(data, WastewaterData) and data.people > inventory.population.value:
        yield _no("inventory-populations", where, received=str(data.people), expected=str(inventory.population.value))
    if data is None or not one.masses:
        return
    again: dict[str, float] = {}
    for term in terms:
        again[term.species] = again.get(term.species, 0.0) + float(term.mass)
    for gas, given, made in differing(one.masses, again):
        yield _mark("inventory-not-reproducible", where, received=f"{gas} {given:.6g} kg", expected=f"{made:.10g} kg")


def _plausible(one: Activity, terms: list[Term], at: _Locator) -> Iterator[Finding]:
    masses = {term.species: term.mass for term in terms}
    carbon = masses.get("CO2", Decimal(0)) + masses.get(BIOGENIC, Decimal(0))
    if carbon > 0 and masses.get("N2O", Decimal(0)) > _LARGEST_N2O * carbon:
        yield _mark("inventory-much-n2o", at("activities", one.id, "gases"), received=one.id)
    if one.carried_from is not None:
        where = at("activities", one.id, "carried_from")
        yield _mark("inventory-carried", where, received=one.name, year=str(one.carried_from))


def _of_cells(inventory: Inventory, at: _Locator) -> Iterator[Finding]:
    numbered = {one.ref for one in inventory.activities}
    stated = {one.ref: one for one in inventory.cells}
    for one in inventory.cells:
        yield from _of_statement(one, numbered, at)
    for each in cells():
        if each.ref not in numbered and each.ref not in stated and not each.optional:
            yield _no("inventory-blank", at("cells", each.ref), received=each.ref)
        one = stated.get(each.ref)
        if one and one.key == "NE" and each.basic and each.ref not in numbered:
            yield _mark("inventory-basic-missing", at("cells", each.ref), received=each.ref)


def _of_statement(one: Statement, numbered: set[str], at: _Locator) -> Iterator[Finding]:
    where: Callable[[str], Where] = lambda field: at("cells", one.ref, field)  # noqa: E731
    try:
        cell(one.ref)
    except Refusal as refusal:
        yield Finding("error", Refusal(refusal.code, where=where("ref"), **refusal.arguments))
        return
    if one.ref in numbered:
        yield _no("inventory-number-and-key", where("key"), received=one.key, ref=one.ref)
    if one.key in {"IE", "C"}:
        if not one.target:
            yield _no("inventory-no-target", where("target"), received=one.key, ref=one.ref)
        elif one.target == one.ref or one.target not in numbered:
            yield _no("inventory-empty-target", where("target"), received=one.target, ref=one.ref)
    elif one.target:
        yield _no("inventory-target-unused", where("target"), received=one.key, ref=one.ref)
    if one.key == "NE" and not one.reason.strip():
        yield _no("inventory-no-reason", where("reason"), received=one.ref)


def _of_sharing(inventory: Inventory, at: _Locator) -> Iterator[Finding]:
    """The way of sharing has the parameters it needs, and they are possible."""
    choice = inventory.allocation
    if choice is None or choice.heat is None or choice.power is None:
        return
    known = {name: float(value) for name, value in choice.parameters.items() if name in PARAMETERS[choice.method]}
    try:
        allocate(choice.method, float(choice.heat), float(choice.power), **known)
    except Refusal as refusal:
        where = at("inventory", "allocation")
        yield Finding("error", Refusal(refusal.code, where=where, **refusal.arguments))


def _of_cogeneration(inventory: Inventory, at: _Locator) -> Iterator[Finding]:
    """I.4.4 and I.x.2 tell of the same fuel: the choice of sharing it must be recorded, and no plant stand twice."""
    supplied = [one for one in inventory.activities if one.ref == "I.4.4"]
    bought = [one for one in inventory.activities if one.ref.startswith("I.") and one.ref.endswith(".2")]
    if supplied and bought and inventory.allocation is None:
        yield _no("inventory-allocation", at("inventory", "allocation"), received=", ".join(o.id for o in supplied))
    if inventory.allocation is not None and not inventory.allocation.reason.strip():
        yield _no("inventory-no-reason", at("inventory", "allocation"), received="allocation")
    yield from _of_sharing(inventory, at)
    for one in supplied:
        for other in inventory.activities:
            same_plant = bool(one.plant) and other.plant == one.plant
            burnt = other.ref.startswith("I.") and other.ref.endswith(".1") and same_plant
            if burnt and (other.amount, other.unit) == (one.amount, one.unit) and one.amount is not None:
                where = at("activities", other.id, "ref")
                yield _no("inventory-plant-twice", where, received=one.plant, expected=f"{one.ref}, {other.ref}")
    if not inventory.road_method and any(one.ref.startswith("II.1") for one in inventory.activities):
        yield _no("inventory-method", at("inventory", "road_method"), received="II.1")
    if not inventory.landfill_method and any(one.ref.startswith("III.1") for one in inventory.activities):
        yield _no("inventory-method", at("inventory", "landfill_method"), received="III.1")
    for one in inventory.activities:
        by, where = one.calculation.by if one.calculation else "", at("activities", one.id, "calculation")
        if one.ref.startswith("III.1") and by and inventory.landfill_method not in {None, by}:
            yield _no("inventory-landfill-mixed", where, received=by, expected=inventory.landfill_method)
        travelled = one.calculation is not None and isinstance(one.calculation.data, TravelData)
        if one.ref.startswith("II.1") and travelled and inventory.road_method == "fuel_sales":
            yield _no("inventory-road-mixed", where, received=by, expected=inventory.road_method)
