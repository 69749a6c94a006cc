"""Whether a blockchain suits a case: the form in the address, the advice below it, the rules as a file."""

from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa
from litestar import Response, get

from jasyl.adviser import (
    ANSWERS,
    Advice,
    Criterion,
    advise,
    assessment_of,
    framework_row,
    headline,
    option_row,
    published_energy,
    questions,
    rules,
)
from jasyl.texts import Refusal, Where

from .page import Document, page
from .sheet import Column, Sheet
from .visit import Visit

OPTION_COLUMNS = (
    Column("option", "adviser-column-option"),
    Column("standing", "adviser-column-standing", choices="adviser-standing"),
    Column("unmet", "adviser-column-unmet"),
    Column("obstacles", "adviser-column-obstacles"),
    Column("energy", "adviser-column-energy"),
    Column("always_on", "adviser-column-always"),
)
FRAMEWORK_COLUMNS = (
    Column("framework", "adviser-column-framework"),
    Column("says", "adviser-column-says"),
    Column("path", "adviser-column-path"),
    Column("source", "column-source"),
)
ENERGY_COLUMNS = (
    Column("system", "adviser-column-system"),
    Column("low", "adviser-column-from", number=True),
    Column("high", "adviser-column-to", number=True),
    Column("kind", "column-kind", choices="kind"),
    Column("source", "column-source"),
    Column("confidence", "column-confidence", choices="confidence-level"),
)
_VOLUME = 10_000


@dataclass(frozen=True)
class _Question:
    criterion: Criterion
    answer: str


@page("/advise", "Whether a blockchain suits a case: criteria, frameworks, options, energy")
def adviser_page(visit: Visit, connection: sa.Connection) -> Document:
    """The form; with answers in the address also what the frameworks say and which option is advised."""
    del connection  # the rules are part of the program
    advice = _asked(visit)
    sheet = Sheet(OPTION_COLUMNS, _option_rows(visit, advice) if advice else (), visit.t("adviser-options-caption"))
    data: dict[str, Any] = {"rules": rules().version, "criteria": [_criterion(visit, one) for one in rules().criteria]}
    if advice:
        data |= {"form": advice.assessment.as_data(), "advice": advice.as_data()}
    context = {
        "groups": _groups(visit),
        "answers": ANSWERS,
        "volume": visit.query.get("records_per_day") or str(_VOLUME),
        "advice": advice,
        "rules_version": rules().version,
        **(_told(visit, advice) if advice else {}),
    }
    return Document("adviser.html", visit.t("adviser-title"), data, sheet, context)


@get("/advise/rules.json", summary="The rules of the adviser as data", media_type="application/json")
async def adviser_rules() -> Response[bytes]:
    """Criteria, frameworks, options, demands, obstacles and their version."""
    return Response(msgspec.json.encode(rules()), media_type="application/json; charset=utf-8")


def _asked(visit: Visit) -> Advice | None:
    given = {one.id: visit.query[one.id] for one in rules().criteria if visit.query.get(one.id)}
    if not given:
        return None
    volume = visit.query.get("records_per_day", "") or str(_VOLUME)
    if not (volume.isascii() and volume.isdigit() and len(volume) <= 13):
        raise Refusal(
            "adviser-form", where=Where(field="records_per_day"), received=volume[:40], expected="1 … 1000000000000"
        )
    form = {
        "subject": visit.query.get("subject", "").strip() or visit.t("adviser-title"),
        "authority": visit.query.get("authority", "").strip() or "—",
        "records_per_day": int(volume),
        "answers": given,
    }
    return advise(assessment_of(form))


def _groups(visit: Visit) -> list[tuple[str, list[_Question]]]:
    groups: dict[str, list[_Question]] = {}
    for one in rules().criteria:
        asked = visit.query.get(one.id, "unknown")
        groups.setdefault(one.group, []).append(_Question(one, asked if asked in ANSWERS else "unknown"))
    return list(groups.items())


def _criterion(visit: Visit, one: Criterion) -> dict[str, Any]:
    return {"id": one.id, "question": visit.t(f"adviser-ask-{one.id}"), "group": one.group, "asked_by": one.sources}


def _told(visit: Visit, advice: Advice) -> dict[str, Any]:
    """What the page says beside the table of options."""
    language = visit.language
    energy = [vars(one) | {"system": visit.t(f"adviser-system-{one.id}")} for one in published_energy()]
    return {
        "frameworks": Sheet(
            FRAMEWORK_COLUMNS,
            [framework_row(language, one) for one in advice.verdicts],
            visit.t("adviser-frameworks-caption"),
        ),
        "energy": Sheet(ENERGY_COLUMNS, energy, visit.t("adviser-energy-caption")),
        "headline": headline(language, advice),
        "reasons": [visit.t(f"adviser-rule-{one.id}") for one in advice.grading.demands],
        "hanging": questions(language, advice.grading.hangs_on),
        "volume_told": visit.number(advice.assessment.records_per_day),
    }


def _option_rows(visit: Visit, advice: Advice) -> list[dict[str, Any]]:
    return [option_row(visit.language, one, advice.energy[one.option.id]) for one in advice.grading.options]
