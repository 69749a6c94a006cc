"""What indicators need beside flows: people, money, jobs, energy, water; each with its source."""

from collections.abc import Iterator
from typing import Annotated, Any

from msgspec import Meta, field

from jasyl.texts import Refusal

from ..account import Account
from ..documents import Given, Kind, Share, refuse, schema_of

# Name → unit of the number. Money is the currency of the inputs.
DRIVERS: dict[str, str] = {
    "population": "persons", "gdp": "money", "gva": "money", "employment": "persons",
    "circular_jobs": "persons", "circular_gva": "money", "circular_investment": "money",
    "public_tenders": "money", "green_tenders": "money", "patents": "number", "emissions": "kg CO2e",
    "energy_input": "kWh", "energy_renewable": "kWh", "water_withdrawn": "m3", "water_circular": "m3",
    "water_discharged": "m3", "water_discharged_compliant": "m3", "water_reused": "m3",
    "wastewater_treated": "m3", "wastewater_reused": "m3", "served_separately": "persons",
    "collection_points": "number", "packaging_waste": "kg", "packaging_recycled": "kg",
    "plastic_packaging_waste": "kg", "plastic_packaging_recycled": "kg", "weee_collected": "kg", "weee_recycled": "kg",
    "waste_major_mineral": "kg", "actions_planned": "number", "actions_done": "number", "partners": "number",
    "trained": "number", "firms_supported": "number", "lifetime": "years", "lifetime_average": "years",
    "inflow_base": "kg", "gva_base": "money",
}  # fmt: skip


class Driver(Given, frozen=True, kw_only=True):
    """A number in the unit that `DRIVERS` names, with its source."""

    value: float
    source: Annotated[str, Meta(min_length=1)]
    kind: Kind = "published"


class Content(Given, frozen=True, kw_only=True):
    """Shares of a flow's mass that are reused, recycled, or sustainably renewable material."""

    reused: Share | None = None
    recycled: Share | None = None
    renewable: Share | None = None
    source: str = ""


class IndicatorInputs(Given, frozen=True, kw_only=True):
    """Numbers of one place and period, and what flows of its account are made of."""

    drivers: dict[str, Driver] = field(default_factory=dict[str, Driver])
    content: dict[str, Content] = field(default_factory=dict[str, Content])
    currency: str = "KZT"


def inputs_schema() -> dict[str, Any]:
    """JSON Schema of `IndicatorInputs`."""
    return schema_of(IndicatorInputs)


def examine_inputs(inputs: IndicatorInputs, account: Account | None, name: str = "") -> None:
    """Known names, flows that are there, shares that make at most one. Raises the first Refusal."""
    fault = next(_faults(inputs, account, name), None)
    if fault:
        raise fault


def _faults(inputs: IndicatorInputs, account: Account | None, name: str) -> Iterator[Refusal]:
    for driver, one in inputs.drivers.items():
        if driver not in DRIVERS:
            yield refuse("circular-code", name, f"drivers.{driver}", driver, ", ".join(DRIVERS))
        if one.value < 0:
            yield refuse("circular-document", name, f"drivers.{driver}.value", one.value, "≥ 0")
    flows = {one.id for one in account.flows} if account else set[str]()
    for flow, one in inputs.content.items():
        if flow not in flows:
            yield refuse("circular-code", name, f"content.{flow}", flow, ", ".join(sorted(flows)) or "—")
        both = (one.reused or 0.0) + (one.recycled or 0.0)
        if both > 1:
            yield refuse("circular-parts", name, f"content.{flow}", both, "≤ 1")
