"""Heat and power of one fire: whose the emission is, and whether a city counts it twice (GPC 6.5; GHG Protocol CHP).

No way of sharing is right: each is a convention, recorded with its parameters and shown beside what the others give.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, get_args

from jasyl.texts import Refusal

Allocation = Literal[
    "energy_content", "efficiency", "work_potential", "alternative_heat", "benefit_sharing", "all_power"
]
ALLOCATIONS: tuple[Allocation, ...] = get_args(Allocation)
# What each way needs to be told beside the heat and power sent out.
PARAMETERS: dict[Allocation, tuple[str, ...]] = {
    "energy_content": (),
    "efficiency": ("heat_efficiency", "power_efficiency"),
    "work_potential": ("supply_kelvin", "ambient_kelvin"),
    "alternative_heat": ("boiler_efficiency", "fuel"),
    "benefit_sharing": ("boiler_efficiency", "condensing_efficiency"),
    "all_power": (),
}
_ENERGY = ("fuel",)
_KELVIN = ("supply_kelvin", "ambient_kelvin")
SUPPLIED = "I.4.4"
_USED = tuple(f"I.{sector}.2" for sector in range(1, 7)) + tuple(f"II.{mode}.2" for mode in range(1, 6))


@dataclass(frozen=True)
class Shares:
    """Parts of an emission that heat and power bear; they sum to one. ``parameters`` as they were given."""

    method: Allocation
    heat: float
    power: float
    parameters: Mapping[str, float]


def allocate(method: str, heat: float, power: float, **parameters: float) -> Shares:
    """Whose a cogeneration plant's emission is, from heat and power sent out (W·h).

    ``energy_content``: by energy. ``efficiency`` (WRI): by the fuel each would take at efficiencies of this plant,
    ``E_H = (H / e_H) / (H / e_H + P / e_P)``. ``work_potential``: heat counts for the work it could do,
    ``1 - T0 / Ts`` in kelvin. ``alternative_heat``: heat bears what a boiler would have burnt for it of ``fuel``
    (W·h), power the rest. ``benefit_sharing`` (the Finnish way): by the fuel of a boiler and of a condensing plant.
    ``all_power``: heat is free. Raises Refusal ``chp-method``, ``chp-parameter`` (missing, unknown or impossible)
    and ``chp-output`` for amounts that are negative or both zero.
    """
    if method not in ALLOCATIONS:
        raise Refusal("chp-method", received=method[:40], expected=", ".join(ALLOCATIONS))
    found: Allocation = method  # pyright: ignore[reportAssignmentType]
    if not (heat >= 0 and power >= 0 and heat + power > 0):
        raise Refusal("chp-output", received=f"{heat:g}, {power:g}")
    _check(found, parameters)
    part = _heat_share(found, heat, power, parameters)
    if part > 1:
        raise Refusal("chp-parameter", received=f"fuel = {parameters['fuel']:g}", expected=f"> {heat:g}")
    return Shares(found, part, 1 - part, dict(parameters))


def compared(heat: float, power: float, **parameters: float) -> tuple[Shares, ...]:
    """What every way gives for which the parameters are there: the sensitivity of the choice."""
    return tuple(
        allocate(one, heat, power, **{name: parameters[name] for name in PARAMETERS[one]})
        for one in ALLOCATIONS
        if set(PARAMETERS[one]) <= set(parameters)
    )  # fmt: skip


def double_counted(counted: Mapping[str, float]) -> tuple[str, ...]:
    """References of a sum that hold the same emission twice: I.4.4 beside energy used (I.x.2, II.x.2).

    ``counted`` is the mass of each reference that a sum takes in. Fuel burnt in the city for energy supplied (I.4.4,
    territorial total) comes back as scope 2 where that energy is used (BASIC): one sum may hold one of them only.
    """
    if not counted.get(SUPPLIED):
        return ()
    again = tuple(reference for reference in _USED if counted.get(reference))
    return (SUPPLIED, *again) if again else ()


def supply_gap(sent_out: float, used: float, lost: float, exported: float = 0.0) -> float:
    """Share of the energy a plant sent out (W·h) that is neither used in the city, lost nor exported.

    Zero where the account of the plant and those of the users agree; negative where users have more than was sent.
    Raises Refusal ``chp-output`` where nothing was sent out.
    """
    if sent_out <= 0:
        raise Refusal("chp-output", received=f"{sent_out:g}")
    return (sent_out - used - lost - exported) / sent_out


def _heat_share(method: Allocation, heat: float, power: float, given: Mapping[str, float]) -> float:
    if method == "all_power":
        return 0.0
    if method == "alternative_heat":
        return heat / given["boiler_efficiency"] / given["fuel"]
    weights = {
        "energy_content": lambda: (1.0, 1.0),
        "efficiency": lambda: (1 / given["heat_efficiency"], 1 / given["power_efficiency"]),
        "work_potential": lambda: (1 - given["ambient_kelvin"] / given["supply_kelvin"], 1.0),
        "benefit_sharing": lambda: (1 / given["boiler_efficiency"], 1 / given["condensing_efficiency"]),
    }
    of_heat, of_power = weights[method]()
    return heat * of_heat / (heat * of_heat + power * of_power)


def _check(method: Allocation, given: Mapping[str, float]) -> None:
    needed = PARAMETERS[method]
    if set(given) != set(needed):
        raise Refusal("chp-parameter", received=", ".join(sorted(given)) or "—", expected=", ".join(needed) or "—")
    for name, value in given.items():
        low, high = (0.0, float("inf")) if name in {*_ENERGY, *_KELVIN} else (0.0, 1.2)
        if not low < value <= high:
            raise Refusal("chp-parameter", received=f"{name} = {value:g}", expected="> 0" if high > 2 else "0–1")
    if method == "work_potential" and given["supply_kelvin"] <= given["ambient_kelvin"]:
        raise Refusal(
            "chp-parameter", received=f"supply_kelvin = {given['supply_kelvin']:g}", expected="> ambient_kelvin"
        )
