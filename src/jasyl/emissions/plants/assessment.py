"""A whole report: scope 1 and 2, heat and power, quota against emission, uncertainty, sensitivity of the choices."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from jasyl.quantities import UNITS, unit
from jasyl.texts import Refusal

from ..cogeneration import Shares, allocate, compared
from ..emission import Emission, Masses, summed
from ..factors import factor
from ..finding import Finding, error_at, warning
from ..warming import one_set, potential
from .amounts import Metered, activity
from .lines import LineResult, bought_result, fuel_result, process_result
from .propagation import equivalent, propagated
from .report import Measured, PlantReport, Quota

_OF_PERCENT = 100
# A verified amount that differs by more than this part from what the report comes to is pointed out. European verifiers
# take 2 % of large plants and 5 % of others as material; the rule of Kazakhstan was not read.
_MATERIAL = 0.02


@dataclass(frozen=True)
class Balance:
    """Quota against emission, kg of what a unit of the quota is. ``left`` is negative where units are missing."""

    quota: float
    emission: float
    covers: str
    benchmark: float | None
    benchmark_factor: str | None

    @property
    def left(self) -> float:
        """Quota less emission."""
        return self.quota - self.emission


@dataclass(frozen=True)
class Energy:
    """Energy of a plant in W·h: ``burnt`` (net) and ``bought``, ``heat`` and ``power`` sent out.

    None where an amount is not known or not stated.
    """

    burnt: float | None
    bought: float | None
    heat: float | None
    power: float | None

    @property
    def used(self) -> float | None:
        """What the plant took in."""
        return None if self.burnt is None or self.bought is None else self.burnt + self.bought

    @property
    def efficiency(self) -> float | None:
        """Heat and power sent out for each unit burnt."""
        if not self.burnt or (self.heat is None and self.power is None):
            return None
        return ((self.heat or 0.0) + (self.power or 0.0)) / self.burnt


@dataclass(frozen=True)
class PlantResult:
    """What a report comes to. Masses in kg by species; totals are None where any of their lines has an error.

    ``uncertainty1`` and ``uncertainty2`` are standard uncertainties of the totals in kg CO2e.
    """

    report: PlantReport
    lines: tuple[LineResult, ...]
    scope1: Masses | None
    scope2: Masses | None
    market: Masses | None
    equivalent1: float | None
    equivalent2: float | None
    equivalent_market: float | None
    uncertainty1: float | None
    uncertainty2: float | None
    energy: Energy
    shares: Shares | None
    ways: tuple[Shares, ...]
    balance: Balance | None
    findings: tuple[Finding, ...]

    def intensity(self, carrier: str) -> float | None:
        """kg CO2e of scope 1 for each W·h of ``heat`` or ``power`` sent out, by the recorded way of sharing.

        A plant that sends out only one of them needs none.
        """
        sent = self.energy.heat if carrier == "heat" else self.energy.power
        other = self.energy.power if carrier == "heat" else self.energy.heat
        if not sent or self.equivalent1 is None:
            return None
        if self.shares is None:
            return None if other else self.equivalent1 / sent
        return self.equivalent1 * (self.shares.heat if carrier == "heat" else self.shares.power) / sent

    @property
    def errors(self) -> tuple[Finding, ...]:
        """Findings that leave a line without a result."""
        return tuple(one for one in self.findings if one.level == "error")

    @property
    def factors(self) -> tuple[str, ...]:
        """Ids of all factors used, each once."""
        used = (one for line in self.lines if line.emission for one in line.emission.factors)
        return tuple(dict.fromkeys(used))

    def by_reference(self) -> dict[str, Masses]:
        """Masses by cell of a city inventory (I.4.4, I.4.1, I.4.2, IV.1 …). Lines with errors are not in it."""
        cells: dict[str, list[Emission]] = {}
        for line in self.lines:
            if line.emission is not None:
                cells.setdefault(line.reference, []).append(line.emission)
        return {reference: summed(parts) for reference, parts in sorted(cells.items())}


def assess(report: PlantReport, metered: Mapping[str, Metered] | None = None) -> PlantResult:
    """What a report comes to, with ``metered`` amounts by indicator where meters gave any.

    Raises Refusal ``gwp-set``, ``gwp-methane`` for the choice of potentials; everything else is a finding.
    """
    one_set([report.series])
    potential(report.series, "CH4", report.methane)
    read = metered or {}
    lines = (
        *(fuel_result(report, line, read) for line in report.fuels),
        *(process_result(report, line, read) for line in report.processes),
        *(bought_result(report, line, read) for line in report.bought),
    )
    direct = [line for line in lines if line.section != "bought"]
    indirect = [line for line in lines if line.section == "bought"]
    scope1, scope2 = _total(direct), _total(indirect)
    market = _market(indirect) if scope2 is not None else None
    findings = [one for line in lines for one in line.findings]
    findings += _of_meters(report, read)
    energy = _energies(report, direct, indirect, read)
    if energy.efficiency is not None and energy.efficiency > 1:
        findings.append(warning("plant-efficiency", "sent_out", received=f"{energy.efficiency * _OF_PERCENT:.0f} %"))
    shares, ways = _shared(report, read, findings)
    balance = _balance(report.quota, report, scope1, read, findings)
    findings += _agreement(report, balance)
    return PlantResult(
        report, lines, scope1, scope2, market,
        _equivalent(report, scope1), _equivalent(report, scope2), _equivalent(report, market),
        propagated(report, direct) if scope1 is not None else None,
        propagated(report, indirect) if scope2 is not None else None,
        energy, shares, ways, balance, tuple(findings),
    )  # fmt: skip


def _total(lines: Sequence[LineResult]) -> Masses | None:
    """The sum, or None where a line could not be calculated: half a plant is not shown as a plant."""
    made = [line.emission for line in lines if line.emission is not None]
    return summed(made) if len(made) == len(lines) else None


def _market(lines: Iterable[LineResult]) -> Masses | None:
    parts = [line.market or line.emission for line in lines]
    known = [part for part in parts if part is not None]
    return summed(known) if len(known) == len(parts) else None


def _equivalent(report: PlantReport, masses: Masses | None) -> float | None:
    return None if masses is None else equivalent(report, masses)


def _shared(
    report: PlantReport, metered: Mapping[str, Metered], findings: list[Finding]
) -> tuple[Shares | None, tuple[Shares, ...]]:
    sent = report.sent_out
    if sent is None:
        return None, ()
    given = {name: float(value) for name, value in sent.parameters.items()}
    try:
        heat, power = (_energy(one, metered) for one in (sent.heat, sent.power))
        ways = compared(heat, power, **given)
        if sent.allocation is None:
            if heat and power:
                findings.append(warning("plant-allocation-missing", "sent_out", "allocation"))
            return None, ways
        return allocate(sent.allocation, heat, power, **given), ways
    except Refusal as refusal:
        findings.append(error_at(refusal, "sent_out"))
        return None, ()


def _of_meters(report: PlantReport, metered: Mapping[str, Metered]) -> list[Finding]:
    """What is missing of the meters of energy sent out and of the benchmark's output."""
    named = {"quota": report.quota.output} if report.quota and report.quota.output else {}
    if report.sent_out is not None:
        named |= {"heat": report.sent_out.heat, "power": report.sent_out.power}
    found: list[Finding] = []
    for place, one in named.items():
        figure = metered.get(one.meter) if one.meter else None
        if one.meter and figure is None:
            found.append(warning("plant-meter-missing", place, "meter", received=one.meter))
        elif figure is not None and figure.completeness is not None and figure.completeness < 1:
            share = f"{float(figure.completeness) * _OF_PERCENT:.1f} %"
            found.append(warning("plant-meter-incomplete", place, "meter", received=share))
    return found


def _energies(
    report: PlantReport, direct: Sequence[LineResult], indirect: Sequence[LineResult], metered: Mapping[str, Metered]
) -> Energy:
    fuels = [line for line in direct if line.section == "fuel"]

    def total(lines: Sequence[LineResult]) -> float | None:
        known = [line.energy for line in lines if line.energy is not None]
        return sum(known) if len(known) == len(lines) else None

    def sent(of: Measured | None) -> float | None:
        if of is None or (of.amount is None and of.meter is None):
            return None
        try:
            return _energy(of, metered)
        except Refusal:
            return None  # told where the sharing is worked out

    out = report.sent_out
    return Energy(total(fuels), total(indirect), sent(out and out.heat), sent(out and out.power))


def _energy(of: Measured, metered: Mapping[str, Metered]) -> float:
    if of.amount is None and of.meter is None:
        return 0.0
    return activity(of.amount, of.unit, of.meter, metered, "energy").value


def _balance(
    quota: Quota | None,
    report: PlantReport,
    scope1: Masses | None,
    metered: Mapping[str, Metered],
    found: list[Finding],
) -> Balance | None:
    if quota is None:
        if report.stage != "plan":
            found.append(warning("plant-quota-missing", "quota"))
        return None
    if scope1 is None:
        return None
    emission = float(scope1.get("CO2", 0.0)) if quota.covers == "CO2" else _equivalent(report, scope1)
    assert emission is not None
    try:
        allocated = activity(quota.amount, quota.unit, None, {}, "mass").value
        benchmark = _benchmark(quota, metered, found)
    except Refusal as refusal:
        found.append(error_at(refusal, "quota"))
        return None
    chosen = quota.benchmark.choice if quota.benchmark else None
    return Balance(allocated, emission, quota.covers, benchmark, chosen)


def _benchmark(quota: Quota, metered: Mapping[str, Metered], found: list[Finding]) -> float | None:
    """Output times benchmark, kg, for benchmarks by energy (g/kWh) and by mass (t/t)."""
    if quota.benchmark is None or quota.output is None or quota.benchmark.choice is None:
        return None
    fact, output = factor(quota.benchmark.choice), quota.output
    if not fact.confirmed:
        found.append(warning("plant-unconfirmed", "quota", "benchmark", received=fact.id))
    if fact.unit == "g/kWh":
        energy = activity(output.amount, output.unit, output.meter, metered, "energy").value
        return energy * fact.value / 1e6
    return activity(output.amount, output.unit, output.meter, metered, "mass").value * fact.value


def _agreement(report: PlantReport, balance: Balance | None) -> list[Finding]:
    """What the stages of the document say of one another."""
    found: list[Finding] = []
    if report.stage == "verified" and report.verification is None:
        found.append(error_at(Refusal("plant-verification-missing"), "verification"))
    if report.verification is not None and balance is not None:
        confirmed = UNITS[unit(report.verification.unit).ucum].to_base(report.verification.amount)
        if abs(float(confirmed) - balance.emission) > _MATERIAL * max(balance.emission, 1.0):
            said = f"{_tonnes(confirmed)} t", f"{_tonnes(Decimal(str(balance.emission)))} t"
            found.append(warning("plant-verified-differs", "verification", received=said[0], expected=said[1]))
    if report.plan is not None:
        planned = {line.name: line.tier for line in report.plan.lines}
        for line in (*report.fuels, *report.processes):
            wanted = planned.get(line.name)
            if wanted is None:
                found.append(warning("plant-line-unplanned", line.name))
            elif line.tier is not None and line.tier < wanted:
                found.append(
                    warning("plant-tier-lower", line.name, "tier", received=str(line.tier), expected=str(wanted))
                )
    return found


def _tonnes(kilograms: Decimal) -> str:
    return f"{kilograms / 1000:.1f}"
