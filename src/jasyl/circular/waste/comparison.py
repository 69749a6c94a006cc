"""Scenarios beside the programme as it stands: flows, emissions, money and jobs; the targets each reaches."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import numpy as np

from ..lifetime import Floats
from .deviations import share_deviations
from .effects import SOURCES, WasteEffects, effects_of
from .programme import Scenario, Target, WasteProgramme
from .run import DEFINITIONS, ENDS, Definition, run_programme


@dataclass(frozen=True)
class TargetReached:
    """Share of what is generated (%) that a scenario reaches in the target's year; None outside the programme.

    ``at_most`` is the share if all that was handed over and not heard of again were recycled: between the two nobody
    knows, and ``reached`` is None where the target lies there.
    """

    target: Target
    value: float | None
    at_most: float | None

    @property
    def reached(self) -> bool | None:
        if self.value is None or self.at_most is None:
            return None
        if self.target.definition == "landfilled":  # less is better
            return self.value <= self.target.value
        if self.value >= self.target.value:
            return True
        return False if self.at_most < self.target.value else None


@dataclass(frozen=True, eq=False)
class Comparison:
    """The programme as it stands (first, scenario ``""``) and every scenario."""

    programme: WasteProgramme
    outcomes: tuple[WasteEffects, ...]

    @cached_property
    def deviations(self) -> dict[str, dict[str, Floats]]:
        """Standard deviation of each share [years], by scenario and definition; empty where no input tells one."""
        return {one.run.scenario: share_deviations(one.run) for one in self.outcomes}

    def targets(self, outcome: WasteEffects) -> tuple[TargetReached, ...]:
        """Every target of the programme, held against one outcome."""
        programme = self.programme
        found: list[TargetReached] = []
        for target in programme.targets:
            definition, at = cast("Definition", target.definition), target.year - programme.first_year
            known = [None, None]
            if 0 <= at < len(programme.years):
                shares = (outcome.run.share(definition)[at], outcome.run.share_at_most(definition)[at])
                known = [None if np.isnan(share) else 100 * float(share) for share in shares]
            found.append(TargetReached(target, known[0], known[1]))
        return tuple(found)

    def cost_of_saving(self, outcome: WasteEffects) -> float | None:
        """Discounted cost above the programme as it stands, for each tonne of CO2e saved over its years.

        None where nothing is saved, and where the cost of running what the scenario adds is not told. Methane that
        the last years' waste will still give is in neither: long programmes tell more.
        """
        base = self.outcomes[0]
        saved = float(base.total.sum() - outcome.total.sum()) / 1000
        scenario = next((one for one in self.programme.scenarios if one.id == outcome.run.scenario), None)
        if saved <= 0 or scenario is None or not _costs_told(scenario):
            return None
        return (outcome.cost_now - base.cost_now) / saved

    def rows(self) -> Iterator[dict[str, Any]]:
        """One row a scenario and year: masses (kg), shares (%), emissions (kg CO2e), money, jobs."""
        for one in self.outcomes:
            run = one.run
            sums = {name: run.total(name) for name in ("generated", "imported", "exported", *DEFINITIONS, *ENDS)}
            shares = {f"{name}_share": 100 * run.share(name) for name in DEFINITIONS}
            spread = self.deviations[run.scenario].get("recycled")
            shares["recycled_share_sd"] = np.full(len(sums["generated"]), np.nan) if spread is None else 100 * spread
            shares["recycled_share_at_most"] = 100 * run.share_at_most("recycled")
            gases = {f"{source}_co2e": one.emissions[source] for source in SOURCES} | {"co2e": one.total}
            money = {"operation": one.operation, "revenue": one.revenue, "investment": one.investment, "jobs": one.jobs}
            for at, year in enumerate(self.programme.years):
                amounts = {
                    name: None if np.isnan(values[at]) else float(values[at])
                    for name, values in (sums | shares | gases | money).items()
                }
                yield {"scenario": run.scenario, "year": year, **amounts, "kind": "modelled"}

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        programme = self.programme
        return {
            "title": programme.title,
            "place": programme.place,
            "years": programme.years,
            "input_sha256": self.outcomes[0].run.digest,
            "gwp": programme.gwp,
            "currency": programme.currency,
            "price_year": programme.price_year,
            "rows": list(self.rows()),
            "scenarios": [self._scenario(one) for one in self.outcomes],
            "notes": programme.notes,
        }

    def _scenario(self, one: WasteEffects) -> dict[str, Any]:
        run = one.run
        exchange = {
            way: {member: masses.tolist() for member, masses in sums.items()}
            for way, sums in run.between_members().items()
        }
        return {
            "scenario": run.scenario,
            "intake": {plant: masses.tolist() for plant, masses in run.intake.items()},
            "between_members": exchange,
            "share_deviations": {name: sd.tolist() for name, sd in self.deviations[run.scenario].items()},
            "findings": [vars(each) for each in run.findings],
            "targets": [
                {"target": each.target.id, "definition": each.target.definition, "year": each.target.year}
                | {"wanted": each.target.value, "value": each.value, "at_most": each.at_most, "reached": each.reached}
                for each in self.targets(one)
            ],
            "cost_now": one.cost_now,
            "cost_per_tonne_saved": self.cost_of_saving(one),
            "emission_factors": list(one.factors),
        }


def _costs_told(scenario: Scenario) -> bool:
    """Whether the running cost of all that a scenario adds or changes is told."""
    plants = all(one.opex_per_tonne is not None for one in scenario.facilities)
    new = scenario.collecting
    return plants and (new is None or None not in (new.opex_per_tonne, new.separate_opex_per_tonne))


def compare(programme: WasteProgramme) -> Comparison:
    """Run an examined programme as it stands and with each of its scenarios."""
    names = [None, *(one.id for one in programme.scenarios)]
    return Comparison(programme, tuple(effects_of(run_programme(programme, name)) for name in names))
