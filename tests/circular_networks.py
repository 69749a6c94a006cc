"""Networks of known truth for the tests of reconciliation."""

import numpy as np
from scipy import sparse


def truth_of(a, random):
    start = random.uniform(1, 100, a.shape[1])
    return start - np.linalg.pinv(a) @ (a @ start)


def generated(random, processes, unmeasured):
    links = processes * 3
    start, end = random.integers(0, processes, links), random.integers(0, processes, links)
    end = np.where(start == end, (end + 1) % processes, end)
    number = np.arange(processes)
    rows = np.concatenate((start, end, number))
    columns = np.concatenate((np.arange(links), np.arange(links), links + number))
    signs = np.concatenate((-np.ones(links), np.ones(links), -np.ones(processes)))
    a = sparse.csr_array((signs, (rows, columns)), shape=(processes, links + processes))
    truth = np.concatenate((random.uniform(5, 50, links), np.zeros(processes)))
    truth[links:] = (a @ truth)[:processes]
    observed = np.ones(len(truth), dtype=bool)
    observed[:links] = random.random(links) >= unmeasured
    return a, truth, observed
