"""A plant's report as activities of a city inventory: masses by cell, each naming the book it was calculated from."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Decimal

from jasyl.quantities import canonical_json, sha256_hex
from jasyl.texts import Refusal

from ..emission import summed
from ..inventory.document import Activity, Calculation
from ..inventory.lines import PLANT_REPORT
from ..inventory.structure import Quality
from .amounts import Metered
from .assessment import PlantResult, assess
from .lines import LineResult
from .propagation import equivalent, propagated
from .report import PlantReport

VERSION = "1.0.0"
_STEP = Decimal("0.000001")
_GASES = ("CO2", "CH4", "N2O")
# What a missing gas means: the factor names one gas only, or the process gives off nothing else to speak of.
_ABSENT = {"bought": "the factor of the energy bought says CO2 only", "process": "the process gives off CO2 only"}


def inventory_activities(
    report: PlantReport, digest: str | None = None, metered: Mapping[str, Metered] | None = None
) -> tuple[Activity, ...]:
    """One activity for each cell that the plant has a part in (I.4.4, I.4.1, I.4.2, IV.1 …), masses in kg.

    ``digest`` is that of the kept book, else of the document: by it the inventory names what the masses were made
    from. Gases stay apart, so the inventory may use other potentials than the report. Grades: H for amounts from
    meters or verified, M else; factors H where all are the plant's own, L where all are defaults, else M. Raises
    Refusal ``plant-report-errors`` where a line has no result.
    """
    result = assess(report, metered)
    if result.errors:
        raise Refusal("plant-report-errors", received=str(len(result.errors)), first=result.errors[0].text("en"))
    cells: dict[str, list[LineResult]] = {}
    for line in result.lines:
        cells.setdefault(line.reference, []).append(line)
    source = digest or sha256_hex(canonical_json(report.as_data()))
    return tuple(_activity(result, reference, lines, source) for reference, lines in sorted(cells.items()))


def _activity(result: PlantResult, reference: str, lines: Sequence[LineResult], digest: str) -> Activity:
    report = result.report
    masses = summed(line.emission for line in lines if line.emission is not None)
    total = equivalent(report, masses)
    half = None if not total else Decimal(repr(round(196 * propagated(report, lines) / total, 3)))
    given = {"CO2" if species.startswith("CO2") else species for species in masses}
    absent = _ABSENT.get(lines[0].section, "not reported")
    return Activity(
        id=f"plant-{report.plant}-{reference.replace('.', '-')}",
        ref=reference,
        name=f"{report.name}: {', '.join(line.name for line in lines)}"[:200],
        source=f"plant report {report.plant} {report.year}, {report.stage}",
        quality="H" if report.stage == "verified" or all(line.kind == "observed" for line in lines) else "M",
        factor_quality=_grade(lines),
        masses={gas: Decimal(repr(float(mass))).quantize(_STEP, ROUND_HALF_EVEN) for gas, mass in masses.items()},
        calculation=Calculation(method=PLANT_REPORT, version=VERSION, inputs=digest),
        omitted={gas: absent for gas in _GASES if gas not in given and "CO2e" not in given},
        uncertainty=half,
        plant=report.plant,
    )


def _grade(lines: Sequence[LineResult]) -> Quality:
    """How good the factors are: the carbon's counts, which is nearly all of the emission."""
    used = [
        one for line in lines if line.emission for one in line.emission.inputs if one.name in {"ncv", "CO2", "factor"}
    ]
    packaged = sum(one.factor is not None for one in used)
    return "H" if not packaged else "L" if packaged == len(used) else "M"
