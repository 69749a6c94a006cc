"""Whether a blockchain suits a case: the form in the address, the advice below it, the rules as a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, cast

import msgspec
import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, get, post

from jasyl.adviser import (
    ANSWERS,
    Advice,
    Criterion,
    LoggedDecision,
    advise,
    aspects,
    assessment_of,
    framework_row,
    headline,
    log_decision,
    logged_decisions,
    option_row,
    published_energy,
    questions,
    rules,
)
from jasyl.ledger import log_energy, log_origin
from jasyl.people import Resource, may
from jasyl.texts import Refusal, Where

from .house import House
from .page import Document, page
from .session import actor_of, check_form
from .sheet import Column, Sheet
from .signin import check_origin
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
DECISION_COLUMNS = (
    Column("issued", "column-date"),
    Column("subject", "adviser-subject"),
    Column("authority", "adviser-authority"),
    Column("option", "adviser-column-option"),
    Column("state", "column-state", choices="adviser-decision"),
    Column("id", "column-record"),
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
    logged = logged_decisions(connection)
    advice = _asked(visit)
    sheet = Sheet(OPTION_COLUMNS, _option_rows(visit, advice) if advice else (), visit.t("adviser-options-caption"))
    data: dict[str, Any] = {"rules": rules().version, "criteria": [_criterion(visit, one) for one in rules().criteria]}
    data["decisions"] = [
        {
            "id": one.id,
            "issued": one.issued,
            "advised": one.advised,
            "state": one.state,
            "form": one.assessment.as_data(),
        }
        for one in logged
    ]
    if advice:
        data |= {"form": advice.assessment.as_data(), "advice": advice.as_data()}
    decided = [_decision_row(visit, one) for one in logged]
    context = {
        "groups": _groups(visit),
        "answers": ANSWERS,
        "volume": visit.query.get("records_per_day") or str(_VOLUME),
        "advice": advice,
        "rules_version": rules().version,
        "decisions": Sheet(DECISION_COLUMNS, decided, visit.t("adviser-decisions")),
        "may_log": may(visit.actor, "publish", Resource()),
        **(_told(visit, advice) if advice else {}),
    }
    return Document("adviser.html", visit.t("adviser-title"), data, sheet, context)


@post("/advise/decisions", summary="Write an advice to the log as a decision (the form's fields)", status_code=303)
async def decision_post(request: Request[Any, Any, Any]) -> Response[bytes]:
    """From the page, or by a program with a token; leads back to the page with its list of decisions."""
    house = cast("House", request.app.state.house)
    check_origin(request)
    form = {key: str(value) for key, value in (await request.form()).items()}
    state = request.scope.get("state", {})
    authorization = request.headers.get("authorization")
    await to_thread.run_sync(_log, house, state.get("cookies", {}), authorization, form)
    return Response(b"", status_code=303, headers={"location": f"{state['prefix']}/advise#decisions"})


def _log(house: House, cookies: dict[str, str], authorization: str | None, form: dict[str, str]) -> None:
    with house.database.writing() as connection:
        actor = actor_of(connection, cookies, authorization)
        if authorization is None:
            check_form(actor, form)
        if not may(actor, "publish", Resource()):
            raise Refusal("not-allowed")
        advice = _advised(house, form)
        if advice is None:
            raise Refusal("adviser-form", where=Where(field="answers"), received="{}", expected="{…}")
        log_decision(connection, log_origin(house.folder), advice, actor.id)
    house.revision.forget()


@get("/advise/rules.json", summary="The rules of the adviser as data", media_type="application/json")
async def adviser_rules() -> Response[bytes]:
    """Criteria, frameworks, options, demands, obstacles and their version."""
    return Response(msgspec.json.encode(rules()), media_type="application/json; charset=utf-8")


def _asked(visit: Visit) -> Advice | None:
    named = {"subject": visit.t("adviser-title"), "authority": "—"}
    return _advised(visit.house, named | {key: value for key, value in visit.query.items() if value.strip()})


def _advised(house: House, query: Mapping[str, str]) -> Advice | None:
    """The advice on the answers of a query or form; None when nothing is answered."""
    given = {one.id: query[one.id] for one in rules().criteria if query.get(one.id)}
    if not given:
        return None
    volume = query.get("records_per_day", "") or str(_VOLUME)
    if not (volume.isascii() and volume.isdigit() and len(volume) <= 13):
        raise Refusal(
            "adviser-form", where=Where(field="records_per_day"), received=volume[:40], expected="1 … 1000000000000"
        )
    form = {
        "subject": query.get("subject", ""),
        "authority": query.get("authority", ""),
        "records_per_day": int(volume),
        "answers": given,
    }
    own = log_energy(house.folder)
    return advise(assessment_of(form), marginal_joules=own.marginal if own else None)


def _groups(visit: Visit) -> list[tuple[str, list[_Question]]]:
    groups: dict[str, list[_Question]] = {}
    for one in rules().criteria:
        asked = visit.query.get(one.id, "unknown")
        groups.setdefault(one.group, []).append(_Question(one, asked if asked in ANSWERS else "unknown"))
    return list(groups.items())


def _criterion(visit: Visit, one: Criterion) -> dict[str, Any]:
    return {"id": one.id, "question": visit.t(f"adviser-ask-{one.id}"), "group": one.group, "asked_by": one.sources}


def _decision_row(visit: Visit, one: LoggedDecision) -> dict[str, Any]:
    advised = f"adviser-option-{one.advised}-name" if one.advised else "adviser-advised-none"
    return {
        "issued": one.issued[:10],
        "subject": one.assessment.subject,
        "authority": one.assessment.authority,
        "option": visit.t(advised),
        "state": one.state,
        "id": one.id,
    }


def _told(visit: Visit, advice: Advice) -> dict[str, Any]:
    """What the page says beside the table of options."""
    language = visit.language
    energy = [
        vars(one) | {"system": visit.t(f"adviser-system-{one.id}"), "source": one.source(language)}
        for one in published_energy()
    ]
    return {
        "frameworks": Sheet(
            FRAMEWORK_COLUMNS,
            [framework_row(language, one) for one in advice.verdicts],
            visit.t("adviser-frameworks-caption"),
        ),
        "energy": Sheet(ENERGY_COLUMNS, energy, visit.t("adviser-energy-caption")),
        "headline": headline(language, advice),
        "aspects": partial(aspects, language),
        "reasons": [visit.t(f"adviser-rule-{one.id}") for one in advice.grading.demands],
        "hanging": questions(language, advice.grading.hangs_on),
        "volume_told": visit.number(advice.assessment.records_per_day),
    }


def _option_rows(visit: Visit, advice: Advice) -> list[dict[str, Any]]:
    return [option_row(visit.language, one, advice.energy[one.option.id]) for one in advice.grading.options]
