"""Cohort stocks: 100 products x 100 cohorts x 50 regions beside arrays of years x cohorts and beside flodym (2 GB)."""

import importlib
import importlib.util
import multiprocessing
import time
import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np

from jasyl.circular import inflow_driven, stock_driven, weibull

PRODUCTS, COHORTS = 100, 100
REGIONS = 50
RUNS = 3
FIRST_YEAR = 1926
_FLODYM = "flodym"


Peer = tuple[str, Callable[..., Any], str]


def run() -> None:
    """Print processor seconds and the highest memory of each way, and its largest relative difference from ours."""
    arrays: list[Peer] = [("arrays of years x cohorts, written here", _whole_arrays, "scipy.stats")]
    if importlib.util.find_spec(_FLODYM) is None:
        print("  flodym is not installed here: compared with its formulation only")
        _beside(REGIONS, arrays, [])
        return
    of_inflow: list[Peer] = [*arrays, ("flodym InflowDrivenDSM", _flodym_inflow_driven, _FLODYM)]
    _beside(REGIONS, of_inflow, [("flodym StockDrivenDSM", _flodym_stock_driven, _FLODYM)])


def _beside(regions: int, of_inflow: list[Peer], of_stock: list[Peer]) -> None:
    print(f"cohort stocks, {PRODUCTS} products x {COHORTS} cohorts x {regions} regions, entry at mid-year")
    ways = (("inflow-driven", _inflow_driven, of_inflow, False), ("stock-driven", _stock_driven, of_stock, True))
    for name, function, peers, rising in ways:
        ours = _apart(function, regions, rising, "jasyl.circular")
        _tell(f"jasyl, {name}", ours, ours)
        for title, peer, library in peers:
            _tell(title, _apart(peer, regions, rising, library), ours)


def _inputs(regions: int) -> tuple[Any, Any, Any]:
    """Amounts [cohorts, products, regions], shape and scale [products, regions]."""
    generator = np.random.default_rng(7)
    amounts = generator.uniform(0, 100, (COHORTS, PRODUCTS, regions))
    return amounts, generator.uniform(1.5, 4, (PRODUCTS, regions)), generator.uniform(5, 60, (PRODUCTS, regions))


def _inflow_driven(inflow: Any, shape: Any, scale: Any) -> Any:
    return inflow_driven(inflow, weibull(shape, scale), FIRST_YEAR).stock


def _stock_driven(stock: Any, shape: Any, scale: Any) -> Any:
    return stock_driven(stock, weibull(shape, scale), FIRST_YEAR).inflow


def _whole_arrays(inflow: Any, shape: Any, scale: Any) -> Any:
    """Survival, stock and outflow of every year and cohort at once, as flodym defines them."""
    from scipy.stats import weibull_min

    alive = np.zeros((COHORTS, *inflow.shape))
    for cohort in range(COHORTS):
        ages = np.arange(COHORTS - cohort)[:, None, None] + 0.5
        alive[cohort:, cohort] = weibull_min.sf(ages, c=shape, scale=scale)
    held = np.einsum("c...,tc...->tc...", inflow, alive)
    out = np.zeros_like(held)
    out[1:] = -np.diff(held, axis=0)
    both = held.sum(axis=1), out.sum(axis=1)
    return both[0]


def _flodym_inflow_driven(inflow: Any, shape: Any, scale: Any) -> Any:
    import flodym

    dims, lifetime = _of_flodym(inflow.shape, shape, scale)
    model = flodym.InflowDrivenDSM(
        dims=dims, inflow=flodym.StockArray(dims=dims, values=inflow), lifetime_model=lifetime
    )
    model.compute()
    return model.stock.values


def _flodym_stock_driven(stock: Any, shape: Any, scale: Any) -> Any:
    import flodym

    dims, lifetime = _of_flodym(stock.shape, shape, scale)
    model = flodym.StockDrivenDSM(dims=dims, stock=flodym.StockArray(dims=dims, values=stock), lifetime_model=lifetime)
    model.compute()
    return model.inflow.values


def _of_flodym(whole: tuple[int, ...], shape: Any, scale: Any) -> tuple[Any, Any]:
    import flodym

    dims = flodym.DimensionSet(
        dim_list=[
            flodym.Dimension(letter="t", name="time", items=list(range(FIRST_YEAR, FIRST_YEAR + whole[0]))),
            flodym.Dimension(letter="p", name="product", items=[str(each) for each in range(whole[1])]),
            flodym.Dimension(letter="r", name="region", items=[str(each) for each in range(whole[2])]),
        ]
    )
    return dims, flodym.WeibullLifetime(
        dims=dims, weibull_shape=np.broadcast_to(shape, whole), weibull_scale=np.broadcast_to(scale, whole)
    )


def _measured(function: Callable[..., Any], regions: int, rising: bool, library: str, answers: Any) -> None:
    """Best time of three runs, then the highest memory of one that is traced; neither the library's own start nor the
    inputs are counted."""
    importlib.import_module(library)
    amounts, shape, scale = _inputs(regions)
    inputs = np.cumsum(amounts, axis=0) if rising else amounts, shape, scale
    seconds = list[float]()
    for _ in range(RUNS):
        started = time.process_time()
        function(*inputs)
        seconds.append(time.process_time() - started)
    tracemalloc.start()
    made = function(*inputs)
    _, highest = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    answers.put((min(seconds), highest / 2**20, np.asarray(made)))


def _apart(function: Callable[..., Any], regions: int, rising: bool, library: str) -> Any:
    """In a fresh process, so that no way leaves anything behind for the next."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=_measured, args=(function, regions, rising, library, answers))
    process.start()
    found = answers.get()
    process.join()
    return found


def _tell(name: str, found: Any, ours: Any) -> None:
    seconds, memory, made = found
    apart = float(np.max(np.abs(made - ours[2]) / np.maximum(np.abs(ours[2]), 1e-12)))
    print(
        f"  {name}: {seconds:.3f} s CPU ({seconds / ours[0]:.0f} x), {memory:.1f} MiB"
        f" ({memory / ours[1]:.1f} x), apart {apart:.1e}"
    )


if __name__ == "__main__":
    run()
