"""Layers of areas and sites: what is written is what is read, and nothing missing becomes a number."""

import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from jasyl.atlas import AreaValue, SiteValue, load, load_areas, load_sites, read_record, write_areas, write_sites
from jasyl.atlas.areas import choropleth
from jasyl.atlas.layer import Source
from jasyl.atlas.layer_catalogue import definition
from jasyl.atlas.value_file import significant
from jasyl.places import regions
from jasyl.quantities import sha256_hex
from jasyl.storage import DataFolder
from jasyl.texts import LANGUAGES, Refusal

AREAS, SITES = "waste.generation", "geothermal.heat"
SOURCE = Source(name="a table", version="2024", licence="CC BY 4.0", reference="page 3")


def area(place: str, value: str | None, **other: object) -> AreaValue:
    number = None if value is None else Decimal(value)
    level = "country" if place == "KZ" else "region" if place.startswith("KZ") else "district"
    given_ = {"kind": "published", "source": "a table", "confidence": "high"} | other
    return AreaValue(place=place, level=level, value=number, **given_)  # pyright: ignore[reportArgumentType]


def site(identifier: str, value: str | None = None, **other: object) -> SiteValue:
    number = None if value is None else Decimal(value)
    given_ = {"name": "a well", "kind": "modelled", "source": "a paper", "confidence": "medium"} | other
    return SiteValue(id=identifier, value=number, **given_)  # pyright: ignore[reportArgumentType]


def test_areas_come_back_as_written(empty: DataFolder):
    rows = [
        area("113200000", "12.50", region="KZ-11", low=Decimal(10), parts={"biogas_m3": Decimal("1e3")}),
        area("KZ-11", "100", year=2024, factors=("bf001",)),
        area("KZ", None, note="not published"),
    ]
    record = write_areas(empty, replace(definition(AREAS), sources=(SOURCE,), method="test@1"), rows)
    found = load_areas(empty, AREAS)
    assert found.layer == record == read_record(empty, AREAS)
    assert [value.place for value in found.values] == ["KZ", "KZ-11", "113200000"]
    assert found.of("113200000") == rows[0]
    assert found.of("KZ-99") is None
    assert found.at("region") == (rows[1],)
    assert (record.state, record.sources) == ("built", (SOURCE,))
    assert record.file is not None
    assert sha256_hex((empty.atlas / record.file).read_bytes()) == record.array


def test_the_same_values_make_the_same_file_in_any_order_and_spelling(empty: DataFolder):
    first = write_areas(empty, definition(AREAS), [area("KZ-11", "100"), area("KZ-10", "7")])
    again = write_areas(empty, definition(AREAS), [area("KZ-10", "7.0"), area("KZ-11", "1E+2")])
    assert first == again
    other = write_areas(empty, definition(AREAS), [area("KZ-10", "7.1")])
    assert other.array != first.array
    assert [file.name for file in empty.atlas.glob(f"{AREAS}.*.json")] == [other.file]


def test_total_counts_confirmed_regions_and_names_the_others(empty: DataFolder):
    codes = [region.iso for region in regions()]
    rows = [area(code, "10", low=Decimal(8)) for code in codes[:17]]
    rows += [area(codes[17], "1000", confirmed=False, confidence="low"), area(codes[18], None)]
    rows += [area("KZ", "9999"), area("113200000", "5", region="KZ-11")]
    write_areas(empty, definition(AREAS), rows)
    total = load_areas(empty, AREAS).total()
    assert (total.value, total.low, total.high) == (Decimal(170), Decimal(136), Decimal(170))
    assert total.missing == (codes[18], codes[19])
    assert total.unconfirmed == (codes[17],)
    assert not total.complete
    write_areas(empty, definition(AREAS), [area("KZ", "5")])
    assert load_areas(empty, AREAS).total().value is None


def test_choropleth_follows_the_legend(empty: DataFolder):
    write_areas(empty, definition(AREAS), [area("KZ-11", "25000"), area("KZ-10", "24999.9"), area("KZ-15", None)])
    for language in LANGUAGES:
        document = load_areas(empty, AREAS).as_data(language, "region")
        json.dumps(document)
        shown = {row["place"]: (row["class"], row["colour"]) for row in document["values"]}  # pyright: ignore
        assert (shown["KZ-10"][0], shown["KZ-11"][0]) == (0, 1)
        assert shown["KZ-15"] == (None, None)
    assert choropleth(AREAS, Decimal(10) ** 9)["class"] == 10


def test_sites_come_back_as_written(empty: DataFolder):
    placed = site("b", "2.5", longitude=Decimal("80.1"), latitude=Decimal("44.2"), precision="settlement")
    unplaced, doubtful = site("a"), site("c", "7", confirmed=False)
    write_sites(empty, definition(SITES), [placed, unplaced, doubtful])
    found = load_sites(empty, SITES)
    assert found.values == (unplaced, placed, doubtful)
    assert found.of("b") == placed
    assert found.of("z") is None
    assert found.total() == (Decimal("2.5"), 2)
    assert {row["id"]: row["class"] for row in found.as_data("kk")["values"]} == {"a": None, "b": 3, "c": 4}  # pyright: ignore
    features = found.as_geojson()["features"]
    assert [feature["geometry"] for feature in features] == [
        None,
        {"type": "Point", "coordinates": [80.1, 44.2]},
        None,
    ]
    write_sites(empty, definition(SITES), [unplaced])
    assert load_sites(empty, SITES).total() == (None, 1)


def test_what_is_asked_wrongly_is_refused(empty: DataFolder):
    for ask, layer_id, code in (
        (load_areas, AREAS, "layer-waiting"),
        (load_sites, SITES, "layer-waiting"),
        (load_areas, SITES, "layer-shape"),
        (load_sites, AREAS, "layer-shape"),
        (load, AREAS, "layer-shape"),
        (load_areas, "waste.moonlight", "layer-unknown"),
    ):
        with pytest.raises(Refusal) as refused:
            ask(empty, layer_id)
        assert refused.value.code == code


def test_a_changed_or_lost_file_is_told(empty: DataFolder):
    record = write_areas(empty, definition(AREAS), [area("KZ-11", "100")])
    assert record.file is not None
    file = empty.atlas / record.file
    file.write_bytes(file.read_bytes().replace(b'"100"', b'"900"'))
    with pytest.raises(Refusal, match="SHA-256"):
        load_areas(empty, AREAS)
    file.unlink()
    with pytest.raises(Refusal, match="damaged"):
        load_areas(empty, AREAS)


def test_built_anew_while_it_is_read(empty: DataFolder, monkeypatch: pytest.MonkeyPatch):
    """The record read first names a file that is gone by the time it is opened."""
    import jasyl.atlas.value_file as module

    old = write_areas(empty, definition(AREAS), [area("KZ-11", "100")])
    write_areas(empty, definition(AREAS), [area("KZ-11", "200")])
    answers = iter([old])
    real = module.read_record
    monkeypatch.setattr(module, "read_record", lambda folder, name: next(answers, None) or real(folder, name))
    found = load_areas(empty, AREAS).of("KZ-11")
    assert found is not None
    assert found.value == 200


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: area("KZ-11", "NaN"),
        lambda: area("KZ-11", "1", source=""),
        lambda: area("KZ-11", "1", low=Decimal(2)),
        lambda: area("KZ-11", "1", high=Decimal("0.5")),
        lambda: area("KZ-11", "1", confidence="low"),
        lambda: site("a", longitude=Decimal(70)),
        lambda: site("a", longitude=Decimal(70), latitude=Decimal(91)),
    ],
)
def test_a_value_that_cannot_be_is_refused(wrong: object):
    with pytest.raises(ValueError, match=r"."):
        wrong()  # pyright: ignore


def test_twice_is_refused(empty: DataFolder):
    with pytest.raises(ValueError, match="KZ-11"):
        write_areas(empty, definition(AREAS), [area("KZ-11", "1"), area("KZ-11", "2")])
    with pytest.raises(ValueError, match="twice"):
        write_sites(empty, definition(SITES), [site("a"), site("a")])


@given(st.decimals(min_value=Decimal("-1e12"), max_value=Decimal("1e12"), allow_nan=False, places=6))
def test_significant_digits(value: Decimal):
    kept = significant(value, 4)
    assert abs(kept - value) <= abs(value) * Decimal("0.0005")
    assert len(kept.normalize().as_tuple().digits) <= 4
