"""Flow lists as STAN keeps them: a row for each flow, layer and period."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jasyl.intake import Template, TemplateColumn, read, read_tables
from jasyl.intake.template import Kind
from jasyl.papers import write_csv
from jasyl.quantities import decimal_text, unit
from jasyl.texts import Language, Refusal

from .account import Account, Flow, Index, Material, Observation, Process, name_of
from .account_templates import headers
from .documents import convert_document, refuse_all
from .measures import in_base

_FLOW_COLUMNS = "*flow name *source_process *target *material layer negative *period value sd unit source"
_KINDS: dict[str, Kind] = {"value": "decimal", "sd": "decimal", "negative": "boolean"}
_DEFAULTS = {"layer": "good", "unit": "t"}


@cache
def flow_list_template() -> Template:
    """The columns of a flow list."""
    columns = [
        TemplateColumn(key, headers(key), _KINDS.get(key, "text"), required=written.startswith("*"))
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
                "target": flow.target, "material": flow.material, "layer": index.layer(flow.material),
                "negative": flow.negative or None, "period": period,
            }  # fmt: skip
            numbers = [_number(one, account, index) for one in stated.get((flow.id, period), ())]
            rows += [head | number for number in numbers or [{}]]
    return b"".join(write_csv(flow_list_template().columns, rows, language, mark=True))


def read_flow_list(given: Path | bytes, name: str = "flows.csv", *, identity: str, place: str) -> Account:
    """An account from a flow list; a process that only gives or only takes is a boundary.

    Raises SeveralRefused with the faults of its cells; ``circular-unknown-code`` where the rows of a flow disagree.
    """
    reading = read(read_tables(given, name)[0], flow_list_template())
    refuse_all(one.refusal for one in reading.problems)
    flows: dict[str, dict[str, Any]] = {}
    materials: dict[str, dict[str, Any]] = {}
    observations: list[dict[str, Any]] = []
    for at, row in enumerate(reading.rows):
        own = {"id": row["flow"], "source": row["source_process"], "target": row["target"], "material": row["material"]}
        own |= {"name": row.get("name") or "", "negative": bool(row.get("negative"))}
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


def _number(one: Observation, account: Account, index: Index) -> dict[str, Any]:
    """A value as such a list holds it; whatever states its spread becomes a standard deviation, a volume its mass."""
    value, deviation = one.stated(account.pedigree)
    written = one.unit
    if unit(written).dimension == "volume":  # a list has no densities
        shown, written = unit(account.unit), account.unit
        value, deviation = (shown.from_base(in_base(number, one.unit, one.of, index)) for number in (value, deviation))
    return {"value": value, "sd": deviation or None, "unit": written, "source": one.source}
