"""What a report would come to under the other grid factors, calorific values of coal and sets of potentials."""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from jasyl.quantities import unit

from ..energy_factors import energy_factors
from ..fuel_factors import calorific_options, fuel
from ..warming import GWP_SETS
from .amounts import Metered
from .assessment import assess
from .report import BoughtLine, FactorChoice, FuelLine, PlantReport


@dataclass(frozen=True)
class Sensitivity:
    """What scope 1 and 2 (kg CO2e) would be under another choice; ``chosen`` marks the one in the report."""

    subject: str
    choice: str
    scope1: float | None
    scope2: float | None
    chosen: bool


def sensitivity(report: PlantReport, metered: Mapping[str, Metered] | None = None) -> tuple[Sensitivity, ...]:
    """The totals under every other grid factor, calorific value of coal and set of potentials that could be chosen."""
    rows: list[Sensitivity] = []
    if any(line.carrier == "electricity" for line in report.bought):
        now = {line.factor.choice for line in report.bought if line.carrier == "electricity" and line.factor}
        for one in energy_factors("electricity"):
            other = msgspec.structs.replace(report, bought=tuple(_with_grid(line, one.key) for line in report.bought))
            rows.append(_row("grid", one.key, other, metered, chosen=now == {one.key}))
    for at, line in enumerate(report.fuels):
        if fuel(line.fuel).coal and line.unit and unit(line.unit).dimension == "mass":
            rows += [
                _row("coal", one.id, _with_calorific(report, at, one.id), metered, chosen=_chosen(line, one.id))
                for one in calorific_options(line.fuel)
            ]
            if line.calorific is not None and line.calorific.value is not None:
                rows.append(_row("coal", "own", report, metered, chosen=True))
    for series in GWP_SETS:
        other = msgspec.structs.replace(report, series=series, methane=report.methane or "split")
        rows.append(_row("potentials", series, other, metered, chosen=series == report.series))
    return tuple(rows)


def _row(
    subject: str, choice: str, report: PlantReport, metered: Mapping[str, Metered] | None, *, chosen: bool
) -> Sensitivity:
    found = assess(report, metered)
    return Sensitivity(subject, choice, found.equivalent1, found.equivalent2, chosen)


def _with_grid(line: BoughtLine, key: str) -> BoughtLine:
    if line.carrier != "electricity":
        return line
    return msgspec.structs.replace(line, factor=FactorChoice(choice=key))


def _with_calorific(report: PlantReport, at: int, choice: str) -> PlantReport:
    lines = list(report.fuels)
    lines[at] = msgspec.structs.replace(lines[at], calorific=FactorChoice(choice=choice))
    return msgspec.structs.replace(report, fuels=tuple(lines))


def _chosen(line: FuelLine, choice: str) -> bool:
    return line.calorific is not None and line.calorific.choice == choice
