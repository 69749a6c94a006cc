"""Physical supply and use tables: an account's flows of goods by material and process, kg of a period.

After the SEEA Central Framework, chapter 3: a flow is supplied by the process it leaves and used by the one it enters.
Processes of the sectors ``environment`` and ``rest_of_world`` lie outside the economy; every other balanced process
must use what it supplies and keeps. Substances and energy layers are other accounts and stand in no table of mass.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from jasyl.papers import Column
from jasyl.texts import everywhere

from ..account import Account
from ..lifetime import Floats

if TYPE_CHECKING:
    from ..reconciled import Reconciled

ENVIRONMENT, REST_OF_WORLD = "environment", "rest_of_world"
OUTSIDE = (ENVIRONMENT, REST_OF_WORLD)
# Identities hold after reconciliation to this share of the larger side.
TOLERANCE = 1e-6


@dataclass(frozen=True)
class FlowAmount:
    """A flow of goods in a period; ``kg`` None where it is not determined."""

    flow: str
    source: str
    target: str
    material: str
    kg: float | None


@dataclass(frozen=True)
class Identity:
    """Two sides that must be equal: ``material`` supply = use, ``process`` input = output + growth, ``economy``."""

    kind: Literal["material", "process", "economy"]
    of: str
    left: float | None
    right: float | None

    @property
    def apart(self) -> float | None:
        """Difference as a share of the larger side; None where a side is not determined."""
        if self.left is None or self.right is None:
            return None
        return abs(self.left - self.right) / max(abs(self.left), abs(self.right), 1.0)

    @property
    def holds(self) -> bool | None:
        return None if self.apart is None else self.apart <= TOLERANCE


@dataclass(frozen=True)
class PhysicalTable:
    """The tables of one period. ``sectors`` by process; ``growth`` of the stocks of a process (None: not determined).

    ``open`` are processes without a balance that say neither environment nor rest of the world: an account that
    begins or ends within the economy. Sums of the whole economy cannot be made of it.
    """

    place: str
    period: str
    processes: tuple[str, ...]
    materials: tuple[str, ...]
    sectors: Mapping[str, str]
    codes: Mapping[str, tuple[str, str]]
    open: tuple[str, ...]
    flows: tuple[FlowAmount, ...]
    growth: Mapping[str, float | None]

    def supply(self) -> Floats:
        """[materials, processes] kg; NaN where a flow of the cell is not determined."""
        return self._cells("source")

    def use(self) -> Floats:
        """[materials, processes] kg; NaN where a flow of the cell is not determined."""
        return self._cells("target")

    def identities(self) -> tuple[Identity, ...]:
        """Every material's supply and use, every balanced process' input and output with growth."""
        supply, use = self.supply(), self.use()
        found = [
            Identity("material", material, _known(supply[at].sum()), _known(use[at].sum()))
            for at, material in enumerate(self.materials)
        ]
        for at, process in enumerate(self.processes):
            if self.sectors.get(process) in OUTSIDE or process in self.open:
                continue
            growth = self.growth.get(process, 0.0)
            out = None if growth is None else _known(supply[:, at].sum() + growth)
            found.append(Identity("process", process, _known(use[:, at].sum()), out))
        return tuple(found)

    def sum(self, chosen: Sequence[FlowAmount]) -> float | None:
        """kg of some flows; None where one of them is not determined."""
        return None if any(one.kg is None for one in chosen) else float(sum(one.kg or 0.0 for one in chosen))

    def sector(self, process: str) -> str:
        return self.sectors.get(process, "")

    def is_waste(self, material: str) -> bool:
        """Whether the material has a code of a list of wastes."""
        return self.codes.get(material, ("", ""))[0] in ("EWC", "EWC-Stat")

    def is_balancing(self, material: str) -> bool:
        """Whether it is a balancing item of EW-MFA (MF.8): oxygen of combustion, water vapour."""
        scheme, value = self.codes.get(material, ("", ""))
        return scheme == "EW-MFA" and value.removeprefix("MF.").startswith("8")

    def rows(self) -> Iterator[dict[str, Any]]:
        """One row a cell that is not empty: table (supply, use), material, process, sector, kg."""
        for name, cells in (("supply", self.supply()), ("use", self.use())):
            for at, material in enumerate(self.materials):
                for column, process in enumerate(self.processes):
                    value = cells[at, column]
                    if value != 0:
                        yield {
                            "period": self.period, "table": name, "material": material, "process": process,
                            "sector": self.sector(process), "kg": _known(value), "kind": "modelled",
                        }  # fmt: skip

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        return {
            "place": self.place,
            "period": self.period,
            "cells": list(self.rows()),
            "growth": dict(self.growth),
            "open": list(self.open),
            "identities": [{**vars(one), "apart": one.apart, "holds": one.holds} for one in self.identities()],
        }

    def _cells(self, side: Literal["source", "target"]) -> Floats:
        cells = np.zeros((len(self.materials), len(self.processes)))
        rows = {name: at for at, name in enumerate(self.materials)}
        columns = {name: at for at, name in enumerate(self.processes)}
        for one in self.flows:
            cells[rows[one.material], columns[one.source if side == "source" else one.target]] += (
                np.nan if one.kg is None else one.kg
            )
        return cells


def physical_table(
    account: Account, period: str, amounts: Mapping[str, float | None], growth: Mapping[str, float | None]
) -> PhysicalTable:
    """The tables of an account's goods. ``amounts`` (kg) by flow, ``growth`` (kg in the period) by stock.

    A flow or stock without an amount is not determined, never zero.
    """
    goods = {one.id for one in account.materials if one.layer == "good"}
    flows = tuple(
        FlowAmount(one.id, one.source, one.target, one.material, amounts.get(one.id))
        for one in account.flows
        if one.material in goods
    )
    grown: dict[str, float | None] = {}
    for stock in account.stocks:
        if stock.material and stock.material not in goods:
            continue
        before, own = grown.get(stock.process, 0.0), growth.get(stock.id)
        grown[stock.process] = None if before is None or own is None else before + own
    sectors = {one.id: one.sector for one in account.processes}
    codes = {one.id: (one.code.scheme, one.code.value) for one in account.materials if one.code is not None}
    opened = tuple(one.id for one in account.processes if not one.balance and one.sector not in OUTSIDE)
    used = {one.material for one in flows}
    return PhysicalTable(
        account.place, period, tuple(one.id for one in account.processes),
        tuple(one.id for one in account.materials if one.id in used), sectors, codes, opened, flows, grown,
    )  # fmt: skip


def reconciled_table(result: "Reconciled", period: str) -> PhysicalTable:
    """The tables of a reconciled account: its reconciled and determined values."""
    amounts: dict[str, float | None] = {}
    growth: dict[str, float | None] = {}
    for row in result.rows:
        if row.period == period and row.status != "observed":
            {"flow": amounts, "change": growth}.get(row.kind, {})[row.of] = row.value
    return physical_table(result.account, period, amounts, growth)


def table_columns() -> tuple[Column, ...]:
    """The columns of `PhysicalTable.rows`; masses are written in tonnes."""
    names = ("period", "table", "material", "process", "sector")
    texts = [Column(name, everywhere(f"circular-column-{name}")) for name in names]
    kind = Column("kind", everywhere("circular-column-kind"))
    return (*texts, Column("kg", everywhere("circular-column-mass"), "decimal", "t"), kind)


def _known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
