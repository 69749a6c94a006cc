"""Evaluating cities: one in exact decimals, and 10,000 city-years as arrays (target: at most 2 s)."""

import time
from decimal import Decimal

import numpy as np

from jasyl.indicators import Answer, Benchmark, Benchmarks, catalogue, evaluate
from jasyl.indicators.many import ManyAnswers, evaluate_many

CITY_YEARS = 10_000


def run() -> None:
    """Every data point reported and given a benchmark, a fiftieth of the values exactly on an edge."""
    u4ssc = catalogue("u4ssc")
    points = tuple(u4ssc.points)
    table = Benchmarks("bench", tuple(Benchmark(point.id, Decimal(100), Decimal(200)) for point in points))
    chance = np.random.default_rng(6)
    shape = (CITY_YEARS, len(points))
    value = np.where(
        chance.random(shape) < 0.02, chance.choice([33.0, 66.0, 95.0], shape), chance.uniform(0, 120, shape)
    )
    denominator = np.full(shape, 1e6)
    given = ManyAnswers(np.round(value * 1e4), denominator, np.full(shape, np.nan))

    begin, cpu = time.perf_counter(), time.process_time()
    made = evaluate_many(u4ssc, given, table)
    spent, cpu = time.perf_counter() - begin, time.process_time() - cpu
    print(f"{CITY_YEARS:,} city-years of {len(points)} data points: {spent:.2f} s, {cpu:.2f} s CPU (target 2 s)")
    print(f"  {int((made.points > 0).sum()):,} points scored, {made.group_points.size:,} groups")

    answers = [Answer(point.id, Decimal(50), Decimal(100)) for point in points]
    begin = time.perf_counter()
    for _ in range(20):
        evaluate(u4ssc, answers, table)
    print(f"one city-year in exact decimals: {(time.perf_counter() - begin) / 20 * 1000:.1f} ms")
