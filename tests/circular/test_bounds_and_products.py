"""Bounds against the conditions of an optimum, products against the closed dense iteration and repeated draws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import optimize, sparse
from tests.circular_networks import generated, truth_of

from jasyl.circular.reconciliation import (
    STANDINGS,
    BoundsUnsettled,
    NotConverged,
    Relations,
    reconcile_bounded,
    solve,
)

NEVER = np.inf


@settings(max_examples=25, deadline=None, derandomize=True)
@given(st.integers(0, 2**32 - 1), st.booleans())
def test_bounds_give_the_optimum(seed, correlated):
    random = np.random.default_rng(seed)
    processes, flows = 5, 14
    a = np.zeros((processes, flows))
    for j in range(flows):
        for end, sign in zip(random.choice(processes + 1, 2, replace=False), (-1.0, 1.0), strict=True):
            if end < processes:
                a[end, j] = sign
    y = truth_of(a, random) * random.choice([0.02, 1.0], flows) + random.normal(size=flows) * 8
    variance = random.uniform(1.0, 9.0, flows)
    v = np.diag(variance)
    if correlated:
        v[0, 1] = v[1, 0] = 0.6 * np.sqrt(v[0, 0] * v[1, 1])
    w = np.linalg.inv(v)
    found = reconcile_bounded(
        sparse.csr_array(a), np.zeros(processes), y, sparse.csr_array(v), np.zeros(flows), np.full(flows, NEVER)
    )
    x = found.linear.value
    assert (x >= -1e-7).all()
    assert np.abs(a @ x).max() < 1e-7
    # The proof of an optimum: the gradient is a combination of relations plus pushes of bounds that hold the value.
    held = np.eye(flows)[:, x < 1e-7]
    gradient = 2 * w @ (x - y)
    _, rest = optimize.nnls(np.hstack((a.T, -a.T, held)), gradient, maxiter=1000)
    assert rest < 1e-6 * max(1.0, np.abs(gradient).max())
    assert (found.push >= 0).all()
    assert np.allclose(x[found.active], 0, atol=1e-9)


def test_bounds_reach_values_that_were_not_measured():
    # in -> A -> out, A -> u1 -> B, A -> u2 -> B, B -> out2: more leaves A than enters, so u1 + u2 would be negative
    a = sparse.csr_array(np.array([[1, -1, -1, -1, 0.0], [0, 0, 1, 1, -1]]))
    y = np.array([10.0, 12.0, np.nan, np.nan, np.nan])
    free = reconcile_bounded(a, np.zeros(2), y, np.ones(5), np.full(5, -NEVER), np.full(5, NEVER))
    assert free.linear.value[4] == pytest.approx(-2.0)
    found = reconcile_bounded(a, np.zeros(2), y, np.ones(5), np.zeros(5), np.full(5, NEVER))
    assert found.linear.value == pytest.approx([11, 11, 0, 0, 0], abs=1e-9)
    assert found.linear.deviation[:2] == pytest.approx([np.sqrt(0.5)] * 2)


def test_a_loop_nothing_determines_stays_open_under_bounds():
    # A and B exchange u1 and u2: only the difference is known
    a = sparse.csr_array(np.array([[1, -1, 1, 0.0], [0, 1, -1, -1]]))
    y = np.array([5.0, np.nan, np.nan, 5.4])
    found = reconcile_bounded(a, np.zeros(2), y, np.ones(4), np.zeros(4), np.full(4, NEVER))
    assert [STANDINGS[k] for k in found.linear.standing] == ["redundant", "unobservable", "unobservable", "redundant"]
    assert len(found.active) == 0
    assert found.linear.value[[0, 3]] == pytest.approx([5.2, 5.2])


def test_what_rounding_leaves_beyond_a_bound_stands_on_it():
    # b follows from a and c, which agree but for the last digits of a binary fraction: 0.1 + 0.2 - 0.3
    a = sparse.csr_array([[1.0, -1.0, -1.0]])
    y = np.array([0.3, np.nan, 0.1 + 0.2])
    found = reconcile_bounded(a, np.zeros(1), y, np.zeros(3), np.zeros(3), np.full(3, NEVER))
    assert y[0] - y[2] < 0
    assert found.linear.value[1] == 0.0


def test_bounds_that_cannot_hold_are_told():
    a = sparse.csr_array(np.array([[1, -1, -1.0]]))
    y = np.array([10.0, 12.0, np.nan])
    with pytest.raises((BoundsUnsettled, Exception)) as caught:
        reconcile_bounded(a, np.zeros(1), y, np.zeros(3), np.zeros(3), np.full(3, NEVER))
    assert type(caught.value).__name__ in {"BoundsUnsettled", "Contradiction"}


def test_ten_negative_flows_of_a_large_network():
    random = np.random.default_rng(3)
    a, truth, observed = generated(random, 300, 0.2)
    y = np.where(observed, truth + random.normal(size=len(truth)) * 15, np.nan)
    lower = np.where(np.arange(len(truth)) < 900, 0.0, -NEVER)
    found = reconcile_bounded(a, np.zeros(300), y, np.full(len(truth), 225.0), lower, np.full(len(truth), NEVER))
    value = found.linear.value
    assert (value[:900][~np.isnan(value[:900])] >= -1e-6).all()
    assert len(found.active) > 10
    assert (found.push >= 0).all()


def _transfer():
    """in(0) -> A; recycled(1) = k(3) · in, rest(2); a coefficient measured beside the flows."""
    return Relations(
        matrix=sparse.csr_array(np.array([[1, -1, -1, 0.0]])), constant=np.zeros(1),
        result=sparse.csr_array(np.array([[0, 1.0, 0, 0]])), factor=sparse.csr_array(np.array([[1.0, 0, 0, 0]])),
        coefficient=np.array([3]),
    )  # fmt: skip


def test_transfer_coefficient_as_the_optimiser_finds_it():
    y, sd = np.array([100.0, 30.0, 65.0, 0.25]), np.array([5.0, 3.0, 4.0, 0.03])
    found = solve(_transfer(), y, sd**2, np.full(4, -NEVER), np.full(4, NEVER))
    best = optimize.minimize(
        lambda x: (((x - y) / sd) ** 2).sum(), y, method="SLSQP", options={"ftol": 1e-15},
        constraints=[{"type": "eq", "fun": lambda x: [x[0] - x[1] - x[2], x[1] - x[3] * x[0]]}],
    )  # fmt: skip
    assert found.bounded.linear.value == pytest.approx(best.x, rel=1e-4)
    x = found.bounded.linear.value
    assert x[1] == pytest.approx(x[3] * x[0], rel=1e-9)
    assert found.bounded.linear.freedom == 2


def test_an_unmeasured_coefficient_is_determined():
    y, sd = np.array([100.0, 30.0, np.nan, np.nan]), np.array([5.0, 3.0, 0, 0])
    found = solve(_transfer(), y, sd**2, np.full(4, -NEVER), np.full(4, NEVER))
    linear = found.bounded.linear
    assert linear.value == pytest.approx([100, 30, 70, 0.3])
    assert linear.deviation[3] == pytest.approx(np.hypot(3.0, 0.3 * 5.0) / 100)
    # E[30/100] of independent draws is larger by var(in)/in² · 0.3
    assert found.bias[3] == pytest.approx(0.3 * 0.05**2, rel=1e-6)
    random = np.random.default_rng(0)
    draws = (30 + 3 * random.normal(size=400_000)) / (100 + 5 * random.normal(size=400_000))
    assert draws.mean() - 0.3 == pytest.approx(found.bias[3], rel=0.4)
    assert linear.deviation[3] == pytest.approx(draws.std(), rel=0.02)


def test_shares_that_do_not_quite_make_up_one_leave_the_amounts_standing():
    # in = paper + rest; paper = k1 in; rest = k2 in; the measured k1 + k2 = 0.9951: in = 0 would satisfy all three too.
    relations = Relations(
        sparse.csr_array([[1.0, -1.0, -1.0, 0.0, 0.0]]), np.zeros(1),
        sparse.csr_array([[0.0, 1.0, 0.0, 0.0, 0.0], [0.0, 0.0, 1.0, 0.0, 0.0]]),
        sparse.csr_array([[1.0, 0.0, 0.0, 0.0, 0.0]] * 2), np.array([3, 4]),
    )  # fmt: skip
    y, variance = np.array([360.0, np.nan, np.nan, 0.058, 0.9371]), np.array([81.0, 0.0, 0.0, 0.004**2, 0.01**2])
    linear = solve(relations, y, variance, np.zeros(5), np.full(5, NEVER)).bounded.linear
    assert linear.value[0] == pytest.approx(360.0)
    assert linear.value[3:].sum() == pytest.approx(1.0, abs=1e-9)
    assert linear.objective == pytest.approx(0.0049**2 / (0.004**2 + 0.01**2))


def test_products_that_do_not_settle_are_told():
    # k is held at nought while the result must be far from it
    relations = _transfer()
    with pytest.raises((NotConverged, Exception)) as caught:
        solve(relations, np.array([0.0, 5.0, -5.0, 1.0]), np.zeros(4), np.full(4, -NEVER), np.full(4, NEVER))
    assert type(caught.value).__name__ in {"NotConverged", "Contradiction"}
