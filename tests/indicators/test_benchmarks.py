"""Tables of benchmarks: our proposals say whose they are, others' are read with a place for every fault."""

from decimal import Decimal
from pathlib import Path

import pytest

from jasyl.indicators import (
    HOUSE,
    WHY_NONE,
    Answer,
    Benchmark,
    Benchmarks,
    NoBenchmark,
    benchmark_table,
    catalogue,
    evaluate,
    house_benchmarks,
    layered,
    read_benchmarks,
)
from jasyl.papers import Column, write_csv, write_xlsx
from jasyl.texts import LANGUAGES, Refusal, has

U4SSC = catalogue("u4ssc")
COLUMNS = ("point", "target", "worst", "direction", "basis", "source", "label")


def test_our_proposals_are_labelled_sourced_and_never_called_u4sscs() -> None:
    house = house_benchmarks()
    assert len(house.rows) == 50
    assert {row.label for row in house} == {HOUSE, "WHO", "SDG", "UN-Habitat", "EU", "Kazakhstan"}
    for row in house:
        assert (row.label == "Kazakhstan") == (row.basis == "national"), row.point
        assert row.source
        assert all(has(language, f"indicator-label-{row.label.lower().replace(' ', '-')}") for language in LANGUAGES)
        assert "U4SSC" not in row.source + row.basis + row.label
        assert all(has(language, f"indicator-basis-{row.basis}") for language in LANGUAGES)
    assert house.version == "house-2026.3"
    # Of these nobody has read the source; the page says so beside them.
    assert {row.point for row in house if row.recalled} == {"EC.ICT.PS.3A", "EN.EN.AQ.1C.so2"}


def test_every_other_data_point_says_why_it_has_none() -> None:
    house = house_benchmarks()
    assert {one.point for one in house.none} == {point.id for point in U4SSC.points} - {row.point for row in house}
    assert {one.basis for one in house.none} == set(WHY_NONE)
    assert all(has(language, f"indicator-basis-{basis}") for basis in WHY_NONE for language in LANGUAGES)
    made = evaluate(U4SSC, [Answer("SC.SH.SA.9C", value=Decimal(9))], house).of("SC.SH.SA.9C")
    assert (made.reason, made.why_none.basis) == ("no_benchmark", "none-relative")
    assert "halved" in made.why_none.source
    with pytest.raises(Refusal):
        evaluate(U4SSC, [], Benchmarks("own", none=(NoBenchmark("no such point", "none-found"),)))


def test_known_to_have_no_benchmark_have_none_of_ours_either() -> None:
    house = house_benchmarks()
    for point in ("EC.ICT.ICT.5A", "EC.ICT.PS.1A.published", "EC.ICT.PS.2A", "SC.EH.C.2A"):
        assert house.get(point) is None


def test_the_table_people_edit_comes_back_as_it_was(tmp_path: Path) -> None:
    columns = [Column(key, {"kk": key, "ru": key, "en": key}) for key in COLUMNS]
    rows = benchmark_table(house_benchmarks(), U4SSC)
    assert len(rows) == 112
    (tmp_path / "ours.csv").write_bytes(b"".join(write_csv(columns, rows, "kk")))
    (tmp_path / "ours.xlsx").write_bytes(write_xlsx(columns, rows, "kk"))
    for name in ("ours.csv", "ours.xlsx"):
        read = read_benchmarks(tmp_path / name, U4SSC)
        assert set(read.rows) == set(house_benchmarks().rows)
        assert set(read.none) == set(house_benchmarks().none)
        assert read.version.startswith("ours-")
    assert (
        read_benchmarks(tmp_path / "ours.csv", U4SSC).version == read_benchmarks(tmp_path / "ours.xlsx", U4SSC).version
    )


def test_ones_own_row_stands_over_ours() -> None:
    own = read_benchmarks(b"point;target;source\nEC.I.ES.3C;90,5;akimat\nEC.ICT.PS.2A;;\n", U4SSC, "own.csv")
    assert own.rows == (Benchmark("EC.I.ES.3C", Decimal("90.5"), source="akimat"),)
    both = layered(house_benchmarks(), own)
    assert both.version == f"house-2026.3+{own.version}"
    assert len(both.rows) == 50
    made = evaluate(U4SSC, [Answer("EC.I.ES.3C", value=Decimal("90.5"))], both)
    assert made.of("EC.I.ES.3C").share == 1
    assert made.of("EC.I.ES.3C").benchmark == own.rows[0]
    assert made.benchmark_version == both.version


@pytest.mark.parametrize(
    ("content", "code", "field"),
    [
        ("point,target,source,colour\nEC.I.ES.3C,90,x,red\n", "benchmark-cell", "colour"),
        ("point,target\nEC.I.ES.3C,90\n", "benchmark-cell", "source"),
        ("point,target,source\nEC.I.ES.3C,90,\n", "benchmark-cell", "source"),
        ("point,target,source\nEC.I.ES.3C,ninety,x\n", "not-number", "target"),
        ("point,target,source\nEC.I.ES.3C,90,x\nEC.I.ES.3C,95,x\n", "benchmark-twice", "point"),
        ("point,target,direction,source\nEC.I.ES.3C,90,up,x\n", "benchmark-cell", "direction"),
    ],
)
def test_faults_are_told_with_their_place(content: str, code: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_benchmarks(content.encode(), U4SSC, "own.csv")
    assert refused.value.code == code
    assert refused.value.where is not None
    assert (refused.value.where.file, refused.value.where.field) == ("own.csv", field)


def test_wrong_rows_are_refused() -> None:
    for content in (b"point,target,source\nEC.X,90,x\n", b"point,target,source\nEC.I.ES.3C,0,x\n"):
        with pytest.raises(Refusal):
            read_benchmarks(content, U4SSC, "own.csv")
    with pytest.raises(Refusal):
        house_benchmarks("circular")
    assert Benchmarks("empty").get("EC.I.ES.3C") is None
