"""Results of a kept account as figures: amounts and shares after reconciliation, with the book they rest on."""

from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from math import isnan

import msgspec
import sqlalchemy as sa

from jasyl.facts import get_book
from jasyl.figures import Gathered, Gatherer, Outcome, Reference, Request, StoredFigure, Subject, make, method
from jasyl.quantities import period
from jasyl.texts import Language, Refusal

from .account import Account, Index, name_of
from .account_book import account_of, kept_account
from .reconciled import reconcile_account
from .results import names_of

AMOUNT, SHARE = "material_flow.reconciled", "material_share.reconciled"
INDICATORS = (AMOUNT, SHARE)
_KILOGRAM, _SHARE_STEP = Decimal(1), Decimal("0.000001")


class FlowOfAccount(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``book`` is the version's id, ``account`` the account's, ``of`` the flow, stock (its growth) or relation."""

    book: str
    account: str
    of: str


@dataclass(frozen=True)
class Held:
    """An account and the period asked for."""

    account: Account
    period: str


@method(AMOUNT, "1.0.0", indicator=AMOUNT, kind="modelled", unit="kg", parameters=FlowOfAccount)
def amount_reconciled(parameters: FlowOfAccount, data: Held) -> Outcome:
    """A flow, or the growth of a stock, after reconciliation, in kg to one kg; None where it is not determined."""
    kind = "flow" if parameters.of in Index(data.account).flows else "change"
    return _outcome(data, kind, parameters.of, _KILOGRAM)


@method(SHARE, "1.0.0", indicator=SHARE, kind="modelled", unit="1", parameters=FlowOfAccount)
def share_reconciled(parameters: FlowOfAccount, data: Held) -> Outcome:
    """A coefficient of the account (a recycling rate) after reconciliation, to 10^-6."""
    return _outcome(data, "coefficient", parameters.of, _SHARE_STEP)


def account_gatherers() -> dict[str, Gatherer]:
    """What `jasyl.figures.make` and ``recompute`` need: the account as the book holds it."""
    return dict.fromkeys(INDICATORS, _gather)


def make_account_figure(connection: sa.Connection, account: str, of: str, name: str, now: int) -> StoredFigure:
    """Compute and keep a figure of the newest version of ``account``: of a flow, a stock or a relation in a period.

    Raises Refusal ``unknown-book``, ``circular-unknown-code`` and what reconciliation raises.
    """
    book, held = kept_account(connection, account)
    index = Index(held)
    known = {**index.flows, **index.stocks, **index.relations}
    energy = [one.id for one in held.flows if index.layer(one.material) == "energy"]
    if of not in known or of in energy or name not in held.periods:
        raise Refusal("circular-unknown-code", received=f"{of} {name}", expected=", ".join(sorted(known)))
    indicator = SHARE if of in index.relations else AMOUNT
    parameters = {"book": book.id, "account": held.id, "of": of}
    # Figures of one place differ by what they are of, so the subject names it.
    subject = Subject("place", f"{held.place}/{held.id}/{of}")
    return make(connection, account_gatherers(), indicator, Request(subject, period(name), parameters), now)


def subject_name(connection: sa.Connection, subject: str, language: Language) -> str | None:
    """What a figure is about, the account and the part of it by name: ``KZ-71/astana-waste/recycled``. None for what is
    no such subject, or of an account that is not kept."""
    try:
        _, identity, of = subject.split("/")
        _, account = kept_account(connection, identity)
    except (ValueError, Refusal):
        return None
    return f"{name_of(account.title, language, identity)}: {names_of(account, language).get(of, of)}"


def _gather(connection: sa.Connection, request: Request) -> Gathered:
    book = get_book(connection, str(request.parameters["book"]))
    reference = Reference("book", book.id, book.digest)
    return Gathered(Held(account_of(book), request.period.name), (reference,), publication=book.publication)


def _outcome(data: Held, kind: str, of: str, step: Decimal) -> Outcome:
    value, deviation = reconcile_account(data.account).value(kind, of, data.period)
    if isnan(value):
        return Outcome(None)
    return Outcome(_rounded(value, step), uncertainty=_rounded(deviation, step))


def _rounded(value: float, step: Decimal) -> Decimal:
    return Decimal(repr(value)).quantize(step, ROUND_HALF_EVEN)
