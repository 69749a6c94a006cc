"""An account as a system of relations between numbered values."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from .account import GOODS, Account, Index, Observation, Relation
from .measures import base_of, coefficient_unit, in_base

Floats = npt.NDArray[np.float64]
# change: growth of a stock within a period; level: a stock at the end of it; again: another source's number of a value.
VariableKind = Literal["flow", "change", "level", "coefficient", "again"]
_COEFFICIENTS = ("transfer", "concentration", "share")


@dataclass(frozen=True)
class Variable:
    """One unknown: which part of the account in which period; ``base`` its unit; bounds in that unit."""

    kind: VariableKind
    of: str
    period: str
    base: str
    lower: float
    upper: float


@dataclass(frozen=True)
class Tie:
    """One relation: its name for people (a process and what is balanced, or a relation's id), and its period."""

    kind: str
    of: str
    period: str
    process: str = ""


@dataclass
class Network:
    """Variables, relations and data of an account, ready to be solved. Arrays in kg, Wh and plain shares.

    ``rows``: for each linear relation {variable: factor}; ``products``: (results, factors, coefficient) by variable.
    """

    variables: list[Variable] = field(default_factory=list[Variable])
    ties: list[Tie] = field(default_factory=list[Tie])
    rows: list[dict[int, float]] = field(default_factory=list[dict[int, float]])
    constants: list[float] = field(default_factory=list[float])
    product_ties: list[Tie] = field(default_factory=list[Tie])
    products: list[tuple[list[int], list[int], int]] = field(default_factory=list[tuple[list[int], list[int], int]])
    observations: dict[int, Observation] = field(default_factory=dict[int, Observation])
    value: Floats = field(default_factory=lambda: np.zeros(0))
    deviation: Floats = field(default_factory=lambda: np.zeros(0))
    pairs: dict[tuple[int, int], float] = field(default_factory=dict[tuple[int, int], float])

    def variable(self, kind: VariableKind, of: str, period: str) -> int:
        """The number of a variable. Raises KeyError."""
        return self._numbers[kind, of, period]

    def __post_init__(self) -> None:
        self._numbers: dict[tuple[str, str, str], int] = {}

    def add(self, variable: Variable) -> int:
        """A new variable's number, or that of the one there is."""
        key = (variable.kind, variable.of, variable.period)
        if variable.kind != "again" and key in self._numbers:
            return self._numbers[key]
        self._numbers[key] = len(self.variables)
        self.variables.append(variable)
        return self._numbers[key]

    def tie(self, tie: Tie, row: dict[int, float], constant: float = 0.0) -> None:
        """A new linear relation."""
        self.ties.append(tie)
        self.rows.append(row)
        self.constants.append(constant)

    def amount(self, of: str, period: str, index: Index) -> int:
        """The variable of a flow, or of the growth of a stock."""
        return self.variable("flow" if of in index.flows else "change", of, period)


def network(account: Account) -> Network:
    """The system of an account that `examine_account` finds nothing wrong with."""
    index, made = Index(account), Network()
    for period in account.periods:
        for flow in account.flows:
            base = base_of(index.layer(flow.material))
            lower = -np.inf if flow.negative else 0.0
            made.add(Variable("flow", flow.id, period, base, lower, np.inf))
        for stock in account.stocks:
            base = base_of(index.layer(stock.material))
            made.add(Variable("change", stock.id, period, base, -np.inf, np.inf))
    _levels(account, index, made)
    for period in account.periods:
        _balances(account, index, made, period)
        for relation in account.relations:
            _relation(relation, index, made, period)
    _observe(account, index, made)
    return made


def _levels(account: Account, index: Index, made: Network) -> None:
    """Levels of the stocks whose level somebody observed; what lies between two of them is the growth."""
    observed = {one.of for one in account.observations if one.quantity == "level"}
    for stock in account.stocks:
        if stock.id not in observed:
            continue
        base = base_of(index.layer(stock.material))
        before: int | None = None
        for period in account.periods:
            level = made.add(Variable("level", stock.id, period, base, 0.0, np.inf))
            if before is not None:
                change = made.variable("change", stock.id, period)
                made.tie(Tie("level", stock.id, period, stock.process), {level: 1.0, before: -1.0, change: -1.0})
            before = level


def _balances(account: Account, index: Index, made: Network, period: str) -> None:
    """All goods by mass; a substance or energy carrier only where it both enters and leaves (or is stored).

    Where only one side of a substance is in the account, its balance would say that there is none.
    """
    sums: dict[tuple[str, str], dict[int, float]] = defaultdict(dict)
    for flow in account.flows:
        key, own = index.balanced_in(flow.material), made.variable("flow", flow.id, period)
        sums[flow.target, key][own] = 1.0
        sums[flow.source, key][own] = -1.0
    for stock in account.stocks:
        sums[stock.process, index.balanced_in(stock.material)][made.variable("change", stock.id, period)] = -1.0
    for (process, key), row in sums.items():
        one_sided = key != GOODS and len(set(row.values())) == 1
        if index.processes[process].balance and not one_sided:
            made.tie(Tie("balance", key, period, process), row)


def _relation(relation: Relation, index: Index, made: Network, period: str) -> None:
    if relation.type == "equality":
        row: dict[int, float] = defaultdict(float)
        for term in relation.terms:
            row[made.amount(term.of, period, index)] += float(term.factor)
        constant = 0.0
        if relation.constant:
            constant = float(in_base(relation.constant, relation.unit, relation.terms[0].of, index))
        made.tie(Tie("equality", relation.id, period), dict(row), constant)
        return
    upper = np.inf if relation.type == "concentration" else 1.0
    first = index.flows.get(relation.results[0])
    energy = first is not None and index.layer(first.material) == "energy"
    base = "W.h/kg" if relation.type == "concentration" and energy else "1"
    own = made.add(Variable("coefficient", relation.id, period, base, 0.0, upper))
    results = [made.amount(one, period, index) for one in relation.results]
    of = [made.amount(one, period, index) for one in relation.of]
    made.products.append((results, of, own))
    made.product_ties.append(Tie(relation.type, relation.id, period, first.source if first is not None else ""))


def _observe(account: Account, index: Index, made: Network) -> None:
    """Values and deviations; the second number of a value is an unknown of its own, tied to be the same."""
    numbers: dict[str, int] = {}
    stated: dict[int, tuple[float, float]] = {}
    for at, one in enumerate(account.observations):
        kind = "coefficient" if one.of in index.relations else "flow" if one.of in index.flows else "change"
        if one.quantity == "level":
            kind = "level"
        own = made.variable(kind, one.of, one.period)
        if own in stated:
            first = made.variables[own]
            # Each goes by its place among the observations, so that no two are taken for one.
            own, target = made.add(Variable("again", f"{one.of}#{at}", one.period, first.base, -np.inf, np.inf)), own
            made.tie(Tie("again", one.of, one.period), {own: 1.0, target: -1.0})
        stated[own] = _numbers(one, account, index)
        made.observations[own] = one
        if one.id:
            numbers[one.id] = own
    made.value = np.full(len(made.variables), np.nan)
    made.deviation = np.zeros(len(made.variables))
    for own, (value, deviation) in stated.items():
        made.value[own], made.deviation[own] = value, deviation
    for group in account.correlations:
        members = [numbers[one] for one in group.members]
        for at, one in enumerate(members):
            for other in members[at + 1 :]:
                made.pairs[one, other] = float(group.rho) * made.deviation[one] * made.deviation[other]


def _numbers(one: Observation, account: Account, index: Index) -> tuple[float, float]:
    """Value and standard deviation in base units."""
    value, deviation = one.stated(account.pedigree)
    if one.of in index.relations:
        factor = coefficient_unit(one.unit, index.relations[one.of], index)
        return float(value) * factor, float(deviation) * factor
    return float(in_base(value, one.unit, one.of, index)), float(in_base(deviation, one.unit, one.of, index))
