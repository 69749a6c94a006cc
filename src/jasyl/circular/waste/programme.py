"""A waste programme as people write it down: a city with its districts, its waste, its plants, and scenarios.

Masses are kg, money is in one currency of one price year. A path is one number for all years, or numbers by year with
straight lines between; nothing is continued beyond the last year given.
"""

from typing import Annotated, Any, Literal

from msgspec import Meta, field

from jasyl.emissions import CLIMATES, GWP_SETS, MANAGEMENTS

from ..account import Name
from ..documents import Amount, Given, Identifier, Kind, Share, Year, schema_of

# Sorts of municipal waste, as the IPCC's waste model and the composition studies of Kazakhstan name them.
COMPONENTS = (
    "food", "garden", "paper", "wood", "textiles", "nappies", "rubber", "plastics", "metal", "glass", "other",
)  # fmt: skip
Component = Literal[
    "food", "garden", "paper", "wood", "textiles", "nappies", "rubber", "plastics", "metal", "glass", "other"
]
Role = Literal["sorting", "composting", "recycling", "incineration"]
ROLES: tuple[Role, ...] = ("sorting", "composting", "recycling", "incineration")
Spread = Annotated[float, Meta(ge=0, le=3)]
AmountPath = Amount | dict[Year, Amount]
SharePath = Share | dict[Year, Share]


class Member(Given, frozen=True, kw_only=True):
    """The city, or a district of its agglomeration: people, kg per person and day, the share whose waste is collected.

    ``generation`` (kg a year) stands in place of people times rate where it is known. Of what is not collected,
    ``dumped`` and ``burnt`` are shares that somebody estimated; the rest is unknown. ``cv`` is the coefficient of
    variation of what is generated.
    """

    id: Identifier
    title: Name = ""
    population: AmountPath = 0.0
    rate: AmountPath = 0.0
    generation: AmountPath | None = None
    collected: SharePath = 1.0
    dumped: Share = 0.0
    burnt: Share = 0.0
    composition: dict[Component, Share] = field(default_factory=dict[Component, float])
    cv: Spread = 0.0
    kind: Kind = "assumed"
    source: str = ""


class Facility(Given, frozen=True, kw_only=True):
    """A plant: what it takes at most a year (``capacity``, kg), from ``first_year`` on, standing in a ``member``.

    ``components`` are what it takes (all when empty). ``recovery``: of a sorting plant, the share of each component it
    sorts out; of a recycling plant, the share that becomes secondary material; of a composting plant, the share that
    becomes compost. ``ash`` is the share an incinerator leaves. ``register`` is the facility's id in the registry;
    ``load`` is what it is expected to take a year (its capacity when not told), ``metered`` are kg that it was seen to
    receive: a metered year counts as metered, not as modelled. ``opex_per_tonne`` None: nobody told it.
    ``cv`` is the coefficient of variation of what it takes (``metered``, ``load``), ``recovery_cv`` of its recovery.
    """

    id: Identifier
    role: Role
    capacity: Amount
    title: Name = ""
    member: str = ""
    register: str = ""
    first_year: Year = 1800
    last_year: Year = 2200
    components: tuple[Component, ...] = ()
    recovery: dict[Component, Share] = field(default_factory=dict[Component, float])
    default_recovery: Share = 0.0
    ash: Share = 0.0
    metered: dict[Year, Amount] = field(default_factory=dict[int, float])
    load: AmountPath | None = None
    cv: Spread = 0.0
    recovery_cv: Spread = 0.0
    opex_per_tonne: float | None = None
    revenue_per_tonne: float = 0.0
    jobs: Amount = 0.0
    kind: Kind = "assumed"
    source: str = ""


class Exchange(Given, frozen=True, kw_only=True):
    """Mixed waste that enters the agglomeration from outside (``import``) or leaves it (``export``), kg a year."""

    id: Identifier
    direction: Literal["import", "export"]
    member: Identifier
    amount: AmountPath
    title: Name = ""
    kind: Kind = "assumed"
    source: str = ""


class LandfillGiven(Given, frozen=True, kw_only=True):
    """How the landfills are run, for their methane, and what they received before the first year (kg by year).

    ``gas_collected`` is the share of the methane generated that is collected. ``dump`` is the management class of
    illegal dumps.
    """

    climate: Annotated[str, Meta(pattern=f"^({'|'.join(CLIMATES)})$")] = "boreal_temperate_dry"
    management: Annotated[str, Meta(pattern=f"^({'|'.join(MANAGEMENTS)})$")] = "uncategorised"
    dump: Annotated[str, Meta(pattern=f"^({'|'.join(MANAGEMENTS)})$")] = "unmanaged_shallow_5_m"
    covered: bool = False
    history: dict[Year, Amount] = field(default_factory=dict[int, float])
    gas_collected: SharePath = 0.0
    member: str = ""


class Collecting(Given, frozen=True, kw_only=True):
    """Separate collection: the share of each component collected apart; ``rejected`` of that is spoilt."""

    separate: dict[Component, SharePath] = field(default_factory=dict[Component, "float | dict[int, float]"])
    rejected: Share = 0.0
    opex_per_tonne: float | None = None
    separate_opex_per_tonne: float | None = None
    jobs_per_kilotonne: Amount = 0.0
    kind: Kind = "assumed"
    source: str = ""


class Investment(Given, frozen=True, kw_only=True):
    """Money spent in a year."""

    year: Year
    amount: float
    title: Name = ""
    source: str = ""


class Scenario(Given, frozen=True, kw_only=True):
    """What is changed against the programme as it stands.

    ``collected`` replaces the collected share of members, ``collecting`` the separate collection, ``facilities`` adds
    plants or replaces those of the same id, ``closed`` takes plants away.
    """

    id: Identifier
    title: Name = ""
    collected: dict[Identifier, SharePath] = field(default_factory=dict[str, "float | dict[int, float]"])
    collecting: Collecting | None = None
    facilities: tuple[Facility, ...] = ()
    closed: tuple[Identifier, ...] = ()
    gas_collected: SharePath | None = None
    investments: tuple[Investment, ...] = ()
    kind: Kind = "assumed"
    source: str = ""


class Target(Given, frozen=True, kw_only=True):
    """A share of what is generated that is to be reached, %, of one definition (see `DEFINITIONS`)."""

    id: Identifier
    definition: Literal["sorted", "handed_over", "recycled", "landfilled", "collected"]
    year: Year
    value: Annotated[float, Meta(ge=0, le=100)]
    title: Name = ""
    source: str = ""


class WasteProgramme(Given, frozen=True, kw_only=True):
    """The programme of a city with its agglomeration. ``composition`` holds where a member gives none of its own;
    ``composition_cv`` is the coefficient of variation of each component's part."""

    title: Name
    place: str
    first_year: Year
    last_year: Year
    members: Annotated[tuple[Member, ...], Meta(min_length=1, max_length=200)]
    composition: dict[Component, Share] = field(default_factory=dict[Component, float])
    composition_source: str = ""
    composition_cv: Spread = 0.0
    collecting: Collecting = field(default_factory=Collecting)
    facilities: Annotated[tuple[Facility, ...], Meta(max_length=500)] = ()
    exchanges: Annotated[tuple[Exchange, ...], Meta(max_length=200)] = ()
    landfill: LandfillGiven = field(default_factory=LandfillGiven)
    scenarios: Annotated[tuple[Scenario, ...], Meta(max_length=40)] = ()
    targets: tuple[Target, ...] = ()
    gwp: Annotated[str, Meta(pattern=f"^({'|'.join(GWP_SETS)})$")] = "AR5"
    currency: str = "KZT"
    price_year: Year | None = None
    discount_rate: Share = 0.0
    notes: Name = ""

    @property
    def years(self) -> list[int]:
        return list(range(self.first_year, self.last_year + 1))


def programme_schema() -> dict[str, Any]:
    """JSON Schema of a `WasteProgramme`."""
    return schema_of(WasteProgramme)
