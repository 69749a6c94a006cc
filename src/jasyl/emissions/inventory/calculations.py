"""Masses calculated again from the data that stand with them: landfills and wastewater."""

from decimal import Decimal

from ..landfill import decay_of, practice_of
from ..waste_treatment import landfilled
from ..wastewater import Path, wastewater_methane, wastewater_nitrous_oxide
from .document import Calculation, LandfillData, WastewaterData

_NEAR = 1e-6


def calculated_masses(by: Calculation, year: int) -> dict[str, float] | None:
    """kg of each gas from the data of a calculation in a year; None where it brings no data.

    Raises the Refusals of the methods: ``landfill-unknown``, ``landfill-deposit``, ``wastewater-paths`` …
    """
    match by.data:
        case LandfillData():
            return _landfill(by.data, year)
        case WastewaterData():
            return _wastewater(by.data)
        case _:
            return None


def differing(masses: dict[str, Decimal], again: dict[str, float]) -> list[tuple[str, float, float]]:
    """(gas, given, calculated) of every gas that is not the same to a millionth."""
    found: list[tuple[str, float, float]] = []
    for gas in dict.fromkeys((*masses, *again)):
        given, made = float(masses.get(gas, Decimal())), again.get(gas, 0.0)
        if abs(given - made) > _NEAR * max(abs(given), abs(made)):
            found.append((gas, given, made))
    return found


def _landfill(data: LandfillData, year: int) -> dict[str, float]:
    kinds = {kind: decay_of(kind, data.climate) for kind in data.deposits}
    deposits = {kind: [float(tonnes) * 1000 for tonnes in row] for kind, row in data.deposits.items()}
    practice = practice_of(data.management, covered=data.covered)
    made = landfilled(deposits, data.first_year, year, practice, kinds, recovered=float(data.recovered))
    return {gas: float(mass) for gas, mass in made.masses.items()}


def _wastewater(data: WastewaterData) -> dict[str, float]:
    people = float(data.people)
    paths = [Path(one.name, float(one.share), one.mcf, one.collected) for one in data.paths]
    methane = wastewater_methane(people, paths).masses
    oxide = wastewater_nitrous_oxide(
        people, disposal_units=data.disposal_units, industrial=data.industrial, plant_share=float(data.plant_share)
    ).masses
    return {gas: float(mass) for gas, mass in {**methane, **oxide}.items()}
