"""Evaluations for statistical offices: SDMX-CSV 2.0 (SDMX 3.0) and 1.0 (SDMX 2.1).

Series are keyed by frequency, place, data point and breakdown. Identifiers of SDMX hold letters, digits, ``_``, ``@``,
``$`` and ``-`` only: the point in ``EC.I.ES.3C`` is written ``_``. Observation status is of the cross-domain list
CL_OBS_STATUS 2.2.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import Context, Decimal
from io import StringIO
from typing import Literal

from jasyl.quantities import decimal_text
from jasyl.texts import Refusal

from .catalogue import Catalogue
from .catalogue_columns import BREAKDOWNS
from .disaggregation import By
from .evaluation import Scored
from .evaluation_table import CityYear

AGENCY = "JASYL"
VERSION = "1.0"
DIMENSIONS = ("FREQ", "REF_AREA", "DATA_POINT", *(axis.upper() for axis in BREAKDOWNS), "TIME_PERIOD")
MEASURE = "OBS_VALUE"
ATTRIBUTES = (
    "UNIT_MEASURE", "UNIT_MULT", "OBS_STATUS", "CONF_STATUS", "NUMERATOR", "DENOMINATOR", "POINTS", "BAND",
    "BENCHMARK_VERSION", "DATA_QUALITY",
)  # fmt: skip
OBS_STATUS = {
    "A": "Normal value",
    "E": "Estimated value",
    "M": "Missing value; data cannot exist",
    "O": "Missing value",
    "Q": "Missing value; suppressed",
    "U": "Low reliability",
    "V": "Unvalidated value",
}
_TOTAL = "_T"
_DIGITS = Context(prec=12)
_NOT_IN_IDS = re.compile(r"[^A-Za-z0-9_@$\-]+")
_OTHER_LETTERS = re.compile(r"[^\W\d_A-Za-z]")
# How the six choices of data quality of a city book read as observation status.
_OF_QUALITY = {
    "measured": "A",
    "survey_extrapolated": "E",
    "higher_level_extrapolated": "E",
    "estimate_assumptions": "E",
    "personal_estimate": "U",
    "unknown": "U",
}


def sdmx_id(text: str) -> str:
    """``text`` as an identifier of SDMX: ``EC.I.ES.3C`` is ``EC_I_ES_3C``, ``per 100 000`` is ``per_100_000``.

    Letters that are not Latin become ``$`` and their code, so that different names stay different.
    """
    latin = _OTHER_LETTERS.sub(lambda found: f"${ord(found[0]):04X}", text)
    return _NOT_IN_IDS.sub("_", latin).strip("_")


def structure_id(catalogue: Catalogue, agency: str = AGENCY) -> str:
    """``JASYL:U4SSC(1.0)``, the data flow and the data structure of a catalogue."""
    return f"{agency}:{sdmx_id(catalogue.id).upper()}({VERSION})"


def sdmx_csv(
    catalogue: Catalogue,
    of: Iterable[CityYear],
    version: Literal["2.0", "1.0"] = "2.0",
    action: Literal["I", "A", "R"] = "R",
    agency: str = AGENCY,
) -> bytes:
    """Every data point and cell of a breakdown as an observation, those without a value too, with the status that says
    why. Raises Refusal ``indicator-sdmx-twice`` where two data points would have one identifier.
    """
    _check_ids(catalogue)
    out = StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    name = structure_id(catalogue, agency)
    # In 1.0 the flow is one column; in 2.0 kind, identifier and what is to be done with the row are three.
    head, lead = (
        (["DATAFLOW"], [name])
        if version == "1.0"
        else (["STRUCTURE", "STRUCTURE_ID", "ACTION"], ["dataflow", name, action])
    )
    writer.writerow([*head, *DIMENSIONS, MEASURE, *ATTRIBUTES])
    for cells in _observations(catalogue, of):
        writer.writerow([*lead, *cells])
    return out.getvalue().encode()


def _observations(catalogue: Catalogue, of: Iterable[CityYear]) -> Iterator[list[str]]:
    for one in of:
        for scored in one.evaluation.points:
            answer = scored.answer
            numbers = (scored.value, answer.numerator, answer.denominator)
            status = obs_status(scored, has_value=scored.value is not None)
            score = ("", "") if scored.band is None else (str(scored.points), _band_id(scored.band))
            yield _cells(catalogue, one, scored, (), numbers, status, score)
            for part in one.parts.get(scored.point, ()):
                if part.by:
                    numbers = (part.value, part.numerator, part.denominator)
                    status = obs_status(scored, has_value=part.value is not None, suppressed=part.suppressed)
                    yield _cells(catalogue, one, scored, part.by, numbers, status, ("", ""))


def _cells(
    catalogue: Catalogue,
    one: CityYear,
    scored: Scored,
    by: By,
    numbers: Sequence[Decimal | None],
    status: str,
    score: tuple[str, str],
) -> list[str]:
    axes = dict(by)
    value, numerator, denominator = ("" if number is None else decimal_text(_DIGITS.plus(number)) for number in numbers)
    return [
        "A",
        sdmx_id(one.place),
        sdmx_id(scored.point),
        *(sdmx_id(axes[axis]) if axis in axes else _TOTAL for axis in BREAKDOWNS),
        str(one.year),
        value,
        sdmx_id(catalogue.point(scored.point).unit),
        "0",
        status,
        "F",
        numerator,
        denominator,
        *score,
        one.evaluation.benchmark_version,
        scored.answer.quality,
    ]


def obs_status(scored: Scored, *, has_value: bool, suppressed: bool = False) -> str:
    """The code of CL_OBS_STATUS: what kind of value it is, or why there is none."""
    status = scored.answer.status
    if suppressed:
        return "Q"
    if status == "not_applicable":
        return "M"
    if not has_value:
        return "O"
    if status in ("not_verified", "not_verifiable"):
        return "V"
    return _OF_QUALITY.get(scored.answer.quality, "A")


def _band_id(band: str) -> str:
    return band.replace("+", "_AND_MORE").replace("-", "_TO_")


def _check_ids(catalogue: Catalogue) -> None:
    seen = dict[str, str]()
    for point in catalogue.points:
        other = seen.setdefault(sdmx_id(point.id), point.id)
        if other != point.id:
            raise Refusal("indicator-sdmx-twice", received=f"{other}, {point.id}", expected=sdmx_id(point.id))
