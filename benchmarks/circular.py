"""Reconciliation of material accounts: time, memory, tests of gross errors.

Networks as in the notes: seven flows a process, five of them between processes (near ones but for a share of far links)
and two with the outside. Peer: the dense closed form with numpy's pseudo-inverse, in the same run, where it fits.
"""

import resource
import subprocess
import sys
import time
from typing import Any

import numpy as np
from scipy import sparse

from jasyl.circular.reconciliation import (
    compile_now,
    global_test,
    measurement_suspects,
    reconcile,
    reconcile_bounded,
    relation_suspects,
)

_NEAR = 20
# flows, share of far links, share unmeasured, which flows may be unmeasured, target in s and MB
SIZES = (
    (10_000, 0.02, 0.2, "any", "0.5 s"), (100_000, 0.02, 0.2, "any", "6 s, 500 MB"),
    (100_000, 0.10, 0.2, "any", "15 s"), (10_000, 0.02, 0.2, "inner", ""), (100_000, 0.02, 0.2, "inner", ""),
    (100_000, 0.10, 0.2, "inner", ""), (10_000, 0.02, 0.0, "any", ""), (100_000, 0.02, 0.0, "any", ""),
)  # fmt: skip


def network(flows: int, far: float, seed: int = 1) -> tuple[Any, Any, Any]:
    """Balances (processes × flows), true amounts that satisfy them, and the number of flows between processes."""
    random = np.random.default_rng(seed)
    processes = flows // 7
    inner = flows - 2 * processes
    start = random.integers(0, processes, inner)
    near = (start + random.integers(1, _NEAR, inner) * random.choice((-1, 1), inner)) % processes
    end = np.where(random.random(inner) < far, random.integers(0, processes, inner), near)
    end = np.where(end == start, (end + 1) % processes, end)
    each = np.arange(processes)
    rows = np.concatenate((start, end, each, each))
    columns = np.concatenate((np.arange(inner), np.arange(inner), inner + each, inner + processes + each))
    signs = np.concatenate((-np.ones(inner), np.ones(inner), np.ones(processes), -np.ones(processes)))
    matrix = sparse.csr_array((signs, (rows, columns)), shape=(processes, flows))
    truth = np.concatenate((random.lognormal(3, 1, inner), np.zeros(2 * processes)))
    surplus = (matrix @ truth)[:processes]
    truth[inner : inner + processes] = np.maximum(-surplus, 0) + 5
    truth[inner + processes :] = np.maximum(surplus, 0) + 5
    return matrix, truth, inner


def observed(truth: Any, share: float, which: str, inner: int, seed: int = 2) -> tuple[Any, Any]:
    """Numbers with errors of a tenth, and their variances; a share of the flows unmeasured."""
    random = np.random.default_rng(seed)
    deviation = 0.1 * truth
    y = truth + deviation * random.normal(size=len(truth))
    gone = random.random(len(truth)) < share
    if which == "inner":
        gone[inner:] = False
    return np.where(gone, np.nan, y), deviation**2


def one(flows: int, far: float, share: float, which: str) -> None:
    """One size in a process of its own, so that its memory is its own: a line of the table."""
    compile_now()
    matrix, truth, inner = network(flows, far)
    y, variance = observed(truth, share, which, inner)
    zeros = np.zeros(matrix.shape[0])
    best, begun = np.inf, time.process_time()
    for _ in range(3 if flows <= 10_000 else 1):
        begun = time.process_time()
        found = reconcile(matrix, zeros, y, variance)
        test, suspects = global_test(found.objective, found.freedom), measurement_suspects(found)
        relation_suspects(found)
        best = min(best, time.process_time() - begun)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    known = ~np.isnan(found.value)
    determined = np.where(known, found.value, truth)
    miss = np.abs(matrix @ determined)[np.asarray((abs(matrix) @ (~known).astype(float)) == 0)].max(initial=0.0)
    print(
        f"| {flows:,} | {far:.0%} | {share:.0%} {which} | {found.freedom:,} | {suspects.tests:,} | {best:.2f} s |"
        f" {memory:.0f} MB | {test.objective / max(1, test.freedom):.3f} | {miss:.0e} |",
        end="",
    )


def speed() -> None:
    """The table of sizes; CPU seconds (the machine may be busy)."""
    print("CPU time with the global test, all local tests and all deviations")
    print("| flows | far links | unmeasured | freedom | local tests | CPU | peak | J/freedom | largest miss | target |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for flows, far, share, which, target in SIZES:
        code = f"from benchmarks.circular import one; one({flows}, {far}, {share}, '{which}')"
        made = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
        print(f"{made.stdout} {target} |", flush=True)


def bounds() -> None:
    """10,000 flows with x >= 0, errors so large that many turn negative; target 2 s."""
    matrix, truth, inner = network(10_000, 0.02)
    for share in (0.2, 0.0):
        y, variance = observed(truth, share, "any", inner)
        random = np.random.default_rng(5)
        variance = (0.5 * truth) ** 2
        y = np.where(np.isnan(y), np.nan, truth + 0.5 * truth * random.normal(size=len(truth)))
        begun = time.process_time()
        found = reconcile_bounded(
            matrix, np.zeros(matrix.shape[0]), y, variance, np.zeros(len(y)), np.full(len(y), np.inf)
        )
        spent = time.process_time() - begun
        lowest = np.nanmin(found.linear.value)
        print(
            f"bounds, 10,000 flows, {share:.0%} unmeasured: {spent:.2f} s, {len(found.active)} active,"
            f" least value {lowest:.1e}, least push {found.push.min(initial=0):.1e} (target 2 s)"
        )


def peer() -> None:
    """The dense closed form on the largest network it takes a moment for, and how far the two differ."""
    matrix, truth, inner = network(1_400, 0.02)
    y, variance = observed(truth, 0.2, "any", inner)
    begun = time.process_time()
    found = reconcile(matrix, np.zeros(matrix.shape[0]), y, variance)
    ours = time.process_time() - begun
    measured = ~np.isnan(y)
    begun = time.process_time()
    a = matrix.toarray()
    b, m, v = a[:, ~measured], a[:, measured], variance[measured]
    p = np.eye(len(a)) - b @ np.linalg.pinv(b)
    pm = p @ m
    pm[np.abs(pm) < 1e-11] = 0
    gain = (v[:, np.newaxis] * pm.T) @ np.linalg.pinv(pm @ (v[:, np.newaxis] * pm.T), rcond=1e-10)
    x = y[measured] - gain @ (pm @ y[measured])
    dense = time.process_time() - begun
    apart = np.abs(found.value[measured] - x).max()
    print(
        f"1,400 flows: sparse {ours:.3f} s, dense pseudo-inverse (numpy) {dense:.2f} s; largest difference {apart:.1e}"
    )


def detection(runs: int = 300) -> None:
    """False alarms without gross errors, and how often one of a given size is found and leads the suspects."""
    matrix, truth, inner = network(700, 0.02)
    zeros = np.zeros(matrix.shape[0])
    random = np.random.default_rng(11)
    gone = np.zeros(len(truth), dtype=bool)
    gone[:inner] = random.random(inner) < 0.1
    deviation = 0.1 * truth
    base = reconcile(matrix, zeros, np.where(gone, np.nan, truth), deviation**2)
    # Where reconciliation gains nothing, an error hides: such values cannot be told wrong by anybody.
    testable = np.flatnonzero(base.deviation < 0.8 * deviation)
    print(
        "700 flows, a tenth of the inner ones unmeasured; gross error on one of"
        f" {len(testable)} values whose deviation reconciliation lowers by a fifth or more"
    )
    print("| size, in sd | global test alarms | local test alarms | right value first |\n| --- | --- | --- | --- |")
    ratios: list[float] = []
    for size in (0, 3, 5, 8, 12):
        alarms = local = right = 0
        for _ in range(runs):
            y = truth + deviation * random.normal(size=len(truth))
            target = int(random.choice(testable))
            y[target] += size * deviation[target]
            found = reconcile(matrix, zeros, np.where(gone, np.nan, y), deviation**2)
            listed = measurement_suspects(found)
            alarms += global_test(found.objective, found.freedom).passed is False
            local += len(listed.numbers) > 0
            right += size > 0 and len(listed.numbers) > 0 and int(listed.numbers[0]) == target
            if size == 0:
                ratios.append(found.objective / found.freedom)
        told = f"{right / runs:.1%}" if size else "-"
        print(f"| {size} | {alarms / runs:.1%} | {local / runs:.1%} | {told} |")
    print(f"J/freedom over {runs} draws without gross errors: {np.mean(ratios):.3f} (target 1.00 ± 0.05)")


def run() -> None:
    """Everything."""
    compile_now()
    speed()
    bounds()
    peer()
    detection()
