"""What reconciliation found, as sentences, tables, JSON, CSV and XLSX."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from jasyl.papers import Column, write_csv, write_workbook
from jasyl.quantities import sha256_hex, written_unit
from jasyl.texts import Language, everywhere, say, write_number

from .account import Account, account_data, name_of
from .draws import Spread
from .reconciled import Reconciled, Row, Step, Suspect, shown_in

_SHOWN_DIGITS = 4
_PERCENT = 100
ROW_KEYS = (
    "status", "kind", "of", "name", "period", "unit", "value", "sd", "standing", "shift", "moved", "bound", "series",
    "break", "source",
)  # fmt: skip
_NUMBERS = ("value", "sd", "shift", "moved")


def row_columns() -> tuple[Column, ...]:
    """The columns of the table of values."""
    return tuple(
        Column(key, dict(everywhere(f"account-row-{key}")), "decimal" if key in _NUMBERS else "text")
        for key in ROW_KEYS
    )  # fmt: skip


def result_rows(found: Reconciled, language: Language, period: str | None = None) -> list[dict[str, Any]]:
    """Every row in shown units, words in ``language``; numbers as they are, what is not known as None."""
    names = names_of(found.account, language)
    rows: list[dict[str, Any]] = []
    for row in found.rows:
        if period is not None and row.period != period:
            continue
        shown = shown_in(row, found.account)
        rows.append(
            {"status": say(language, f"account-status-{row.status}"), "kind": say(language, f"account-part-{row.kind}"),
             "of": row.of, "name": names.get(row.of, ""), "period": row.period, "unit": shown.base,
             "value": _decimal(shown.value), "sd": _decimal(shown.sd),
             "standing": say(language, f"account-standing-{row.standing}"), "shift": _decimal(row.shift),
             "moved": _decimal(row.moved), "bound": say(language, f"account-bound-{row.bound}") if row.bound else "",
             "series": row.series, "break": say(language, "account-break") if row.break_since else "",
             "source": row.source}
        )  # fmt: skip
    return rows


def names_of(account: Account, language: Language) -> dict[str, str]:
    """The names of flows, stocks, relations and processes by id; of a stock without one that of its process."""
    processes = {one.id: name_of(one.name, language, one.id) for one in account.processes}
    stocks = {one.id: name_of(one.name, language, processes[one.process]) for one in account.stocks}
    return {one.id: name_of(one.name, language, one.id) for one in (*account.flows, *account.relations)} | stocks


def results_data(found: Reconciled) -> dict[str, Any]:
    """All of it for a program: amounts in kg and W.h, coefficients as plain shares; the account by its digest."""
    return {
        "account": found.account.id,
        "account_sha256": account_digest(found.account),
        "test": _test(found.test),
        "test_without_bounds": _test(found.unbounded),
        "local_tests": {"tests": found.tests, "limit": found.limit},
        "linearisations": found.solution.rounds,
        "rows": [vars(row) for row in found.rows],
        "suspects": [_suspect(one) for one in found.suspects],
        "bounds": [
            {"of": found.network.variables[int(own)].of, "period": found.network.variables[int(own)].period,
             "side": "upper" if high else "lower", "push": float(push)}
            for own, high, push in zip(found.solution.bounded.active, found.solution.bounded.at_upper,
                                       found.solution.bounded.push, strict=True)
        ],
        "second_order": [
            {"relation": tie.of, "period": tie.period, "curvature": float(value)}
            for tie, value in zip(found.network.product_ties, found.solution.curvature, strict=False)
        ],
        "bias": _bias(found),
        "implied": [vars(one) for one in found.implied],
    }  # fmt: skip


def account_digest(account: Account) -> str:
    """SHA-256 of the account's canonical JSON."""
    from jasyl.quantities import canonical_json  # noqa: PLC0415

    return sha256_hex(canonical_json(account_data(account)))


def results_csv(found: Reconciled, language: Language, period: str | None = None) -> bytes:
    """The table of values as CSV."""
    return b"".join(write_csv(row_columns(), result_rows(found, language, period), language, mark=True))


def results_xlsx(found: Reconciled, language: Language) -> bytes:
    """Values, tests and suspects as three sheets."""
    tests = [{"what": line} for line in headline(found, language)]
    suspects = [{"what": line} for line in suspect_lines(found, language)]
    line = (Column("what", dict(everywhere("account-sheet-tests"))),)
    return write_workbook(
        [
            (say(language, "account-sheet-values"), row_columns(), result_rows(found, language)),
            (say(language, "account-sheet-tests"), line, tests),
            (say(language, "account-sheet-suspects"), line, suspects),
        ],
        language,
    )


def headline(found: Reconciled, language: Language) -> list[str]:
    """The tests in sentences: the global test, what binds, what cannot be known."""
    title = name_of(found.account.title, language, found.account.id)
    test = found.test
    lines = [say(language, "account-head", title=title, place=found.account.place)]
    if test.limit is None or test.p is None:
        lines.append(say(language, "account-test-none"))
    else:
        word = "passed" if test.passed else "failed"
        numbers = {
            "objective": _short(language, test.objective), "freedom": str(test.freedom),
            "limit": _short(language, test.limit), "p": _short(language, test.p),
        }  # fmt: skip
        lines.append(say(language, f"account-test-{word}", **numbers))
    standings = [row.standing for row in found.rows if row.status != "observed"]
    counts = {one: str(standings.count(one)) for one in ("redundant", "kept", "observable", "unobservable")}
    lines.append(say(language, "account-standings", **counts))
    called = _Called(found.account, language)
    bound = [f"{called.part(row.of)} {row.period}" for row in found.rows if row.bound]
    if bound:
        lines.append(say(language, "account-bounds", values=", ".join(bound)))
    return lines


def suspect_lines(found: Reconciled, language: Language) -> list[str]:
    """Each suspect in a sentence, the likeliest first; a sentence too where there is none."""
    if not found.suspects:
        return [say(language, "account-suspects-none", limit=_short(language, found.limit))]
    lines = [say(language, "account-suspects", limit=_short(language, found.limit), tests=str(found.tests))]
    called = _Called(found.account, language)
    for one in found.suspects:
        what = f"{called.part(one.of)} {one.period}".strip()
        if one.kind == "value":
            lines.append(
                say(language, "account-suspect-value", of=what, source=one.source, z=_short(language, one.statistic))
            )
        else:
            ties = ", ".join(sorted({called.process(tie.process) or called.part(tie.of) for tie in one.ties}))
            lines.append(say(language, "account-suspect-relation", of=ties, z=_short(language, one.statistic)))
    return lines


def value_table(found: Reconciled, language: Language) -> list[list[str]]:
    """A short table for a terminal: each value stated and reconciled side by side."""
    heads = ("of", "period", "unit", "observed", "sd", "reconciled", "sd", "standing", "moved")
    table = [[say(language, f"account-row-{head}") for head in heads]]
    called = _Called(found.account, language)
    stated: dict[tuple[str, str, str, str], Row] = {}
    for row in found.rows:
        shown = shown_in(row, found.account)
        key = (row.kind, row.of, row.period, row.source)
        if row.status == "observed":
            stated[key] = shown
            continue
        before = stated.get(key)
        shown_unit = written_unit(shown.base, language) or shown.base
        table.append(
            [called.part(row.of), row.period, shown_unit, _cell(language, before and before.value),
             _cell(language, before and before.sd), _cell(language, shown.value), _cell(language, shown.sd),
             say(language, f"account-standing-{row.standing}"), _cell(language, row.moved)]
        )  # fmt: skip
    return table


def what_if_lines(account: Account, steps: Iterable[Step], language: Language) -> list[str]:
    """What leaving out one suspect after another would give, a sentence each."""
    called = _Called(account, language)
    return [
        say(
            language, "account-what-if", of=called.part(one.left_out), period=one.period, source=one.source,
            p=_cell(language, one.p),
        )
        for one in steps
    ]  # fmt: skip


def draw_lines(account: Account, drawn: Iterable[Spread], language: Language) -> list[str]:
    """Each value between 2.5 %, middle and 97.5 % of its draws."""
    called = _Called(account, language)
    lines: list[str] = []
    for one in drawn:
        ends = " … ".join(_short(language, value) for value in (one.low, one.middle, one.high))
        unit = "" if one.unit == "1" else f" {written_unit(one.unit, language) or one.unit}"
        lines.append(f"{called.part(one.of)} {one.period}: {ends}{unit}")
    return lines


class _Called:
    """The parts of an account as people call them, the id in brackets; a part without a name by its id."""

    def __init__(self, account: Account, language: Language) -> None:
        self._parts = names_of(account, language)
        self._processes = {one.id: name_of(one.name, language, one.id) for one in account.processes}

    def part(self, of: str) -> str:
        return _with_id(self._parts.get(of) or of, of)

    def process(self, process: str) -> str:
        return _with_id(self._processes.get(process, process), process)


def _with_id(name: str, identity: str) -> str:
    return identity if name == identity else f"{name} ({identity})"


def _test(test: Any) -> dict[str, Any]:
    return {
        "objective": test.objective, "freedom": test.freedom, "limit": test.limit, "p": test.p, "passed": test.passed
    }  # fmt: skip


def _suspect(one: Suspect) -> dict[str, Any]:
    return vars(one) | {"ties": [vars(tie) for tie in one.ties]}


def _bias(found: Reconciled) -> list[dict[str, Any]]:
    """Second-order bias of the values that have any, in base units."""
    return [
        {"of": variable.of, "period": variable.period, "base": variable.base, "bias": float(bias)}
        for variable, bias in zip(found.network.variables, found.solution.bias, strict=True)
        if bias and variable.kind != "again"
    ]


def _decimal(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(repr(value))


def _short(language: Language, value: float) -> str:
    return write_number(language, Decimal(f"{value:.{_SHOWN_DIGITS}g}"))


def _cell(language: Language, value: float | None) -> str:
    return "—" if value is None else _short(language, value)
