"""The table of a layer's values: numbers as readers write them, long lists folded, each source once below."""

import csv
import io
import re
import shutil
from decimal import Decimal

import pytest
from tests.portal.conftest import Browser

from jasyl.atlas import AreaValue, definition, write_areas
from jasyl.portal.app import create_app
from jasyl.storage import open_folder

LAYER = "waste.generation"
COUNTRY = "mgorod.kz 17 (Bureau of National Statistics)"
PEOPLE = "tengrinews.kz 589638 (high) or an estimate (low; rounded)"
PARTS = {f"month_{month:02}_mean_Cel": Decimal(month) / 10 for month in range(1, 13)}


@pytest.fixture(scope="module")
def tabled(starter_folder, tmp_path_factory):
    """An installation of its own: its layer holds made-up values."""
    folder = open_folder(shutil.copytree(starter_folder, tmp_path_factory.mktemp("tabled") / "data"))
    said = {"kind": "allocated", "confidence": "medium", "source": f"{COUNTRY}; population: {PEOPLE}"}
    noted = {"note": "statistics of 2016 to 2020", "parts": PARTS}
    values = [
        AreaValue(
            place="KZ", level="country", value=Decimal("46.25"), kind="published", source=COUNTRY, confidence="high"
        ),
        AreaValue(place="KZ-11", level="region", value=Decimal("2.9"), **said, **noted),
        AreaValue(place="KZ-71", level="region", value=Decimal("1234.5"), **said),
    ]
    write_areas(folder, definition(LAYER), values)
    return Browser(create_app(folder, ["127.0.0.1"]))


def _rows(page):
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [re.sub(r"[ \n]+", " ", row) for row in re.findall(r"<tr.*?</tr>", body, re.DOTALL)]


def test_values_keep_their_decimals_and_have_the_readers_comma(tabled):
    country, akmola, astana = _rows(tabled.get(f"/kk/atlas/{LAYER}").text)
    assert '<td class="numeric">46,25</td>' in country
    assert '<td class="numeric">2,9</td>' in akmola
    assert '<td class="numeric">1\N{NO-BREAK SPACE}234,5</td>' in astana
    assert '<td class="numeric">2.9</td>' in _rows(tabled.get(f"/en/atlas/{LAYER}").text)[1]


def test_a_source_is_said_once_and_every_row_leads_to_it(tabled):
    page = tabled.get(f"/ru/atlas/{LAYER}").text
    country, akmola, astana = _rows(page)
    assert re.findall(r'href="#source-(\d)"', country) == ["1"]
    assert re.findall(r'href="#source-(\d)"', akmola) == re.findall(r'href="#source-(\d)"', astana) == ["1", "2"]
    listed = re.findall(r'<li id="source-\d">\s*<span[^>]*>(.*?)</span>', page)
    assert listed == ["mgorod.kz 17 (Бюро национальной статистики)", f"население: {PEOPLE}"]


def test_a_long_list_is_folded_and_columns_without_values_are_left_out(tabled):
    page = tabled.get(f"/en/atlas/{LAYER}").text
    _, akmola, _ = _rows(page)
    assert "<summary>12 values</summary>" in akmola
    assert "<li>February: mean, °C: 0.2</li>" in akmola
    head = page[page.index("<thead>") : page.index("</thead>")]
    assert "Note" in head
    assert "Range" not in head


def test_files_keep_every_column_and_write_sources_out(tabled):
    rows = list(csv.DictReader(io.StringIO(tabled.get(f"/en/atlas/{LAYER}.csv").content.decode("utf-8-sig"))))
    assert [row["Source"] for row in rows] == [COUNTRY, *[f"{COUNTRY}; population: {PEOPLE}"] * 2]
    assert [row["Note"] for row in rows] == ["", "statistics of 2016 to 2020", ""]
    assert {row["Range"] for row in rows} == {""}
