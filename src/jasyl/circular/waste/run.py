"""Where waste goes, year by year: collection, separate collection, sorting, composting, recycling, burning, landfill.

Arrays are [members, components, years], kg. Plants of the agglomeration are shared: each takes the same share of what
every member brings, so that every kilogram of every member and component is followed to its end. Three flows are
never one: what a sorting plant *takes in* (``sorted``), what is *handed over* to processors, and what is *recycled*.
What is handed over without a recycler who tells what becomes of it is ``handed_unknown``.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
import numpy as np

from ..documents import digest_of
from ..lifetime import Floats
from .examination import along
from .programme import COMPONENTS, Facility, Scenario, WasteProgramme

# Ends of the ways that waste goes; with exports they add up to what is generated and imported.
ENDS = (
    "dumped", "burnt", "uncollected_unknown", "recycled", "recycling_loss", "handed_unknown", "compost", "compost_loss",
    "flue_gas", "landfilled",
)  # fmt: skip
Definition = Literal["collected", "separate", "sorted", "handed_over", "recycled", "landfilled", "dumped"]
DEFINITIONS: tuple[Definition, ...] = (
    "collected", "separate", "sorted", "handed_over", "recycled", "landfilled", "dumped",
)  # fmt: skip
_ORGANIC = ("food", "garden")
_COUNTED: dict[str, tuple[str, ...]] = {"recycled": ("recycled", "composted")}


@dataclass(frozen=True)
class Finding:
    """Something a reader must know: a plant's metered intake above what there was, or above its capacity."""

    code: str
    facility: str
    year: int
    received: float
    expected: float


@dataclass(frozen=True, eq=False)
class WasteRun:
    """A computed programme or scenario: flows by name [members, components, years], kg; intake of plants [years]."""

    programme: WasteProgramme
    scenario: str
    digest: str
    flows: Mapping[str, Floats]
    intake: Mapping[str, Floats]
    taken: Mapping[str, Floats]
    facilities: tuple[Facility, ...]
    findings: tuple[Finding, ...]

    def total(self, flow: str) -> Floats:
        """A flow of all members and components [years]."""
        return self.flows[flow].sum(axis=(0, 1))

    def share(self, definition: Definition) -> Floats:
        """A flow as a share of what is generated [years]; NaN where nothing is.

        ``recycled`` counts what enters composting as well, as the Union's municipal recycling rate does. It is what
        is known to be recycled; `share_at_most` adds what was handed over and not heard of again.
        """
        return self._share(*_COUNTED.get(definition, (definition,)))

    def share_at_most(self, definition: Definition) -> Floats:
        """The same if everything that was handed over and not heard of were recycled."""
        return (
            self._share("recycled", "composted", "handed_unknown")
            if definition == "recycled"
            else self.share(definition)
        )

    def _share(self, *flows: str) -> Floats:
        generated = self.total("generated")
        part = np.sum([self.total(flow) for flow in flows], axis=0)
        return np.where(generated > 0, part / np.where(generated > 0, generated, 1.0), np.nan)

    def between_members(self) -> dict[str, dict[str, Floats]]:
        """What members send to plants standing in other members: ``exported`` and ``imported`` [years] by member."""
        members = [one.id for one in self.programme.members]
        sums = {
            name: {each: np.zeros(len(self.programme.years)) for each in members} for name in ("exported", "imported")
        }
        places = {one.id: one.member for one in self.facilities} | {"landfill": self.programme.landfill.member}
        for plant, taken in self.taken.items():
            place = places.get(plant, "")
            for number, each in enumerate(members):
                if place and place != each:
                    sums["exported"][each] += taken[number].sum(axis=0)
                    sums["imported"][place] += taken[number].sum(axis=0)
        return sums

    def rows(self) -> Iterator[dict[str, Any]]:
        """One row a year, member and component with every flow, kg."""
        for at, year in enumerate(self.programme.years):
            for number, member in enumerate(self.programme.members):
                for component, name in enumerate(COMPONENTS):
                    amounts = {flow: float(mass[number, component, at]) for flow, mass in self.flows.items()}
                    if any(amounts.values()):
                        yield {
                            "scenario": self.scenario,
                            "year": year,
                            "member": member.id,
                            "component": name,
                        } | amounts


def run_programme(programme: WasteProgramme, scenario: str | None = None) -> WasteRun:
    """Follow the waste of an examined programme, as it stands or with a scenario. Raises KeyError for another one."""
    changed = programme if scenario is None else _changed(programme, _scenario(programme, scenario))
    return _Following(changed, scenario or "").run(digest_of(programme))


def _scenario(programme: WasteProgramme, name: str) -> Scenario:
    found = next((one for one in programme.scenarios if one.id == name), None)
    if found is None:
        raise KeyError(name)
    return found


def _changed(programme: WasteProgramme, scenario: Scenario) -> WasteProgramme:
    members = tuple(
        msgspec.structs.replace(one, collected=scenario.collected.get(one.id, one.collected))
        for one in programme.members
    )
    own = {one.id for one in scenario.facilities}
    kept = tuple(one for one in programme.facilities if one.id not in own and one.id not in scenario.closed)
    landfill = programme.landfill
    if scenario.gas_collected is not None:
        landfill = msgspec.structs.replace(landfill, gas_collected=scenario.gas_collected)
    return msgspec.structs.replace(
        programme,
        members=members,
        facilities=kept + scenario.facilities,
        collecting=scenario.collecting or programme.collecting,
        landfill=landfill,
    )


class _Following:
    """The state of one pass: what is still to be treated, and what became of the rest."""

    def __init__(self, programme: WasteProgramme, scenario: str) -> None:
        self.programme, self.scenario, self.years = programme, scenario, programme.years
        self.shape = (len(programme.members), len(COMPONENTS), len(self.years))
        self.flows: dict[str, Floats] = {}
        self.taken: dict[str, Floats] = {}
        self.findings: list[Finding] = []

    def run(self, digest: str) -> WasteRun:
        self._collect()
        residual = self._sort(self._exchange(self._separate()))
        residual = self._compost(residual)
        self._recycle()
        self._burn(residual)
        intake = {plant: taken.sum(axis=(0, 1)) for plant, taken in self.taken.items()}
        found = tuple(self.findings)
        return WasteRun(
            self.programme, self.scenario, digest, self.flows, intake, self.taken, self.programme.facilities, found
        )

    def _collect(self) -> None:
        generated = np.zeros(self.shape)
        collected = np.zeros((self.shape[0], 1, self.shape[2]))
        ends = {name: np.zeros(self.shape[0]) for name in ("dumped", "burnt")}
        for number, one in enumerate(self.programme.members):
            mass = (
                along(one.generation, self.years)
                if one.generation is not None
                else along(one.population, self.years) * along(one.rate, self.years) * _days(self.years)
            )
            composition = one.composition or self.programme.composition
            shares = np.array([composition.get(each, 0.0) for each in COMPONENTS])
            generated[number] = np.outer(shares / shares.sum(), mass)
            collected[number, 0] = along(one.collected, self.years)
            ends["dumped"][number], ends["burnt"][number] = one.dumped, one.burnt
        left = generated * (1 - collected)
        self.flows["generated"], self.flows["collected"] = generated, generated * collected
        for name, share in ends.items():
            self.flows[name] = left * share[:, None, None]
        self.flows["uncollected_unknown"] = left - self.flows["dumped"] - self.flows["burnt"]

    def _separate(self) -> Floats:
        """What is collected mixed; ``separate`` is what is collected apart and fit for use."""
        collecting, collected = self.programme.collecting, self.flows["collected"]
        zero = np.zeros(len(self.years))
        given: Mapping[Any, Any] = collecting.separate
        shares = np.stack([along(given[each], self.years) if each in given else zero for each in COMPONENTS])
        apart = collected * shares[None]
        self.flows["separate"] = apart
        self.flows["separate_rejected"] = apart * collecting.rejected
        return collected - apart

    def _exchange(self, mixed: Floats) -> Floats:
        """Mixed waste after imports from outside (in the member's own composition) and exports."""
        self.flows["imported"], self.flows["exported"] = np.zeros(self.shape), np.zeros(self.shape)
        numbers = {one.id: number for number, one in enumerate(self.programme.members)}
        for one in self.programme.exchanges:
            at = numbers[one.member]
            amount = along(one.amount, self.years)
            if one.direction == "import":
                generated = self.flows["generated"][at]
                self.flows["imported"][at] += _parts(generated) * amount
                continue
            there = mixed[at].sum(axis=0) + (self.flows["imported"][at] - self.flows["exported"][at]).sum(axis=0)
            self._over(one.id, amount, there)
            part = _parts(mixed[at] + self.flows["imported"][at] - self.flows["exported"][at])
            self.flows["exported"][at] += part * np.minimum(amount, there)
        return mixed + self.flows["imported"] - self.flows["exported"]

    def _sort(self, mixed: Floats) -> Floats:
        """Residual waste; ``sorted`` is what the plants take in, ``recovered`` what they sort out."""
        self.flows["sorted"], self.flows["recovered"] = np.zeros(self.shape), np.zeros(self.shape)
        residual = mixed
        for plant in self._plants("sorting"):
            taken = self._take(plant, mixed)
            recovered = taken * _recovery(plant)
            self.flows["sorted"] += taken
            self.flows["recovered"] += recovered
            mixed = mixed - taken
            residual = residual - recovered
        return residual + self.flows["separate_rejected"]

    def _compost(self, residual: Floats) -> Floats:
        """Residual waste, with organic waste that was collected apart and finds no plant."""
        clean = self.flows["separate"] - self.flows["separate_rejected"]
        organic = np.array([each in _ORGANIC for each in COMPONENTS])[None, :, None]
        waiting = clean * organic
        self.flows["composted"], self.flows["compost"] = np.zeros(self.shape), np.zeros(self.shape)
        for plant in self._plants("composting"):
            taken = self._take(plant, waiting)
            waiting = waiting - taken
            self.flows["composted"] += taken
            self.flows["compost"] += taken * _recovery(plant)
        self.flows["compost_loss"] = self.flows["composted"] - self.flows["compost"]
        self.flows["handed_over"] = clean * ~organic + self.flows["recovered"]
        return residual + waiting

    def _recycle(self) -> None:
        waiting = self.flows["handed_over"]
        recycled, treated = np.zeros(self.shape), np.zeros(self.shape)
        for plant in self._plants("recycling"):
            taken = self._take(plant, waiting)
            waiting = waiting - taken
            treated += taken
            recycled += taken * _recovery(plant)
        self.flows["recycled"] = recycled
        self.flows["recycling_loss"] = treated - recycled
        self.flows["handed_unknown"] = waiting

    def _burn(self, residual: Floats) -> None:
        burnt, ash = np.zeros(self.shape), np.zeros(self.shape)
        for plant in self._plants("incineration"):
            taken = self._take(plant, residual)
            residual = residual - taken
            burnt += taken
            ash += taken * plant.ash
        self.flows["incinerated"], self.flows["ash"], self.flows["flue_gas"] = burnt, ash, burnt - ash
        self.flows["raw_landfilled"] = residual
        self.flows["landfilled"] = residual + ash
        self.taken["landfill"] = self.flows["landfilled"]

    def _plants(self, role: str) -> Iterator[Facility]:
        return (one for one in self.programme.facilities if one.role == role)

    def _take(self, plant: Facility, waiting: Floats) -> Floats:
        """What the plant takes of what waits: the same share of every member and component it accepts."""
        accepted = np.array([not plant.components or each in plant.components for each in COMPONENTS])
        fit = waiting * accepted[None, :, None]
        there = fit.sum(axis=(0, 1))
        years = np.array(self.years)
        load = plant.capacity if plant.load is None else np.minimum(along(plant.load, self.years), plant.capacity)
        room = np.where((years >= plant.first_year) & (years <= plant.last_year), load, 0.0)
        for year, mass in plant.metered.items():
            if year in self.years:
                room[year - self.years[0]] = mass
        self._over(plant.id, np.where([year in plant.metered for year in self.years], room, 0.0), there)
        for year, mass in plant.metered.items():
            if mass > plant.capacity and year in self.years:
                self.findings.append(Finding("waste-over-capacity", plant.id, year, mass, plant.capacity))
        taken = fit * (np.minimum(room, there) / np.where(there > 0, there, 1.0))
        self.taken[plant.id] = taken
        return taken

    def _over(self, what: str, wanted: Floats, there: Floats) -> None:
        for at in np.flatnonzero(wanted > there * (1 + 1e-9)):
            found = Finding("waste-more-than-there", what, self.years[int(at)], float(wanted[at]), float(there[at]))
            self.findings.append(found)


def _recovery(plant: Facility) -> Floats:
    given: Mapping[Any, float] = plant.recovery
    return np.array([given.get(each, plant.default_recovery) for each in COMPONENTS])[None, :, None]


def _parts(mass: Floats) -> Floats:
    total = mass.sum(axis=0)
    return mass / np.where(total > 0, total, 1.0)


def _days(years: list[int]) -> Floats:
    return np.array([366.0 if year % 4 == 0 and (year % 100 or year % 400 == 0) else 365.0 for year in years])
