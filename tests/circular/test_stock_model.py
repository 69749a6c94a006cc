"""Models of stocks as documents and sheets: what they give, and every fault by its place."""

import json

import numpy as np
import openpyxl
import pytest

from jasyl.circular import (
    StockModel,
    cohort_chart,
    examine_stock_model,
    flow_chart,
    inflow_driven,
    parse_stock_model,
    read_stock_sheet,
    run_stock_model,
    scenario_chart,
    stock_chart,
    stock_model_schema,
    stock_template,
    weibull,
    weibull_of,
)
from jasyl.papers import template_workbook
from jasyl.texts import LANGUAGES, Refusal

YEARS = {str(year): 10.0 + year - 2000 for year in range(2000, 2011)}


def _model(**changes):
    product = {"id": "a", "lifetime": {"kind": "weibull", "mean": 12, "sd": 4}, "inflow": YEARS}
    other = {"id": "b", "lifetime": {"kind": "weibull", "shape": 2.0, "scale": 9.0}, "inflow": YEARS, "region": "x"}
    fixed = {"id": "c", "lifetime": {"kind": "fixed", "mean": 5}, "stock": {"2000": 8, "2010": 2}, "between": "linear"}
    document = {
        "title": "t", "place": "KZ-71", "unit": "t", "first_year": 2000, "last_year": 2010, "cohorts": [2005],
        "products": [product, other, {**fixed, "standing": {"1998": 4}, "shortfall": "retire"}],
    }  # fmt: skip
    return document | changes


SCENARIO = {"id": "long", "products": [
    {"id": "a", "lifetime": {"kind": "weibull", "mean": 24, "sd": 8}, "inflow": YEARS, "title": "A that lasts"},
]}  # fmt: skip


def _bytes(document):
    return json.dumps(document).encode()


def test_a_scenario_is_the_model_with_other_products():
    run = run_stock_model(parse_stock_model(_bytes(_model(scenarios=[SCENARIO]))))
    (other,) = run.alternatives
    np.testing.assert_allclose(
        other.series[0].outflow, inflow_driven(list(YEARS.values()), weibull_of(24, 8), 2000).outflow
    )
    for at in (1, 2):
        np.testing.assert_array_equal(other.series[at].stock, run.series[at].stock)
    assert {row["scenario"] for row in run.rows()} == {"", "long"}
    said = run.as_data()["scenarios"]
    assert (said[0]["id"], said[0]["total"]["stock"][-1]) == ("long", pytest.approx(other.total()["stock"][-1]))
    for language in LANGUAGES:
        assert scenario_chart(run, "outflow", language).count("stroke-dasharray") >= 1


@pytest.mark.parametrize(
    ("scenarios", "code", "field"),
    [
        ([SCENARIO, SCENARIO], "circular-twice", "scenarios[1].id"),
        ([{**SCENARIO, "products": SCENARIO["products"] * 2}], "circular-twice", "scenarios[0].products[1]"),
        ([{"id": "x", "products": [{**SCENARIO["products"][0], "id": "z"}]}], "circular-unknown-code",
         "scenarios[0].products[0]"),
        ([{"id": "x", "products": [{**SCENARIO["products"][0], "inflow": {"2000": 1}}]}], "stock-year-missing",
         "scenarios[0].products[0].inflow"),
    ],
)  # fmt: skip
def test_faults_of_a_scenario_are_located(scenarios, code, field):
    with pytest.raises(Refusal) as caught:
        parse_stock_model(_bytes(_model(scenarios=scenarios)))
    assert (caught.value.code, caught.value.where.field) == (code, field)


def test_a_model_gives_what_the_functions_give():
    run = run_stock_model(parse_stock_model(_bytes(_model())))
    inflow = list(YEARS.values())
    for series, lifetime in zip(run.series, (weibull_of(12, 4), weibull(2.0, 9.0)), strict=False):
        alone = inflow_driven(inflow, lifetime, 2000)
        np.testing.assert_allclose(series.stock, alone.stock, rtol=1e-12)
        np.testing.assert_allclose(series.outflow, alone.outflow, rtol=1e-9)
        held = [stock for stock, _ in series.cohorts[2005].values()]
        np.testing.assert_allclose(held, alone.by_cohort(2005)[:6], rtol=1e-12)
    said = run.as_data()
    assert [one["product"] for one in said["series"]] == ["a", "b", "c"]
    assert said["total"]["stock"][-1] == pytest.approx(sum(float(one.stock[-1]) for one in run.series))
    assert len(list(run.rows())) == 33
    assert {row["kind"] for row in run.rows()} == {"modelled"}
    json.dumps(said)


def test_the_digest_names_the_input():
    one, same, other = (
        run_stock_model(parse_stock_model(_bytes(_model(**change)))).digest for change in ({}, {}, {"entry": "end"})
    )
    assert one == same != other


def test_the_schema_takes_the_example():
    import jsonschema

    jsonschema.Draft202012Validator(stock_model_schema()).validate(_model())


def _product(number, **changes):
    document = _model()
    document["products"][number] = {
        key: value for key, value in (document["products"][number] | changes).items() if value is not ...
    }
    return document


FAULTS = [
    (_product(0, inflow={**YEARS, "2004": "#NUM!"}), "circular-number", "products[0].inflow.2004", "#NUM!"),
    (_product(0, inflow={**YEARS, "2004": -3}), "circular-document", "products[0].inflow.2004", "-3"),
    (_product(0, inflow={**YEARS, "x": 3}), "circular-document", "products[0].inflow", "str"),
    (_product(0, inflow={**YEARS, "2011": 3}), "circular-years", "products[0].inflow", "2011"),
    (_product(0, inflow={"2000": 1}), "stock-year-missing", "products[0].inflow", "2001"),
    (_product(0, inflow=...), "stock-drive", "products[0]", "a"),
    (_product(0, stock=YEARS), "stock-drive", "products[0]", "a"),
    (_product(1, id="a", region=""), "circular-twice", "products[1]", "a"),
    (_product(0, lifetime={"kind": "weibull", "mean": 12}), "stock-lifetime-given", "products[0].lifetime.sd", "—"),
    (
        _product(0, lifetime={"kind": "fixed", "mean": 1, "sd": 2}),
        "stock-lifetime-given",
        "products[0].lifetime.sd",
        "2",
    ),
    (_product(0, lifetime={"kind": "gamma"}), "not-choice", "products[0].lifetime.kind", "gamma"),
    (_product(2, stock={"2000": 1, "2009": 1}), "stock-path", "products[2].stock", "2000–2010"),
    (_product(2, standing={"2000": 1}), "stock-standing", "products[2].standing", "2000"),
    (_product(0, color="red"), "field-unknown", "products[0]", "color"),
    (_product(0, lifetime=...), "field-missing", "products[0]", "lifetime"),
    (_model(last_year=1999), "circular-years", "last_year", "1999"),
    (_model(cohorts=[2020]), "circular-years", "cohorts", "2020"),
    ([], "circular-document", None, "array"),
]


@pytest.mark.parametrize(("document", "code", "field", "received"), FAULTS)
def test_every_fault_is_named_with_its_place(document, code, field, received):
    with pytest.raises(Refusal) as refused:
        parse_stock_model(_bytes(document), "m.json")
    found = refused.value
    assert (found.code, found.where.field, found.arguments["received"]) == (code, field, received)
    for language in LANGUAGES:
        assert "m.json" in found.text(language)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "json-unreadable"),
        (b"\xff", "json-unreadable"),
        (b'{"a": NaN}', "json-number"),
        (b'{"a": 1, "a": 2}', "json-twice"),
    ],
)
def test_files_that_are_no_json(content, code):
    with pytest.raises(Refusal) as refused:
        parse_stock_model(content)
    assert refused.value.code == code


HEAD = (
    "Изделие;Район;Год;Величина;Количество;Распределение срока службы;"
    "Средний срок службы, лет;Стандартное отклонение срока, лет"
)
SHEET = f"""{HEAD}
Окна;Есиль;2000;приток;10,5;Вейбулла;30;8
Окна;Есиль;2001;приток;12;;;
Окна;Есиль;1995;имелось до начала;3,25;;;
Двери;;2000;запас;100;постоянный срок;20;
Двери;;2001;запас;90;;;
"""


def test_a_russian_sheet_in_cp1251_with_decimal_commas():
    model = read_stock_sheet(SHEET.encode("cp1251"), "окна.csv", place="KZ-71")
    windows, doors = model.products
    assert (windows.inflow, windows.standing, windows.lifetime.mean) == ({2000: 10.5, 2001: 12.0}, {1995: 3.25}, 30)
    assert (doors.stock, doors.lifetime.kind, model.first_year, model.last_year) == (
        {2000: 100, 2001: 90},
        "fixed",
        2000,
        2001,
    )
    assert run_stock_model(model).series[0].stock[0] > 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_is_read_back(language, tmp_path):
    file = tmp_path / "blank.xlsx"
    file.write_bytes(template_workbook(stock_template(), language))
    book = openpyxl.load_workbook(file)
    sheet = book.worksheets[0]
    keys = [column.key for column in stock_template().columns]
    row = {"product": "w", "year": 2000, "quantity": "inflow", "value": 4, "lifetime": "fixed", "mean": 3}
    sheet.append([row.get(key) for key in keys])
    book.save(file)
    assert read_stock_sheet(file).products[0].inflow == {2000: 4.0}


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("Окна;Есиль;2001;приток;7;;;", "circular-twice"),
        ("Окна;Есиль;2002;приток;7;нормальное;30;8", "stock-sheet-differs"),
        ("Полы;;2000;приток;7;;;", "stock-sheet-lifetime"),
        ("Окна;Есиль;2002;приток;#ЧИСЛО!;;;", "not-number"),
        ("Окна;Есиль;2002;приток;-7;;;", "below-minimum"),
        ("Окна;Есиль;2002;приток и отток;7;;;", "not-choice"),
    ],
)
def test_faults_of_a_sheet_are_named_by_row(line, code):
    with pytest.raises(Refusal) as refused:
        read_stock_sheet((SHEET + line + "\n").encode("cp1251"), "f.csv")
    assert refused.value.code == code
    assert refused.value.where.row == 7


def test_an_empty_sheet_and_one_of_standing_products_only():
    for lines in (1, 0):
        body = ["Окна;;1990;имелось до начала;3;постоянный срок;20;"][:lines]
        with pytest.raises(Refusal) as refused:
            read_stock_sheet("\n".join([HEAD, *body, ""]).encode(), "f.csv")
        assert refused.value.code == "stock-sheet-empty"


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_hold_every_product_and_are_well_formed(language):
    from xml.etree import ElementTree

    document = _model()
    document["products"] += [{**document["products"][0], "id": f"p{number}"} for number in range(9)]
    model = parse_stock_model(_bytes(document))
    examine_stock_model(model)
    run = run_stock_model(model)
    pictures = [stock_chart(run, language), flow_chart(run, language), cohort_chart(run, 2005, language)]
    roots = [ElementTree.fromstring(one) for one in pictures]
    areas = [one for one in roots[0].iter() if one.tag.endswith("polygon")]
    assert len(areas) == 7  # six products and the others together
    top = max(float(pair.split(",")[1]) for pair in areas[-1].get("points").split())
    assert top <= 340
    bars = [one for one in roots[2].iter() if one.tag.endswith("rect")]
    assert len(bars) == 6 + 1  # six cohorts since 2000 (that of 1998 is gone), and the legend


def test_the_model_type_is_public():
    assert StockModel.__struct_fields__[0] == "title"
