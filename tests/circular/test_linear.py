"""Sparse reconciliation against the dense closed form, on networks of every shape."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse, stats
from tests.circular_networks import generated, truth_of

from jasyl.circular.reconciliation import (
    STANDINGS,
    Contradiction,
    TooFarApart,
    global_test,
    measurement_suspects,
    reconcile,
    relation_suspects,
    sidak_limit,
)


def dense(a, c, y, v):
    """The closed form of the notes with pseudo-inverses: values, covariance, J, degrees of freedom, classes."""
    m = ~np.isnan(y)
    b, k = a[:, ~m], a[:, m]
    p = np.eye(len(a)) - b @ np.linalg.pinv(b) if b.size else np.eye(len(a))
    p[np.abs(p) < 1e-11] = 0.0
    pm, y_m, v_m = p @ k, y[m], v[np.ix_(m, m)]
    pm[np.abs(pm) < 1e-11] = 0.0
    s_inverse = np.linalg.pinv(pm @ v_m @ pm.T, rcond=1e-9)
    residual = p @ c - pm @ y_m
    x = y_m + v_m @ pm.T @ s_inverse @ residual
    covariance = v_m - v_m @ pm.T @ s_inverse @ pm @ v_m
    b_inverse = np.linalg.pinv(b) if b.size else np.zeros((0, len(a)))
    null = np.eye(b.shape[1]) - b_inverse @ b
    return {
        "x": x, "covariance": covariance, "j": residual @ s_inverse @ residual,
        "dof": np.linalg.matrix_rank(pm, tol=1e-9) if pm.size else 0,
        "u": b_inverse @ (c - k @ x), "u_covariance": b_inverse @ k @ covariance @ k.T @ b_inverse.T,
        "observable": np.abs(null).max(axis=0, initial=0) < 1e-9,
        "tested": np.abs(pm).max(axis=0, initial=0) > 1e-9,
        "difference": v_m - covariance,
    }  # fmt: skip


@st.composite
def networks(draw):
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    processes, flows = draw(st.integers(2, 12)), draw(st.integers(3, 30))
    a = np.zeros((processes, flows))
    for j in range(flows):
        ends = random.choice(processes + 1, 2, replace=False)
        for end, sign in zip(ends, (-1.0, 1.0), strict=True):
            if end < processes:
                a[end, j] = sign
    if draw(st.booleans()):  # a transfer coefficient between two flows, and a relation told twice
        extra = np.zeros((2, flows))
        extra[0, random.choice(flows, 2, replace=False)] = (1.0, -0.3)
        extra[1] = a[0] * 2.0
        a = np.vstack((a, extra))
    truth = truth_of(a, random)
    root = np.diag(random.uniform(0.5, 3.0, flows))
    if draw(st.booleans()):
        root[:3, :3] += random.uniform(0, 1, (3, 3))
    v = root @ root.T
    y = truth + root @ random.normal(size=flows)
    y[random.random(flows) < draw(st.sampled_from((0.0, 0.2, 0.5)))] = np.nan
    return a, np.zeros(len(a)), y, v


def assert_sums_carry_their_covariance(found, want, a, m):
    """Sums of determined values, measured or not, have J Σ J' of the dense algebra; taken for independent, another."""
    determined = np.concatenate((np.flatnonzero(m), np.flatnonzero(~m)[want["observable"]]))
    through = np.vstack((np.eye(m.sum()), -(np.linalg.pinv(a[:, ~m]) @ a[:, m])[want["observable"]]))
    sums = np.random.default_rng(len(determined)).integers(-2, 3, (4, len(determined))).astype(float)
    over_all = np.zeros((4, len(m)))
    over_all[:, determined] = sums
    covariance = sums @ through @ want["covariance"] @ through.T @ sums.T
    size = 1e-7 * (1 + np.abs(sums).sum(axis=1).max()) ** 2 * (1 + np.abs(want["covariance"]).max())
    assert np.allclose(found.covariance(sparse.csr_array(over_all)), covariance, atol=size)
    assert np.allclose(found.variance(sparse.csr_array(over_all)), np.diag(covariance), atol=size)


@settings(max_examples=60, deadline=None, derandomize=True)
@given(networks())
def test_sparse_equals_the_dense_projection(network):
    a, c, y, v = network
    if np.isnan(y).all():
        y[0] = 1.0
    m = ~np.isnan(y)
    want = dense(a, c, y, v)
    found = reconcile(sparse.csr_array(a), c, y, sparse.csr_array(v))
    assert np.allclose(found.value[m], want["x"], atol=1e-7)
    assert np.allclose(found.deviation[m] ** 2, np.diag(want["covariance"]), atol=1e-6)
    assert found.freedom == want["dof"]
    assert found.objective == pytest.approx(want["j"], abs=1e-7)
    observable = want["observable"]
    assert (found.standing[~m] == np.where(observable, 3, 4)).all()
    assert np.allclose(found.value[~m][observable], want["u"][observable], atol=1e-6)
    assert np.allclose(found.deviation[~m][observable] ** 2, np.diag(want["u_covariance"])[observable], atol=1e-6)
    assert np.isnan(found.value[~m][~observable]).all()
    assert_sums_carry_their_covariance(found, want, a, m)
    explained = np.diag(want["difference"])
    testable = explained > 1e-9
    moved = want["x"][testable] - y[m][testable]
    assert np.allclose(found.shift[m][testable], moved / np.sqrt(explained[testable]), atol=1e-5)


def test_classes_of_a_small_network():
    # environment -0-> A -1-> B -2-> environment, A -3-> B beside it, B -4-> C -5-> environment
    a = np.array([[1, -1, 0, -1, 0, 0], [0, 1, -1, 1, -1, 0], [0, 0, 0, 0, 1, -1.0]])
    y = np.array([10.0, np.nan, 6.2, np.nan, np.nan, 3.9])
    found = reconcile(sparse.csr_array(a), np.zeros(3), y, np.full(6, 0.01))
    assert [STANDINGS[k] for k in found.standing] == [
        "redundant", "unobservable", "redundant", "unobservable", "observable", "redundant",
    ]  # fmt: skip
    assert found.freedom == 1
    assert found.value[[0, 2, 5, 4]] == pytest.approx([10.1 / 3 * 3 - 0.0667, 6.1667, 3.8667, 3.8667], abs=1e-3)


def test_a_value_no_relation_checks_stays_as_it_is():
    a = np.array([[1, -1, -1.0]])
    found = reconcile(sparse.csr_array(a), np.zeros(1), np.array([5.0, 2.0, np.nan]), np.array([1.0, 4.0, 0]))
    assert found.value.tolist() == [5.0, 2.0, 3.0]
    assert found.deviation.tolist() == pytest.approx([1.0, 2.0, np.sqrt(5)])
    assert np.isnan(found.shift).all()
    assert found.freedom == 0
    assert global_test(found.objective, found.freedom).passed is None


def test_exact_values_hold_and_contradictions_name_them():
    a = sparse.csr_array(np.array([[1, -1, -1.0, 0], [0, 0, 1, -1]]))
    found = reconcile(a, np.zeros(2), np.array([10.0, 4.0, 7.0, 6.5]), np.array([0, 0, 1.0, 1.0]))
    assert found.value == pytest.approx([10, 4, 6, 6])
    assert found.freedom == 2
    with pytest.raises(Contradiction) as caught:
        reconcile(a, np.zeros(2), np.array([10.0, 4.0, np.nan, 7.0]), np.zeros(4))
    assert caught.value.columns.tolist() == [0, 1, 3]
    assert abs(caught.value.missed) == pytest.approx(1.0)
    assert sorted(caught.value.relations.tolist()) == [0, 1]


def test_relations_that_share_a_coefficient_of_a_large_amount_are_no_copies_of_each_other():
    # paper - 2e8 k = 0 and rest + 2e8 k = 2e8: beside the column of k the amounts are as small as rounding.
    a = sparse.csr_array([[1.0, 0.0, -2e8], [0.0, 1.0, 2e8]])
    found = reconcile(a, np.array([0.0, 2e8]), np.array([1e7, 1.8e8, 0.06]), np.array([1e12, 1e12, 1e-4]))
    assert found.freedom == 2
    assert np.abs(a @ found.value - [0.0, 2e8]).max() < 1.0


def test_variances_too_far_apart_are_told():
    a = sparse.csr_array(np.array([[1, -1.0, 0], [1, 0, -1]]))
    with pytest.raises(TooFarApart):
        reconcile(a, np.zeros(2), np.array([1.0, 1.0, 1.0]), np.array([1e20, 1e-4, 1e-4]))


def test_the_gross_error_leads_the_suspects():
    a = sparse.csr_array(np.array([[1, -1, 0, 0.0], [0, 1, -1, -1]]))
    y = np.array([100.0, 130.0, 60.0, 40.0])
    found = reconcile(a, np.zeros(2), y, np.ones(4))
    ranked = measurement_suspects(found)
    assert ranked.numbers[0] == 1
    assert ranked.limit == pytest.approx(sidak_limit(4))
    assert len(relation_suspects(found).numbers) == 2
    assert not global_test(found.objective, found.freedom).passed


def test_the_published_example_of_a_heat_exchanger_with_a_bypass():
    """Streams and numbers of Narasimhan and Jordache (2000), as problem P4 of EDSONCV/dr-ged-benchmarks gives them.

    Expected values are the closed form: each branch is measured twice, so is the whole; with means m, n and M the
    branches take a third of d = M − m − n each, the whole gives one.
    """
    # Splitter, exchanger, valve, mixer; errors of one unit in all six streams.
    a = sparse.csr_array(
        [[1.0, -1, -1, 0, 0, 0], [0, 1, 0, -1, 0, 0], [0, 0, 1, 0, -1, 0], [0, 0, 0, 1, 1, -1]]
    )  # fmt: skip
    measured = np.array([101.91, 64.45, 34.65, 64.20, 36.44, 98.88])
    for bias, objective, passed in ((0.0, 6.4075, True), (4.0, 16.6742, False)):
        y = measured + np.array([0, bias, 0, 0, 0, 0])
        found = reconcile(a, np.zeros(4), y, np.ones(6))
        whole, first, second = (y[0] + y[5]) / 2, (y[1] + y[3]) / 2, (y[2] + y[4]) / 2
        third = (whole - first - second) / 3
        expected = np.array([whole - third, first + third, second + third])
        np.testing.assert_allclose(found.value, expected[[0, 1, 2, 1, 2, 0]], rtol=1e-12)
        apart = sum((y[one] - y[other]) ** 2 / 2 for one, other in ((0, 5), (1, 3), (2, 4)))
        test = global_test(found.objective, found.freedom)
        assert test.objective == pytest.approx(apart + 6 * third**2, rel=1e-10)
        assert (test.objective, test.freedom, test.passed) == (pytest.approx(objective, abs=5e-5), 4, passed)
        if bias:
            assert measurement_suspects(found).numbers[0] == 1


def test_limits_are_those_of_the_distributions():
    assert global_test(3.0, 4).limit == pytest.approx(stats.chi2.isf(0.05, 4))
    assert global_test(3.0, 4).p == pytest.approx(stats.chi2.sf(3.0, 4))
    assert sidak_limit(10) == pytest.approx(stats.norm.isf((1 - 0.95**0.1) / 2))
    assert sidak_limit(1) == pytest.approx(1.959964, abs=1e-6)


def test_chi_squared_over_freedom_is_one():
    """Only redundant relations count: counting all balances is the usual mistake."""
    random = np.random.default_rng(7)
    a, truth, observed = generated(random, 400, 0.2)
    ratios, freedom = [], 0
    for _ in range(60):
        y = np.where(observed, truth + random.normal(size=len(truth)) * 2.0, np.nan)
        found = reconcile(a, np.zeros(a.shape[0]), y, np.full(len(truth), 4.0), tests=False)
        ratios.append(found.objective / found.freedom)
        freedom = found.freedom
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.05)
    assert 0 < freedom < a.shape[0]
