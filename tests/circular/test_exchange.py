"""Flow lists, SDMX-CSV, DataFrames, draws and results: what goes out comes back."""

import copy
import csv
import io
from decimal import Decimal

import msgspec
import numpy as np
import pandas as pd
import pytest
from tests.circular_accounts import FULL, WASTE

from jasyl.circular.account import parse_account
from jasyl.circular.draws import draw_account
from jasyl.circular.flow_list import read_flow_list, write_flow_list
from jasyl.circular.frames import frame_of, reconcile_frame
from jasyl.circular.reconciled import reconcile_account
from jasyl.circular.results import result_rows, results_csv, results_data, results_xlsx, value_table
from jasyl.circular.sdmx_layout import DIMENSIONS, account_structure
from jasyl.circular.sdmx_values import read_sdmx, write_sdmx
from jasyl.texts import LANGUAGES, Refusal

ACCOUNT = parse_account(msgspec.json.encode(WASTE))
LIST = """Поток;Из процесса;В процесс;Материал;Период;Значение;Стандартное отклонение;Единица
collected;city;collection;msw;2023;500,5;50;кт
sorted;collection;plant;msw;2023;400;20;кт
direct;collection;landfill;msw;2023;;;
sold;plant;market;msw;2023;30;;кт
"""


def test_flow_list_of_the_country():
    account = read_flow_list(LIST.encode("cp1251"), "потоки.csv", identity="list", place="KZ-75")
    assert {one.id for one in account.processes if one.balance} == {"collection", "plant"}
    assert [str(one.value) for one in account.observations] == ["500.5", "400", "30"]
    assert account.observations[2].distribution == "exact"
    found = reconcile_account(account)
    assert found.value("flow", "direct", "2023")[0] == pytest.approx(470.5e6)


@pytest.mark.parametrize("language", LANGUAGES)
def test_flow_list_there_and_back(language):
    account = read_flow_list(LIST.encode("cp1251"), "потоки.csv", identity="list", place="KZ")
    again = read_flow_list(write_flow_list(account, language), identity="list", place="KZ")
    assert again == account


def test_flow_list_with_a_mark_for_a_number():
    with pytest.raises(Refusal) as caught:
        read_flow_list(LIST.replace("500,5", "#NUM!").encode(), identity="list", place="KZ")
    assert (caught.value.where.row, caught.value.where.field) == (2, "Значение")


def test_a_flow_told_two_ways_is_refused():
    with pytest.raises(Refusal) as caught:
        read_flow_list((LIST + "sold;plant;city;msw;2024;3;;кт\n").encode(), identity="list", place="KZ")
    assert (caught.value.code, caught.value.where.row) == ("circular-twice", 6)


def test_sdmx_there_and_back_loses_nothing():
    account = parse_account(msgspec.json.encode(FULL))
    content = write_sdmx(account, reconcile_account(ACCOUNT))
    again, place = read_sdmx(content, account, "values.csv")
    assert again == account  # scores, coefficients of variation, correlations: all of it
    assert place("observations", 1, "sd").text("en") == "values.csv, row 3, field “STD_DEV”"
    rows = {row["ITEM"]: row for row in csv.DictReader(io.StringIO(content.decode()))}
    assert float(rows["residue"]["STD_DEV"] or 0) > 0  # for readers who do not know what the scores mean
    one_left = b"".join(line for line in content.splitlines(keepends=True) if b",to-sorting," not in line)
    assert read_sdmx(one_left, account)[0].correlations == []


def test_sdmx_tells_results_apart_and_does_not_read_them_back():
    found = reconcile_account(ACCOUNT)
    rows = list(csv.DictReader(io.StringIO(write_sdmx(ACCOUNT, found).decode())))
    assert {row["VALUE_STATUS"] for row in rows} == {"observed", "reconciled", "modelled"}
    assert rows[0]["STRUCTURE_ID"].startswith("JASYL:")
    again, _ = read_sdmx(write_sdmx(ACCOUNT, found), ACCOUNT)
    assert len(again.observations) == len(ACCOUNT.observations)


def test_sdmx1_reads_the_structure_and_every_value_by_it():
    import sdmx

    structure = sdmx.read_sdmx(io.BytesIO(account_structure()))
    flow = structure.dataflow["MATERIAL_ACCOUNT"]
    assert [part.id for part in flow.structure.dimensions] == list(DIMENSIONS)
    assert set(flow.name.localizations) == set(LANGUAGES)
    content = write_sdmx(ACCOUNT, reconcile_account(ACCOUNT))
    rows = list(csv.DictReader(io.StringIO(content.decode())))
    (data,) = sdmx.read_sdmx(io.BytesIO(content), format="csv", structure=flow).data
    keys = {tuple(str(cell.value) for cell in one.dimension.values.values()) for one in data.obs}
    assert keys == {tuple(row[name] for name in DIMENSIONS) for row in rows}
    assert len(keys) == len(rows)  # two sources of one value are two statements
    lists = {
        part.id: set(part.local_representation.enumerated.items)
        for part in (*flow.structure.dimensions, *flow.structure.attributes)
        if part.local_representation.enumerated is not None
    }
    assert set(lists) == {"FREQ", "QUANTITY", "VALUE_STATUS", "DISTRIBUTION", "OBS_STATUS"}
    for row in rows:
        assert all(row[name] in codes for name, codes in lists.items())


def test_sdmx_of_another_kind_and_with_faults():
    with pytest.raises(Refusal) as caught:
        read_sdmx(b"A,B\n1,2\n", ACCOUNT)
    assert caught.value.code == "circular-sdmx"
    with pytest.raises(Refusal, match="UTF-8"):
        read_sdmx("Ағын".encode("utf-16"), ACCOUNT)
    with pytest.raises(Refusal) as caught:
        read_sdmx(write_sdmx(ACCOUNT).replace(b"412.6", b"#NUM!"), ACCOUNT)
    assert (caught.value.code, caught.value.where.row, caught.value.where.field) == ("circular-number", 3, "OBS_VALUE")
    with pytest.raises(Refusal) as caught:
        read_sdmx(write_sdmx(ACCOUNT).replace(b"2 1 1 1 1", b"2 1 9 1 x"), ACCOUNT)
    assert (caught.value.where.row, caught.value.where.field) == (7, "PEDIGREE")


def test_a_flow_list_states_every_spread_as_a_standard_deviation():
    full = parse_account(msgspec.json.encode(FULL))
    again = read_flow_list(write_flow_list(full, "en"), identity="list", place="KZ-75")
    index = {(one.of, one.period): one for one in again.observations}
    for one in full.observations:
        if one.quantity == "amount" and one.of in {flow.id for flow in full.flows}:
            other = index[one.of, one.period]
            assert other.stated(full.pedigree) == one.stated(full.pedigree)


def test_a_flow_list_keeps_negative_flows_and_gives_volumes_as_mass():
    document = copy.deepcopy(WASTE)
    document["flows"][0]["negative"] = True
    document["observations"][0]["value"] = "-500"
    document["observations"].append(
        {"of": "sold", "period": "2023", "value": 200, "unit": "m3", "sd": 10, "source": "F"}
    )
    again = read_flow_list(
        write_flow_list(parse_account(msgspec.json.encode(document)), "ru"), identity="l", place="KZ"
    )
    assert [one.negative for one in again.flows][:2] == [True, False]
    told = {(one.of, one.period): one for one in again.observations}
    assert told["collected", "2023"].value == -500
    sold = told["sold", "2023"]
    assert (sold.value, sold.sd, sold.unit) == (30, Decimal("1.5"), "t")


def test_data_frames():
    flows = pd.DataFrame(
        {"id": ["in", "out", "waste"], "source": ["nature", "plant", "plant"],
         "target": ["plant", "market", "landfill"], "material": ["ore"] * 3}
    )  # fmt: skip
    observations = pd.DataFrame(
        {"of": ["in", "out", "waste"], "period": ["2025"] * 3, "value": [100.0, 40.0, np.nan], "unit": ["t"] * 3,
         "sd": [5.0, 2.0, np.nan], "source": ["a", "b", "c"]}
    )  # fmt: skip
    found = reconcile_frame(flows, observations.dropna(), place="KZ")
    frame = frame_of(found)
    waste = frame[(frame["of"] == "waste") & (frame["status"] == "modelled")]
    assert waste["value"].item() == pytest.approx(60)
    assert waste["sd"].item() == pytest.approx(np.hypot(5, 2))
    assert set(frame["unit"]) == {"t"}
    with pytest.raises(Refusal):
        reconcile_frame(flows, observations)


def test_draws_of_skewed_data_are_skewed_and_keep_balances():
    def lognormal(document):
        document["observations"][0] |= {"distribution": "lognormal", "cv": "0.5"}
        document["correlations"] = [{"id": "g", "members": ["a", "b"], "rho": "0.5"}]

    document = msgspec.json.decode(msgspec.json.encode(WASTE))
    lognormal(document)
    account = parse_account(msgspec.json.encode(document))
    drawn = {(one.of, one.period): one for one in draw_account(account, 16)}
    one = drawn["collected", "2023"]
    assert one.low < one.middle < one.high
    assert one.unit == "t"
    assert drawn["in-paper", "2023"].low >= 0.35
    assert drawn["yield", "2023"].mean == pytest.approx(0.073, rel=0.12)
    assert ("direct", "2024") not in drawn
    assert draw_account(account, 3) == draw_account(account, 3)


def test_results_as_tables():
    found = reconcile_account(ACCOUNT)
    data = results_data(found)
    assert data["test"]["freedom"] == 2
    assert msgspec.json.encode(data)
    for language in LANGUAGES:
        assert len(result_rows(found, language, "2023")) < len(result_rows(found, language))
        assert results_csv(found, language).count(b"\r\n") == len(found.rows) + 1
        assert results_xlsx(found, language)[:2] == b"PK"
        assert len(value_table(found, language)) == 1 + sum(row.status != "observed" for row in found.rows)
