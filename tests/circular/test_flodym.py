"""Cohort stocks beside flodym: its own models under the same convention, several lifetimes, driven both ways."""

from typing import Any

import numpy as np
import pytest

from jasyl.circular import ENTRIES, Entry, Lifetime, fixed, inflow_driven, lognormal, normal, stock_driven, weibull

FIRST, YEARS, PRODUCTS = 1990, 40, 3
SCALE, SPREAD, SHAPE = np.array([4.0, 17.0, 60.0]), np.array([1.5, 6.0, 21.0]), np.array([1.4, 2.1, 3.6])
# Lengths that no age of a convention equals: the comparison is of the models, not of the last digit of a length.
LIFETIMES: dict[str, tuple[Lifetime, dict[str, Any]]] = {
    "Weibull": (weibull(SHAPE, SCALE), {"weibull_shape": SHAPE, "weibull_scale": SCALE}),
    "LogNormal": (lognormal(SCALE, SPREAD), {"mean": SCALE, "std": SPREAD}),
    "Normal": (normal(SCALE, SPREAD), {"mean": SCALE, "std": SPREAD}),
    "Fixed": (fixed(SCALE + 0.25), {"mean": SCALE + 0.25}),
}
CLOSE = {"rtol": 1e-9, "atol": 1e-9}


def _peer(kind: str, parameters: dict[str, Any], entry: Entry | None = None) -> tuple[Any, Any]:
    """flodym's dimensions and lifetime model; without ``entry`` by its own default."""
    import flodym

    dims = flodym.DimensionSet(
        dim_list=[
            flodym.Dimension(letter="t", name="time", items=list(range(FIRST, FIRST + YEARS))),
            flodym.Dimension(letter="p", name="product", items=[str(each) for each in range(PRODUCTS)]),
        ]
    )
    whole = {name: np.broadcast_to(values, (YEARS, PRODUCTS)) for name, values in parameters.items()}
    options = {} if entry is None else {"inflow_at": entry}
    return dims, getattr(flodym, f"{kind}Lifetime")(dims=dims, **whole, **options)


def _inflow_driven(inflow: Any, dims: Any, lifetime: Any) -> Any:
    import flodym

    model = flodym.InflowDrivenDSM(
        dims=dims, inflow=flodym.StockArray(dims=dims, values=inflow), lifetime_model=lifetime
    )
    model.compute()
    return model


def _inflow() -> Any:
    return np.random.default_rng(11).uniform(0, 1000, (YEARS, PRODUCTS))


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("kind", LIFETIMES)
def test_inflow_driven_equals_flodym_by_year_and_by_cohort(kind: str, entry: Entry) -> None:
    lifetime, parameters = LIFETIMES[kind]
    peer = _inflow_driven(_inflow(), *_peer(kind, parameters, entry))
    ours = inflow_driven(_inflow(), lifetime, FIRST, entry=entry)
    np.testing.assert_allclose(ours.stock, peer.stock.values, **CLOSE)
    np.testing.assert_allclose(ours.outflow, peer.outflow.values, **CLOSE)
    for year in (FIRST, FIRST + 7, FIRST + YEARS - 1):
        np.testing.assert_allclose(ours.by_cohort(year), peer.get_stock_by_cohort()[year - FIRST], **CLOSE)
        np.testing.assert_allclose(ours.outflow_by_cohort(year), peer.get_outflow_by_cohort()[year - FIRST], **CLOSE)


def test_the_default_convention_is_that_of_flodym_and_others_differ() -> None:
    lifetime, parameters = LIFETIMES["Weibull"]
    peer = _inflow_driven(_inflow(), *_peer("Weibull", parameters)).stock.values
    np.testing.assert_allclose(inflow_driven(_inflow(), lifetime, FIRST).stock, peer, **CLOSE)
    for entry in ("start", "end"):
        apart = np.abs(inflow_driven(_inflow(), lifetime, FIRST, entry=entry).stock / peer - 1)
        assert apart.max() > 1e-3


@pytest.mark.parametrize("solver", ["manual", "lapack"])
@pytest.mark.parametrize("kind", LIFETIMES)
def test_stock_driven_equals_flodym_by_both_its_solvers(kind: str, solver: str) -> None:
    import flodym

    lifetime, parameters = LIFETIMES[kind]
    dims, model = _peer(kind, parameters)
    wanted = np.cumsum(_inflow(), axis=0)  # a stock that grows: its inflow is never negative
    peer = flodym.StockDrivenDSM(
        dims=dims, stock=flodym.StockArray(dims=dims, values=wanted), lifetime_model=model, solver=solver
    )
    peer.compute()
    ours = stock_driven(wanted, lifetime, FIRST)
    np.testing.assert_allclose(ours.inflow, peer.inflow.values, **CLOSE)
    np.testing.assert_allclose(ours.outflow, peer.outflow.values, **CLOSE)
    last = FIRST + YEARS - 1
    np.testing.assert_allclose(ours.by_cohort(last), peer.get_stock_by_cohort()[-1], **CLOSE)


def test_a_stock_that_falls_too_fast_has_the_same_negative_inflow_in_flodym() -> None:
    import flodym

    lifetime, parameters = LIFETIMES["Weibull"]
    dims, model = _peer("Weibull", parameters)
    wanted = np.full((YEARS, PRODUCTS), 1000.0)
    wanted[20:] = 300.0
    peer = flodym.StockDrivenDSM(dims=dims, stock=flodym.StockArray(dims=dims, values=wanted), lifetime_model=model)
    peer.compute()
    ours = stock_driven(wanted, lifetime, FIRST)
    assert (ours.inflow[20] < 0).all()
    np.testing.assert_allclose(ours.inflow, peer.inflow.values, **CLOSE)


def test_lifetimes_that_differ_by_cohort_equal_flodym() -> None:
    longer = np.linspace(1.0, 1.6, YEARS)[:, None] * SCALE
    shape = np.broadcast_to(SHAPE, longer.shape)
    peer = _inflow_driven(_inflow(), *_peer("Weibull", {"weibull_shape": shape, "weibull_scale": longer}))
    ours = inflow_driven(_inflow(), weibull(shape, longer, by_cohort=True), FIRST)
    np.testing.assert_allclose(ours.stock, peer.stock.values, **CLOSE)
    np.testing.assert_allclose(ours.outflow, peer.outflow.values, **CLOSE)
