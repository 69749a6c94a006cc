"""Waste: landfill by decay or by commitment, composting, digestion, burning (IPCC 2006 volume 5, GPC chapter 8).

First-order decay and the methane commitment answer different questions (what a landfill emits in a year, what the
waste of a year will ever emit) and never stand in one series. Decay itself is :mod:`jasyl.emissions.landfill`'s.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from jasyl.texts import Refusal

from .emission import (
    CARBON_TO_CO2,
    Emission,
    FactorLike,
    Floats,
    Input,
    Masses,
    Value,
    amount,
    calculated,
    share,
    taken,
)
from .factors import factor
from .landfill import CARBON_TO_METHANE, Decay, Practice, decayed_share, first_order_decay
from .warming import BIOGENIC

Basis = Literal["wet", "dry"]
Burning = Literal["continuous_semi_continuous", "batch", "industrial_waste", "sewage_sludge"]
# What waste is made of, as the Guidelines tell it apart for burning (volume 5, table 2.4).
MATERIALS: tuple[str, ...] = (
    "paper_cardboard", "textile", "food_waste", "wood", "garden_and_park_waste", "nappies", "rubber_and_leather",
    "plastics", "metal", "glass", "other_inert",
)  # fmt: skip
_NO_CARBON = frozenset({"metal", "glass"})
_WHOLE = 0.005  # shares of a composition sum to one within this


def landfilled(
    deposits: Mapping[str, Sequence[float] | Floats],
    first_year: int,
    year: int,
    practice: Practice,
    decay: Mapping[str, Decay],
    *,
    recovered: Value = 0.0,
) -> Emission:
    """Methane of a landfill in one ``year`` by first-order decay of all that was ever deposited, kg wet by kind.

    The mass is that of :func:`first_order_decay`; ``again`` takes draws of DOC, k and the shares. ``recovered`` is
    the methane collected in the year, kg. Equations 3.1 to 3.6. Raises as the decay does.
    """
    kinds = tuple(deposits)
    waste = {kind: np.asarray(deposits[kind], dtype=np.float64) for kind in kinds}
    span = year - first_year + 1
    if span < 1:
        raise Refusal("landfill-deposit", received=str(year))
    # Says what cannot be used: masses, and more collected than there was.
    kept = {kind: masses[:span] for kind, masses in waste.items()}
    collected = [0.0] * (span - 1) + [float(np.max(np.asarray(recovered)))]
    first_order_decay(kept, first_year, practice, decay, years=span, recovery=collected)
    named = {"mcf": practice.mcf, "methane": practice.methane, "oxidation": practice.oxidation}
    inputs = [_known(name, value, practice.factors, at) for at, (name, value) in enumerate(named.items())]
    inputs.append(amount("recovered", recovered, "kg"))
    for kind in kinds:
        values = {"doc": decay[kind].doc, "k": decay[kind].k, "docf": decay[kind].docf}
        inputs += [
            _known(f"{name}_{kind}", value, decay[kind].factors, at) for at, (name, value) in enumerate(values.items())
        ]

    def formula(given: Mapping[str, Any]) -> Masses:
        carbon: Value = 0.0
        for kind in kinds:
            for at, mass in enumerate(kept[kind]):
                part = decayed_share(given[f"k_{kind}"], span - 1 - at, practice.delay)
                carbon = carbon + mass * given[f"doc_{kind}"] * given[f"docf_{kind}"] * part
        generated = carbon * given["mcf"] * given["methane"] * CARBON_TO_METHANE
        return {"CH4": (generated - given["recovered"]) * (1 - given["oxidation"])}

    return calculated("waste.landfill_decay", "IPCC 2006 vol. 5 eq. 3.1–3.6", inputs, formula)


def methane_commitment(
    mass: Value, doc: FactorLike, mcf: FactorLike, docf: FactorLike, *, recovered: Value = 0.0, oxidation: Value = 0.0
) -> Emission:
    """All the methane that the waste of one year (kg wet) will ever give: GPC equations 8.3 and 8.4.

    ``L0 = MCF x DOC x DOCf x F x 16/12``; ``recovered`` and ``oxidation`` are shares. The GPC's DOCf of 0.6 is not the
    Guidelines' 0.5 (+20 %): it must be named.
    """
    inputs = [
        amount("mass", mass, "kg"),
        taken("doc", doc, "kg C/kg waste"),
        taken("mcf", mcf, "fraction"),
        taken("docf", docf, "fraction"),
        taken("methane", factor("fod.f_landfill_gas"), "fraction"),
        share("recovered", recovered),
        share("oxidation", oxidation),
    ]

    def formula(given: Mapping[str, Any]) -> Masses:
        potential = given["mcf"] * given["doc"] * given["docf"] * given["methane"] * CARBON_TO_METHANE
        return {"CH4": given["mass"] * potential * (1 - given["recovered"]) * (1 - given["oxidation"])}

    return calculated("waste.methane_commitment", "GPC eq. 8.3, 8.4", inputs, formula)


def composted(mass: Value, basis: Basis = "wet") -> Emission:
    """CH4 and N2O of composting, kg of waste weighed wet or dry: equations 4.1 and 4.2."""
    inputs = [
        amount("mass", mass, "kg"),
        taken("CH4", factor(f"waste.composting_{basis}.ch4"), "g/kg waste"),
        taken("N2O", factor(f"waste.composting_{basis}.n2o"), "g/kg waste"),
    ]

    def formula(given: Mapping[str, Any]) -> Masses:
        return {gas: given["mass"] * given[gas] / 1000 for gas in ("CH4", "N2O")}

    return calculated("waste.composting", "IPCC 2006 vol. 5 eq. 4.1, 4.2", inputs, formula)


def digested(mass: Value, basis: Basis = "wet", *, recovered: Value = 0.0) -> Emission:
    """CH4 of anaerobic digestion, kg of waste weighed wet or dry, less what was ``recovered`` of it, kg: equation 4.1.

    N2O of digestion is assumed negligible by the Guidelines.
    """
    ef = taken("CH4", factor(f"waste.anaerobic_digestion_{basis}.ch4"), "g/kg waste")
    inputs = [amount("mass", mass, "kg"), ef, amount("recovered", recovered, "kg")]

    def formula(given: Mapping[str, Any]) -> Masses:
        return {"CH4": given["mass"] * given["CH4"] / 1000 - given["recovered"]}

    return calculated("waste.digestion", "IPCC 2006 vol. 5 eq. 4.1", inputs, formula)


def incinerated(
    mass: Value,
    composition: Mapping[str, float],
    burning: Burning,
    methane: FactorLike,
    *,
    oxidation: FactorLike | None = None,
) -> Emission:
    """Gases of municipal waste burnt in a plant, kg wet: equations 5.2, 5.4 and 5.5.

    ``composition`` gives the share of each of :data:`MATERIALS` by wet weight, summing to one within 0.005; metal and
    glass hold no carbon, no share of carbon is made up for any other. Fossil carbon is CO2, the rest biogenic CO2.
    ``methane`` in g/t waste has no confirmed default. Raises Refusal ``waste-material`` and ``waste-composition``.
    """
    inputs = [
        amount("mass", mass, "kg"),
        taken("oxidation", oxidation or factor("waste.oxidation.incineration"), "fraction"),
        taken("CH4", methane, "g/t waste"),
        taken("N2O", factor(f"waste.incineration_{burning}_wet.n2o"), "g/t waste"),
    ]

    def weighed(given: Mapping[str, Any]) -> Value:
        return given["mass"]

    return _burnt_waste("waste.incineration", inputs, composition, weighed)


def open_burnt(mass: Value, composition: Mapping[str, float], *, oxidation: FactorLike | None = None) -> Emission:
    """Gases of waste burnt in the open, kg wet: equations 5.2, 5.4 and 5.5.

    N2O of the Guidelines is for dry weight: the dry weight follows from ``composition``. Raises as :func:`incinerated`.
    """
    inputs = [
        amount("mass", mass, "kg"),
        taken("oxidation", oxidation or factor("waste.oxidation.open_burning"), "fraction"),
        taken("CH4", factor("waste.open_burning_wet.ch4"), "g/t waste"),
        taken("N2O", factor("waste.open_burning_dry.n2o"), "g/t waste"),
    ]

    def dry(given: Mapping[str, Any]) -> Value:
        return given["mass"] * sum(given[f"share_{one}"] * given[f"dry_{one}"] for one in composition)

    return _burnt_waste("waste.open_burning", inputs, composition, dry)


def _burnt_waste(method: str, inputs: list[Input], composition: Mapping[str, float], weighed: Any) -> Emission:
    _check(composition)
    carbon = [one for one in composition if one not in _NO_CARBON]
    for one in composition:
        inputs.append(share(f"share_{one}", composition[one]))
        inputs.append(taken(f"dry_{one}", factor(f"msw.{one}.dry_matter"), "fraction"))
        if one in carbon:
            inputs.append(taken(f"carbon_{one}", factor(f"msw.{one}.total_carbon_in_dry_matter"), "fraction"))
            inputs.append(taken(f"fossil_{one}", factor(f"msw.{one}.fossil_share_of_carbon"), "fraction"))

    def formula(given: Mapping[str, Any]) -> Masses:
        fossil: Value = 0.0
        living: Value = 0.0
        for one in carbon:
            held = given[f"share_{one}"] * given[f"dry_{one}"] * given[f"carbon_{one}"]
            fossil = fossil + held * given[f"fossil_{one}"]
            living = living + held * (1 - given[f"fossil_{one}"])
        each = given["mass"] * given["oxidation"] * CARBON_TO_CO2
        return {
            "CO2": each * fossil,
            BIOGENIC: each * living,
            "CH4": given["mass"] * given["CH4"] / 1e6,
            "N2O": weighed(given) * given["N2O"] / 1e6,
        }

    return calculated(method, "IPCC 2006 vol. 5 eq. 5.2, 5.4, 5.5", inputs, formula)


def _check(composition: Mapping[str, float]) -> None:
    unknown = [one for one in composition if one not in MATERIALS]
    if unknown:
        raise Refusal("waste-material", received=unknown[0][:40], expected=", ".join(MATERIALS))
    total = sum(composition.values())
    if abs(total - 1) > _WHOLE:
        raise Refusal("waste-composition", received=f"{total:g}")


def _known(name: str, value: float, factors: tuple[str, ...], at: int) -> Input:
    """A parameter of decay as an input; with its factor where it has one and its value was not replaced."""
    if at < len(factors) and factor(factors[at]).value == value:
        one = factor(factors[at])
        return Input(name, value, one.unit, one.low, one.high, one.id, one.source, one.confirmed)
    return Input(name, value, "1")
