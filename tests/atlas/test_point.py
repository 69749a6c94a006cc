import json
from decimal import Decimal

import pytest

from jasyl.atlas import load, value_at
from jasyl.atlas.layer import NODATA
from jasyl.atlas.point import PointValue
from jasyl.storage import DataFolder
from jasyl.texts import Refusal


def test_a_click_on_astana(atlas: DataFolder):
    found = value_at(atlas, "solar.ghi_clear", 71.43, 51.13)
    assert found.cell == load(atlas, "solar.ghi_clear").grid.cell(71.43, 51.13)
    assert found.centre == pytest.approx((71.4583, 51.125), abs=1e-4)
    assert found.year == Decimal("4.469")
    assert len(found.months) == 12
    assert found.altitude == 362
    assert found.turbidity[0] == Decimal("1.9")
    assert found.layer.label("ru") == "верхняя граница: ясное небо"
    # 31 days of January; the year is the sum of what is shown for its months.
    assert found.month_totals[0] == found.months[0] * 31
    assert found.year_total == sum(found.month_totals)
    assert float(found.year_total) == pytest.approx(float(found.year) * 365, rel=3e-4)


def test_what_a_page_gets(atlas: DataFolder):
    data = json.loads(json.dumps(value_at(atlas, "solar.dni_clear", 76.9, 43.25).as_data("en")))
    assert data["kind_text"] == "upper bound: clear sky"
    assert data["unit"] == "kW.h/m2/d"
    assert data["year_total"] == pytest.approx(sum(data["month_totals"]))
    assert len(data["array_sha256"]) == 64


def test_a_missing_month_leaves_the_total_open(atlas: DataFolder):
    known = value_at(atlas, "solar.ghi_clear", 70, 50)
    holed = PointValue(
        known.layer, 70, 50, known.cell, known.centre, None, (None, *known.months[1:]), known.altitude, known.turbidity
    )
    assert holed.year_total is None
    assert holed.month_totals[0] is None
    assert holed.as_data("kk")["months"][0] is None


def test_the_caspian_sea_has_no_value(atlas: DataFolder):
    found = value_at(atlas, "solar.ghi_clear", 51, 42)
    assert (load(atlas, "solar.ghi_clear").values[:, *found.cell] == NODATA).all()
    assert found.year is found.altitude is found.year_total is None
    assert set(found.months) == {None}
    assert found.as_data("en")["year"] is None


@pytest.mark.parametrize(("longitude", "latitude"), [(45.9, 50), (51.13, 71.43), (70, 39.99), (float("nan"), 50)])
def test_outside_the_window(atlas: DataFolder, longitude: float, latitude: float):
    with pytest.raises(Refusal, match="longitude 46–88°, latitude 40–56°") as refusal:
        value_at(atlas, "solar.ghi_clear", longitude, latitude)
    assert refusal.value.code == "point-outside"
