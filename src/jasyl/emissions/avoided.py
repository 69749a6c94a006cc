"""Avoided emissions of a facility: what would have been emitted had something else given the same energy.

A comparison with a baseline, not an emission: it belongs in no inventory and is never subtracted from one. The
baseline is a named factor and part of the indicator (``emissions.avoided.cm_variable``), so that numbers under two
baselines are never taken for successive states of one. Whether the facility would have been built anyway
(additionality) is not judged.
"""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal

import msgspec
import sqlalchemy as sa

from jasyl.figures import (
    Describer,
    FigureKind,
    Gathered,
    Gatherer,
    Node,
    Outcome,
    Reference,
    Request,
    current,
    key_of,
    method,
)
from jasyl.quantities import decimal_text
from jasyl.texts import Refusal

from .energy_factors import Carrier, EnergyFactor, energy_factor, energy_factors, per_base_unit
from .factors import factor

AVOIDED = "emissions.avoided"
# Which metered amount displaces what. Heat and fuels have no published factor of Kazakhstan: there the choice is
# always the user's, and no default is taken.
DISPLACES: dict[str, Carrier] = {
    "electricity.generated": "electricity",
    "electricity.saved": "electricity",
    "heat.supplied": "heat",
    "heat.saved": "heat",
}
# Technologies (codes begin so) that give electricity without burning fossil fuel, by what the multilateral banks'
# harmonised factors call them. Storage, waste incineration, cogeneration and mini-grids need accounts of their own.
_VARIABLE = ("RP.PV", "RP.CSP", "RP.WON", "RP.WSM", "RP.HYB")
_FIRM = ("RP.HSM", "RP.HLG", "RP.GEO", "RP.BGS", "RP.BSO", "RP.LFG", "WA.SLU", "WS.ADG", "EI.ORC")
_STEP = Decimal("0.001")


class Baseline(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``factor`` is the key of the factor, ``value`` and ``unit`` what it said then, ``source`` the metered amount.

    ``low`` and ``high`` are the ends over all offered factors of the carrier, in the same unit: the sensitivity.
    """

    factor: str
    value: str
    unit: str
    low: str
    high: str
    source: str


@dataclass(frozen=True)
class Displaced:
    """Energy in Wh that displaces, with its completeness and its standard uncertainty where one is known."""

    energy: Decimal | None
    completeness: Decimal | None
    uncertainty: Decimal | None = None


def avoided_indicator(factor: str) -> str:
    """``emissions.avoided.cm_variable``."""
    return f"{AVOIDED}.{factor}"


def baseline_of(technology: str) -> str | None:
    """The factor for electricity of a technology (its code); None where none fits without a judgement."""
    if technology.startswith(_VARIABLE):
        return "cm_variable"
    return "cm_firm" if technology.startswith(_FIRM) else None


def baseline(factor: EnergyFactor, source: str) -> Baseline:
    """The baseline of a factor with the ends of all that could have been chosen."""
    values = [one.value for one in energy_factors(factor.carrier)]
    low, high = (decimal_text(end(values)) for end in (min, max))
    return Baseline(factor.key, decimal_text(factor.value), factor.unit, low, high, source)


def avoided_emissions(energy: Decimal, factor: EnergyFactor) -> Decimal:
    """kg of CO2 that ``energy`` (Wh) avoids under a factor, to a gram."""
    return (energy * factor.per_base_unit).quantize(_STEP, ROUND_HALF_EVEN)


def sensitivity(energy: Decimal, carrier: Carrier) -> list[tuple[EnergyFactor, Decimal]]:
    """The same energy under every factor that could have been chosen, smallest first."""
    found = [(one, avoided_emissions(energy, one)) for one in energy_factors(carrier)]
    return sorted(found, key=lambda each: each[1])


def avoided_of_energy(parameters: Baseline, data: Displaced) -> Outcome:
    """Energy times the factor that the parameters name; completeness is that of the energy."""
    if data.energy is None:
        return Outcome(None, data.completeness)
    each = per_base_unit(Decimal(parameters.value), parameters.unit)
    value = (data.energy * each).quantize(_STEP, ROUND_HALF_EVEN)
    spread = None if data.uncertainty is None else (data.uncertainty * each).quantize(_STEP, ROUND_HALF_EVEN)
    return Outcome(value, data.completeness, spread)


AVOIDED_INDICATORS: dict[str, EnergyFactor] = {
    avoided_indicator(one.key): one for carrier in ("electricity", "heat") for one in energy_factors(carrier)
}
for _indicator in AVOIDED_INDICATORS:
    method(_indicator, "1.0.0", indicator=_indicator, kind="modelled", unit="kg", parameters=Baseline)(
        avoided_of_energy
    )


def avoided_gatherers(kind: FigureKind = "observed") -> dict[str, Gatherer]:
    """What :func:`jasyl.figures.make` and ``recompute`` need; ``kind`` is that of the amounts (observed, training)."""

    def gather(connection: sa.Connection, request: Request) -> Gathered:
        source = str(request.parameters["source"])
        key = key_of(source, request.subject, request.period.name, kind)
        found = current(connection, [key]).get(key)
        if found is None:
            raise Refusal("figure-missing", received=key)
        made = found.figure
        factor = energy_factor(str(request.parameters["factor"]))
        inputs = (Reference("figure", found.id, made.content_hash), factor_reference(factor))
        data = Displaced(made.value, made.completeness, made.uncertainty)
        return Gathered(data, inputs, publication=made.publication, kind=avoided_kind(kind))

    return dict.fromkeys(AVOIDED_INDICATORS, gather)


def avoided_kind(kind: FigureKind) -> FigureKind:
    """A comparison is modelled whatever was metered; training data stays training data."""
    return "training" if kind == "training" else "modelled"


def factor_reference(factor: EnergyFactor) -> Reference:
    """A factor as the input of a figure."""
    return Reference("emission_factor", factor.key, factor.digest)


def factor_describers() -> dict[str, Describer]:
    """What the passport of a statement says of a factor."""

    def said(_connection: sa.Connection, reference: Reference) -> Node:
        try:
            found = energy_factor(reference.id)
        except Refusal:
            return _plain_factor(reference)
        values: dict[str, str | int | bool | None] = {
            "value": decimal_text(found.value), "unit": found.unit, "kind": found.kind, "year": found.year,
            "item": found.item, "source": found.source, "confidence": found.confidence,
            "current": found.digest == reference.hash,
        }  # fmt: skip
        return Node(reference.kind, reference.id, values)

    return {"emission_factor": said}


def _plain_factor(reference: Reference) -> Node:
    """A factor named by its id of the package, else what is known of it: its digest."""
    try:
        found = factor(reference.id)
    except Refusal:
        return Node(reference.kind, reference.id, {"digest": reference.hash})
    values: dict[str, str | int | bool | None] = {
        "value": found.written, "unit": found.unit, "kind": found.group, "year": found.year, "item": found.item,
        "gas": found.gas, "source": found.source, "confidence": found.confidence, "confirmed": found.confirmed,
        "current": found.digest == reference.hash,
    }  # fmt: skip
    return Node(reference.kind, reference.id, values)
