"""Figures from readings to statement and back: corrections, passports, supersession, cycles, golden numbers."""

import json
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from tests.monitoring.world import NOW, a_batch, a_series, at

from jasyl import figures, ledger
from jasyl.figures import Gathered, Outcome, Reference, Request, Subject, Watch
from jasyl.monitoring import methods, readings, sealing, seals
from jasyl.quantities import UNITS, canonical_json, instant, period
from jasyl.storage import Database, DataFolder, create_folder
from jasyl.texts import Refusal

HOUR = 3_600_000_000
FACILITY = a_series().facility_id
MARCH = at("2024-02-29 19:00")  # local midnight of 2024-03-01
SERIES = {
    1: a_series(1, facility_id=FACILITY, interval_seconds=3600, kind="mean", unit=UNITS["W"], scale=3),
    2: a_series(2, facility_id=FACILITY, interval_seconds=3600),
}


@pytest.fixture
def world(tmp_path: Path, database: Database) -> tuple[Database, DataFolder]:
    """A folder and its database, on both engines."""
    return database, create_folder(tmp_path / "data", "real")


def seal(world: tuple[Database, DataFolder], now: int) -> tuple[seals.SealedDay, ...]:
    return sealing.seal_days(*world, SERIES, now, log_origin="jasyl.test/log", author="operator")


def march(subject: str = FACILITY, **parameters: str) -> Request:
    return Request(Subject("facility", subject), period("2024-03"), parameters)


def fill(world: tuple[Database, DataFolder]) -> None:
    hours = MARCH + np.arange(31 * 24) * HOUR
    readings.append(*world, SERIES, a_batch(hours, 1_000, series=1), NOW)  # 1 W all the time
    readings.append(*world, SERIES, a_batch(hours, 2, series=2), NOW)  # 2 Wh an hour


def test_from_reading_to_statement_to_correction(world: tuple[Database, DataFolder]) -> None:
    database, _ = world
    fill(world)
    assert len(seal(world, NOW)) == 62
    gatherers = methods.gatherers(SERIES)
    with database.writing() as connection:
        energy = figures.make(connection, gatherers, "electricity.generated", march(), NOW)
        factor = figures.make(connection, gatherers, "capacity_factor", march(capacity="6"), NOW)
        statement = figures.publish(connection, factor.id, "analyst", NOW, log_origin="jasyl.test/log", signers=())
        assert (
            figures.publish(connection, factor.id, "analyst", NOW, log_origin="jasyl.test/log", signers=()) == statement
        )
    assert (energy.figure.value, energy.figure.completeness) == (Decimal(744 * 3), 1)
    assert factor.figure.value == Decimal("0.5")

    record = json.loads(statement.document)
    assert canonical_json(record) == statement.document
    assert (record["value"], record["subject"], record["figure_kind"]) == (
        "0.5",
        FACILITY,
        "observed",
    )
    assert isinstance(ledger.parse_record(statement.document), ledger.Calc)

    # One hour of the published month is corrected: 2 Wh become 26.
    readings.append(*world, SERIES, a_batch([MARCH], 26, series=2), NOW)
    again = seal(world, NOW + 1)
    assert [(day.day, day.sum, day.supersedes is not None) for day in again] == [("2024-03-01", 72, True)]
    with database.writing() as connection:
        stale = figures.mark_stale(connection, methods.changes(again), NOW)
        assert stale == [energy.id, factor.id]
        with pytest.raises(Refusal, match="inputs"):
            figures.publish(connection, energy.id, "analyst", NOW, log_origin="jasyl.test/log", signers=())
        done = figures.recompute(connection, gatherers, NOW)
        assert [each.after.figure.value for each in done.changed] == [Decimal(744 * 3 + 24), Decimal("0.505376")]
        assert [each.id for each in done.statements] == [statement.id]
        assert figures.recompute(connection, gatherers, NOW) == figures.Recomputation((), (), ())
        second = figures.publish(
            connection, done.changed[1].after.id, "analyst", NOW, log_origin="jasyl.test/log", signers=()
        )
        with pytest.raises(Refusal, match="newer"):
            figures.publish(connection, energy.id, "analyst", NOW, log_origin="jasyl.test/log", signers=())
    assert second.supersedes == statement.id
    with database.reading() as connection:
        old = figures.get_statement(connection, statement.id)
        kinds = connection.execute(
            sa.select(ledger.outbox_table.c.kind, sa.func.count()).group_by(ledger.outbox_table.c.kind)
        ).all()
    assert (old.superseded_by, old.document) == (second.id, statement.document)
    assert dict(kinds) == {"batch": 63, "calc": 4, "device": 2, "supersede": 1}  # type: ignore[arg-type]


def test_the_walk_reaches_every_sealed_day(world: tuple[Database, DataFolder]) -> None:
    database, folder = world
    fill(world)
    seal(world, NOW)
    gatherers = methods.gatherers(SERIES)
    with database.writing() as connection:
        figures.make(connection, gatherers, "electricity.generated", march(), NOW)
        factor = figures.make(connection, gatherers, "capacity_factor", march(capacity="6"), NOW)
        statement = figures.publish(connection, factor.id, "analyst", NOW, log_origin="jasyl.test/log", signers=())
        tree = figures.walk(connection, statement.id, methods.describers())
        days = seals.sealed_days(connection, [1, 2], 0, NOW)
        assert seals.check_sealed(connection, folder, days) == []
    (published,) = tree.children
    method, energy = published.children
    assert (method.kind, method.id, energy.kind) == ("method", "capacity_factor 1.0.0", "figure")
    leaves = [node for node in energy.children if node.kind == "sealed_day"]
    assert {leaf.id for leaf in leaves} == {day.record_id for day in days}
    # An auditor adds up the sums of the batch records and has the published number.
    sums = {1: Decimal(0), 2: Decimal(0)}
    for day in days:
        sums[day.series] += day.sum
    assert sums[1] * Decimal("0.001") + sums[2] == Decimal(str(energy.values["value"]))


def test_open_days_wait_for_their_seal(world: tuple[Database, DataFolder]) -> None:
    database, _ = world
    fill(world)
    seal(world, MARCH + 10 * 24 * HOUR + sealing.DELAY)
    with database.writing() as connection:
        made = figures.make(connection, methods.gatherers(SERIES), "electricity.generated", march(), NOW)
    assert made.figure.value == Decimal(10 * 24 * 3)
    assert made.figure.completeness == Decimal("0.322581")
    fresh = seal(world, NOW)
    with database.writing() as connection:
        assert figures.mark_stale(connection, methods.changes(fresh), NOW) == [made.id]
        done = figures.recompute(connection, methods.gatherers(SERIES), NOW)
    assert [each.after.figure.value for each in done.changed] == [Decimal(744 * 3)]
    assert len(figures_history(database, made)) == 2


def figures_history(database: Database, made: figures.StoredFigure) -> list[figures.StoredFigure]:
    with database.reading() as connection:
        return figures.history(connection, made.figure.key)


def a_figure(
    indicator: str, inputs: tuple[Reference, ...] = (), value: int | None = 1, **changes: object
) -> figures.Figure:
    given: dict[str, object] = {
        "indicator": indicator,
        "subject": Subject("place", "KZ-75"),
        "period": "2024",
        "start": 0,
        "end": 1,
        "unit": "1",
        "value": None if value is None else Decimal(value),
        "uncertainty": None,
        "completeness": None,
        "kind": "modelled",
        "method_id": "test.sum",
        "method_version": "1.0.0",
        "parameters": {},
        "inputs": inputs,
    }
    return figures.Figure(**(given | changes))  # type: ignore[arg-type]


def test_cycles_are_refused(world: tuple[Database, DataFolder]) -> None:
    database, _ = world
    with database.writing() as connection:
        a = figures.store(connection, a_figure("a"), [], NOW)
        b = figures.store(connection, a_figure("b", (Reference("figure", a.id),)), [], NOW)
        with pytest.raises(Refusal) as caught:
            figures.store(connection, a_figure("a", (Reference("figure", b.id),)), [], NOW)
    assert caught.value.code == "figure-cycle"


@figures.method("test.sum", "1.0.0", indicator="sum", kind="modelled", unit="1")
def the_sum(_: object, values: list[Decimal]) -> Outcome:
    return Outcome(sum(values, Decimal(0)))


figures.retire("test.old", "0.9.0", indicator="old", kind="modelled", unit="1")


def test_recomputation_goes_in_order_of_dependence(world: tuple[Database, DataFolder]) -> None:
    """A diamond: base → left, right → top; top must see both new values at once."""
    database, _ = world
    facts = {"x": Decimal(1)}
    subjects = {"left": ["base"], "right": ["base"], "top": ["left", "right"]}

    def gather(connection: sa.Connection, request: Request) -> Gathered:
        name = request.subject.id
        if name == "base":
            return Gathered([facts["x"]], (Reference("fact", "x"),))
        keys = [figures.key_of("sum", Subject("test", each), "2024", "modelled") for each in subjects[name]]
        found = figures.current(connection, keys)
        inputs = tuple(Reference("figure", found[key].id, found[key].figure.content_hash) for key in keys)
        return Gathered([found[key].figure.value for key in keys], inputs)

    def request(name: str) -> Request:
        return Request(Subject("test", name), period("2024"), {})

    with database.writing() as connection:
        for name in ("base", "left", "right", "top"):
            made = figures.make(connection, {"test.sum": gather}, "test.sum", request(name), NOW)
        assert made.figure.value == 2
        facts["x"] = Decimal(5)
        assert len(figures.mark_stale(connection, [Watch("fact", "x")], NOW)) == 4
        done = figures.recompute(connection, {"test.sum": gather}, NOW)
    assert [each.after.figure.subject.id for each in done.changed][::3] == ["base", "top"]
    assert done.changed[-1].after.figure.value == 10
    assert all(each.of_value for each in done.changed)


def test_retired_methods_stay_verifiable(world: tuple[Database, DataFolder]) -> None:
    database, _ = world
    with database.writing() as connection:
        old = figures.store(
            connection,
            a_figure("old", (Reference("fact", "f"),), method_id="test.old", method_version="0.9.0"),
            [],
            NOW,
        )
        statement = figures.publish(connection, old.id, "analyst", NOW, log_origin="jasyl.test/log", signers=())
        figures.mark_stale(connection, [Watch("fact", "f")], NOW)
        done = figures.recompute(connection, {}, NOW)
        tree = figures.walk(connection, statement.id, {})
    assert [each.id for each in done.left] == [old.id]
    method, fact = tree.children[0].children
    assert method.values["recomputable"] is False
    assert (fact.kind, fact.id) == ("fact", "f")
    with pytest.raises(Refusal, match="cannot run"):
        figures.find("test.old", "0.9.0").run({}, [])


def test_observed_and_published_never_take_turns(world: tuple[Database, DataFolder]) -> None:
    database, _ = world
    fill(world)
    seal(world, NOW)
    source = {"source": "annual report 2024", "confirmed": True}
    gather = {
        **methods.gatherers(SERIES),
        "annual_output.published": lambda *_: figures.published(
            figures.PublishedValue(Decimal("9e6")), Reference("fact", "01FACT")
        ),
    }
    year = Request(Subject("facility", FACILITY), period("2024"), {})
    told = Request(Subject("facility", FACILITY), period("2024"), source)
    with database.writing() as connection:
        observed = figures.make(connection, gather, "electricity.generated", year, NOW)
        published = figures.make(connection, gather, "annual_output.published", told, NOW)
        both = figures.current_of(connection, Subject("facility", FACILITY), "electricity.generated")
    assert observed.figure.key != published.figure.key
    assert {each.figure.kind for each in both} == {"observed", "published"}
    assert published.figure.value == 9_000_000


def test_closed_series_are_not_published(world: tuple[Database, DataFolder]) -> None:
    database, _ = world
    with database.writing() as connection:
        kept = figures.store(connection, a_figure("c", publication="closed"), [], NOW)
        with pytest.raises(Refusal) as caught:
            figures.publish(connection, kept.id, "analyst", NOW, log_origin="jasyl.test/log", signers=())
    assert caught.value.code == "figure-closed"


def test_many_inputs_stand_under_a_root(world: tuple[Database, DataFolder]) -> None:
    database, _ = world
    many = tuple(Reference("fact", f"f{number}") for number in range(401))
    with database.writing() as connection:
        kept = figures.store(connection, a_figure("m", many, value=None), [], NOW)
        statement = figures.publish(connection, kept.id, "analyst", NOW, log_origin="jasyl.test/log", signers=())
    record = json.loads(statement.document)
    assert record["inputs"] == {
        "root": ledger.inputs_root([each.hash for each in many]).root,
        "count": 401,
    }
    assert (record["value"], record["completeness"]) == (None, "0")


@pytest.mark.parametrize(
    ("code", "action"),
    [
        ("unknown-method", lambda _: figures.find("nothing")),
        ("unknown-method", lambda _: figures.find("test.sum", "3.0.0")),
        ("method-parameters", lambda _: figures.find("capacity_factor").run({"capacity": 5}, None)),
        ("unknown-figure", lambda connection: figures.get(connection, "01X")),
        ("unknown-statement", lambda connection: figures.get_statement(connection, "01X")),
    ],
)
def test_refusals(world: tuple[Database, DataFolder], code: str, action: object) -> None:
    with world[0].reading() as connection, pytest.raises(Refusal) as caught:
        action(connection)  # type: ignore[operator]
    assert caught.value.code == code
    assert len({caught.value.text(language) for language in ("kk", "ru", "en")}) == 3


def test_a_method_has_one_meaning_and_a_schema() -> None:
    with pytest.raises(ValueError, match="twice"):
        figures.method("test.sum", "1.0.0", indicator="x", kind="modelled", unit="1")(lambda *_: Outcome(None))
    with pytest.raises(ValueError, match="semantic"):
        figures.retire("test.sum", "1.0", indicator="x", kind="modelled", unit="1")
    assert "capacity" in json.dumps(figures.find("capacity_factor").schema())
    assert {each.id for each in figures.methods()} >= {
        "electricity.generated",
        "capacity_factor",
        "annual_output.published",
    }


def test_golden_numbers_of_version_1() -> None:
    """These numbers are part of the versions: a change here is a new version, not a new expectation."""
    from fractions import Fraction

    total = methods.SeriesTotal
    # 1 001 000 × 0.001 W over quarter hours, of which 3 of 4 are there, and 7 Wh of another meter.
    data = [total(3_003_001, Fraction(900, 3600 * 1000), 3, 4), total(7, Fraction(1), 1, 1)]
    energy = figures.find("electricity.generated", "1.0.0").run({}, data)
    assert energy == Outcome(Decimal("757.750"), Decimal("0.800000"))
    empty = figures.find("electricity.generated", "1.0.0").run({}, [total(0, Fraction(1), 0, 4)])
    assert empty == Outcome(None, Decimal(0))
    over = methods.EnergyOverTime(Decimal("757.750"), Decimal("0.8"), Decimal(24))
    factor = figures.find("capacity_factor", "1.0.0").run({"capacity": "123.5"}, over)
    assert factor == Outcome(Decimal("0.319564"), Decimal("0.8"))
    stated = figures.find("annual_output.published", "1.0.0").run({"source": "s"}, figures.PublishedValue(Decimal(5)))
    assert stated == Outcome(Decimal(5))


def test_instants_of_the_month_are_local() -> None:
    assert instant(MARCH) == period("2024-03").start
