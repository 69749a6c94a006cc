"""Cohort stocks: 100 products x 100 cohorts x 50 regions, beside flodym where it is installed and its formulation."""

import importlib.util
import multiprocessing
import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from jasyl.circular import inflow_driven, stock_driven, weibull

PRODUCTS, COHORTS, REGIONS = 100, 100, 50
_PEER = importlib.util.find_spec("flodym") is not None


def run() -> None:
    """Print processor seconds and the memory each way adds to a process of its own; largest relative difference."""
    print(f"cohort stocks, {PRODUCTS} products x {COHORTS} cohorts x {REGIONS} regions, entry at mid-year")
    ours = _apart(_ours)
    _tell("jasyl, inflow-driven", ours, ours)
    _tell("jasyl, stock-driven", _apart(_ours_from_stock), ours)
    _tell("arrays of years x cohorts (flodym's formulation, written here)", _apart(_whole_arrays), ours)
    if _PEER:
        _tell("flodym InflowDrivenDSM", _apart(_flodym), ours)
    else:
        print("  flodym is not installed here: compared with its formulation only")


def _inputs() -> tuple[Any, Any, Any]:
    generator = np.random.default_rng(7)
    inflow = generator.uniform(0, 100, (COHORTS, PRODUCTS, REGIONS))
    return inflow, generator.uniform(1.5, 4, (PRODUCTS, REGIONS)), generator.uniform(5, 60, (PRODUCTS, REGIONS))


def _ours() -> Any:
    inflow, shape, scale = _inputs()
    started = time.process_time()
    stock = inflow_driven(inflow, weibull(shape, scale), 1926).stock
    return time.process_time() - started, stock


def _ours_from_stock() -> Any:
    _, shape, scale = _inputs()
    stock = _ours()[1]
    started = time.process_time()
    stock_driven(stock, weibull(shape, scale), 1926)
    return time.process_time() - started, stock


def _whole_arrays() -> Any:
    from scipy.stats import weibull_min

    inflow, shape, scale = _inputs()
    started = time.process_time()
    alive = np.zeros((COHORTS, COHORTS, PRODUCTS, REGIONS))
    for cohort in range(COHORTS):
        ages = np.arange(COHORTS - cohort)[:, None, None] + 0.5
        alive[cohort:, cohort] = weibull_min.sf(ages, c=shape, scale=scale)
    held = np.einsum("c...,tc...->tc...", inflow, alive)
    out = np.zeros_like(held)
    out[1:] = -np.diff(held, axis=0)
    both = held.sum(axis=1), out.sum(axis=1)
    return time.process_time() - started, both[0]


def _flodym() -> Any:
    import flodym

    inflow, shape, scale = _inputs()
    started = time.process_time()
    dims = flodym.DimensionSet(
        dim_list=[
            flodym.Dimension(letter="t", name="time", items=list(range(1926, 1926 + COHORTS))),
            flodym.Dimension(letter="p", name="product", items=[str(each) for each in range(PRODUCTS)]),
            flodym.Dimension(letter="r", name="region", items=[str(each) for each in range(REGIONS)]),
        ]
    )
    whole = (COHORTS, PRODUCTS, REGIONS)
    lifetime = flodym.WeibullLifetime(
        dims=dims, weibull_shape=np.broadcast_to(shape, whole), weibull_scale=np.broadcast_to(scale, whole)
    )
    model = flodym.InflowDrivenDSM(
        dims=dims, inflow=flodym.StockArray(dims=dims, values=inflow), lifetime_model=lifetime
    )
    model.compute()
    return time.process_time() - started, model.stock.values


def _measured(function: Callable[[], Any], answers: Any) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds, stock = function()
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    answers.put((seconds, (after - before) / 1024, np.asarray(stock)))


def _apart(function: Callable[[], Any]) -> Any:
    """In a fresh process, so that the highest memory is this way's own."""
    context = multiprocessing.get_context("spawn")
    answers = context.Queue()
    process = context.Process(target=_measured, args=(function, answers))
    process.start()
    found = answers.get()
    process.join()
    return found


def _tell(name: str, found: Any, ours: Any) -> None:
    seconds, memory, stock = found
    apart = float(np.max(np.abs(stock - ours[2]) / np.maximum(np.abs(ours[2]), 1e-12)))
    print(
        f"  {name}: {seconds:.3f} s CPU ({seconds / ours[0]:.0f} x), {memory:.0f} MiB more"
        f" ({memory / ours[1]:.1f} x), apart {apart:.1e}"
    )


if __name__ == "__main__":
    run()
