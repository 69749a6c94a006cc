"""Units of amounts and of coefficients in an account: kg and Wh inside."""

from decimal import Decimal

from jasyl.quantities import unit
from jasyl.texts import Refusal

from .account import Index, Relation

_DIMENSIONS = {"good": "mass", "substance": "mass", "energy": "energy"}
# What coefficients are written in, beside plain shares: kg of substance, or Wh, in a kg of a good.
_OF_MASS = {"kg/kg": 1.0, "kg/t": 1e-3, "g/kg": 1e-3, "г/кг": 1e-3, "mg/kg": 1e-6, "мг/кг": 1e-6, "ppm": 1e-6}
_OF_ENERGY = {
    "W.h/kg": 1.0, "kW.h/kg": 1e3, "kWh/kg": 1e3, "MW.h/t": 1e3, "MWh/t": 1e3, "MJ/kg": 1e6 / 3600, "GJ/t": 1e6 / 3600,
    "МДж/кг": 1e6 / 3600, "ГДж/т": 1e6 / 3600, "кВт·ч/кг": 1e3,
}  # fmt: skip


def base_of(layer: str) -> str:
    """The unit in which amounts of a layer are reckoned."""
    return "W.h" if layer == "energy" else "kg"


def in_base(value: Decimal, written: str, of: str, index: Index) -> Decimal:
    """An amount of a flow or stock in kg or Wh; volumes become mass by the material's density.

    Raises Refusal ``unknown-unit``, ``circular-unit``, ``circular-density-missing``.
    """
    own = unit(written)
    part = index.flows.get(of) or index.stocks[of]
    wanted = _DIMENSIONS[index.layer(part.material)]
    if own.dimension == wanted:
        return own.to_base(value)
    if own.dimension == "volume" and wanted == "mass":
        material = index.materials.get(part.material)
        if material is None or material.density is None or material.density <= 0:
            raise Refusal("circular-density-missing", received=written, expected=part.material or of)
        return own.to_base(value) * material.density
    raise Refusal("circular-unit", received=written, expected=wanted)


def coefficient_unit(written: str, relation: Relation, index: Index) -> float:
    """What one of the unit is as a plain coefficient. Raises Refusal ``circular-coefficient-unit``."""
    first = index.flows.get(relation.results[0]) if relation.results else None
    energy = relation.type == "concentration" and first is not None and index.layer(first.material) == "energy"
    if energy:
        known = _OF_ENERGY
    elif relation.type == "concentration":
        known = {**_OF_MASS, "1": 1.0, "%": 0.01}
    else:
        known = {"1": 1.0, "%": 0.01}
    if relation.type == "equality" or written.strip() not in known:
        raise Refusal("circular-coefficient-unit", received=written, expected=", ".join(known))
    return known[written.strip()]
