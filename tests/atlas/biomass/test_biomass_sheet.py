"""People's own statistics: units, places, what is refused and where, and layers that follow."""

from decimal import Decimal
from pathlib import Path

import pytest

from jasyl.atlas import load_areas
from jasyl.atlas.biomass.sheet import FILE, forget, keep, kept, read_sheet, statistics_template
from jasyl.atlas.residues import build_biomass
from jasyl.intake import schema
from jasyl.places.boundary_import import import_boundaries
from jasyl.storage import DataFolder
from jasyl.texts import LANGUAGES, Refusal

HEADER = "place,item,quantity,value,unit,year,source\n"
GOOD = (
    HEADER
    + """353200000,barley,production,20,thousand t,2025,an akimat
353200000,barley,sown area,5000,ha,2025,an akimat
KZ-35,cattle,number,520,thousand heads,2025,stat.gov.kz
Карагандинская область,wheat,production,900 000,т,2025,stat.gov.kz
KZ,wood,residues,12,kt,2024,a report
631000000,pigs,number,7,бас,2025,a report
"""
)


def test_rows_come_in_base_units(tmp_path: Path):
    report = read_sheet(GOOD.encode(), "own.csv")
    assert (report.problems, report.problem_count, report.file) == ((), 0, "own.csv")
    said = [(one.place, one.level, one.region, one.item, one.measure, one.value) for one in report.rows]
    assert said == [
        ("353200000", "district", "KZ-35", "barley", "production", Decimal(20_000_000)),
        ("353200000", "district", "KZ-35", "barley", "area", Decimal(50_000_000)),
        ("KZ-35", "region", None, "cattle", "heads", Decimal(520_000)),
        ("KZ-35", "region", None, "wheat", "production", Decimal(900_000_000)),
        ("KZ", "country", None, "wood", "residues", Decimal(12_000_000)),
        ("631000000", "district", "KZ-63", "pigs", "heads", Decimal(7)),
    ]
    assert all(one.confirmed and one.origin == "own.csv" for one in report.rows)
    russian = (
        "Место;Показатель;Величина;Значение;Единица;Год;Источник\nKZ-63;ячмень;валовой сбор;1,5;тыс. т;2025;отчёт\n"
    )
    (row,) = read_sheet(russian.encode(), "own.csv").rows
    assert (row.item, row.value) == ("barley", Decimal(1_500_000))


@pytest.mark.parametrize(
    ("line", "code", "field"),
    [
        ("353200000,barley,number,5,heads,2025,x", "biomass-quantity", "quantity"),
        ("353200000,cattle,production,5,t,2025,x", "biomass-quantity", "quantity"),
        ("353200000,wood,production,5,t,2025,x", "biomass-quantity", "quantity"),
        ("353200000,barley,production,5,ha,2025,x", "biomass-unit", "unit"),
        ("353200000,barley,production,5,heads,2025,x", "biomass-unit", "unit"),
        ("353200000,barley,production,5,bushels,2025,x", "biomass-unit", "unit"),
        ("993200000,barley,production,5,t,2025,x", "sheet-place", "place"),
        ("Narnia,barley,production,5,t,2025,x", "sheet-place", "place"),
    ],
)
def test_what_is_wrong_is_named_at_its_cell(line: str, code: str, field: str):
    report = read_sheet((HEADER + line + "\n").encode(), "own.csv")
    assert (report.rows, report.problem_count) == ((), 1)
    problem = report.problems[0]
    assert (problem.code, problem.where.row, problem.where.field) == (code, 2, field)
    assert all(problem.text(language) for language in LANGUAGES)


def test_a_district_by_name_needs_official_boundaries(empty: DataFolder, shared_data: Path):
    sheet = (
        HEADER + "Акмолинская область,wheat,production,9,t,2025,x\nАккольский район,wheat,production,5,t,2025,x\n"
    ).encode()
    assert read_sheet(sheet, "own.csv").problems[0].code == "sheet-place"
    for level in ("adm1", "adm2"):
        import_boundaries(empty, shared_data / f"kz_{level}_2024.geojson", source="geokz", licence="CC BY 4.0")
    one = read_sheet(sheet, "own.csv", folder=empty).rows[1]
    assert (one.place, one.level, one.region) == ("113200000", "district", "KZ-11")


def test_negative_and_nameless_rows_are_refused():
    lines = [
        "353200000,barley,production,-5,t,2025,x",
        "353200000,moss,production,5,t,2025,x",
        "KZ-35,barley,production,5,t,2025,",
    ]
    assert read_sheet((HEADER + "\n".join(lines)).encode(), "own.csv").problem_count == 3


def test_a_sheet_changes_its_places_and_can_be_let_go(empty: DataFolder):
    before = {layer.id: layer.array for layer in build_biomass(empty)}
    assert "biomass.wood" not in before
    digest = keep(empty, read_sheet(GOOD.encode(), "own.csv").rows)
    assert kept(empty)[1] == digest
    built = {layer.id: layer for layer in build_biomass(empty)}
    district = load_areas(empty, "biomass.crop_residues").of("353200000")
    assert district is not None
    # 20 000 t on 5000 ha: 21 360 t dry, less 8935 t left on the soil and 13.5 % of the straw fed.
    assert district.parts["technical_t_dm"] == pytest.approx(Decimal("9547.8"), rel=Decimal("1e-4"))
    cattle = load_areas(empty, "biomass.manure").of("KZ-35")
    assert cattle is not None
    assert cattle.value is not None
    assert load_areas(empty, "biomass.wood").of("KZ") is not None
    assert built["biomass.wood"].inputs[f"data/{FILE}"] == digest
    forget(empty)
    assert kept(empty) == ((), None)
    assert {layer.id: layer.array for layer in build_biomass(empty)} == before
    with pytest.raises(Refusal, match="not built"):
        load_areas(empty, "biomass.wood")


def test_damaged_statistics_are_told(empty: DataFolder):
    (empty.atlas / FILE).write_text('[{"place": 3}]')
    with pytest.raises(Refusal, match="damaged"):
        build_biomass(empty)


def test_the_template_is_documented():
    document = schema(statistics_template())
    assert document["type"]
    assert [column.key for column in statistics_template().columns] == [
        "place", "item", "quantity", "value", "unit", "year", "source",
    ]  # fmt: skip
