"""Economy-wide material flows of a place from its physical tables (Eurostat EW-MFA handbook; SEEA Central Framework).

Extraction comes from the environment, imports and exports pass the border of the place, domestic processed output
returns to the environment. A landfill that is a process of the account keeps its waste within the economy; only what an
account sends to the environment is output. Water, air and other balancing items (EW-MFA code 8) are told apart.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

from .tables import ENVIRONMENT, REST_OF_WORLD, FlowAmount, Identity, PhysicalTable

# Sectors of processes that take waste, by what becomes of it.
RECYCLING, COMPOSTING, REUSE = "recycling", "composting", "reuse"
TREATMENT = (RECYCLING, COMPOSTING, REUSE, "backfilling", "incineration", "landfill", "waste_management")


@dataclass(frozen=True)
class EconomyFlows:
    """kg of a period; None where a flow in the sum is not determined, or the account is open within the economy.

    ``SM`` is what recycling, composting and reuse give back; ``U`` the circular use of the Union's rate: waste recycled
    in plants of the place, less imported waste, plus exported waste. ``NAS`` is the residual of the flows, ``growth``
    the counted growth of stocks: the two are the identity of the economy.
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

    @property
    def DMI(self) -> float | None:  # noqa: N802  (the names of EW-MFA)
        return _sum(self.DE, self.IMP)

    @property
    def DMC(self) -> float | None:  # noqa: N802
        return _sum(self.DMI, _minus(self.EXP))

    @property
    def PTB(self) -> float | None:  # noqa: N802
        return _sum(self.IMP, _minus(self.EXP))

    @property
    def NAS(self) -> float | None:  # noqa: N802
        return _sum(self.DMI, self.BI_in, _minus(self.EXP), _minus(self.DPO), _minus(self.BI_out))

    @property
    def PM(self) -> float | None:  # noqa: N802
        return _sum(self.DMI, self.SM)

    @property
    def interim_output(self) -> float | None:
        return _sum(self.waste, self.DPO)

    @property
    def U(self) -> float | None:  # noqa: N802
        return _sum(self.waste_recycled, _minus(self.waste_imported), self.waste_exported)

    def identity(self) -> Identity:
        """Net additions to stock: what the flows leave, and what stocks were counted to grow."""
        return Identity("economy", "NAS", self.NAS, self.growth)

    def as_data(self) -> dict[str, float | None]:
        """Every sum by its name, kg."""
        own = {one.name: getattr(self, one.name) for one in fields(self)}
        return own | {name: getattr(self, name) for name in ("DMI", "DMC", "PTB", "NAS", "PM", "interim_output", "U")}


def economy_flows(table: PhysicalTable) -> EconomyFlows:
    """The sums of one period."""
    sector, waste, balancing = table.sector, table.is_waste, table.is_balancing
    whole = not table.open

    def inside(process: str) -> bool:
        return sector(process) not in (ENVIRONMENT, REST_OF_WORLD)

    def over(fits: Callable[[FlowAmount], bool], *, border: bool = True) -> float | None:
        return table.sum([one for one in table.flows if fits(one)]) if whole or not border else None

    def treated(*sectors: str) -> float | None:
        """Waste that enters plants of these sectors from others, within the economy."""
        return over(
            lambda one: waste(one.material) and sector(one.target) in sectors and sector(one.source) not in sectors,
            border=False,
        )

    growth: list[float | None] = [table.growth[process] for process in table.growth if inside(process)]
    return EconomyFlows(
        DE=over(lambda one: sector(one.source) == ENVIRONMENT and inside(one.target) and not balancing(one.material)),
        IMP=over(lambda one: sector(one.source) == REST_OF_WORLD and inside(one.target)),
        EXP=over(lambda one: inside(one.source) and sector(one.target) == REST_OF_WORLD),
        BI_in=over(lambda one: sector(one.source) == ENVIRONMENT and inside(one.target) and balancing(one.material)),
        BI_out=over(lambda one: inside(one.source) and sector(one.target) == ENVIRONMENT and balancing(one.material)),
        DPO=over(lambda one: inside(one.source) and sector(one.target) == ENVIRONMENT and not balancing(one.material)),
        growth=_sum(*growth) if whole else None,
        SM=over(
            lambda one: (
                sector(one.source) in (RECYCLING, COMPOSTING, REUSE)
                and sector(one.target) not in TREATMENT
                and sector(one.target) != ENVIRONMENT
                and not waste(one.material)
            ),
            border=False,
        ),
        waste=over(
            lambda one: waste(one.material) and inside(one.source) and sector(one.source) not in TREATMENT, border=False
        ),
        waste_treated=treated(*TREATMENT),
        waste_recycled=treated(RECYCLING),
        waste_composted=treated(COMPOSTING),
        waste_reused=treated(REUSE),
        waste_landfilled=treated("landfill"),
        waste_imported=over(
            lambda one: waste(one.material) and sector(one.source) == REST_OF_WORLD and inside(one.target), border=False
        ),
        waste_exported=over(
            lambda one: waste(one.material) and inside(one.source) and sector(one.target) == REST_OF_WORLD, border=False
        ),
    )


def _sum(*parts: float | None) -> float | None:
    return None if any(one is None for one in parts) else float(sum(one or 0.0 for one in parts))


def _minus(value: float | None) -> float | None:
    return None if value is None else -value
