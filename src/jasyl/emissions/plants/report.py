"""A plant's emission document: monitoring plan, annual report, verified report — one form, kept as a book by version.

Amounts and factors are stated as their papers have them, each with its unit; nothing is left to be assumed. What the
form says of a factor is either the id of one of the package or a value of one's own with its source.
"""

from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Annotated, Any, Literal

import msgspec

from jasyl.intake import form_fault, read_json
from jasyl.quantities import signable
from jasyl.texts import Refusal, Where

Stage = Literal["plan", "report", "verified"]
PlantSector = Literal["energy_industries", "manufacturing_construction", "commercial_institutional"]
ProcessKind = Literal["clinker", "lime", "steel", "carbonates"]
Opinion = Literal["reasonable", "limited", "qualified", "adverse"]
Short = Annotated[str, msgspec.Meta(max_length=120)]
Long = Annotated[str, msgspec.Meta(max_length=1000)]
Amount = Annotated[Decimal, msgspec.Meta(description="A number, or a number as text")]
STAGES: tuple[Stage, ...] = ("plan", "report", "verified")
_LARGEST = 2 * 2**20


class FactorChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Either ``choice``, the id of a factor (key of a grid or heat factor), or ``value`` with ``unit`` and ``source``.

    ``low`` and ``high`` are the 95 % range of a value of one's own.
    """

    choice: Short | None = None
    value: Amount | None = None
    unit: Short | None = None
    source: Long | None = None
    low: Amount | None = None
    high: Amount | None = None


class FuelLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A source stream of fuel.

    ``meter`` is the indicator whose figure of the plant and year replaces the typed amount (``gas.consumed``);
    ``uncertainty`` the 95 % half-range of the amount in percent; ``calorific`` may be per mass or, for gas by volume,
    per m3; ``density`` is needed where a volume meets a value per mass. ``use``: fuel for energy ``supplied`` to
    others (GPC I.4.4) or for the plant's ``own`` needs. ``series`` is the set of potentials of a line taken over from
    elsewhere, where it names one.
    """

    name: Short
    fuel: Short
    amount: Amount | None = None
    unit: Short | None = None
    meter: Short | None = None
    uncertainty: Amount | None = None
    calorific: FactorChoice | None = None
    density: FactorChoice | None = None
    oxidation: FactorChoice | None = None
    factors: dict[Literal["CO2", "CH4", "N2O"], FactorChoice] = {}
    tier: Literal[1, 2, 3] | None = None
    use: Literal["supplied", "own"] = "own"
    series: Short | None = None
    source: Long | None = None


class ProcessLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An industrial process by what it made: clinker (a default factor exists), lime, steel, carbonates calcined."""

    name: Short
    kind: ProcessKind
    amount: Amount | None = None
    unit: Short | None = None
    meter: Short | None = None
    uncertainty: Amount | None = None
    factor: FactorChoice | None = None
    tier: Literal[1, 2, 3] | None = None
    series: Short | None = None
    source: Long | None = None


class BoughtLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Electricity or heat bought: scope 2. ``contract`` is the supplier's factor for the market-based number."""

    name: Short
    carrier: Literal["electricity", "heat"]
    amount: Amount | None = None
    unit: Short | None = None
    meter: Short | None = None
    uncertainty: Amount | None = None
    factor: FactorChoice | None = None
    contract: FactorChoice | None = None
    series: Short | None = None
    source: Long | None = None


class Measured(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """An amount of energy sent out, typed or metered."""

    amount: Amount | None = None
    unit: Short | None = None
    meter: Short | None = None


class SentOut(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Heat and power sent out, and the recorded way of sharing the emission between them."""

    heat: Measured = Measured()
    power: Measured = Measured()
    allocation: Short | None = None
    parameters: dict[str, Amount] = {}


class Quota(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Units allocated for the year; ``covers`` says what one unit is: CO2 (as in Kazakhstan today) or CO2e.

    ``benchmark`` and ``output`` show what a benchmark would give beside the allocation.
    """

    amount: Amount
    unit: Short
    covers: Literal["CO2", "CO2e"]
    source: Long
    benchmark: FactorChoice | None = None
    output: Measured | None = None


class PlannedLine(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What the monitoring plan says of a line: its tier, how it is measured and how often."""

    name: Short
    tier: Literal[1, 2, 3]
    measured: Long
    every: Short
    uncertainty: Amount | None = None


class Plan(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The monitoring plan in force."""

    approved: Short
    lines: tuple[PlannedLine, ...]
    by: Long | None = None


class Verification(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What an accredited verifier found: the emission they confirm, in the quota's kind of unit."""

    verifier: Short
    date: Short
    opinion: Opinion
    amount: Amount
    unit: Short
    note: Long | None = None


class PlantReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The document. ``plant`` is the key of the facility in the register, ``place`` a place id, ``year`` a calendar
    year, ``series`` the set of potentials (AR4, AR5, AR6) and ``methane`` their choice (``split``, ``unsplit``)."""

    plant: Annotated[str, msgspec.Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")]
    name: Short
    place: Short
    year: Annotated[int, msgspec.Meta(ge=1990, le=2100)]
    stage: Stage
    sector: PlantSector
    series: Short
    methane: Literal["split", "unsplit"] | None = None
    fuels: tuple[FuelLine, ...] = ()
    processes: tuple[ProcessLine, ...] = ()
    bought: tuple[BoughtLine, ...] = ()
    sent_out: SentOut | None = None
    quota: Quota | None = None
    plan: Plan | None = None
    verification: Verification | None = None
    training: bool = False
    note: Long | None = None

    def as_data(self) -> Any:
        """The document as plain JSON, numbers as decimal text: what is kept and signed."""
        return signable(msgspec.to_builtins(self, builtin_types=(Decimal,)))


def plant_report_of(document: object, file: str | None = None) -> PlantReport:
    """The form from JSON. Raises Refusal as `form_fault` with ``plant-report-form``, ``plant-report-twice``."""
    try:
        report = msgspec.convert(document, PlantReport, strict=False)
    except msgspec.ValidationError as error:
        raise form_fault(error, document, PlantReport, "plant-report-form", file=file) from error
    names = [line.name for line in (*report.fuels, *report.processes, *report.bought)]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise Refusal("plant-report-twice", where=Where(file=file, field="name"), received=twice)
    return report


def read_plant_json(content: bytes, file: str) -> PlantReport:
    """The form from the bytes of a JSON file. Raises Refusal as `plant_report_of` and `read_json`."""
    return plant_report_of(read_json(content, file, largest=_LARGEST), file)


def report_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the form."""
    made = msgspec.json.schema(PlantReport)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "plant-report", **made}


@cache
def example() -> PlantReport:
    """The example of the manual: a fictional coal plant of heat and power, marked as training data."""
    content = (files("jasyl.emissions") / "data" / "plant_report.json").read_bytes()
    return read_plant_json(content, "plant_report.json")
