"""Economy-wide material flows of a place from its physical tables (Eurostat EW-MFA handbook; SEEA Central Framework).

Extraction comes from the environment, imports and exports pass the border of the place, domestic processed output
returns to the environment. A landfill that is a process of the account keeps its waste within the economy; only what an
account sends to the environment is output. Water, air and other balancing items (EW-MFA code 8) are told apart.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields

from .tables import ENVIRONMENT, REST_OF_WORLD, FlowAmount, Identity, PhysicalTable

# Sectors of processes that take waste, by what becomes of it.
RECYCLING, COMPOSTING, REUSE = "recycling", "composting", "reuse"
TREATMENT = (RECYCLING, COMPOSTING, REUSE, "backfilling", "incineration", "landfill", "waste_management")
# What the sums over plants need in an account to be told at all.
_PLANTS: Mapping[str, tuple[str, ...]] = {
    "SM": (RECYCLING, COMPOSTING, REUSE), "waste_treated": TREATMENT, "waste_recycled": (RECYCLING,),
    "waste_composted": (COMPOSTING,), "waste_reused": (REUSE,), "waste_landfilled": ("landfill",),
}  # fmt: skip
# Sums of the sums: what each is made of.
DERIVED: Mapping[str, Mapping[str, int]] = {
    "DMI": {"DE": 1, "IMP": 1},
    "DMC": {"DE": 1, "IMP": 1, "EXP": -1},
    "PTB": {"IMP": 1, "EXP": -1},
    "NAS": {"DE": 1, "IMP": 1, "BI_in": 1, "EXP": -1, "DPO": -1, "BI_out": -1},
    "PM": {"DE": 1, "IMP": 1, "SM": 1},
    "interim_output": {"waste": 1, "DPO": 1},
    "U": {"waste_recycled": 1, "waste_imported": -1, "waste_exported": 1},
    "DMC_and_U": {"DE": 1, "IMP": 1, "EXP": -1, "waste_recycled": 1, "waste_imported": -1, "waste_exported": 1},
}


@dataclass(frozen=True)
class EconomyFlows:
    """kg of a period; None where a flow in the sum is not determined, or the account is open within the economy.

    ``SM`` is what recycling, composting and reuse give back; ``U`` the circular use of the Union's rate: waste recycled
    in plants of the place, less imported waste, plus exported waste. ``NAS`` is the residual of the flows, ``growth``
    the counted growth of stocks: the two are the identity of the economy. ``made_of`` are the ids of the flows that
    each of the other sums adds up.
    """

    DE: float | None
    IMP: float | None
    EXP: float | None
    BI_in: float | None
    BI_out: float | None
    DPO: float | None
    growth: float | None
    SM: float | None
    waste: float | None
    waste_treated: float | None
    waste_recycled: float | None
    waste_composted: float | None
    waste_reused: float | None
    waste_landfilled: float | None
    waste_imported: float | None
    waste_exported: float | None
    made_of: Mapping[str, tuple[str, ...]]

    @property
    def DMI(self) -> float | None:  # noqa: N802  (the names of EW-MFA)
        return self._derived("DMI")

    @property
    def DMC(self) -> float | None:  # noqa: N802
        return self._derived("DMC")

    @property
    def PTB(self) -> float | None:  # noqa: N802
        return self._derived("PTB")

    @property
    def NAS(self) -> float | None:  # noqa: N802
        return self._derived("NAS")

    @property
    def PM(self) -> float | None:  # noqa: N802
        return self._derived("PM")

    @property
    def U(self) -> float | None:  # noqa: N802
        return self._derived("U")

    def flows_of(self, name: str) -> dict[str, float] | None:
        """The flows that a sum adds up, each with its factor; None for what is no sum of flows."""
        if name not in DERIVED and name not in self.made_of:
            return None
        found: dict[str, float] = {}
        for part, factor in DERIVED.get(name, {name: 1}).items():
            for flow in self.made_of[part]:
                found[flow] = found.get(flow, 0.0) + factor
        return found

    def _derived(self, name: str) -> float | None:
        return _sum(*(_times(getattr(self, part), factor) for part, factor in DERIVED[name].items()))

    def identity(self) -> Identity:
        """Net additions to stock: what the flows leave, and what stocks were counted to grow."""
        return Identity("economy", "NAS", self.NAS, self.growth)

    def as_data(self) -> dict[str, float | None]:
        """Every sum by its name, kg."""
        own = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "made_of"}
        return own | {name: self._derived(name) for name in DERIVED}


def economy_flows(table: PhysicalTable) -> EconomyFlows:
    """The sums of one period."""
    sector, waste, balancing = table.sector, table.is_waste, table.is_balancing
    whole = not table.open

    def inside(process: str) -> bool:
        return sector(process) not in (ENVIRONMENT, REST_OF_WORLD)

    def over(fits: Callable[[FlowAmount], bool]) -> list[FlowAmount]:
        return [one for one in table.flows if fits(one)]

    def treated(*sectors: str) -> list[FlowAmount]:
        """Waste that enters plants of these sectors from others, within the economy."""
        return over(
            lambda one: waste(one.material) and sector(one.target) in sectors and sector(one.source) not in sectors
        )

    border = {
        "DE": over(
            lambda one: sector(one.source) == ENVIRONMENT and inside(one.target) and not balancing(one.material)
        ),
        "IMP": over(lambda one: sector(one.source) == REST_OF_WORLD and inside(one.target)),
        "EXP": over(lambda one: inside(one.source) and sector(one.target) == REST_OF_WORLD),
        "BI_in": over(lambda one: sector(one.source) == ENVIRONMENT and inside(one.target) and balancing(one.material)),
        "BI_out": over(
            lambda one: inside(one.source) and sector(one.target) == ENVIRONMENT and balancing(one.material)
        ),
        "DPO": over(
            lambda one: inside(one.source) and sector(one.target) == ENVIRONMENT and not balancing(one.material)
        ),
    }
    within = {
        "SM": over(
            lambda one: (
                sector(one.source) in (RECYCLING, COMPOSTING, REUSE)
                and sector(one.target) not in TREATMENT
                and sector(one.target) != ENVIRONMENT
                and not waste(one.material)
            )
        ),
        "waste": over(lambda one: waste(one.material) and inside(one.source) and sector(one.source) not in TREATMENT),
        "waste_treated": treated(*TREATMENT),
        "waste_recycled": treated(RECYCLING),
        "waste_composted": treated(COMPOSTING),
        "waste_reused": treated(REUSE),
        "waste_landfilled": treated("landfill"),
        "waste_imported": over(
            lambda one: waste(one.material) and sector(one.source) == REST_OF_WORLD and inside(one.target)
        ),
        "waste_exported": over(
            lambda one: waste(one.material) and inside(one.source) and sector(one.target) == REST_OF_WORLD
        ),
    }
    growth: list[float | None] = [table.growth[process] for process in table.growth if inside(process)]
    # An account that begins or ends within the economy has no sums over its border.
    sums = {name: table.sum(flows) if whole else None for name, flows in border.items()}
    sums |= {name: table.sum(flows) for name, flows in within.items()}
    # An account without such a plant does not say that nothing of the kind is done in the place.
    there = {sector(one) for one in table.processes}
    sums |= {name: None for name, plants in _PLANTS.items() if not there & set(plants)}
    made_of = {name: tuple(one.flow for one in flows) for name, flows in (border | within).items()}
    return EconomyFlows(**sums, growth=_sum(*growth) if whole else None, made_of=made_of)


def _sum(*parts: float | None) -> float | None:
    return None if any(one is None for one in parts) else float(sum(one or 0.0 for one in parts))


def _times(value: float | None, factor: int) -> float | None:
    return None if value is None else factor * value
