"""Energy of one record under each option, at the volume of the case. An estimate: measured, published and assumed parts
are told apart, and what burns always is told apart from what one more record costs.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Literal

from jasyl.ledger import CORE_WATTS, SERVER_WATTS, WITNESS_WATTS, LogEnergy
from jasyl.texts import Language, say, write_number

Kind = Literal["measured", "published", "assumed"]
DAY_SECONDS = 86_400
# Watts of a core, of the server's share and of a witness are those of the ledger's own meter: assumed, and so shown.
WITNESSES = 3
NODES, NODE_WATTS = 10, (100.0, 200.0)
# Marginal energy of appending to our log: processor seconds of a record times the watts of a busy core.
APPEND_CPU_SECONDS = 3.3e-6
ANCHORS_A_DAY = 1


@dataclass(frozen=True)
class PublishedEnergy:
    """Joules per transaction of another system, from to."""

    id: str
    option: str
    low: float | None
    high: float
    kind: Kind
    confidence: str

    def source(self, language: Language) -> str:
        """Who published the figure, and what was assumed to come to a transaction."""
        return say(language, f"energy-source-{self.id}")


@dataclass(frozen=True)
class EnergyPerRecord:
    """Joules per record of an option: ``marginal`` (low, high) of one more record, ``always_on`` (low, high) shared by
    the day's records; ``kind`` of the marginal part."""

    option: str
    marginal: tuple[float, float]
    always_on: tuple[float, float]
    kind: Kind

    @property
    def total(self) -> tuple[float, float]:
        """Both parts, from to."""
        return self.marginal[0] + self.always_on[0], self.marginal[1] + self.always_on[1]


def energy_per_record(option: str, records_per_day: int, marginal_joules: float | None = None) -> EnergyPerRecord:
    """Joules per record of ``option`` at ``records_per_day`` (at least 1).

    ``marginal_joules``: what this deployment measured for one record of its log; else the benchmark's processor time.
    Public and permissioned chains are counted per transaction as published, one transaction per record; their
    always-on share is inside the published figure of a public chain, and that of ``NODES`` nodes for a permissioned.
    """
    if records_per_day < 1:
        raise ValueError("records per day must be at least 1")
    own = marginal_joules if marginal_joules is not None else APPEND_CPU_SECONDS * CORE_WATTS
    server = SERVER_WATTS * DAY_SECONDS / records_per_day
    witnesses = WITNESSES * WITNESS_WATTS * DAY_SECONDS / records_per_day
    if option == "database":
        return EnergyPerRecord(option, (0.0, _highest("key-value")), (server, server), "published")
    if option == "log":
        return EnergyPerRecord(option, (own, own), (server, server), "measured")
    if option == "witnessed-log":
        return EnergyPerRecord(option, (own, own), (server + witnesses, server + witnesses), "measured")
    if option == "anchored-log":
        anchor = _highest("ethereum") * ANCHORS_A_DAY / records_per_day
        shared = server + witnesses + anchor
        return EnergyPerRecord(option, (own, own), (shared, shared), "measured")
    if option == "permissioned-chain":
        nodes = tuple(NODES * watts * DAY_SECONDS / records_per_day for watts in NODE_WATTS)
        return EnergyPerRecord(option, (0.0, 0.0), (nodes[0], nodes[1]), "assumed")
    if option == "public-chain":
        known = [one for one in published_energy() if one.option == option and one.id != "bitcoin"]
        return EnergyPerRecord(
            option, (min(one.low or 0 for one in known), max(one.high for one in known)), (0, 0), "published"
        )
    raise ValueError(option)


def energy_beside_others(
    own: LogEnergy | None, transactions_a_day: float, language: Language
) -> list[dict[str, float | str | None]]:
    """What this log spends per record, then the published figures of other systems: rows with ``system`` (id), ``low``,
    ``high`` (J), ``kind``, ``source`` (in words), ``confidence``.

    ``transactions_a_day``: anchors sent to an EVM chain, counted at the published energy of an Ethereum transaction.
    """
    rows: list[dict[str, float | str | None]] = []
    if own is not None:
        spent = own.spent
        source = say(
            language,
            "energy-source-own-marginal",
            seconds=write_number(language, float(f"{spent.cpu_seconds:.3g}")),
            records=write_number(language, spent.records),
            watts=write_number(language, spent.watts.core),
        )
        rows.append(_row("own-marginal", own.marginal, "measured", source, "medium"))
        source = say(language, "energy-source-own-always-on", watts=write_number(language, own.always_on_watts))
        rows.append(_row("own-always-on", own.always_on, "assumed", source, "low"))
        rate = own.records_per_day
        if transactions_a_day and rate:
            known = next(one for one in published_energy() if one.id == "ethereum")
            anchor = known.high * transactions_a_day / rate
            rows.append(_row("own-anchors", anchor, "published", known.source(language), known.confidence))
    return rows + [
        _row(one.id, one.high, one.kind, one.source(language), one.confidence, one.low) for one in published_energy()
    ]


def _row(
    system: str, high: float | None, kind: str, source: str, confidence: str, low: float | None = None
) -> dict[str, float | str | None]:
    row: dict[str, float | str | None] = {"system": system, "low": low, "high": high}
    return row | {"kind": kind, "source": source, "confidence": confidence}


def _highest(identifier: str) -> float:
    return next(one.high for one in published_energy() if one.id == identifier)


@cache
def published_energy() -> tuple[PublishedEnergy, ...]:
    """Figures of other systems, to stand beside ours."""
    text = files("jasyl.adviser").joinpath("data/energy.csv").read_text(encoding="utf-8")
    return tuple(
        PublishedEnergy(
            row["id"],
            row["option"],
            float(row["low_j"]) if row["low_j"] else None,
            float(row["high_j"]),
            row["kind"],  # type: ignore[arg-type]
            row["confidence"],
        )
        for row in csv.DictReader(text.splitlines())
    )
