"""The material passport of a building: what it holds, how well that is known, what can be done with it."""

from typing import Any

from jasyl.quantities import canonical_json, sha256_hex
from jasyl.texts import Refusal

from .chain import Building, ConstructionChain, Fates


def material_passport(chain: ConstructionChain, identity: str) -> dict[str, Any]:
    """The passport as JSON: whole kg and decimal texts, so that its ``sha256`` (RFC 8785) is the same everywhere.

    A material that was measured counts as measured and has no deviation told; the others are floor area times the
    intensity of the type, with its deviation. Raises Refusal ``construction-building``.
    """
    building = next((one for one in chain.buildings if one.id == identity), None)
    if building is None:
        known = ", ".join(one.id for one in chain.buildings[:12])
        raise Refusal("construction-building", received=identity[:60], expected=known or "—")
    body = _body(chain, building)
    return {**body, "sha256": sha256_hex(canonical_json(body))}


def _body(chain: ConstructionChain, building: Building) -> dict[str, Any]:
    kind = next(one for one in chain.types if one.id == building.type)
    materials: list[dict[str, Any]] = [
        {"material": material, "kg": round(mass), "sd_kg": None, "kind": building.kind, "source": building.source}
        | _fate(chain, material)
        for material, mass in building.measured.items()
    ]
    for one in kind.made_of():
        within = (one.built_from or 0) <= building.built <= (one.built_to or 9999)
        if within and one.material not in building.measured:
            mass = building.area * one.value
            source = {"kind": one.kind, "source": one.source}
            materials.append(
                {"material": one.material, "kg": round(mass), "sd_kg": round(mass * one.cv)}
                | source
                | _fate(chain, one.material)
            )
    return {
        "passport": "material",
        "version": 1,
        "building": building.id,
        "title": building.title,
        "register": building.register,
        "place": chain.place,
        "district": building.district,
        "address": building.address,
        "type": kind.id,
        "built": building.built,
        "floor_area_m2": f"{building.area:g}",
        "materials": materials,
        "total_kg": sum(int(one["kg"]) for one in materials),
        "measured_kg": sum(int(one["kg"]) for one in materials if one["sd_kg"] is None),
        "hazards": list(building.hazards),
        "reusable": list(building.reusable),
        "source": building.source,
    }


def _fate(chain: ConstructionChain, material: str) -> dict[str, Any]:
    found = chain.fates.get(material)
    share = (found or Fates()).recoverable
    return {"recoverable": None if share is None else f"{share:g}"}
