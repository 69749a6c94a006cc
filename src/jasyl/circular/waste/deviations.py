"""How uncertain a programme's flows are: it is followed again with every uncertain input a deviation lower and higher.

Inputs are independent: what each member generates, each component's part in the composition, what each plant takes and
what it recovers. The slope between the two runs holds where plants fill up in neither.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec
import numpy as np

from ..lifetime import Floats
from .programme import Component, Facility, Member, WasteProgramme
from .run import DEFINITIONS, WasteRun, run_programme

# Beyond that many uncertain inputs a page would wait too long.
MAX_INPUTS = 100
_Changed = Callable[[float], WasteProgramme]


def moved_runs(run: WasteRun) -> tuple[tuple[WasteRun, WasteRun], ...]:
    """The run with each uncertain input one standard deviation lower, and higher.

    Empty where no ``cv`` is told, and where more than `MAX_INPUTS` are.
    """
    inputs = list(_inputs(run.programme))
    if len(inputs) > MAX_INPUTS:
        return ()
    return tuple((run_programme(changed(max(0.0, 1 - cv))), run_programme(changed(1 + cv))) for cv, changed in inputs)


def share_deviations(run: WasteRun) -> dict[str, Floats]:
    """Standard deviation of each share of what is generated [years], by definition; empty where none is told."""
    pairs = moved_runs(run)
    if not pairs:
        return {}
    return {
        name: np.sqrt(sum(np.square((high.share(name) - low.share(name)) / 2) for low, high in pairs))
        for name in DEFINITIONS
    }


def _inputs(programme: WasteProgramme) -> Iterator[tuple[float, _Changed]]:
    """Each uncertain input: its coefficient of variation, and the programme with the input times a factor."""
    for number, one in enumerate(programme.members):
        if one.cv:
            yield one.cv, _with(programme, "members", number, one, _generating)
    if programme.composition_cv:
        for component in dict.fromkeys(_components(programme)):
            yield programme.composition_cv, _composed(programme, component)
    for number, plant in enumerate(programme.facilities):
        if plant.cv and (plant.metered or plant.load is not None):
            yield plant.cv, _with(programme, "facilities", number, plant, _taking)
        if plant.recovery_cv:
            yield plant.recovery_cv, _with(programme, "facilities", number, plant, _recovering)


def _with(
    programme: WasteProgramme, group: str, number: int, one: Any, changed: Callable[[Any, float], Any]
) -> _Changed:
    def of(factor: float) -> WasteProgramme:
        held = list(getattr(programme, group))
        held[number] = changed(one, factor)
        return msgspec.structs.replace(programme, **{group: tuple(held)})

    return of


def _generating(one: Member, factor: float) -> Member:
    if one.generation is None:
        return msgspec.structs.replace(one, rate=_scaled(one.rate, factor))
    return msgspec.structs.replace(one, generation=_scaled(one.generation, factor))


def _taking(one: Facility, factor: float) -> Facility:
    load = None if one.load is None else _scaled(one.load, factor)
    return msgspec.structs.replace(one, metered=_scaled(one.metered, factor), load=load)


def _recovering(one: Facility, factor: float) -> Facility:
    recovery = {each: min(1.0, share * factor) for each, share in one.recovery.items()}
    return msgspec.structs.replace(one, recovery=recovery, default_recovery=min(1.0, one.default_recovery * factor))


def _components(programme: WasteProgramme) -> Iterator[Component]:
    for held in (programme.composition, *(one.composition for one in programme.members)):
        yield from held


def _composed(programme: WasteProgramme, component: Component) -> _Changed:
    def part(given: Mapping[Component, float], factor: float) -> dict[Component, float]:
        return {each: share * factor if each == component else share for each, share in given.items()}

    def of(factor: float) -> WasteProgramme:
        members = tuple(
            msgspec.structs.replace(one, composition=part(one.composition, factor)) for one in programme.members
        )
        return msgspec.structs.replace(programme, composition=part(programme.composition, factor), members=members)

    return of


def _scaled(given: float | Mapping[int, float], factor: float) -> Any:
    if isinstance(given, Mapping):
        return {year: amount * factor for year, amount in given.items()}
    return given * factor
