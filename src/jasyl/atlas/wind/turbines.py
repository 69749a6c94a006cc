"""Wind turbines: 94 power curves from open collections, by the names those collections use."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

from jasyl.texts import Refusal

from .power_curve import PowerCurve

Collection = Literal["windpowerlib", "atlite", "own"]

# Licence of each collection, as its package states it; "own" is a curve that a user brought.
LICENCES: dict[Collection, str] = {"windpowerlib": "MIT", "atlite": "CC BY 4.0", "own": ""}
VERSIONS: dict[Collection, str] = {"windpowerlib": "windpowerlib 0.2.2", "atlite": "atlite 0.7.0", "own": ""}


@dataclass(frozen=True)
class Turbine:
    """A turbine type: ``id`` as its collection has it (``E-101/3050``, ``Vestas_V112_3MW``), its power curve in W.

    ``hub_heights`` (m, ascending) and ``rotor_diameter`` (m) are empty or None where the collection does not say;
    ``source`` is where the collection has the curve from.
    """

    id: str
    name: str
    manufacturer: str
    curve: PowerCurve
    hub_heights: tuple[float, ...] = ()
    rotor_diameter: float | None = None
    source: str = ""
    collection: Collection = "own"

    @property
    def rated(self) -> float:
        """Rated power, W."""
        return self.curve.rated

    @property
    def licence(self) -> str:
        return LICENCES[self.collection]

    @property
    def cut_short(self) -> bool:
        """Whether the curve stops under power below 20 m/s: whoever read it off left the rest away."""
        return self.curve.powers[-1] > 0 and self.curve.speeds[-1] < 20

    def hub_height(self, asked: float | None = None) -> float:
        """The height asked for, else of the known ones that nearest to 100 m, in metres.

        Raises Refusal ``hub-height`` outside 10 to 300 m, or when none is known and none was asked for.
        """
        if asked is None and self.hub_heights:
            return min(self.hub_heights, key=lambda height: (abs(height - 100), height))
        if asked is None or not 10 <= asked <= 300:
            raise Refusal("hub-height", received="–" if asked is None else f"{asked:g}", expected="10–300")
        return float(asked)

    def as_data(self) -> dict[str, object]:
        """For JSON: numbers as numbers, the curve as [speed m/s, power W]."""
        return {
            "id": self.id,
            "name": self.name,
            "manufacturer": self.manufacturer,
            "rated_w": self.rated,
            "hub_heights_m": list(self.hub_heights),
            "rotor_diameter_m": self.rotor_diameter,
            "cut_in_m_s": self.curve.cut_in,
            "cut_out_m_s": self.curve.cut_out,
            "cut_short": self.cut_short,
            "curve": [list(point) for point in zip(self.curve.speeds, self.curve.powers, strict=True)],
            "source": self.source,
            "collection": VERSIONS[self.collection],
            "licence": self.licence,
        }


class _Row(msgspec.Struct, frozen=True):
    id: str
    name: str
    manufacturer: str
    rated: str
    hub_heights: tuple[str, ...]
    rotor_diameter: str | None
    curve: tuple[tuple[str, str], ...]
    source: str
    collection: Collection


@cache
def turbines() -> dict[str, Turbine]:
    """Every turbine of the package by id: the 67 of windpowerlib 0.2.2, then the 27 of atlite 0.7."""
    content = (files("jasyl.atlas.wind") / "data" / "turbines.json").read_bytes()
    return {row.id: _turbine(row) for row in msgspec.json.decode(content, type=list[_Row])}


def turbine(identifier: str) -> Turbine:
    """The turbine of that id, upper and lower case alike. Raises Refusal ``turbine-unknown``, which names near ones."""
    known = turbines()
    found = known.get(identifier)
    if found:
        return found
    folded = {name.casefold(): name for name in known}
    if identifier.casefold() in folded:
        return known[folded[identifier.casefold()]]
    from difflib import get_close_matches  # noqa: PLC0415

    near = get_close_matches(identifier.casefold(), list(folded), n=4, cutoff=0.3)
    raise Refusal("turbine-unknown", received=identifier[:60], expected=", ".join(folded[name] for name in near) or "–")


def _turbine(row: _Row) -> Turbine:
    speeds, powers = zip(*((float(speed), float(power)) for speed, power in row.curve), strict=True)
    return Turbine(
        id=row.id,
        name=row.name,
        manufacturer=row.manufacturer,
        curve=PowerCurve(speeds, powers, float(row.rated)),
        hub_heights=tuple(float(height) for height in row.hub_heights),
        rotor_diameter=float(row.rotor_diameter) if row.rotor_diameter else None,
        source=row.source,
        collection=row.collection,
    )
