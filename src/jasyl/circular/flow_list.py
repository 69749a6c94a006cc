"""Flow lists as STAN keeps them (a row for each flow, layer and period), and SDMX-CSV 2.0 of the values."""

import csv
import io
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

from jasyl.intake import Template, TemplateColumn, read, read_tables
from jasyl.papers import write_csv
from jasyl.quantities import decimal_text
from jasyl.texts import Language, Refusal, Where

from .account import Account, Flow, Index, Material, Observation, Process, name_of
from .account_templates import headers
from .documents import convert_document, refuse_all
from .reconciled import Reconciled, shown_in
from .sdmx_layout import ATTRIBUTES, DIMENSIONS, KINDS, MEASURE, NO_STATEMENT, STRUCTURE

_FLOW_COLUMNS = "*flow name *source_process *target *material layer *period value sd unit source"
# The first three columns are those of SDMX-CSV 2.0.
SDMX = ("STRUCTURE", "STRUCTURE_ID", "ACTION", *DIMENSIONS, MEASURE, *ATTRIBUTES)
_DEFAULTS = {"layer": "good", "unit": "t"}


@cache
def flow_list_template() -> Template:
    """The columns of a flow list."""
    columns = [
        TemplateColumn(key, headers("flow" if key == "flow" else key), "decimal" if key in ("value", "sd") else "text",
                       required=written.startswith("*"))
        for written in _FLOW_COLUMNS.split()
        for key in [written.removeprefix("*")]
    ]  # fmt: skip
    return Template("flow-list", tuple(columns))


def write_flow_list(account: Account, language: Language) -> bytes:
    """Every flow with its stated value of each period, as CSV; a flow without a value has a row without one."""
    index = Index(account)
    stated: dict[tuple[str, str], list[Observation]] = {}
    for one in account.observations:
        stated.setdefault((one.of, one.period), []).append(one)
    rows: list[dict[str, Any]] = []
    for flow in account.flows:
        for period in account.periods:
            head = {
                "flow": flow.id, "name": name_of(flow.name, language), "source_process": flow.source,
                "target": flow.target, "material": flow.material, "layer": index.layer(flow.material), "period": period,
            }  # fmt: skip
            numbers = [
                {"value": one.value, "sd": _deviation(one), "unit": one.unit, "source": one.source}
                for one in stated.get((flow.id, period), ())
            ]
            rows += [head | number for number in numbers or [{}]]
    return b"".join(write_csv(flow_list_template().columns, rows, language, mark=True))


def read_flow_list(given: Path | bytes, name: str = "flows.csv", *, identity: str, place: str) -> Account:
    """An account from a flow list; a process that only gives or only takes is a boundary.

    Raises DocumentRefused with the faults of its cells; ``circular-unknown-code`` where the rows of a flow disagree.
    """
    reading = read(read_tables(given, name)[0], flow_list_template())
    refuse_all(one.refusal for one in reading.problems)
    flows: dict[str, dict[str, Any]] = {}
    materials: dict[str, dict[str, Any]] = {}
    observations: list[dict[str, Any]] = []
    for at, row in enumerate(reading.rows):
        own = {"id": row["flow"], "source": row["source_process"], "target": row["target"], "material": row["material"]}
        own["name"] = row.get("name") or ""
        if flows.setdefault(row["flow"], own) != own:
            raise Refusal("circular-twice", where=reading.where(at, "flow"), received=row["flow"])
        materials.setdefault(row["material"], {"id": row["material"], "layer": row.get("layer") or _DEFAULTS["layer"]})
        if row.get("value") is not None:
            observations.append(_observed(row))
    given_by, taken_by = ({one[side] for one in flows.values()} for side in ("source", "target"))
    processes = [
        {"id": one, "balance": one in given_by and one in taken_by} for one in sorted(given_by | taken_by)
    ]  # fmt: skip
    document = {
        "id": identity, "title": identity, "place": place, "processes": processes, "flows": list(flows.values()),
        "materials": list(materials.values()), "observations": observations,
        "periods": list(dict.fromkeys(row["period"] for row in reading.rows)),
    }  # fmt: skip
    return convert_document(document, Account, name)


def write_sdmx(account: Account, found: Reconciled | None = None) -> bytes:
    """SDMX-CSV 2.0: the observations as they stand, and with ``found`` the reconciled and modelled values."""
    buffer = io.StringIO(newline="")
    writer: csv.DictWriter[str] = csv.DictWriter(buffer, SDMX, lineterminator="\r\n", restval="")
    writer.writeheader()
    head = {"STRUCTURE": "dataflow", "STRUCTURE_ID": STRUCTURE, "ACTION": "I", "REF_AREA": account.place}
    status = {word: code for code, word in KINDS.items()}
    told: Counter[tuple[str, str, str]] = Counter()
    for one in account.observations:
        told[one.of, one.quantity, one.period] += 1
        writer.writerow(
            head | {"FREQ": _frequency(one.period), "ITEM": one.of, "QUANTITY": one.quantity, "TIME_PERIOD": one.period,
                    "VALUE_STATUS": "observed", "STATEMENT": told[one.of, one.quantity, one.period],
                    "OBS_VALUE": _text(one.value), "UNIT_MEASURE": one.unit,
                    "STD_DEV": _text(_deviation(one)), "DISTRIBUTION": one.distribution, "LOW": _text(one.low),
                    "HIGH": _text(one.high), "SERIES": one.series, "SOURCE": one.source,
                    "OBS_STATUS": status[one.kind], "COMMENT": one.note}
        )  # fmt: skip
    for row in found.rows if found else ():
        if row.status == "observed" or row.kind == "again" or row.value is None:
            continue
        shown = shown_in(row, account)
        quantity = "level" if row.kind == "level" else "amount"
        writer.writerow(
            head | {"FREQ": _frequency(row.period), "ITEM": row.of, "QUANTITY": quantity, "TIME_PERIOD": row.period,
                    "VALUE_STATUS": row.status, "STATEMENT": NO_STATEMENT, "OBS_VALUE": repr(shown.value),
                    "UNIT_MEASURE": shown.base,
                    "STD_DEV": "" if shown.sd is None else repr(shown.sd), "DISTRIBUTION": "normal",
                    "OBS_STATUS": "E"}
        )  # fmt: skip
    return buffer.getvalue().encode()


def read_sdmx(content: bytes, account: Account, name: str = "values.csv") -> Account:
    """The account with the observations of an SDMX-CSV in the place of its own; other rows are results and stay out.

    Raises Refusal ``circular-sdmx`` for a file of another structure, ``circular-number`` with the row.
    """
    reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    needed = ("STRUCTURE_ID", *DIMENSIONS, MEASURE, "UNIT_MEASURE", "STD_DEV")
    missing = [one for one in needed if one not in (reader.fieldnames or ())]
    if missing:
        raise Refusal("circular-sdmx", where=Where(file=name, row=1), received=", ".join(missing))
    observations: list[Observation] = []
    for number, row in enumerate(reader, 2):
        if row["VALUE_STATUS"] != "observed":
            continue
        kind = KINDS.get(row.get("OBS_STATUS") or "A", "observed")
        made = {
            "of": row["ITEM"], "period": row["TIME_PERIOD"], "unit": row["UNIT_MEASURE"], "quantity": row["QUANTITY"],
            "kind": kind, "value": row["OBS_VALUE"] or None, "sd": row["STD_DEV"] or None,
            "distribution": row.get("DISTRIBUTION") or "normal", "low": row.get("LOW") or None,
            "high": row.get("HIGH") or None, "series": row.get("SERIES") or "", "source": row.get("SOURCE") or name,
            "note": row.get("COMMENT") or "",
        }  # fmt: skip
        try:
            observations.append(convert_document(made, Observation, name))
        except Refusal as refusal:
            field = refusal.where.field if refusal.where else None
            raise Refusal(
                "circular-number", where=Where(file=name, row=number, field=field),
                received=refusal.arguments.get("received"),
            ) from None  # fmt: skip
    return msgspec.structs.replace(account, observations=observations, correlations=[])


def account_of_flows(
    flows: Sequence[Flow], observations: Sequence[Observation], *, identity: str, place: str
) -> Account:
    """An account of flows and observations alone; processes and materials are those the flows name."""
    given_by, taken_by = {one.source for one in flows}, {one.target for one in flows}
    return Account(
        id=identity, title=identity, place=place,
        periods=list(dict.fromkeys(one.period for one in observations)),
        processes=[Process(id=one, balance=one in given_by and one in taken_by) for one in sorted(given_by | taken_by)],
        materials=[Material(id=one) for one in dict.fromkeys(flow.material for flow in flows)],
        flows=list(flows), observations=list(observations),
    )  # fmt: skip


def _observed(row: dict[str, Any]) -> dict[str, Any]:
    spread = row.get("sd")
    return {
        "of": row["flow"], "period": row["period"], "value": decimal_text(row["value"]),
        "unit": row.get("unit") or _DEFAULTS["unit"], "source": row.get("source") or "flow list",
        **({"distribution": "exact"} if spread is None else {"sd": decimal_text(spread)}),
    }  # fmt: skip


def _deviation(one: Observation) -> Decimal | None:
    """The standard deviation as far as the observation states one."""
    if one.sd is not None or one.value is None or one.cv is None:
        return one.sd
    return abs(one.value) * one.cv


def _frequency(period: str) -> str:
    return "A" if "-" not in period else "Q" if "Q" in period else "M"


def _text(value: Decimal | None) -> str:
    return "" if value is None else decimal_text(value)
