"""Reconciling an account: what the data and the balances together say, and which data do not fit."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from jasyl.quantities import Unit, unit
from jasyl.texts import Refusal, Where

from .account import Account, with_observations
from .account_checks import examine_account
from .account_faults import Place, in_document
from .network import Network, Tie, Variable, network

if TYPE_CHECKING:
    from .reconciliation import Contradiction, GlobalTest, Linear, Solution, Suspects

# observed: as somebody stated it; reconciled: a stated value after adjustment; modelled: not stated, but determined.
Status = Literal["observed", "reconciled", "modelled"]


@dataclass(frozen=True)
class Row:
    """One value of one status. Numbers are in ``base`` (kg, W.h, 1); the same value has a row for each status.

    ``standing``: redundant, kept, exact, observable or unobservable; ``shift``: adjustment in standard deviations of
    the adjustment; ``moved``: adjustment in standard deviations of the observation; ``bound``: held at a bound.
    """

    status: Status
    kind: str
    of: str
    period: str
    base: str
    value: float | None
    sd: float | None
    standing: str
    shift: float | None = None
    moved: float | None = None
    bound: str = ""
    series: str = ""
    source: str = ""
    break_since: bool = False


@dataclass(frozen=True)
class Suspect:
    """Something that does not fit: a stated value (``of``, ``period``) or the relations named in ``ties``."""

    kind: Literal["value", "relation"]
    of: str
    period: str
    statistic: float
    source: str
    ties: tuple[Tie, ...] = ()


@dataclass(frozen=True)
class Step:
    """A step of serial elimination: which stated value was left out, and what the global test says then."""

    left_out: str
    period: str
    source: str
    objective: float
    freedom: int
    p: float | None


@dataclass(frozen=True)
class Reconciled:
    """A reconciled account: rows, tests, suspects, and the solution itself for further questions."""

    account: Account
    network: Network
    solution: "Solution"
    test: "GlobalTest"
    unbounded: "GlobalTest"
    suspects: tuple[Suspect, ...]
    limit: float
    tests: int
    rows: tuple[Row, ...]
    implied: tuple[Tie, ...]

    @property
    def linear(self) -> "Linear":
        return self.solution.bounded.linear

    def value(self, kind: str, of: str, period: str) -> tuple[float, float]:
        """Value and standard deviation after reconciliation; NaN where undetermined. Raises KeyError."""
        own = self.network.variable(kind, of, period)  # type: ignore[arg-type]
        return float(self.linear.value[own]), float(self.linear.deviation[own])


def reconcile_account(account: Account, *, place: Place | None = None, tests: bool = True) -> Reconciled:
    """Reconcile an account. Nothing is deleted: suspects are told.

    Raises the first Refusal of `examine_account`, ``circular-nothing-measured``, ``circular-contradiction`` (exact
    values, named), ``circular-too-far-apart``, ``circular-bounds``, ``circular-not-converged``.
    """
    faults = examine_account(account, place)
    if faults:
        raise faults[0]
    made = network(account)
    solution = solve_network(made, account, bounds=True, tests=tests, place=place)
    return _told(account, made, solution)


def solve_network(
    made: Network, account: Account, *, bounds: bool, tests: bool, place: Place | None = None
) -> "Solution":
    """The system solved, faults named in the account's own words and located in its table of observations."""
    from .reconciliation import BoundsUnsettled, Contradiction, NotConverged, TooFarApart, solve  # noqa: PLC0415

    where = place or in_document()
    if all(made.variables[own].kind == "coefficient" for own in made.observations):
        raise Refusal("circular-nothing-measured", where=_among(where, "observations"), received=account.id)
    relations, covariance, lower, upper = matrices(made, bounds=bounds)
    try:
        return solve(relations, made.value, covariance, lower, upper, tests=tests)
    except Contradiction as fault:
        raise _contradiction(made, account, fault, where) from fault
    except TooFarApart as fault:
        names = _named(made, fault.columns)
        raise Refusal("circular-too-far-apart", where=_among(where, "observations"), received=names) from fault
    except BoundsUnsettled as fault:
        names = _named(made, fault.columns)
        raise Refusal("circular-bounds", where=_among(where, "observations"), received=names) from fault
    except NotConverged as fault:
        names = ", ".join(sorted({made.product_ties[one].of for one in fault.products}))
        raise Refusal("circular-not-converged", where=_among(where, "relations"), received=names) from fault


def _among(where: Place, section: str, names: str = "") -> Where:
    """A place in the table of a section; the entries are told by name, for no single row is at fault."""
    table = where(section, 0, "")
    return Where(file=table.file, sheet=table.sheet, field=names or section)


def _contradiction(made: Network, account: Account, fault: "Contradiction", where: Place) -> Refusal:
    """Exact values that contradict each other; or, without any, relations and bounds that do."""
    ties = ", ".join(_tie_names(_ties_of(made, fault.relations))) or "—"
    missed = _missed(made, account, fault)
    if len(fault.columns):
        place = _among(where, "observations", _named(made, fault.columns))
        return Refusal("circular-contradiction", where=place, received=missed, expected=ties)
    return Refusal("circular-relations-apart", where=_among(where, "relations"), received=missed, expected=ties)


def matrices(made: Network, *, bounds: bool = True) -> tuple[Any, Any, Any, Any]:
    """The arrays of a network: relations, covariance, lower and upper bounds."""
    from scipy import sparse  # noqa: PLC0415

    from .reconciliation import Relations  # noqa: PLC0415

    count = len(made.variables)
    places = [(row, column, factor) for row, held in enumerate(made.rows) for column, factor in held.items()]
    rows, columns, factors = (list(one) for one in zip(*places, strict=True)) if places else ([], [], [])
    matrix = sparse.csr_array((factors, (rows, columns)), shape=(len(made.rows), count), dtype=np.float64)
    results = sparse.lil_array((len(made.products), count))
    factor = sparse.lil_array((len(made.products), count))
    for at, (results_of, of, _) in enumerate(made.products):
        for one in results_of:
            results[at, one] = 1.0
        for one in of:
            factor[at, one] = 1.0
    coefficient = np.array([one for _, _, one in made.products], dtype=np.int64)
    relations = Relations(
        matrix, np.array(made.constants), sparse.csr_array(results), sparse.csr_array(factor), coefficient
    )
    covariance: Any = made.deviation**2
    if made.pairs:
        first, second = zip(*made.pairs, strict=True)
        half = sparse.csr_array((list(made.pairs.values()), (first, second)), shape=(count, count))
        covariance = sparse.csr_array(sparse.diags_array(covariance) + half + half.T)
    lower = np.array([one.lower if bounds else -np.inf for one in made.variables])
    upper = np.array([one.upper if bounds else np.inf for one in made.variables])
    return relations, covariance, lower, upper


def what_if_left_out(account: Account, most: int = 5) -> list[Step]:
    """Serial elimination, as a question only: the first suspect left out, again and again, until the test passes.

    The account is not changed; whoever follows it must say why a number was wrong.
    """
    steps: list[Step] = []
    held = account
    for _ in range(most):
        found = reconcile_account(held)
        values = [one for one in found.suspects if one.kind == "value"]
        if found.test.passed is not False or not values:
            return steps
        first = values[0]
        kept = [one for one in held.observations if not _is(one, first)]
        held = with_observations(held, kept)
        after = reconcile_account(held).test
        steps.append(Step(first.of, first.period, first.source, after.objective, after.freedom, after.p))
    return steps


def _is(one: Any, suspect: Suspect) -> bool:
    return (one.of, one.period, one.source) == (suspect.of, suspect.period, suspect.source)


def _told(account: Account, made: Network, solution: "Solution") -> Reconciled:
    from .reconciliation import global_test, measurement_suspects, relation_suspects  # noqa: PLC0415

    linear = solution.bounded.linear
    test = global_test(linear.objective, linear.freedom)
    unbounded = test
    if len(solution.bounded.active):
        free = solve_network(made, account, bounds=False, tests=False).bounded.linear
        unbounded = global_test(free.objective, free.freedom)
    values, relations = measurement_suspects(linear), relation_suspects(linear)
    implied = _implied(made, linear)
    found = (*_value_suspects(made, values), *_relation_suspects(made, linear, relations))
    order = sorted(found, key=lambda one: (one.kind == "relation", -abs(one.statistic)))
    return Reconciled(
        account, made, solution, test, unbounded, tuple(order), values.limit, values.tests,
        tuple(_rows(account, made, solution)), implied,
    )  # fmt: skip


def _value_suspects(made: Network, found: "Suspects") -> list[Suspect]:
    listed: list[Suspect] = []
    for own, statistic in zip(found.numbers, found.statistics, strict=True):
        one = made.observations.get(int(own))
        if one is not None:
            listed.append(Suspect("value", one.of, one.period, float(statistic), one.source))
    return listed


def _relation_suspects(made: Network, linear: "Linear", found: "Suspects") -> list[Suspect]:
    listed: list[Suspect] = []
    combination = linear.projection.combination[linear.independent]
    for row, statistic in zip(found.numbers, found.statistics, strict=True):
        relations = combination.indices[combination.indptr[row] : combination.indptr[row + 1]]
        ties = tuple(_ties_of(made, relations))
        first = ties[0] if ties else Tie("bound", "", "")
        listed.append(Suspect("relation", first.process or first.of, first.period, float(statistic), "", ties))
    return listed


def _ties_of(made: Network, relations: Any) -> list[Tie]:
    every = [*made.ties, *made.product_ties]
    return [every[int(one)] for one in relations if int(one) < len(every)]


def _columns_of(made: Network, relations: Any) -> list[int]:
    """The values in these linear relations and products."""
    within = [list(row) for row in made.rows] + [[*results, *of, own] for results, of, own in made.products]
    return [column for one in relations if int(one) < len(within) for column in within[int(one)]]


def _tie_names(ties: Sequence[Tie]) -> list[str]:
    return sorted({f"{one.process or one.of} {one.period}" for one in ties})


def _named(made: Network, columns: Any) -> str:
    return ", ".join(f"{made.variables[one].of.split('#')[0]} {made.variables[one].period}" for one in columns)


def _missed(made: Network, account: Account, fault: "Contradiction") -> str:
    """By how much exact values miss their relations, with its unit; energy where energy and mass meet in a product."""
    columns = fault.columns if len(fault.columns) else _columns_of(made, fault.relations)
    bases = [made.variables[one].base for one in columns]
    base = next((one for one in ("W.h", "kg") if one in bases), "1")
    shown, missed = _shown_unit(base, account), abs(fault.missed)
    return f"{missed:.6g} {base}" if shown is None else f"{float(shown.from_base(repr(missed))):.6g} {shown.ucum}"


def _implied(made: Network, linear: "Linear") -> tuple[Tie, ...]:
    """Relations that follow from others without any datum: they check nothing."""
    height = linear.projection.combination.shape[0]
    rows = np.setdiff1d(np.arange(height), linear.independent)
    combination = linear.projection.combination
    implied: list[Tie] = []
    for row in rows:
        if linear.projection.reduced.indptr[row] != linear.projection.reduced.indptr[row + 1]:
            continue
        relations = combination.indices[combination.indptr[row] : combination.indptr[row + 1]]
        implied += _ties_of(made, relations)
    return tuple(implied)


def _rows(account: Account, made: Network, solution: "Solution") -> list[Row]:
    from .reconciliation import STANDINGS  # noqa: PLC0415

    linear, bounded = solution.bounded.linear, solution.bounded
    sides = {int(one): "upper" if high else "lower" for one, high in zip(bounded.active, bounded.at_upper, strict=True)}
    breaks = {(one.series, one.since) for one in account.definitions}
    rows: list[Row] = []
    for own, variable in enumerate(made.variables):
        standing = STANDINGS[linear.standing[own]]
        one = made.observations.get(own)
        plain = _plain(variable)
        if one is not None:
            deviation = float(made.deviation[own])
            rows.append(
                Row("observed", *plain, float(made.value[own]), deviation, standing, series=one.series,
                    source=one.source, break_since=(one.series, one.period) in breaks)
            )  # fmt: skip
            moved = (float(linear.value[own]) - float(made.value[own])) / deviation if deviation else None
            rows.append(
                Row("reconciled", *plain, _number(linear.value[own]), _number(linear.deviation[own]), standing,
                    _number(linear.shift[own]), moved, sides.get(own, ""), one.series, one.source)
            )  # fmt: skip
        else:
            value, deviation = _number(linear.value[own]), _number(linear.deviation[own])
            rows.append(Row("modelled", *plain, value, deviation, standing, bound=sides.get(own, "")))
    return rows


def _plain(variable: Variable) -> tuple[str, str, str, str]:
    kind = variable.kind
    return kind, variable.of.split("#")[0], variable.period, variable.base


def _number(value: Any) -> float | None:
    return None if np.isnan(value) else float(value)


def shown_in(row: Row, account: Account) -> Row:
    """The row in the account's own unit, where it is an amount of mass; energy in MWh, shares as they are."""
    shown = _shown_unit(row.base, account)
    if shown is None:
        return row
    factor = float(shown.from_base(Decimal(1)))
    value = None if row.value is None else row.value * factor
    return replace(row, base=shown.ucum, value=value, sd=None if row.sd is None else row.sd * factor)


def _shown_unit(base: str, account: Account) -> Unit | None:
    own = unit(account.unit)
    if base == "kg" and own.dimension == "mass":
        return own
    return unit("MW.h") if base == "W.h" else None
