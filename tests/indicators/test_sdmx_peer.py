"""The SDMX files as sdmx1 reads them: the structure first, then every observation and attribute by it."""

import csv
import io
from decimal import Decimal
from typing import Any

import pytest

from jasyl.indicators import Shown, sdmx_csv, sdmx_structure
from jasyl.indicators.sdmx import ATTRIBUTES, DIMENSIONS, MEASURE, obs_status, sdmx_id
from jasyl.texts import LANGUAGES

from .test_outputs import U4SSC, city

CITIES = [city(2023), city(2024)]
CODED = {"FREQ", "DATA_POINT", "UNIT_MEASURE", "OBS_STATUS", "CONF_STATUS"}


@pytest.fixture(scope="module")
def structure() -> Any:
    import sdmx

    return sdmx.read_sdmx(io.BytesIO(sdmx_structure(U4SSC)))


@pytest.fixture(scope="module")
def message(structure: Any) -> Any:
    """The file of two years, read by the data flow."""
    import sdmx

    return sdmx.read_sdmx(io.BytesIO(sdmx_csv(U4SSC, CITIES)), format="csv", structure=structure.dataflow["U4SSC"])


def test_sdmx1_reads_the_structure_whole(structure: Any) -> None:
    flow = structure.dataflow["U4SSC"]
    assert flow.structure is structure.structure["U4SSC"]
    assert {key: flow.name.localizations[key] for key in LANGUAGES} == {key: U4SSC.title[key] for key in LANGUAGES}
    parts = flow.structure
    assert [part.id for part in parts.dimensions] == list(DIMENSIONS)
    assert [part.id for part in parts.attributes] == list(ATTRIBUTES)
    assert [part.id for part in parts.measures] == [MEASURE]
    concepts = structure.concept_scheme["CONCEPTS"]
    for part in (*parts.dimensions, *parts.attributes, *parts.measures):
        assert part.concept_identity is concepts[part.id]
        listed = part.local_representation.enumerated
        assert (listed is not None) == (part.id in CODED)
        if listed is not None:
            assert listed is structure.codelist[f"CL_{part.id}"]
    points = structure.codelist["CL_DATA_POINT"]
    assert len(points.items) == 112
    for indicator in U4SSC.indicators:
        if len(indicator.points) == 1:
            name = points[sdmx_id(indicator.points[0].id)].name
            assert [name.localizations[key] for key in LANGUAGES] == [indicator.name[key] for key in LANGUAGES]


def test_sdmx1_finds_every_observation_of_the_evaluation_and_nothing_else(structure: Any, message: Any) -> None:
    (data,) = message.data
    assert data.action.name == "replace"
    assert data.described_by is structure.dataflow["U4SSC"]
    found = {tuple(str(cell.value) for cell in one.dimension.values.values()): one for one in data.obs}
    wanted = dict(expected())
    assert set(found) == set(wanted)
    assert len(data.obs) == len(wanted) == 2 * 114
    for key, (value, attributes) in wanted.items():
        one = found[key]
        told = {name: cell.value for name, cell in one.attached_attribute.items()}
        assert set(told) == set(ATTRIBUTES)
        _same(one.value, value)
        for name, cell in attributes.items():
            if isinstance(cell, str):
                assert told[name] == cell, (key, name)
            else:
                _same(told[name], cell)


def test_every_code_sdmx1_reads_is_of_the_list_its_structure_names(structure: Any, message: Any) -> None:
    parts = structure.structure["U4SSC"]
    lists = {
        part.id: set(part.local_representation.enumerated.items)
        for part in (*parts.dimensions, *parts.attributes)
        if part.id in CODED
    }
    assert set(lists) == CODED
    for one in message.data[0].obs:
        cells = {name: cell.value for name, cell in (*one.dimension.values.items(), *one.attached_attribute.items())}
        for name, allowed in lists.items():
            assert cells[name] in allowed, (name, cells[name])
        assert cells["UNIT_MEASURE"]
        assert cells["UNIT_MULT"] == "0"


def test_sdmx_csv_1_0_is_what_sdmx1_writes_of_our_2_0(message: Any) -> None:
    """sdmx1 reads SDMX-CSV 2.0 alone, but writes 1.0: of the same observations it must make our file."""
    import pandas as pd
    import sdmx
    from sdmx.format.csv import v1

    (data,) = message.data
    table = sdmx.to_csv(data, rtype=pd.DataFrame, attributes="o", dtype=str, format_options=v1.FormatOptions())
    ours = list(csv.DictReader(io.StringIO(sdmx_csv(U4SSC, CITIES, "1.0").decode(), newline="")))
    assert list(table.columns) == list(ours[0])
    assert table.to_dict("records") == ours


def expected() -> Any:
    """Key, value and attributes of each observation, from the evaluation itself."""
    for one in CITIES:
        for scored in one.evaluation.points:
            yield _row(one, scored, None)
            for part in one.parts.get(scored.point, ()):
                if part.by:
                    yield _row(one, scored, part)


def _row(one: Any, scored: Any, part: Shown | None) -> Any:
    axes = dict(part.by) if part else {}
    breakdown = [sdmx_id(axes[name]) if name in axes else "_T" for name in ("sex", "age", "disability", "income")]
    district = sdmx_id(axes["district"]) if "district" in axes else "_T"
    key = ("A", "KZ-71", scored.point.replace(".", "_"), *breakdown, district, str(one.year))
    numbers = part or scored.answer
    value = (part or scored).value
    judged = part is None and scored.points is not None
    attributes = {
        "UNIT_MEASURE": sdmx_id(U4SSC.point(scored.point).unit),
        "UNIT_MULT": "0",
        "OBS_STATUS": obs_status(scored, has_value=value is not None, suppressed=part is not None and part.suppressed),
        "CONF_STATUS": "F",
        "NUMERATOR": numbers.numerator,
        "DENOMINATOR": numbers.denominator,
        "POINTS": Decimal(scored.points) if judged else None,
        "BAND": scored.band.replace("-", "_TO_").replace("+", "_AND_MORE") if judged else "",
        "BENCHMARK_VERSION": one.evaluation.benchmark_version,
        "DATA_QUALITY": scored.answer.quality,
    }
    assert set(attributes) == set(ATTRIBUTES)
    return key, (value, attributes)


def _same(told: str, number: Decimal | None) -> None:
    if number is None:
        assert told == ""
    else:
        assert float(told) == pytest.approx(float(number), rel=1e-11)
