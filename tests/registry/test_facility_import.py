"""Files of facilities: everything that is wrong in them is told at its place, and nothing half goes in."""

import dataclasses
import io
from decimal import Decimal

import openpyxl
import pytest
import sqlalchemy as sa

from jasyl.intake import Table
from jasyl.people import ANYBODY, Actor
from jasyl.places.boundaries import schematic
from jasyl.registry import (
    Provenance,
    Statement,
    assertions,
    import_records,
    likely_duplicates,
    merge,
    record,
    taxonomy,
    unmerge,
)
from jasyl.registry.duplicates import CROWD
from jasyl.registry.placing import PlaceCheck
from jasyl.registry.tables import assertion, enterprise, facility
from jasyl.texts import LANGUAGES, Refusal

AGENCY = Actor("analyst", "An analyst", frozenset({"agency"}))
BIN = "990340005977"
HEADER = "key,name,technology,status,commissioned,capacity,capacity_unit,region,lon,lat,bin,enterprise"


def _csv(*rows, header=HEADER):
    return "\n".join([header, *rows]).encode()


def _row(key="sun-1", name="Sun 1", **changed):
    row = {
        "key": key,
        "name": name,
        "technology": "RP.PV",
        "status": "operating",
        "commissioned": "2019-12",
        "capacity": "50",
        "capacity_unit": "MW",
        "region": "KZ-71",
        "lon": "71.43",
        "lat": "51.13",
        "bin": "",
        "enterprise": "",
        **changed,
    }
    return ",".join(f'"{value}"' for value in row.values())


def _take(database, content, name="f.csv", actor=AGENCY, **more):
    with database.writing() as connection:
        return import_records(connection, "facilities", content, name, actor, **more)


def _stand(database):
    with database.reading() as connection:
        return {row["key"]: row for row in connection.execute(sa.select(facility)).mappings()}


def _count(database, table):
    with database.reading() as connection:
        return connection.execute(sa.select(sa.func.count()).select_from(table)).scalar_one()


def test_a_good_file_goes_in(database):
    report = _take(database, _csv(_row(), _row("wind-1", "Ветер", technology="ВЭС", region="Костанайская область")))
    assert (report.applied, report.rows, report.problem_count) == (True, 2, 0)
    assert sorted(report.recorded.new) == ["sun-1", "wind-1"]
    rows = _stand(database)
    assert (rows["sun-1"]["capacity_w"], rows["sun-1"]["commissioned_year"]) == (50_000_000, 2019)
    assert (rows["wind-1"]["technology"], rows["wind-1"]["region"]) == ("RP.WON", "KZ-39")


WRONG = {
    "unknown-technology": {"technology": "perpetual motion"},
    "technology-too-broad": {"technology": "RP"},
    "unknown-region": {"region": "Atlantis"},
    "coordinates-swapped": {"lon": "51.13", "lat": "71.43"},
    "below-minimum": {"capacity": "-5"},
    "above-maximum": {"capacity": "1e14"},
    "in-future": {"commissioned": "2199-01-01"},
    "value-twice": {"key": "good"},
    "bin-check": {"bin": "990340005970"},
    "bin-form": {"bin": "12345"},
    "half-a-place": {"lat": ""},
    "capacity-without-unit": {"capacity_unit": ""},
    "unknown-unit": {"capacity_unit": "horses"},
    "unit-dimension": {"technology": "RP.PV", "capacity_unit": "m3/d"},
    "key-form": {"key": "Не ключ!"},
    "not-choice": {"status": "humming"},
    "cell-required": {"name": ""},
    "not-coordinate": {"lon": "east"},
}


@pytest.mark.parametrize("code", WRONG)
def test_what_is_wrong_is_told_at_its_place_and_nothing_goes_in(database, code):
    file = _csv(_row("good", "Good"), _row(**WRONG[code]))
    report = _take(database, file)
    assert [problem.code for problem in report.problems] == [code]
    assert (report.applied, report.rows, _stand(database)) == (False, 2, {})
    assert report.problems[0].where.row == 3
    assert report.problems[0].where.file == "f.csv"
    for language in LANGUAGES:
        told = report.as_data(language)["problems"][0]
        assert told["mend"]
        assert not told["text"].startswith("refusal-")
    partial = _take(database, file, partial=True)
    assert (partial.applied, partial.problem_count, list(_stand(database))) == (True, 1, ["good"])


def test_every_wrong_row_is_told(database):
    report = _take(database, _csv(_row("a", technology="?"), _row("b"), _row("c", capacity="-1"), _row("d", bin="1")))
    assert [(p.where.row, p.code) for p in sorted(report.problems, key=lambda p: p.where.row)] == [
        (2, "unknown-technology"),
        (4, "below-minimum"),
        (5, "bin-form"),
    ]
    assert report.rows == 4


def test_everything_wrong_with_a_row_is_told_at_once(database):
    report = _take(database, _csv(_row("a", technology="solr", bin="1", capacity_unit="horses")))
    assert sorted(problem.code for problem in report.problems) == ["bin-form", "unknown-technology", "unknown-unit"]
    assert {problem.where.row for problem in report.problems} == {2}


def test_a_long_file_goes_in_block_by_block_and_whole_or_not_at_all(database, monkeypatch):
    monkeypatch.setattr(Table.blocks, "__defaults__", (2,))
    monkeypatch.setattr(assertions, "CHUNK", 2)
    rows = [_row(f"sun-{number}", enterprise="ТОО «Жасыл»", bin=BIN) for number in range(4)]
    late = [*rows, _row("sun-9", technology="XX")]
    report = _take(database, _csv(*late))
    assert (report.applied, report.rows, [one.where.row for one in report.problems]) == (False, 5, [6])
    assert report.recorded.new == []
    assert [_count(database, table) for table in (facility, enterprise, assertion)] == [0, 0, 0]
    report = _take(database, _csv(*late), partial=True)
    assert (report.applied, report.recorded.new) == (True, [f"sun-{number}" for number in range(4)])
    assert _count(database, enterprise) == 1
    again = _take(database, _csv(*rows))
    assert (again.problem_count, again.recorded.changed, len(again.recorded.same)) == (0, {}, 4)


def test_an_unknown_word_is_looked_up_once_however_many_rows_say_it(database, monkeypatch):
    asked = []
    real = taxonomy.difflib.get_close_matches
    monkeypatch.setattr(taxonomy.difflib, "get_close_matches", lambda *a, **k: asked.append(a[0]) or real(*a, **k))
    with database.reading() as connection:
        word = f"solrpanel {connection.dialect.name}"  # of this test alone: words are remembered in the process
    rows = [_row(f"sun-{number}", technology=word) for number in range(50)]
    report = _take(database, _csv(*rows))
    assert (report.problem_count, asked) == (50, [word])
    assert [problem.where.row for problem in report.problems] == list(range(2, 52))
    assert len({problem.text("en").split(": ", 1)[1] for problem in report.problems}) == 1


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16", "utf-8-sig"])
def test_files_from_spreadsheets_are_understood(database, encoding):
    text = (
        "Название;Технология;Состояние;Мощность или размер;Единица измерения;Долгота;Широта\r\n"
        "Солнечная станция;солнечная электростанция;operating;4,5;МВт;71,43;51,13\r\n"
        "Вторая;ВЭС;Действует;1 250,75;кВт;;\r\n"
    )
    report = _take(database, text.encode(encoding))
    assert report.problems == []
    rows = {row["name_ru"]: row for row in _stand(database).values()}
    assert rows["Солнечная станция"]["capacity"] == Decimal("4.5")
    assert (rows["Солнечная станция"]["lon"], rows["Солнечная станция"]["lat"]) == (71.43, 51.13)
    assert rows["Вторая"]["capacity_w"] == 1_250_750


def _workbook(*rows):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def test_a_fault_in_a_workbook_is_told_with_sheet_and_field(database):
    head = ("Атауы", "Технология", "Күйі", "Қуаты не көлемі", "Өлшем бірлігі")
    report = _take(database, _workbook(head, ("Күн", "RP.PV", "operating", "#NUM!", "MW")), "f.xlsx")
    assert [problem.code for problem in report.problems] == ["cell-error"]
    assert (report.problems[0].where.sheet, report.problems[0].where.row) == ("Sheet", 2)
    assert report.problems[0].where.field == "Қуаты не көлемі"
    assert _stand(database) == {}


@pytest.mark.parametrize(
    ("content", "name", "code"),
    [
        (b"name,status\nSun,operating\n", "f.csv", "columns-missing"),
        (_workbook(("name", "technology", "status"), ("Sun", "RP.PV", "operating"))[:900], "f.xlsx", None),
        (b"", "f.csv", None),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_as_a_whole(database, content, name, code):
    with pytest.raises(Refusal) as found:
        _take(database, content, name)
    assert code in {None, found.value.code}
    assert found.value.text("kk")
    assert _count(database, assertion) == 0


@pytest.mark.parametrize("changed", [{}, {"key": ""}, {"capacity": "0.12345678901234567"}, {"bin": BIN}])
def test_importing_twice_changes_nothing(database, changed):
    file = _csv(_row(**changed))
    first = _take(database, file)
    said = _count(database, assertion)
    again = _take(database, file)
    assert (len(first.recorded.new), again.recorded.new, again.recorded.changed) == (1, [], {})
    assert len(again.recorded.same) == 1
    assert _count(database, assertion) == said


def test_a_later_file_changes_only_what_it_says(database):
    _take(database, _csv(_row()))
    report = _take(database, _csv("sun-1,Sun 1,RP.PV,suspended", header="key,name,technology,status"))
    assert report.recorded.changed == {"sun-1": {"status": ("operating", "suspended")}}
    assert _stand(database)["sun-1"]["capacity_w"] == 50_000_000


def test_enterprises_are_found_by_bin_or_name_and_made_once(database):
    _take(database, _csv(_row("a", bin=BIN, enterprise="ТОО «Жасыл»"), _row("b", bin=BIN), _row("c", enterprise="X")))
    rows = _stand(database)
    assert rows["a"]["enterprise_id"] == rows["b"]["enterprise_id"] != rows["c"]["enterprise_id"]
    assert _count(database, enterprise) == 2
    _take(database, _csv(_row("d", enterprise="X")))
    assert _stand(database)["d"]["enterprise_id"] == rows["c"]["enterprise_id"]


def test_low_confidence_is_unconfirmed(database):
    header = "key,name,technology,status,confidence"
    _take(database, _csv("a,A,RP.PV,operating,low", "b,B,RP.PV,operating,high", header=header))
    assert {key: row["confirmed"] for key, row in _stand(database).items()} == {"a": False, "b": True}


@pytest.fixture
def own(database):
    """An enterprise with a BIN; gives its id."""
    with database.writing() as connection:
        record(connection, "enterprise", [Statement("own", {"name_ru": "Своё", "bin": BIN}, Provenance("x", "y"))])
        return connection.execute(sa.select(enterprise.c.id)).scalar_one()


def _codes(report):
    return [problem.code for problem in report.problems]


def test_an_enterprise_writes_its_own_facilities_only(database, own):
    engineer = Actor("engineer", "", frozenset({"enterprise"}), enterprise_id=own)
    assert _codes(_take(database, _csv(_row(bin=BIN)), actor=engineer)) == []
    assert _codes(_take(database, _csv(_row("other")), actor=engineer)) == ["not-allowed"]
    assert list(_stand(database)) == ["sun-1"]


def test_nobody_takes_over_a_facility_of_another_by_its_key(database, own):
    _take(database, _csv(_row("foreign", region="KZ-75", enterprise="Чужое")))
    engineer = Actor("engineer", "", frozenset({"enterprise"}), enterprise_id=own)
    official = Actor("official", "", frozenset({"akimat"}), region="KZ-71")
    before = _stand(database)
    assert _codes(_take(database, _csv(_row("foreign", "Mine now", bin=BIN)), actor=engineer)) == ["not-allowed"]
    assert _codes(_take(database, _csv(_row("foreign", "Ours now")), actor=official)) == ["not-allowed"]
    assert _stand(database) == before


def test_an_akimat_writes_in_its_region_only(database):
    official = Actor("official", "", frozenset({"akimat"}), region="KZ-71")
    assert _codes(_take(database, _csv(_row()), actor=official)) == []
    assert _codes(_take(database, _csv(_row("far", region="KZ-75")), actor=official)) == ["not-allowed"]
    assert _codes(_take(database, _csv(_row("unsaid", region="")), actor=official)) == ["not-allowed"]


@pytest.mark.parametrize(
    "actor", [ANYBODY, *(Actor(role, "", frozenset({role})) for role in ("investor", "auditor", "administrator"))]
)
def test_others_write_nothing(database, actor):
    assert _codes(_take(database, _csv(_row()), actor=actor)) == ["not-allowed"]
    assert _stand(database) == {}


def _check(precision):
    return PlaceCheck(dataclasses.replace(schematic(), precision=precision), "en")


def test_a_place_outside_its_region_is_refused_by_official_borders_and_warned_of_by_schematic_ones(database):
    file = _csv(_row("here"), _row("there", region="KZ-75"))
    refused = _take(database, file, borders=_check("official"))
    assert (_codes(refused), refused.applied, refused.problems[0].where.row) == (["place-outside-region"], False, 3)
    warned = _take(database, file, borders=_check("schematic"))
    assert (warned.applied, [row for row, _ in warned.warnings]) == (True, [3])
    assert "KZ-75" in warned.warnings[0][1]
    partial = _take(database, file, borders=_check("official"), partial=True)
    assert (partial.recorded.same, partial.recorded.changed) == (["here"], {})


def test_likely_duplicates_are_told_and_merged_only_by_a_person(database):
    report = _take(database, _csv(_row("one", "Бурное"), _row("two", "бурное"), _row("far", "X", lon="70", lat="50")))
    (pair,) = report.duplicates
    assert (pair.one, pair.other, pair.reasons) == ("one", "two", ("name", "place and capacity"))
    assert all(row["merged_into"] is None for row in _stand(database).values())
    who = Provenance("a decision", "analyst")
    with database.writing() as connection:
        merge(connection, "two", "one", who)
        assert likely_duplicates(connection) == []
        for key, into, code in [("two", "two", "merge-circle"), ("one", "two", "merge-circle"), ("one", "no", None)]:
            with pytest.raises(Refusal) as found:
                merge(connection, key, into, who)
            assert found.value.code == (code or "unknown-facility")
        unmerge(connection, "two", who)
        assert [(one.one, one.other) for one in likely_duplicates(connection, ["two"])] == [("one", "two")]
        assert likely_duplicates(connection, ["far"]) == likely_duplicates(connection, []) == []
        for key, code in [("two", "not-merged"), ("none", "unknown-facility")]:
            with pytest.raises(Refusal) as found:
                unmerge(connection, key, who)
            assert found.value.code == code


def test_the_same_power_in_another_unit_is_the_same_size(database):
    report = _take(database, _csv(_row("a", "A", capacity="50"), _row("b", "B", capacity="50000", capacity_unit="kW")))
    assert [one.reasons for one in report.duplicates] == [("place and capacity",)]


def test_a_crowd_of_like_facilities_is_no_sign_of_duplicates(database):
    rows = [_row(f"roof-{number}", "Roof", capacity="5", capacity_unit="kW") for number in range(CROWD + 1)]
    assert _take(database, _csv(*rows)).duplicates == []
