"""The construction chain of a place as people write it down: floor area, building, demolition, retrofit, fates."""

from typing import Annotated, Any, Literal

from msgspec import Meta, field

from ..account import Name
from ..documents import Amount, Given, Identifier, Kind, Share, Year, schema_of
from ..lifetime import Entry
from ..stock_model import LifetimeGiven
from .intensities import published_intensities

Fate = Literal["reuse", "recycle", "backfill", "landfill", "unknown"]
FATES: tuple[Fate, ...] = ("reuse", "recycle", "backfill", "landfill", "unknown")


class Intensity(Given, frozen=True, kw_only=True):
    """``value`` kg of a material in a square metre of floor, of buildings built within ``built_from`` … ``built_to``.

    ``cv`` is the coefficient of variation of the value itself: it is common to all buildings of the type, so it does
    not average out over districts.
    """

    material: Identifier
    value: Amount
    cv: Annotated[float, Meta(ge=0, le=3)] = 0.4
    built_from: Year | None = None
    built_to: Year | None = None
    kind: Kind = "assumed"
    source: str = ""


class BuildingType(Given, frozen=True, kw_only=True):
    """A type of building: how long it stands and what it is made of.

    ``construction`` takes the published medians of that way of building (`published_intensities`); ``intensities`` are
    one's own. One of the two, never both mixed. ``site_loss`` is the share of what is built in that is wasted on top.
    """

    id: Identifier
    lifetime: LifetimeGiven
    title: str = ""
    construction: Literal["concrete_frame", "masonry"] | None = None
    intensities: tuple[Intensity, ...] = ()
    site_loss: Annotated[float, Meta(ge=0, le=0.5)] = 0.0

    def made_of(self) -> tuple[Intensity, ...]:
        """The intensities that hold for this type."""
        if self.construction is None:
            return self.intensities
        return tuple(
            Intensity(material=one.material, value=one.kg_per_m2, cv=one.cv, source=one.source)
            for one in published_intensities(self.construction)
        )


class FloorArea(Given, frozen=True, kw_only=True):
    """Square metres that stand at the end of the year before the first, built evenly over the years told."""

    type: Identifier
    built_from: Year
    built_to: Year
    area: Amount
    district: str = ""
    cv: Annotated[float, Meta(ge=0, le=3)] = 0.0
    kind: Kind = "assumed"
    source: str = ""


class NewBuild(Given, frozen=True, kw_only=True):
    """Square metres finished by year; ``between`` as in a model of stocks."""

    type: Identifier
    area: dict[Year, Amount]
    district: str = ""
    between: Literal["given", "linear"] = "given"
    kind: Kind = "assumed"
    source: str = ""


class Demolition(Given, frozen=True, kw_only=True):
    """An entry of a demolition list: square metres of a type, or ``masses`` (kg by material) that somebody surveyed.

    It comes down evenly over ``year`` … ``last_year``. ``cv`` is the coefficient of variation of its area or masses.
    """

    id: Identifier
    year: Year
    last_year: Year | None = None
    title: str = ""
    type: Identifier | None = None
    built: Year | None = None
    area: Amount | None = None
    masses: dict[Identifier, Amount] = field(default_factory=dict[str, float])
    cv: Annotated[float, Meta(ge=0, le=3)] = 0.0
    district: str = ""
    kind: Kind = "published"
    source: str = ""

    @property
    def years(self) -> range:
        return range(self.year, (self.last_year or self.year) + 1)


class Retrofit(Given, frozen=True, kw_only=True):
    """A renewal of ``area`` m² in a year: what is taken out and put in, kg of a material a square metre.

    It concerns buildings of ``type`` built within ``built_from`` … ``built_to`` in ``district``, as they stand at the
    end of the year, each year of building by its area; without a type, all types that hold what is taken out. What is
    put in stays with those buildings and comes down with them. ``cv`` is the coefficient of variation of its masses.
    """

    year: Year
    area: Amount
    type: Identifier | None = None
    built_from: Year | None = None
    built_to: Year | None = None
    cv: Annotated[float, Meta(ge=0, le=3)] = 0.0
    removed: dict[Identifier, Amount] = field(default_factory=dict[str, float])
    added: dict[Identifier, Amount] = field(default_factory=dict[str, float])
    district: str = ""
    kind: Kind = "assumed"
    source: str = ""


class Fates(Given, frozen=True, kw_only=True):
    """Where a material goes when it becomes waste, as shares of one.

    What is not told is ``unknown``: a flow of its own, not a residue of landfilling. With ``unknown`` written out the
    shares must make one. ``recoverable`` is a potential somebody estimated; it moves no mass. ``cv`` is the coefficient
    of variation of what is reused, recycled and backfilled.
    """

    reuse: Share = 0.0
    recycle: Share = 0.0
    backfill: Share = 0.0
    landfill: Share = 0.0
    unknown: Share | None = None
    recoverable: Share | None = None
    cv: Annotated[float, Meta(ge=0, le=3)] = 0.0
    kind: Kind = "assumed"
    source: str = ""

    def shares(self) -> dict[Fate, float]:
        """All five fates; they add up to one."""
        told: dict[Fate, float] = {
            "reuse": self.reuse, "recycle": self.recycle, "backfill": self.backfill, "landfill": self.landfill,
        }  # fmt: skip
        total = sum(told.values()) + (self.unknown or 0.0)
        if total > 1 or self.unknown is not None:
            return {**{fate: share / total for fate, share in told.items()}, "unknown": (self.unknown or 0.0) / total}
        return {**told, "unknown": 1 - total}


class Maker(Given, frozen=True, kw_only=True):
    """How a recycled material becomes aggregate: ``grade`` (the higher the purer), shares lost as fines and removed as
    contamination."""

    grade: Annotated[int, Meta(ge=1, le=9)]
    loss: Share = 0.0
    contamination: Share = 0.0


class Use(Given, frozen=True, kw_only=True):
    """A use of aggregate: ``demand`` in kg a year, the lowest ``grade`` it takes, the share that may be recycled."""

    id: Identifier
    demand: Amount
    grade: Annotated[int, Meta(ge=1, le=9)]
    cap: Share
    title: str = ""
    source: str = ""


class Building(Given, frozen=True, kw_only=True):
    """A building with a material passport; ``measured`` are kg by material of a survey or a bill of quantities.

    ``register`` is its id where it is registered (a facility of the registry, a cadastral number).
    """

    id: Identifier
    title: str
    type: Identifier
    built: Year
    area: Amount
    district: str = ""
    address: str = ""
    register: str = ""
    measured: dict[Identifier, Amount] = field(default_factory=dict[str, float])
    hazards: tuple[str, ...] = ()
    reusable: tuple[str, ...] = ()
    kind: Kind = "observed"
    source: str = ""


class ConstructionChain(Given, frozen=True, kw_only=True):
    """The whole chain. ``demolition``: by the ``lifetime`` of types, or by the ``list`` of entries and nothing else."""

    title: Name
    place: str
    first_year: Year
    last_year: Year
    types: tuple[BuildingType, ...] = ()
    floor_area: tuple[FloorArea, ...] = ()
    new: tuple[NewBuild, ...] = ()
    demolition: Literal["lifetime", "list"] = "lifetime"
    demolitions: tuple[Demolition, ...] = ()
    retrofits: tuple[Retrofit, ...] = ()
    fates: dict[Identifier, Fates] = field(default_factory=dict[str, Fates])
    makers: dict[Identifier, Maker] = field(default_factory=dict[str, Maker])
    uses: tuple[Use, ...] = ()
    buildings: tuple[Building, ...] = ()
    entry: Entry = "middle"
    notes: Name = ""

    @property
    def years(self) -> list[int]:
        return list(range(self.first_year, self.last_year + 1))


def chain_schema() -> dict[str, Any]:
    """JSON Schema of a `ConstructionChain`."""
    return schema_of(ConstructionChain)
