"""Files of projects."""

from decimal import Decimal
from functools import cache
from itertools import pairwise
from typing import Any

from jasyl.intake import ChoiceList, PartialDate, Template, TemplateColumn
from jasyl.texts import Language, Refusal

from ..bin_number import parse_bin
from ..project_stages import FINANCING, PROJECT_KINDS, PROJECT_STATUSES, SINCE, STAGES
from . import codes, columns
from .codes import Row, RowFault, parts
from .facilities import of_operator, placed_and_counted, written_with_operator
from .kind import FileKind, Record, copied, dated, named
from .links import Links


@cache
def project_template() -> Template:
    """Columns of a file of projects. Required: name, kind, technology, status. Everything else may be missing."""
    return Template(
        "projects",
        (
            columns.key("shymkent-wastewater-extension-2022"),
            *columns.names(),
            columns.choice("kind", "field-project-kind", PROJECT_KINDS, "project-kind", required=True),
            *columns.party(),
            columns.text("partners", "field-partner-ids", 2000),
            columns.text("facility", "field-facility-id", 80, example="shymkent-wastewater"),
            columns.technology(),
            columns.choice("status", "field-status", PROJECT_STATUSES, "project-status", required=True),
            columns.text("status_date", "field-status-date", 40),
            *(columns.day(name, f"field-{name.replace('_', '-')}", past=True) for name in SINCE.values()),
            columns.day("expected", "field-expected", example="2028"),
            *columns.size("field-planned-capacity"),
            *money(),
            columns.text("support", "field-support", 2000),
            columns.text("programme", "field-programme", 200),
            *columns.place(),
            columns.text("description", "field-description", 4000),
            *columns.provenance(),
            columns.note(),
        ),
    )


def money() -> tuple[TemplateColumn, ...]:
    """Amount, currency, year of prices, where it comes from."""
    largest = Decimal(10) ** 18
    return (
        TemplateColumn(
            "investment", columns.headers("field-investment"), "decimal", minimum=Decimal(0), maximum=largest,
            example="3300000000",
        ),
        columns.text("investment_currency", "field-investment-currency", 3, example="KZT"),
        TemplateColumn(
            "price_year", columns.headers("field-price-year"), "integer", minimum=Decimal(1990), maximum=Decimal(2100),
            example="2022",
        ),
        columns.text("financing", "field-financing", 400, example="development_bank; grant"),
    )  # fmt: skip


def _partners(row: Row) -> None:
    """A partner that is written as twelve digits is a BIN, and its check digit is tested."""
    for one in parts(row.get("partners") or ""):
        if len(one) == 12 and one.isdigit():
            try:
                parse_bin(one)
            except Refusal as refusal:
                raise RowFault("partners", refusal) from refusal


def _in_order(row: Row) -> None:
    """Stages come one after the other, and none lies ahead of the status. Dates known to the year only may touch."""
    reached = [(SINCE[stage], row[SINCE[stage]]) for stage in STAGES if row.get(SINCE[stage]) is not None]
    for (_, earlier), (field, later) in pairwise(reached):
        if str(later)[: len(str(earlier))] < str(earlier)[: len(str(later))]:
            raise RowFault(field, Refusal("stages-disorder", received=str(later), expected=str(earlier)))
    if row["status"] not in STAGES:
        return
    for stage in STAGES[STAGES.index(row["status"]) + 1 :]:
        said: PartialDate | None = row.get(SINCE[stage])
        if said is not None:
            raise RowFault(SINCE[stage], Refusal("stage-ahead", received=str(said), expected=row["status"]))


@cache
def financing_list() -> ChoiceList:
    """The sources of money that files know."""
    return ChoiceList(columns.choices(FINANCING, "financing"))


_STEPS = (
    codes.technology, codes.place, codes.size, codes.bin_number, codes.investment,
    codes.listed("financing", financing_list), _partners, _in_order,
    codes.key_of("kind", "technology", "region", "lon", "lat"),
)  # fmt: skip
_COPIED = (
    "kind", "technology", "status", "status_date", "capacity", "capacity_unit", "investment", "investment_currency",
    "price_year", "financing", "support", "programme", "region", "district", "place", "lon", "lat", "place_precision",
    "description", "note", "facility_id",
)  # fmt: skip


def _link(row: Row, links: Links) -> None:
    links.facility(row)
    links.programme(row)
    links.support(row)


def _fields(row: Row, links: Links) -> dict[str, Any]:
    fields = {**named(row), **copied(row, *_COPIED), **dated(row, *SINCE.values(), "expected")}
    parties = {"enterprise_id": links.enterprise_id(row), "partner_ids": links.partner_ids(row)}
    fields |= {name: said for name, said in parties.items() if said}
    return placed_and_counted(row, fields)


def _written(record: Record, links: Links, language: Language) -> Row:
    leads_to = links.facilities_by_id.get(record.get("facility_id") or "")
    return written_with_operator(record, links, language) | {
        "partners": links.written_each(record.get("partner_ids")),
        "facility": leads_to.key if leads_to else None,
        "financing": several(record.get("financing")),
        "support": several(record.get("support")),
    }


def several(codes: str | None) -> str | None:
    """Codes of one cell as an import reads them again."""
    return "; ".join((codes or "").split()) or None


PROJECTS = FileKind(
    name="projects",
    kind="project",
    template=project_template,
    resolve=lambda row: codes.resolved(row, _STEPS),
    link=_link,
    fields=_fields,
    owned=of_operator,
    written=_written,
    located=True,
    partied=True,
)
