"""Arrays of many cities give what one evaluation after another gives, on the very edges too."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from jasyl.indicators import (
    BANDS,
    STATUSES,
    Answer,
    Benchmark,
    Benchmarks,
    Rules,
    catalogue,
    evaluate,
    house_benchmarks,
    layered,
)
from jasyl.indicators.many import ManyAnswers, evaluate_many
from jasyl.texts import Refusal

U4SSC = catalogue("u4ssc")
POINTS = tuple(U4SSC.points)


def _answers(rows: int, seed: int) -> ManyAnswers:
    """Half quotients, half values; a fifth missing; every third value exactly on an edge of a target of 100."""
    chance = np.random.default_rng(seed)
    shape = (rows, len(POINTS))
    value = np.where(
        chance.random(shape) < 0.33, chance.choice([33.0, 66.0, 95.0], shape), chance.uniform(0, 120, shape)
    )
    yes_no = np.array([point.is_yes_no for point in POINTS])
    value[:, yes_no] = chance.choice([0.0, 1.0, 2.0], (rows, int(yes_no.sum())))
    denominator = np.where(chance.random(shape) < 0.5, 1000.0, np.nan)
    numerator = np.where(np.isnan(denominator), np.nan, np.round(value * 10))
    numerator[chance.random(shape) < 0.1] = np.nan
    value[chance.random(shape) < 0.2] = np.nan
    denominator[chance.random(shape) < 0.02] = 0
    status = chance.choice(len(STATUSES), shape, p=[0.8, 0.04, 0.04, 0.04, 0.04, 0.04]).astype(np.int8)
    return ManyAnswers(numerator, denominator, value, status)


def _decimal(number: float) -> Decimal | None:
    return None if np.isnan(number) else Decimal(repr(float(number)))


@pytest.mark.parametrize(
    "rules",
    [
        Rules(),
        Rules(edge_inclusive="lower", rounding=1, target="distance", zero="unscored"),
        Rules(lower_is_better="linear", category_within="dimension", scored=("reported", "not_verified")),
    ],
)
def test_as_one_by_one(rules: Rules) -> None:
    given = _answers(6, 4)
    assert given.status is not None
    own = [Benchmark(point.id, Decimal(100)) for point in POINTS if point.direction == "lower"]
    table = layered(house_benchmarks(), Benchmarks("own", tuple(own[:10])))
    made = evaluate_many(U4SSC, given, table, rules)
    for row in range(6):
        answers = [
            Answer(
                point.id,
                _decimal(given.numerator[row, column]),
                _decimal(given.denominator[row, column]),
                _decimal(given.value[row, column]),
                STATUSES[given.status[row, column]],
            )
            for column, point in enumerate(POINTS)
        ]
        one = evaluate(U4SSC, answers, table, rules)
        assert [scored.points or 0 for scored in one.points] == made.points[row].tolist()
        shares = [np.nan if scored.share is None else float(scored.share) for scored in one.points]
        np.testing.assert_allclose(made.share[row], shares, rtol=1e-12)
        for number, group in enumerate(one.groups):
            assert made.groups[number] == (group.level, group.path)
            assert (made.group_points[row, number], made.group_scored[row, number]) == (group.points, group.scored)
            assert made.group_band[row, number] == (BANDS.index(group.band) + 1 if group.band else 0)
            assert np.isnan(made.group_share[row, number]) == (group.share is None)


def test_without_statuses_what_has_a_value_is_reported() -> None:
    given = replace(_answers(3, 9), status=None)
    made = evaluate_many(U4SSC, given, house_benchmarks())
    asked = np.array([house_benchmarks().get(point.id) is not None for point in POINTS])
    told = ~np.isnan(made.value) & asked
    yes_no = np.array([point.is_yes_no for point in POINTS])
    assert ((made.points > 0) == told)[:, ~yes_no].all()


def test_wrong_shapes_are_refused() -> None:
    few = np.zeros((3, 5))
    with pytest.raises(Refusal) as refused:
        evaluate_many(U4SSC, ManyAnswers(few, few, few), house_benchmarks())
    assert refused.value.code == "indicator-shape"
    given = _answers(2, 1)
    assert given.status is not None
    with pytest.raises(Refusal):
        evaluate_many(U4SSC, replace(given, status=given.status[:1]), house_benchmarks())
