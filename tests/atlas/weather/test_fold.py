"""The fold gives the same bits whoever does the work, and every interval of the span exactly once."""

import datetime as dt
import sys
from dataclasses import dataclass, replace

import numpy as np
import pytest

from jasyl.atlas.grid import Grid
from jasyl.atlas.weather.bins import By, time_bins
from jasyl.atlas.weather.chunk import MISSING, WeatherChunk
from jasyl.atlas.weather.fold import fold
from jasyl.atlas.weather.memory import MemorySource
from jasyl.atlas.weather.partials import Binned, Merger, Partials, merge
from jasyl.atlas.weather.stretches import cut
from jasyl.texts import Refusal

HOUR = 3_600_000_000
START = int(dt.datetime(2023, 12, 29, tzinfo=dt.UTC).timestamp() * 1e6)
GRID = Grid(west=60 * 3600, north=52 * 3600, step=1800, rows=4, columns=6)


@dataclass(frozen=True)
class Sums:
    """Sums that show the order in which they were made: values of very different size, in single precision."""

    by: By = "month"
    fields: tuple[str, ...] = ("temperature", "height")

    def run(self, chunk: WeatherChunk) -> Partials:
        values = chunk.unpacked("temperature")
        bins = time_bins(chunk, self.by)
        sums = np.stack([values[bins.index == number].sum(axis=0) for number in range(len(bins.labels))])
        return Partials(
            chunk.start,
            chunk.end,
            {"sum": values.sum(axis=0), "height": chunk.unpacked("height")},
            {"sum": Binned(bins.labels, sums), "count": Binned(bins.labels, bins.counts)},
            {"mean": values.mean(axis=(1, 2))[None, :]},
        )


@pytest.fixture(scope="module")
def source() -> MemorySource:
    random = np.random.default_rng(7)
    steps = 24 * 10 + 5
    temperature = (
        random.normal(0, 1, (steps, *GRID.shape)) * 10.0 ** random.integers(-3, 6, steps)[:, None, None]
    ).astype(np.float32)
    return MemorySource(
        GRID, START, HOUR, {"temperature": temperature, "height": np.ones(GRID.shape, np.float32)}, {}, 24
    )


def same(one: Partials, other: Partials) -> bool:
    assert (one.start, one.end) == (other.start, other.end)
    return all(
        left.tobytes() == right.tobytes()
        for left, right in [
            *((one.totals[name], other.totals[name]) for name in one.totals),
            *((one.binned[name].values, other.binned[name].values) for name in one.binned),
            *((one.binned[name].labels, other.binned[name].labels) for name in one.binned),
            *((one.series[name], other.series[name]) for name in one.series),
        ]
    )


def test_threads_change_no_bit(source: MemorySource):
    one = fold(source, Sums(), threads=1)
    assert one.series["mean"].shape == (1, source.steps)
    for threads in (2, 4, None):
        assert same(one, fold(source, Sums(), threads=threads))
    # The order matters for these numbers: another order is another sum.
    backwards = np.zeros(GRID.shape, np.float32)
    for number in reversed(range(source.chunk_count)):
        backwards += Sums().run(source.read(number, ("temperature", "height"))).totals["sum"]
    assert backwards.tobytes() != one.totals["sum"].tobytes()


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("workers", [1, 2, 4])
def test_dask_workers_change_no_bit(source: MemorySource, workers: int):
    """One process with one thread per worker, as on a cluster; the kernel travels with its class."""
    import cloudpickle
    import distributed

    cloudpickle.register_pickle_by_value(sys.modules[__name__])
    try:
        with distributed.LocalCluster(
            n_workers=workers, processes=True, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
        ) as cluster:
            address = cluster.scheduler_address
            whole = fold(source, Sums(), cluster=address)
            days = fold(source, Sums(by="whole"), start=START + 5 * HOUR, end=START + 100 * HOUR, cluster=address)
    finally:
        cloudpickle.unregister_pickle_by_value(sys.modules[__name__])
    assert same(whole, fold(source, Sums(), threads=1))
    assert same(days, fold(source, Sums(by="whole"), start=START + 5 * HOUR, end=START + 100 * HOUR, threads=1))


def test_a_span_holds_the_intervals_that_begin_in_it(source: MemorySource):
    calls: list[tuple[int, int]] = []
    found = fold(
        source, Sums(by="whole"), start=START + 20 * HOUR, end=START + 50 * HOUR, progress=lambda *at: calls.append(at)
    )
    assert found.binned["count"].values.tolist() == [30]
    assert (found.start, found.end) == (START + 20 * HOUR, START + 50 * HOUR)
    assert calls == [(1, 3), (2, 3), (3, 3)]
    values = source.arrays["temperature"]
    assert (found.series["mean"][0] == values[20:50].mean(axis=(1, 2))).all()
    # The source gives the same stretch chunk by chunk.
    chunks = list(source.chunks(("temperature",), START + 20 * HOUR, START + 50 * HOUR))
    assert [chunk.steps for chunk in chunks] == [4, 24, 2]
    assert (np.concatenate([chunk.fields["temperature"] for chunk in chunks]) == values[20:50]).all()
    assert (source.series("temperature", 1, 2, START + 20 * HOUR, START + 50 * HOUR) == values[20:50, 1, 2]).all()


def test_months_and_hours_are_local(source: MemorySource):
    """29 December 00:00 UTC is 05:00 in Kazakhstan; the year turns at 19:00 UTC."""
    found = fold(source, Sums(by="month"), threads=1)
    assert found.binned["count"].labels.tolist() == [2023 * 12 + 11, 2024 * 12]
    assert found.binned["count"].values.tolist() == [3 * 24 - 5, source.steps - 67]
    years = fold(source, Sums(by="year"), threads=1)
    assert years.binned["count"].labels.tolist() == [2023, 2024]
    first = time_bins(source.read(0, ("temperature",)), "month-hour")
    assert first.labels[first.index[0]] == (2023 * 12 + 11) * 24 + 5
    assert first.counts.tolist() == [1] * 24


def test_what_cannot_be_folded_is_refused(source: MemorySource):
    with pytest.raises(Refusal) as refusal:
        fold(source, replace(Sums(), fields=("temperature", "albedo")))
    assert refusal.value.code == "weather-field-missing"
    with pytest.raises(Refusal) as refusal:
        fold(source, Sums(), start=START - 50 * HOUR, end=START)
    assert refusal.value.code == "weather-span-empty"
    assert "2023-12-29T00:00Z" in str(refusal.value)


def test_a_cluster_that_is_not_there_is_named(source: MemorySource, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("jasyl.atlas.weather.fold.CLUSTER_PATIENCE", "200ms")
    with pytest.raises(Refusal) as refusal:
        fold(source, Sums(), cluster="tcp://127.0.0.1:9")
    assert refusal.value.code == "cluster-unreachable"


def test_an_error_in_a_task_reaches_the_caller(source: MemorySource):
    with pytest.raises(KeyError):
        fold(source, replace(Sums(), fields=("height",)), threads=2)


def test_merging_takes_time_in_order():
    part = Partials(10, 20, {"n": np.ones(2)})
    merger = Merger()
    with pytest.raises(ValueError, match="nothing"):
        merger.result()
    merger.add(part)
    with pytest.raises(ValueError, match="order"):
        merger.add(Partials(19, 30))
    assert merge([part, Partials(20, 30, {"n": np.ones(2)})]).totals["n"].tolist() == [2, 2]
    assert part.totals["n"].tolist() == [1, 1]  # what was added is left alone


def test_a_cut_is_a_view(source: MemorySource):
    chunk = source.read(1, ("temperature", "height"))
    assert cut(chunk, None, None) is chunk
    part = cut(chunk, chunk.start + 3 * HOUR, chunk.start + 7 * HOUR)
    assert part.start == chunk.start + 3 * HOUR
    assert part.steps == 4
    assert np.shares_memory(part.fields["temperature"], chunk.fields["temperature"])
    assert part.fields["height"].shape == GRID.shape


def test_the_digest_tells_weather_apart(source: MemorySource):
    again = replace(source, chunk_steps=7)
    assert again.digest == source.digest
    other = replace(source, arrays={**source.arrays, "height": np.zeros(GRID.shape, np.float32)})
    assert other.digest != source.digest
    packed = replace(other, packing={"height": (0.5, 2.0)})
    assert packed.digest != other.digest


def test_packed_values_are_unpacked():
    stored = np.array([[[1, MISSING]], [[-4, 0]]], np.int16)
    packed = MemorySource(GRID, START, HOUR, {"temperature": stored}, {"temperature": (0.5, 2.0)})
    assert packed.series("temperature", 0, 0).tolist() == [2.5, 0.0]
    assert np.isnan(packed.series("temperature", 0, 1)[0])


def test_the_fold_loads_nothing_heavy():
    import subprocess

    heavy = ("numba", "dask", "distributed", "xarray", "zarr", "scipy")
    code = f"import sys, jasyl.atlas.weather.fold; print([m for m in {heavy} if m in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
