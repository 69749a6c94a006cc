"""Material accounts: the list, and one account with its Sankey, tests, suspects and values."""

from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from jasyl.circular.account import GOODS, Account, Index, name_of
from jasyl.circular.account_book import kept_account
from jasyl.circular.reconciled import Reconciled, reconcile_account
from jasyl.circular.results import headline, result_rows, results_data, suspect_lines
from jasyl.circular.sankey import moved_chart, sankey_of
from jasyl.facts import BookHead, books, get_book
from jasyl.people import Resource, may
from jasyl.quantities import unit
from jasyl.texts import Language, Refusal

from .circular_models import model_links, model_places, place_name, publishing
from .page import Document, NotFoundError, page
from .sheet import Column, Sheet
from .visit import Visit

LIST_COLUMNS = (
    Column("account", "account-column-account", link=True),
    Column("title", "account-column-title"),
    Column("place", "account-column-place"),
    Column("periods", "account-column-periods"),
    Column("version", "account-column-version"),
    Column("digest", "column-record", files_only=True),
)
VALUE_COLUMNS = (
    Column("name", "account-row-name"),
    Column("of", "account-row-of", files_only=True),
    Column("status", "account-row-status"),
    Column("kind", "account-row-kind", files_only=True),
    Column("period", "account-row-period"),
    Column("unit", "account-row-unit"),
    Column("value", "account-row-value", number=True),
    Column("sd", "account-row-sd", number=True),
    Column("standing", "account-row-standing"),
    Column("moved", "account-row-moved", digits=2),
    Column("shift", "account-row-shift", digits=2),
    Column("bound", "account-row-bound"),
    Column("series", "account-row-series", files_only=True),
    Column("break", "account-row-break"),
    Column("source", "account-row-source"),
)


@page("/circular", "Material accounts kept: place, periods, version")
def accounts_page(visit: Visit, connection: sa.Connection) -> Document:
    """Every account this reader may see, newest versions."""
    rows: list[dict[str, Any]] = []
    for head in books(connection, "material_account"):
        if _open(visit, head):
            account = _account(connection, head)
            rows.append(
                {"account": account.id, "account_link": visit.href(f"/circular/{account.id}"),
                 "title": name_of(account.title, visit.language), "place": visit.place(head.place),
                 "periods": f"{account.periods[0]}–{account.periods[-1]}", "version": head.version,
                 "digest": head.digest}
            )  # fmt: skip
    sheet = Sheet(LIST_COLUMNS, rows, visit.t("account-list"))
    places = [(place_name(visit, one), model_links(visit, one)) for one in model_places(connection)]
    data = {"accounts": [{key: row[key] for key in row if not key.endswith("_link")} for row in rows]}
    return Document("circular.html", visit.t("account-title"), data, sheet, {"places": places})


@page("/circular/{account:str}", "A material account reconciled: Sankey, tests, suspects, values (period, layer)")
def account_page(visit: Visit, connection: sa.Connection, account: str) -> Document:
    """``period`` chooses the year of the pictures, ``layer`` goods or a substance; the CSV holds all periods."""
    try:
        book, held = kept_account(connection, account)
    except Refusal:
        raise NotFoundError from None
    if not _open(visit, book):
        raise NotFoundError
    title = name_of(held.title, visit.language, held.id)
    fault, found = None, None
    try:
        found = _reconciled(book.digest, book.text)
    except Refusal as refusal:
        fault = refusal.text(visit.language)
    period = _period(held, visit.query.get("period", ""), visit.query.get("step", ""))
    rows = result_rows(found, visit.language) if found else []
    shown = rows if visit.form != "html" else [_read(visit, row) for row in rows if row["period"] == period]
    sheet = Sheet(VALUE_COLUMNS, shown, visit.t("account-values-caption"))
    data: dict[str, Any] = {"book": book.id, "version": book.version, "digest": book.digest, "account": book.content}
    data |= {"results": results_data(found)} if found else {"refusal": fault}
    context: dict[str, Any] = {
        "account": held, "fault": fault, "period": period, "note": name_of(held.note, visit.language), "book": book,
        "breaks": [
            visit.t("account-break-line", series=one.series, since=one.since, text=name_of(one.text, visit.language))
            for one in held.definitions
        ],
    }  # fmt: skip
    if found:
        context |= _told(visit, found, held, period) | {"publishing": publishing(visit, connection, book, period)}
    return Document("circular_account.html", title, data, sheet, context)


def _told(visit: Visit, found: Reconciled, account: Account, period: str) -> dict[str, Any]:
    """The pictures and sentences of one period."""
    index = Index(account)
    layers = list(dict.fromkeys(index.balanced_in(flow.material) for flow in account.flows))
    asked = visit.query.get("layer", GOODS)
    layer = asked if asked in layers else layers[0]
    names = {one: visit.t("account-goods") if one == GOODS else _material(index, one, visit.language) for one in layers}
    picture = sankey_of(found, period, visit.language, balanced=layer)
    return {
        "sankey": picture.svg,
        "unit": picture.unit,
        "moved": moved_chart(found, period, visit.language),
        "layers": names,
        "layer": layer,
        "headline": headline(found, visit.language)[1:],
        "suspects": suspect_lines(found, visit.language),
    }


def _period(account: Account, asked: str, step: str) -> str:
    """The period asked for by name, or by its number on the slider; else the last of those that say most."""
    if asked in account.periods:
        return asked
    if step.isdecimal() and int(step) < len(account.periods):
        return account.periods[int(step)]
    return _fullest(account)


def _read(visit: Visit, row: dict[str, Any]) -> dict[str, Any]:
    """A row with its unit as people write it, where it is one; files keep the code."""
    return row if row["unit"] == "1" else row | {"unit": unit(row["unit"]).written(visit.language)}


def _material(index: Index, identity: str, language: Language) -> str:
    return name_of(index.materials[identity].name, language, identity)


def _fullest(account: Account) -> str:
    counts = {period: sum(one.period == period for one in account.observations) for period in account.periods}
    most = max(counts.values())
    return [period for period in account.periods if counts[period] == most][-1]


def _open(visit: Visit, head: BookHead) -> bool:
    return head.publication == "public" or may(visit.actor, "read", Resource(head.publication, region=head.place))


def _account(connection: sa.Connection, head: BookHead) -> Account:
    return _parsed(head.digest, get_book(connection, head.id).text)


@lru_cache(maxsize=64)
def _parsed(digest: str, text: str) -> Account:
    from jasyl.circular.account import parse_account  # noqa: PLC0415

    return parse_account(text.encode(), digest[:12])


@lru_cache(maxsize=32)
def _reconciled(digest: str, text: str) -> Reconciled:
    """A version never changes, so what follows from it is worked out once."""
    return reconcile_account(_parsed(digest, text))
